"""Desk, board and section page at a hundred units: their queries, and their time beside a bare Flask view."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any

from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import Template
from sqlalchemy import create_engine, text

from bench.measure import TIMES, Act, Finding, Goal, interleaved, ratio, row
from perfapp.app import create_app
from perfapp.config import Settings
from perfapp.core.permissions import Role
from perfapp.data import cycles, people, sections
from perfapp.demo import story, units
from perfapp.demo.staff import CAST, PASSWORD
from perfapp.extensions import db
from perfapp.services import accounts
from perfapp.services import cycles as cycle_acts
from tests.conftest import collect_queries
from tests.making import actor_of

UNITS, FEW_UNITS = 100, 4
UNIT = 4  # half-way: drafts, sections in review, accepted ones
SECTIONS = 120
ROUNDS = 60
BARE_PATH = "/bare/"
PAGES: dict[str, tuple[Template, dict[str, Any]]] = {}
LIST = "bare list of 12 rows"


def findings() -> list[Finding]:
    with installed() as app:
        with app.app_context():
            hashed = accounts.hash_password(PASSWORD)
            story.tell(hashed)
            units.add_units(FEW_UNITS, hashed)
        visits, cycle_id = _visits(app)
        few_units = _counts(visits)
        with app.app_context():
            units.add_units(UNITS, hashed)
        many_units = _counts(visits)
        bare = _bare_views(app, visits)
        rivals: dict[str, Act] = {**visits, **bare, LIST: _bare_list(app, cycle_id)}
        seconds = interleaved(rivals, ROUNDS, warm=3)
        with app.app_context():
            _add_sections(cycle_id)
        many_sections = _counts(visits)
    counted = (few_units, many_units, many_sections)
    grown = max(max(many_units[name] - few_units[name], many_sections[name] - many_units[name]) for name in visits)
    return [
        Finding(
            f"Pages at {UNITS} units of 12 sections",
            [
                Goal(f"queries more with {UNITS} units instead of {FEW_UNITS}, or {SECTIONS} sections", grown, 0),
                *(
                    Goal(f"{name}, times a bare view of the same page", ratio(seconds[name], seconds[_bare(name)]), 3)
                    for name in visits
                ),
            ],
            [
                (*TIMES, f"queries, {FEW_UNITS} units", f"{UNITS} units", f"{SECTIONS} sections"),
                *(
                    [*row(name, took, digits=1), *(str(counts.get(name, 1)) for counts in counted)]
                    for name, took in seconds.items()
                ),
            ],
            [
                "In one process by Flask's test client, on SQLite; desk and board as the editor, the section as its"
                " writer. The bare view of a page does one query and renders the same template file with the same"
                " values, ready at hand: no session, no person, no rights, nothing worked out. The bare list is a table"
                " of 12 rows without a layout, the floor of what Flask, a query and Jinja cost here.",
            ],
        )
    ]


@contextmanager
def installed() -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="pb-") as name:
        home = Path(name)
        database = f"sqlite:///{home / 'bench.sqlite3'}"
        app = create_app(Settings(home, "0123456789" * 5, database, None, demo=True, opens_keys=True))
        app.config["WTF_CSRF_ENABLED"] = False
        app.add_url_rule(f"{BARE_PATH}<name>", "bare", bare_view)
        with app.app_context():
            upgrade()
        yield app
        with app.app_context():
            db.engine.dispose()


def _visits(app: Flask) -> tuple[dict[str, Act], int]:
    """Opening each page; and the unit's cycle."""
    with app.app_context():
        unit = people.unit_by_code(f"DEMO-{UNIT:03}")
        assert unit is not None  # noqa: S101 -- it has just been made
        cycle_id = cycles.of_unit(unit.id)[0].id
        section = next(s for s in sections.outline(cycle_id) if s.has_text)
    desk = _signed_in(app, _login(Role.EDITOR))
    author = _signed_in(app, _login(Role.WRITER, section.owner_office_name))
    return {
        "desk": _visit(desk, "/"),
        "board": _visit(desk, "/progress"),
        "section": _visit(author, f"/sections/{section.id}"),
    }, cycle_id


def _login(role: Role, office: str | None = None) -> str:
    return next(f"{part.login}.{UNIT:03}" for part in CAST if part.role is role and part.office == office)


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
    if answer.status_code != 303:
        raise RuntimeError(f"{login} cannot sign in: {answer.status}")
    return client


def _visit(client: FlaskClient, path: str) -> Act:
    def visit(_: int) -> None:
        answer = Context().run(client.get, path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")

    return visit


def _counts(visits: dict[str, Act]) -> dict[str, int]:
    """Statements of one visit, after one that settles what is written at most once."""
    found = {}
    for name, visit in visits.items():
        visit(0)
        with collect_queries() as seen:
            visit(0)
        found[name] = len(seen)
    return found


def _bare(name: str) -> str:
    return f"{name}, bare"


def _bare_views(app: Flask, visits: dict[str, Act]) -> dict[str, Act]:
    """For each page a view that does one query and renders the page's template file with values at hand."""
    found: list[tuple[Template, dict[str, Any]]] = []

    def keep(_: Flask, template: Template, context: dict[str, Any], **__: object) -> None:
        found.append((template, context))

    anybody, views = app.test_client(), {}
    for name, visit in visits.items():
        with template_rendered.connected_to(keep, app):
            visit(0)
        PAGES[name] = found[-1]
        views[_bare(name)] = _visit(anybody, f"{BARE_PATH}{name}")
    return views


def bare_view(name: str) -> str:
    """One query, one template file: nothing is asked about who it is or what he may do."""
    db.session.execute(text("SELECT id, title, state, state_since FROM section LIMIT 12")).all()
    template, context = PAGES[name]
    return template.render(context)


def _bare_list(app: Flask, cycle_id: int) -> Act:
    """The least that could be called a page: a table without a layout. It is no goal, it is the floor."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    statement = text("SELECT id, title, state, state_since FROM section WHERE cycle_id = :cycle LIMIT 12")
    bare = Flask(__name__)

    @bare.get("/")
    def board() -> str:
        with engine.connect() as connection:
            return render_template("plain.html", rows=connection.execute(statement, {"cycle": cycle_id}).all())

    return _visit(bare.test_client(), "/")


def _add_sections(cycle_id: int) -> None:
    """As many items under a heading that takes them as make SECTIONS in all."""
    editor = actor_of(_login(Role.EDITOR))
    outline = sections.outline(cycle_id)
    parent = next(s for s in outline if s.key == "results")
    office = next(s.owner_office_id for s in outline if s.owner_office_id)
    for number in range(SECTIONS - sum(s.has_text for s in outline)):
        cycle_acts.add_item(editor, parent.id, title=f"第{number + 1}项工作", office_id=office)
