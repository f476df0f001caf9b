"""The demo's time server: RFC 3161 over HTTP on the loopback, `python -m workers.time_server PORT`.

A process of its own and a small one: it knows the settings and the authority's key, neither database nor framework.
"""

import os
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from perfapp import clock
from perfapp.config import Settings
from perfapp.own_time import authority
from perfapp.signing.time_authority import LARGEST_QUERY, TimeAuthority

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class Handler(BaseHTTPRequestHandler):
    """One query, one answer (RFC 3161, 3.4)."""

    timeout = 5  # seconds for a client to say what it wants
    server_version, sys_version = "perfapp-time", ""

    def __init__(self, authority: TimeAuthority, *given: Any) -> None:
        self._authority = authority
        super().__init__(*given)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != QUERY or not length.isdigit() or int(length) > LARGEST_QUERY:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        answer = self._authority.stamp(self.rfile.read(int(length)), clock.now())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", REPLY)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay quiet: who asks what time it is, is nobody's business."""


def serve(authority: TimeAuthority, port: int) -> ThreadingHTTPServer:
    """A bound server, not yet answering."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, authority))


if __name__ == "__main__":
    serve(authority(Settings.from_env(os.environ)), int(sys.argv[1])).serve_forever()
