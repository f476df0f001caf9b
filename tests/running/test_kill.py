"""A worker killed in the middle of a job, and a broker that forgets everything: nothing is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from perfapp.running import broker
from tests import services
from tests.databases import PostgresDatabase
from tests.running.system import ROOT, running, surroundings

ASK = """
import os, sys
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.core.report_flow import ReportAction
from tests.making import a_unit, a_cycle, accept_all, report_act
app = create_app(Settings.from_env(os.environ))
with app.app_context():
    unit = a_unit(with_seal=False)
    cycle = a_cycle(unit)
    accept_all(unit, cycle)
    report_act(unit.editor, cycle, ReportAction.MERGE)
"""


@pytest.fixture
def outgrown() -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis as separate servers: a database of our own on each."""
    database = PostgresDatabase(cast(str, services.postgres_url()), f"perfapp_run_{os.getpid()}")
    queue = cast(str, services.redis_url())
    with Redis.from_url(queue) as client:
        client.flushdb()
    yield {"DATABASE_URL": database.url, "REDIS_URL": queue}
    database.drop()
    with Redis.from_url(queue) as client:
        client.flushdb()


def jobs_in(home: Path) -> list[tuple[str, int]]:
    """State and attempt of every job that makes a report, as another process sees them."""
    connection = sqlite3.connect(f"file:{home / 'perfapp.sqlite3'}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute("SELECT state, attempt FROM job WHERE kind = 'compile' ORDER BY id").fetchall()
    finally:
        connection.close()


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, "it did not happen in time"
        sleep(0.005)


def ask_for_a_report(env: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process that ends once the report has been merged and its documents asked for."""
    return subprocess.Popen([sys.executable, "-c", ASK], cwd=ROOT, env=env)


def test_a_worker_killed_in_mid_job_and_an_emptied_broker_lose_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = surroundings(home)
    with running(env) as system:
        worker = system.parts()["worker"]
        children = [int(pid) for pid in Path(f"/proc/{worker}/task/{worker}/children").read_text().split()]
        with Redis(unix_socket_path=str(broker.socket_path(home))) as queue:
            asking = ask_for_a_report({**env, "REDIS_URL": f"unix://{broker.socket_path(home)}"})
            until(lambda: any(state == "running" for state, _ in jobs_in(home)))
            for pid in (*children, worker):
                os.kill(pid, signal.SIGKILL)
            queue.flushall()
        assert asking.wait(timeout=60) == 0
        assert system.process.wait(timeout=60) != 0  # one dead part stops the whole, with a reason
    assert jobs_in(home) == [("running", 1)]
    with running(env):
        until(lambda: jobs_in(home) == [("done", 2)], seconds=30)


def test_a_message_that_never_came_is_sent_again_by_the_sweep(tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = surroundings(home)
    with running(env):
        assert ask_for_a_report(env).wait(timeout=60) == 0  # without REDIS_URL: nothing is sent
        until(lambda: jobs_in(home) == [("done", 1)], seconds=40)


@pytest.mark.needs("postgres", "redis")
def test_the_same_on_postgresql_and_redis_with_the_queue_emptied(tmp_path: Path, outgrown: dict[str, str]) -> None:
    env = surroundings(tmp_path / "home", **outgrown)
    engine = create_engine(outgrown["DATABASE_URL"])

    def jobs() -> list[tuple[str, int]]:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT state, attempt FROM job WHERE kind = 'compile'"))
            return [(state, attempt) for state, attempt in found]

    with running(env), Redis.from_url(outgrown["REDIS_URL"]) as queue:
        asking = ask_for_a_report(env)
        until(lambda: bool(jobs()))
        queue.flushdb()  # whatever messages there are: the table is the truth
        assert asking.wait(timeout=60) == 0
        until(lambda: jobs() == [("done", 1)])
    engine.dispose()
