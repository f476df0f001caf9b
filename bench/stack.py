"""The whole system as `make run` starts it, in a home, database and broker of its own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from redis import Redis

from perfapp.app import create_app
from perfapp.config import Settings
from tests import services
from tests.databases import PostgresDatabase
from tests.running.system import System, running, surroundings


@contextmanager
def on_sqlite(**more: str) -> Iterator[tuple[System, Flask]]:
    """With the embedded broker; and an application of our own beside it, for making data."""
    with tempfile.TemporaryDirectory(prefix="pb-") as name, _started(Path(name) / "home", more) as pair:
        yield pair


@contextmanager
def on_postgres() -> Iterator[tuple[System, Flask]]:
    """With a shared Redis; LookupError where PostgreSQL or Redis is not reachable, or Redis' database is in use."""
    server, redis = services.postgres_url(), services.redis_url()
    if server is None or redis is None:
        raise LookupError("PostgreSQL or Redis is not reachable")
    with Redis.from_url(redis) as client:
        if client.dbsize():
            raise LookupError(f"{redis} is not empty")
        database = PostgresDatabase(server, f"perfapp_bench_{os.getpid()}")
        try:
            with (
                tempfile.TemporaryDirectory(prefix="pb-") as name,
                _started(Path(name) / "home", {"DATABASE_URL": database.url, "REDIS_URL": redis}) as pair,
            ):
                yield pair
        finally:
            database.drop()
            client.flushdb()


@contextmanager
def _started(home: Path, more: dict[str, str]) -> Iterator[tuple[System, Flask]]:
    env = surroundings(home, **more)
    with running(env) as system:
        broker = {} if "REDIS_URL" in more else {"REDIS_URL": f"unix://{home / 'broker' / 'q.sock'}"}
        yield system, create_app(Settings.from_env(env | broker))
        system.end()
