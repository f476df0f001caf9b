"""A group robot's platform on loopback: it counts what it is sent, and answers as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAKEN = (200, b'{"errcode":0,"errmsg":"ok"}', "")


class Gateway:
    """`answers` are used up one by one (status, body, where to), then everything is taken; None hangs up."""

    def __init__(self) -> None:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.got.append((self.path, json.loads(data)))
                gateway.tell(answered=False)
                answer = gateway.answers.pop(0) if gateway.answers else TAKEN
                if answer is None:
                    return
                status, body, place = answer
                self.send_response(status)
                if place:
                    self.send_header("Location", place)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                gateway.tell(answered=True)

            def log_message(self, *arguments: Any) -> None:
                """Nothing: the test reads what was sent."""

        self.got: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, bytes, str] | None] = []
        self.watch: Callable[..., None] | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def tell(self, *, answered: bool) -> None:
        """Whoever watches hears of every message, before and after it is answered."""
        if self.watch is not None:
            self.watch(answered=answered)

    @property
    def texts(self) -> list[str]:
        return [
            content["text"]["content"] if "text" in content else content["content"]["text"] for _, content in self.got
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def a_gateway() -> Iterator[Gateway]:
    gateway = Gateway()
    try:
        yield gateway
    finally:
        gateway.close()
