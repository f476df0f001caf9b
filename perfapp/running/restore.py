"""`python -m perfapp.running.restore URL`: what a killed worker had taken and not acknowledged goes back in the queue.

Only for the embedded broker, and before its worker starts: with a shared Redis they may belong to a living worker.
kombu itself brings them back only after the visibility timeout, in practice minutes later. A process of its own, so
that the visibility timeout of 0 never reaches a worker. `restore_visible` is internal to kombu, hence the pinned
version and the test.
"""

import sys

from kombu.connection import Connection

LIMIT = 10_000


def restore(url: str) -> int:
    """How many went back."""
    line = Connection(url, transport_options={"visibility_timeout": 0})  # type: ignore[no-untyped-call]
    with line as connection:
        channel = connection.default_channel
        before: int = channel.client.zcard(channel.unacked_index_key)
        channel.qos.restore_visible(start=0, num=LIMIT, interval=1)
        after: int = channel.client.zcard(channel.unacked_index_key)
    return before - after


if __name__ == "__main__":
    sys.stdout.write(f"{restore(sys.argv[1])}\n")
