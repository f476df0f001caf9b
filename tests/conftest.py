"""The ground of all tests: which services are there, the application on both databases, isolation, strict HTML."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import html5lib
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings as property_settings
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from perfapp import own_time
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.extensions import db
from tests import services
from tests.databases import PostgresDatabase, ScratchDatabase, SqliteDatabase
from tests.time_server import time_server

property_settings.register_profile("perfapp", deadline=None)  # no test has a time limit: bench/ watches speed
property_settings.load_profile("perfapp")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip, by name, what this machine cannot reach; fail where PERFAPP_REQUIRE says that it must."""
    for mark in item.iter_markers("needs"):
        for name in mark.args:
            if services.REACH[name]() is None:
                if name in services.required():
                    pytest.fail(f"needs {name}: required by PERFAPP_REQUIRE and not reachable", pytrace=False)
                pytest.skip(f"needs {name}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which services were missing, and what that cost."""
    reasons = Counter(str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []))
    missing = {name: count for name in services.REACH if (count := reasons[f"Skipped: needs {name}"])}
    if missing:
        terminalreporter.section("services not reachable")
        for name, count in missing.items():
            terminalreporter.write_line(f"{name}: {count} tests skipped")


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchDatabase]:
    """A database of this test process alone; every test that reaches it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield SqliteDatabase(tmp_path_factory.mktemp("database") / "test.sqlite3")
    else:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        owner = PostgresDatabase(cast(str, services.postgres_url()), f"perfapp_test_{worker}_{os.getpid()}")
        yield owner
        owner.drop()


@pytest.fixture(scope="session")
def settings(database: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Of an installation that is not the demo, without a broker: a test that wants one starts it."""
    home: Path = tmp_path_factory.mktemp("home")
    bare = Settings(home=home, secret_key="0123456789" * 5, database_url=database.url, redis_url=None, opens_keys=True)
    with time_server(own_time.authority(bare)) as url:
        yield replace(bare, tsa_url=url)


@pytest.fixture(scope="session")
def app(database: ScratchDatabase, settings: Settings) -> Iterator[Flask]:
    """The application on a migrated, empty database."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = StrictClient
    with app.app_context():
        upgrade()
        db.engine.dispose()
    database.keep_as_pristine()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def rolled_back(app: Flask) -> Iterator[Flask]:
    """One test, one outer transaction: the code's own commits become savepoints, and all of it is undone."""
    with app.app_context():
        engines = cast("dict[str | None, object]", db.engines)
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            engines[None] = connection
            db.session.configure(join_transaction_mode="create_savepoint")
            try:
                yield app
            finally:
                db.session.remove()
                db.session.configure(join_transaction_mode="conditional_savepoint")
                outer.rollback()
                engines[None] = engine


@pytest.fixture
def committed(app: Flask, database: ScratchDatabase) -> Iterator[Flask]:
    """For races and other processes: commits are real, and the database is put back as it was."""
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    database.put_back()


@pytest.fixture
def client(rolled_back: Flask) -> FlaskClient:
    """A browser without scripts; its HTML is parsed strictly."""
    return rolled_back.test_client()


class StrictClient(FlaskClient):
    """Fails on HTML that a browser would have to repair."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """A request sees what the test has arranged, and shares no context with it."""
        if has_app_context():
            db.session.commit()
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        response.request.environ["wsgi.input"].close()  # werkzeug keeps a large upload in a file that nobody closes
        if response.mimetype == "text/html" and response.data:
            parse_strictly(response.get_data(as_text=True))
        return response


def parse_strictly(html: str) -> None:
    """Raises html5lib's ParseError, with its place; what has no doctype is a fragment for a page."""
    parser = html5lib.HTMLParser(strict=True)
    if html.lstrip().lower().startswith("<!doctype"):
        parser.parse(html)
    else:
        parser.parseFragment(html)


Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def queries() -> Counting:
    """`with queries() as seen:` collects the statements sent to the database."""
    return collect_queries


@contextmanager
def collect_queries() -> Iterator[list[str]]:
    """The list grows while the block runs; savepoints of the isolation are not counted."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
