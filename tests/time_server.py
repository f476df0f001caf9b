"""The demo's time server in a thread of the test, at an address of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from perfapp.signing.time_authority import TimeAuthority
from workers.time_server import serve


@contextmanager
def time_server(authority: TimeAuthority, port: int = 0) -> Iterator[str]:
    """The address at which it answers while the block runs."""
    server = serve(authority, port)
    thread = Thread(target=server.serve_forever, name="time server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
