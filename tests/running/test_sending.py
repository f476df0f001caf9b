"""A message is a hint: it is sent when it can be, and never stands in the way."""

import json
import logging
import socket
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from redis import Redis

from perfapp.running import broker
from perfapp.sending import RUN_JOB, Sender
from tests.running.system import await_that, free_port


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Path]:
    """The socket of an embedded broker."""
    (tmp_path / "broker").mkdir()
    listen_on = broker.socket_path(tmp_path)
    with subprocess.Popen(broker.command(tmp_path, listen_on), stdout=subprocess.DEVNULL) as process:
        await_that(lambda: broker.answers(listen_on), 10)
        yield listen_on
        process.terminate()


def test_a_job_goes_out_by_name_as_json(embedded: Path) -> None:
    sender = Sender()
    sender.configure(f"unix://{embedded}")
    assert sender.send_job(7)
    assert sender.send_job(8, "seal")
    with Redis.from_url(f"unix://{embedded}") as client:
        work, seal = (json.loads(client.lpop(queue)) for queue in ("work", "seal"))
    assert work["headers"]["task"] == RUN_JOB
    assert work["content-type"] == "application/json"
    assert json.loads(b64decode(work["body"]))[0] == [7]
    assert json.loads(b64decode(seal["body"]))[0] == [8]


def test_without_a_broker_nothing_is_sent() -> None:
    sender = Sender()
    sender.configure(None)
    assert not sender.send_job(1)


def test_a_refusing_broker_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    sender = Sender()
    sender.configure(f"redis://127.0.0.1:{free_port()}/0")
    start = monotonic()
    with caplog.at_level(logging.WARNING):
        assert not sender.send_job(1)
    assert monotonic() - start < 1
    assert "job 1 waits for the sweep" in caplog.text


def test_a_silent_broker_costs_one_timeout_and_not_one_each() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        sender = Sender()
        sender.configure(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        start = monotonic()
        assert not sender.send_job(1)
        first = monotonic() - start
        assert not any(sender.send_job(number) for number in range(50))
    assert first < 1.5
    assert monotonic() - start - first < 0.1


def test_a_broker_that_comes_back_is_used_again(embedded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfapp.sending.SILENCE_SECONDS", 0.0)
    sender = Sender()
    sender.configure(f"unix://{embedded}")
    assert sender.send_job(1)
    with Redis.from_url(f"unix://{embedded}") as client:
        client.client_kill_filter(_type="normal", skipme=True)
        sender.send_job(2)  # a cut connection may cost this message, and no other
        assert sender.send_job(3)
