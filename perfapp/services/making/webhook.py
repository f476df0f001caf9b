"""A post to a group robot: to the address the administrator has set, and nowhere it may point to."""

import json
import ssl

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
    SSLError,
)

from perfapp import clock
from perfapp.core.channels import Channel, checked_address, read_reply, robot_request
from perfapp.core.errors import Invalid
from perfapp.services.making.handing_over import NotNow, Refused, Uncertain

TIMEOUT = urllib3.Timeout(connect=5, read=10)
MOST_BYTES = 64 * 1024
_NOT_CONNECTED = (NewConnectionError, NameResolutionError, ConnectTimeoutError)
_LATER = frozenset({429, 503})


def post(channel: Channel, address: str, secret: str, text: str, intranet_hosts: frozenset[str]) -> None:
    """Hand the text over; raises NotNow, Refused or Uncertain.

    The address is judged again: a host that has been taken off the list is not posted to. Redirects are not followed,
    and no proxy of the environment is asked.
    """
    try:
        allowed = checked_address(channel, address, intranet_hosts)
    except Invalid as refusal:
        raise Refused(refusal.message) from refusal
    url, content = robot_request(channel, allowed, secret, text, clock.now().timestamp())
    data = json.dumps(content, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "perfapp"}
    try:
        with urllib3.PoolManager(retries=False, timeout=TIMEOUT) as pool:
            answer = pool.request(
                "POST", url, body=data, headers=headers, redirect=False, preload_content=False, decode_content=False
            )
            status, body = answer.status, answer.read(MOST_BYTES)
    except _NOT_CONNECTED as error:
        raise NotNow(f"连不上机器人的地址（{type(error).__name__}）。") from error
    except LocationParseError as error:
        raise Refused("机器人的地址写得不对，请重新填写。") from error
    except SSLError as error:
        if isinstance(error.args[0], ssl.SSLCertVerificationError):
            raise Refused("对方的证书不可信，没有发送，请运维人员检查网关的证书。") from error
        raise Uncertain("加密连接中断，不能确定消息是否已经发出。") from error
    except (HTTPError, OSError) as error:
        raise Uncertain(f"消息交出后对方没有答复（{type(error).__name__}）。") from error
    _judge(channel, status, body)


def _judge(channel: Channel, status: int, body: bytes) -> None:
    if status in _LATER:
        raise NotNow(f"对方忙，请稍后（HTTP {status}）。")
    if 300 <= status < 400:
        raise Refused(f"对方把消息转向别处（HTTP {status}），系统不跟随，请填写最终的地址。")
    if 400 <= status < 500:
        raise Refused(f"对方不收（HTTP {status}），请检查机器人的地址。")
    if status >= 500:
        raise Uncertain(f"对方出错（HTTP {status}），不能确定消息是否已经发出。")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise Uncertain("对方的答复读不懂，不能确定消息是否已经发出。") from error
    reply = read_reply(channel, answer)
    if reply.is_busy:
        raise NotNow(f"发得太频繁，对方要求稍后再发：{reply.words}")
    if not reply.is_taken:
        raise Refused(f"对方不收：{reply.words}")
