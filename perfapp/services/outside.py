"""HTTP to the few places outside that sealing needs: the time server, and whoever publishes revocation lists."""

import http.client
import socket
from contextlib import suppress
from threading import Timer
from urllib.parse import urlsplit

SECONDS = 10.0


class Unanswered(OSError):
    """No usable answer; the text says why, for people."""


def ask(url: str, *, body: bytes | None = None, media_type: str = "", most: int, seconds: float | None = None) -> bytes:
    """The body of a 200 answer of at most `most` bytes, got within `seconds` from first to last byte, or Unanswered."""
    parts, seconds = urlsplit(url), seconds or SECONDS
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=seconds)
    # A server that sends one byte a second would never hit a socket's own limit.
    end = Timer(seconds, _cut, (line,))
    end.daemon = True
    try:
        end.start()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST" if body is not None else "GET", path, body, {"Content-Type": media_type} if body else {})
        answer = line.getresponse()
        data = answer.read(most + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered(_why(error)) from error
    finally:
        end.cancel()
        line.close()
    if answer.length and len(data) <= most:
        raise Unanswered("没有在时限内答完")
    if answer.status != http.HTTPStatus.OK:
        raise Unanswered(f"回答了 {answer.status}")
    if len(data) > most:
        raise Unanswered("回答太长")
    return data


def _cut(line: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        if line.sock is not None:
            line.sock.shutdown(socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "拒绝连接"
    if isinstance(error, socket.gaierror):
        return "找不到主机"
    if isinstance(error, TimeoutError | http.client.RemoteDisconnected | ConnectionError):
        return "没有在时限内应答"
    return "应答不完整" if isinstance(error, http.client.HTTPException) else "连不上"
