"""How a message reaches a person outside the system, and what a group robot may be told."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlsplit

from perfapp.core.errors import Invalid


class Channel(StrEnum):
    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class Mode(StrEnum):
    """Each message as it comes, one digest a working day, or nothing."""

    EACH = "each"
    DIGEST = "digest"
    OFF = "off"


class Outcome(StrEnum):
    """Where a message in the outbox stands; UNKNOWN was handed over and nobody can say whether it arrived."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


CHANNELS: Mapping[Channel, str] = {
    Channel.EMAIL: "邮件",
    Channel.WECOM: "企业微信",
    Channel.DINGTALK: "钉钉",
    Channel.FEISHU: "飞书",
}
MODES: Mapping[Mode, str] = {
    Mode.EACH: "逐条发送",
    Mode.DIGEST: "每个工作日汇总成一条",
    Mode.OFF: "不发送",
}
ROBOTS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)
OFFICIAL_HOSTS: Mapping[Channel, str] = {
    Channel.WECOM: "qyapi.weixin.qq.com",
    Channel.DINGTALK: "oapi.dingtalk.com",
    Channel.FEISHU: "open.feishu.cn",
}
LONGEST: Mapping[Channel, int] = {Channel.WECOM: 2048, Channel.DINGTALK: 18_000, Channel.FEISHU: 18_000}
"""Bytes of text that a platform takes in one message."""

_BUSY = frozenset({45009, 45033, 130101, 660026, 9499, 11232})
"""The platforms' own codes for: too many at once, later."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform answered: taken, to be tried later, or refused, with its words."""

    is_taken: bool
    is_busy: bool
    words: str


def checked_address(channel: Channel, address: str, intranet_hosts: frozenset[str]) -> str:
    """The robot's address, where it may be used: the platform's own over https, or a host that is listed."""
    parts = urlsplit(address.strip())
    try:
        host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        host = ""
    if parts.scheme not in {"https", "http"} or not parts.hostname or not host or parts.username or parts.password:
        raise Invalid("机器人地址应以 https:// 开头，从群机器人的设置里整条复制。", field="address")
    if host in intranet_hosts:
        return address.strip()
    if parts.scheme == "https" and host == OFFICIAL_HOSTS[channel]:
        return address.strip()
    if host == OFFICIAL_HOSTS[channel]:
        raise Invalid(f"{CHANNELS[channel]}的地址应以 https:// 开头。", field="address")
    raise Invalid(
        f"“{host}”不是{CHANNELS[channel]}的官方地址（{OFFICIAL_HOSTS[channel]}）；"
        "单位自建的转发网关，请运维人员先把它列入设置 PERFAPP_WEBHOOK_HOSTS。",
        field="address",
    )


def robot_request(channel: Channel, address: str, secret: str, text: str, now: float) -> tuple[str, dict[str, Any]]:
    """Where to post and what, signed where the robot has a secret; text that is too long is cut at a line."""
    body = shortened(text, LONGEST[channel])
    if channel is Channel.FEISHU:
        content: dict[str, Any] = {"msg_type": "text", "content": {"text": body}}
        if secret:
            stamp = str(int(now))
            content |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")}
        return address, content
    if channel is Channel.DINGTALK and secret:
        stamp = str(int(now * 1000))
        sign = quote(_signed(secret, f"{stamp}\n{secret}"), safe="")
        address += f"{'&' if urlsplit(address).query else '?'}timestamp={stamp}&sign={sign}"
    return address, {"msgtype": "text", "text": {"content": body}}


def read_reply(channel: Channel, answer: object) -> Reply:
    """The platforms answer 200 even to a wrong key: what counts is the code in the answer."""
    known = answer if isinstance(answer, dict) else {}
    code = known.get("code", known.get("StatusCode")) if channel is Channel.FEISHU else known.get("errcode")
    words = str(known.get("msg") or known.get("StatusMessage") or known.get("errmsg") or "没有说明")[:200]
    return Reply(code == 0, code in _BUSY, words if code is None else f"{words}（代码 {code}）")


def shortened(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8; what is left out is said."""
    if len(text.encode()) <= longest:
        return text
    tail = "\n……内容较长，请登录系统查看全部。"
    kept = text.encode()[: longest - len(tail.encode())].decode(errors="ignore")
    return (kept.rpartition("\n")[0] or kept) + tail


def _signed(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()
