"""Asking an outside signing service for a signature: the digest goes out, the signature comes back.

Both sides know one secret. The request carries `Perfapp-Mac: HMAC-SHA256(secret, body)`, and so does the answer, whose
body repeats the nonce of the request: neither a stranger's request nor a stranger's or an old answer is taken.
"""

import base64
import binascii
import hmac
import json
import secrets
import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

from perfapp.core.errors import Invalid

MAC = "Perfapp-Mac"
TIMEOUT_SECONDS = 10.0
SHORTEST_SECRET = 32
_LONGEST_ANSWER = 1 << 16
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def mac(secret: bytes, body: bytes) -> str:
    return hmac.new(secret, body, "sha256").hexdigest()


def asker(given: Mapping[str, Any], secret: bytes) -> Callable[[bytes], bytes]:
    """Who answers a SHA-256 digest with an ECDSA signature (DER), as the key's settings say."""
    url, key, shared = urlsplit(given["url"]), given["key"], secret.strip()
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK):
        raise Invalid("外部签名服务的地址应以 https:// 开头。")
    if len(shared) < SHORTEST_SECRET:
        raise Invalid(f"外部签名服务的共享密钥至少 {SHORTEST_SECRET} 个字符。")
    timeout = float(given.get("timeout", TIMEOUT_SECONDS))

    def ask(digest: bytes) -> bytes:
        nonce = secrets.token_hex(16)
        wanted = {"key": key, "algorithm": "ecdsa-p256-sha256", "digest": base64.b64encode(digest).decode()}
        body = json.dumps({**wanted, "nonce": nonce}).encode()
        status, sent, answer = _post(url, body, mac(shared, body), timeout, given.get("ca_file"))
        if status != 200:
            raise Invalid(f"外部签名服务没有签名（状态 {status}），请联系服务方。")
        if not hmac.compare_digest(sent, mac(shared, answer)):
            raise Invalid("外部签名服务的回答没有通过共享密钥核对，未采用，请核对双方的共享密钥。")
        return _signature(answer, nonce)

    return ask


def _post(url: SplitResult, body: bytes, sent: str, timeout: float, ca_file: str | None) -> tuple[int, str, bytes]:
    host = url.hostname or ""
    if url.scheme == "https":
        context = ssl.create_default_context(cafile=ca_file)
        line: HTTPConnection = HTTPSConnection(host, url.port, timeout=timeout, context=context)
    else:
        line = HTTPConnection(host, url.port, timeout=timeout)
    try:
        line.request("POST", url.path or "/", body, {"Content-Type": "application/json", MAC: sent})
        answer = line.getresponse()
        return answer.status, answer.getheader(MAC) or "", answer.read(_LONGEST_ANSWER)
    except (OSError, HTTPException) as error:
        raise Invalid(f"外部签名服务 {url.netloc} 没有应答（{error}），请稍后重试或联系服务方。") from error
    finally:
        line.close()


def _signature(answer: bytes, nonce: str) -> bytes:
    try:
        found = json.loads(answer)
        if found["nonce"] != nonce:
            raise Invalid("外部签名服务的回答不是对这一次请求的，未采用。")
        return base64.b64decode(found["signature"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Invalid("外部签名服务的回答读不懂，未采用，请联系服务方。") from error
