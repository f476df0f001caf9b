"""A change of one fact among a thousand, with two hundred live figures: until every draft shows it."""

from datetime import UTC, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from flask.testing import FlaskClient

from bench.measure import TIMES, Finding, Goal, interleaved, row
from bench.pages import installed
from perfapp.core.figures.facts import Definition
from perfapp.core.permissions import Actor, Role
from perfapp.data import cycles, facts, people, sections
from perfapp.data.fact_views import NewValue
from perfapp.data.facts import YEAR
from perfapp.data.session import transaction
from perfapp.demo import units
from perfapp.demo.staff import CAST, PASSWORD
from perfapp.running import web
from perfapp.services import accounts, drafting
from tests.making import actor_of

FACTS, FIGURES, ROUNDS = 1000, 200, 15
UNIT = 3


def findings() -> list[Finding]:
    with installed() as app:
        with app.app_context():
            units.add_units(UNIT, accounts.hash_password(PASSWORD))
            cycle_id, keys, shown_in = _filled()
        client = app.test_client()
        client.post("/sign-in", data={"login": _login(), "password": PASSWORD})
        changing = _Changing(client, cycle_id, keys[0], shown_in)
        web.when_ready(None)  # as the server does: what is loaded by now stays out of the collector's sight
        seconds = interleaved({"enter the value": changing.enter, "read it in a draft": changing.read}, ROUNDS, warm=2)
        both = [one + other for one, other in zip(*seconds.values(), strict=True)]
        return [
            Finding(
                "A fact changes",
                [Goal(f"{FACTS} facts, {FIGURES} live figures: shown", median(both) * 1000, 200, " ms")],
                [TIMES, *(row(name, took) for name, took in seconds.items()), row("both", both)],
                [
                    "Server time by Flask's test client, on SQLite. The value is entered by its form (the sections that"
                    " show it are marked and their people told); then an open editor asks for its figures and findings:"
                    " every figure anew, every check over the whole report.",
                ],
            )
        ]


class _Changing:
    """Enters another value each time, and looks whether the draft shows it."""

    def __init__(self, client: FlaskClient, cycle_id: int, key: str, section_id: int) -> None:
        self._client, self._path, self._key = client, f"/cycles/{cycle_id}/facts/{key}", key
        self._live = f"/sections/{section_id}/live.json"
        self._number, self._shown = 1, ""

    def enter(self, number: int) -> None:
        self._shown = f"{7000 + number}"
        form = {"amount": self._shown, "unit": "人", "last_number": str(self._number), "period": YEAR}
        answer = self._client.post(self._path, data=form)
        if answer.status_code != 303:
            raise RuntimeError(f"the value was refused: {answer.status}")
        self._number += 1

    def read(self, _: int) -> None:
        answer: Any = self._client.get(self._live).get_json()
        shown = next(one["shown"] for one in answer["figures"] if one["reference"]["fact"] == self._key)
        if not shown.startswith(f"{int(self._shown):,}"):
            raise RuntimeError(f"the draft shows {shown}")


def _login() -> str:
    return f"{next(part.login for part in CAST if part.role is Role.WRITER and part.office == '财务室')}.{UNIT:03}"


def _filled() -> tuple[int, list[str], int]:
    """A cycle with a thousand facts that have values, and drafts that show two hundred of them."""
    writer = actor_of(_login())
    unit = people.unit_by_code(f"DEMO-{UNIT:03}")
    assert unit is not None  # noqa: S101 -- it has just been made
    cycle = cycles.of_unit(unit.id)[0]
    office = next(post.office_id for post in writer.posts if post.role is Role.WRITER)
    keys = [f"bench-{number}" for number in range(FACTS)]
    with transaction():
        for number, key in enumerate(keys):
            definition = Definition(key=key, name=f"台账数据{number}", unit="人", decimals=0)
            fact_id = facts.add(unit.id, definition, office_id=office, position=2000 + number)
            new = NewValue(amount=Decimal(1000 + number), as_of=datetime.now(UTC).date())
            facts.add_value(fact_id, cycle.id, YEAR, new, person_id=writer.id)
    open_now = [s for s in sections.outline(cycle.id) if s.has_text and s.state in {"not_started", "drafting"}]
    own = [s for s in open_now if s.owner_office_id == office]
    share = FIGURES // len(own)
    for place, section in enumerate(own):
        _write(writer, section.id, section.version, keys[place * share : (place + 1) * share])
    return cycle.id, keys, own[0].id


def _write(writer: Actor, section_id: int, version: int, keys: list[str]) -> None:
    content: list[dict[str, Any]] = []
    for key in keys:
        content.append({"type": "text", "text": "本年完成"})
        content.append({"type": "figure", "attrs": {"fact": key}})
        content.append({"type": "text", "text": "，按计划推进。"})
    document = {"type": "doc", "content": [{"type": "paragraph", "content": content}]}
    drafting.save(writer, section_id, version=version, raw=document)
