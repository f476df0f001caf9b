"""A signing service on loopback: it has the key, is handed digests, and hands back signatures."""

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from perfapp.services.making.signing_service import MAC, mac

SECRET = b"a-secret-that-both-sides-know-0123456789"
Answer = dict[str, Any]


@contextmanager
def serving(
    key: ec.EllipticCurvePrivateKey, *, change: Callable[[Answer], Answer] = dict, secret: bytes = SECRET
) -> Iterator[str]:
    """The address of a service with this key; `change` lets it answer wrongly, `secret` sign with another."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not hmac.compare_digest(self.headers[MAC], mac(SECRET, body)):
                self.send_error(403)
                return
            asked = json.loads(body)
            digest = base64.b64decode(asked["digest"])
            signature = key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
            answer = change({"nonce": asked["nonce"], "signature": base64.b64encode(signature).decode()})
            out = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header(MAC, mac(secret, out))
            self.end_headers()
            self.wfile.write(out)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sign"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
