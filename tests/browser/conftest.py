"""The real application in a real browser: a server on a free port, a unit of its own for every test."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from perfapp import own_time
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.extensions import db
from tests import services
from tests.making import PASSWORD, AUnit, a_cycle, a_unit
from tests.time_server import time_server


@dataclass(frozen=True)
class Site:
    """The running application and one unit in it that no other test touches."""

    url: str
    app: Flask
    unit: AUnit
    cycle_id: int

    def login(self, page: Page, role: str) -> None:
        """Sign the person with this role of the unit in."""
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("登录名").fill(self.unit.logins[role])
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def catch_up(self) -> None:
        """Let this thread see what the server has committed since it last read."""
        db.session.rollback()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Flask]]:
    """The application on a committed SQLite database, served by threads as in production."""
    home: Path = tmp_path_factory.mktemp("site")
    bare = Settings(
        home=home,
        secret_key="0123456789" * 5,
        database_url=f"sqlite:///{home}/perfapp.sqlite3",
        redis_url=None,
        opens_keys=True,
    )
    with time_server(own_time.authority(bare)) as time:
        app = create_app(replace(bare, tsa_url=time))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", app
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def site(running: tuple[str, Flask]) -> Iterator[Site]:
    """The running application with a unit and its cycle of 2018, nothing written yet."""
    url, app = running
    with app.app_context():
        unit = a_unit()
        yield Site(url, app, unit, a_cycle(unit))
        db.session.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.browser())
        yield browser
        browser.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """`new_page(width=390)` is another person's browser; script errors and refusals by the policy fail the test."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def make(width: int = 1440, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda entry: troubles.append(entry.text) if "Content Security" in entry.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert troubles == []
