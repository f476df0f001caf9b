"""No browser of ours sends it, and still it is answered: every form and call with what is missing, wrong or monstrous.

Whatever comes in, nobody sees a broken page: the answer is a status below 500, and a refusal is a Chinese sentence.
A new POST or PUT address needs a line in `taken.FORMS`: what it takes, and who may send it.
"""

import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from perfapp.core.document import plain_lines
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.data import cycles as cycle_table
from perfapp.data import reports, sections
from perfapp.services import checkpoints, cycles, drafting, looking, measures, scoring, tracking
from perfapp.services import reports as report_acts
from tests.integration.bookkeeping.files import an_import, steps
from tests.integration.queries import QUERIES
from tests.integration.remarks.making import remark
from tests.integration.taken import DIGEST, FORMS, Takes
from tests.making import PASSWORD, AUnit, a_cycle, a_dispute, a_merged_report, a_unit, a_value, report_act, texts
from tests.unit.documents.samples import drawing

PICTURE = drawing()[1]
LONG = "长" * 5000
BAD = ("", "x", "-1", str(2**31), "9" * 5000, "a\x00b", LONG)
"""Not a number, a number no database holds, nothing at all, a NUL byte that PostgreSQL refuses."""

HUGE = (2**31, 10**30)
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
REFUSED = re.compile(r'class="(?:notice tone-late|field__error|hint numbers)"(.{0,400})', re.S)


@dataclass(frozen=True)
class World:
    """A unit with a cycle in work, and the values of the names in addresses."""

    unit: AUnit
    ids: dict[str, int | str]


@pytest.fixture
def world(rolled_back: Flask) -> World:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    section = next(s for s in texts(cycle_id) if s.owner_office_id == unit.offices["办公室"])
    drafting.add_evidence(unit.writer, section.id, "照片.png", PICTURE)
    saved = drafting.save(unit.writer, section.id, version=section.version, raw={"type": "doc", "content": []})
    value = a_value(unit, cycle_id, "vehicle-trips", "2160", evidence=("派车单.png", PICTURE))
    by_hand = scoring.Filled(checks=(True,) * 5, own_points="4", own_reason="另有考虑")
    entry = scoring.fill(unit.money_writer, cycle_id, "disclosure", by_hand, last_number=0)
    ids: dict[str, int | str] = {
        "cycle_id": cycle_id,
        "indicator": "disclosure",
        "entry_id": entry.id,
        "form_key": "national",
        "part": "indicators",
        "section_id": section.id,
        "report_id": reports.current(cycle_id).id,
        "person_id": unit.writer.id,
        "office_id": unit.offices["办公室"],
        "evidence_id": 1,
        "job_id": 1,
        "sha256": DIGEST,
        "action": "return",
        "notice_id": 1,
        "post_id": 1,
        "number": saved.version,
        "key": "vehicle-trips",
        "value_id": value.id,
        "dispute_id": a_dispute(unit, value, "2592").id,
        "batch_id": an_import(unit, cycle_id),
        "row_id": 1,
        "fingerprint": "0" * 16,
        "annex_kind": "base-table",
        "ending": "docx",
        "kind": "report",
        "extension": "xlsx",
        "explanation_id": 1,
        "referral_id": 1,
        "delegation_id": 1,
        "seal_id": 1,
        "countersign_id": 1,
        "delivery_id": 1,
        "disclosure_id": 1,
        "note_id": 1,
        "robot_id": 1,
        "remark_id": remark(unit.head, section.id, ""),
        "outgoing_id": 1,
        "scan_id": 1,
        "measure_id": measures.enter(unit.editor, cycle_id, ["加强预算编制"])[0],
        "index_number": "T00001-2018-01",
        "code": "0" * 16,
        "checkpoint_id": checkpoints.open_checkpoint(unit.editor, cycle_id, "half", date(2030, 7, 15)),
    }
    return World(unit, ids)


def rules(app: Flask, methods: set[str]) -> list[Rule]:
    return [
        rule for rule in app.url_map.iter_rules() if methods & (rule.methods or set()) and rule.endpoint != "static"
    ]


def address(app: Flask, rule: Rule, ids: Mapping[str, int | str]) -> str:
    return app.url_map.bind("localhost").build(rule.endpoint, {name: ids[name] for name in rule.arguments})


def signed_in(app: Flask, unit: AUnit, who: str) -> FlaskClient:
    client = app.test_client()
    assert client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD}).status_code == 303
    return client


def requests(takes: Takes) -> Iterator[dict[str, Any]]:
    """The good request, then one thing wrong at a time, then everything wrong, then nothing at all."""
    good: dict[str, Any] = dict(takes.fields)
    yield with_file(takes, good)
    for key in good:
        yield with_file(takes, {name: value for name, value in good.items() if name != key})
        for bad in BAD:
            yield with_file(takes, {**good, key: bad})
    for bad in BAD:
        yield dict.fromkeys(good, bad)
    yield {}


def files(takes: Takes) -> Iterator[dict[str, Any]]:
    """Uploads that no browser sends: names, bytes, and words where a file belongs."""
    yield {**takes.fields, str(takes.file): "words"}
    for name in ("a", "a\x00.png", "../../a.png", "甲" * 300 + ".png", "." * 300, "..png", 'a"b.png'):
        yield with_file(takes, takes.fields, name)
    for data in (b"", b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"words"):
        for ending in ("pdf", "docx", "png"):
            yield with_file(takes, takes.fields, f"a.{ending}", data)


def with_file(takes: Takes, form: Mapping[str, Any], name: str = "a.png", data: bytes = PICTURE) -> dict[str, Any]:
    return {**form, takes.file: (io.BytesIO(data), name)} if takes.file else dict(form)


def truthful(takes: Takes, world: World) -> Takes:
    """With what a page would have sent along, so that the form gets further than its door."""
    report = reports.visible(world.unit.editor, int(world.ids["report_id"]))
    section = sections.visible(world.unit.editor, int(world.ids["section_id"]))
    version = report.version if "seen" in takes.fields else section.version
    known = {
        "version": version,
        "seen": looking.shown_sha256(report),
        "office_id": world.ids["office_id"],
        "section": section.id,
        "number": section.version,
        "contest-value_id": world.ids["value_id"],
        "value_id": world.ids["value_id"],
        "value": world.ids["value_id"],
        **dict(zip(("file", "step"), steps(world.unit, int(world.ids["cycle_id"])), strict=True)),
    }
    return replace(takes, fields={name: str(known.get(name, value)) for name, value in takes.fields.items()})


def check(answer: TestResponse, what: object) -> None:
    assert answer.status_code < 500, what
    if answer.status_code >= 400:
        words = answer.get_json()["message"] if answer.is_json else refusal_on(answer.get_data(as_text=True))
        assert CHINESE.search(words), what


def refusal_on(page: str) -> str:
    """What stands where a page says that something was refused: a notice, beside a field, or the error page itself."""
    return "".join(REFUSED.findall(re.sub(r"<svg.*?</svg>", "", page, flags=re.S)))


def test_every_address_that_changes_something_is_tried(app: Flask) -> None:
    assert {rule.endpoint for rule in rules(app, {"POST", "PUT"})} == set(FORMS)


@pytest.mark.parametrize("endpoint", sorted(FORMS))
def test_no_form_breaks_a_page(endpoint: str, world: World, rolled_back: Flask) -> None:
    takes = truthful(FORMS[endpoint], world)
    (rule,) = (rule for rule in rules(rolled_back, {"POST", "PUT"}) if rule.endpoint == endpoint)
    method = "PUT" if "PUT" in (rule.methods or ()) else "POST"
    url = address(rolled_back, rule, world.ids)
    client = signed_in(rolled_back, world.unit, takes.who)
    for form in itertools.chain(requests(takes), files(takes) if takes.file else ()):
        what = (endpoint, {key: str(value)[:40] for key, value in form.items()})
        check(client.open(url, method=method, data=form, content_type="multipart/form-data"), what)
    for body in (b"\xff\xfe", b"", b"[]", b"null", b"{", b"[" * 100_000):
        check(client.open(url, method=method, data=body, content_type="application/json"), (endpoint, body[:9]))


@pytest.mark.parametrize("who", ["writer", "editor", "sysadmin"])
def test_no_number_in_an_address_breaks_a_page(who: str, world: World, rolled_back: Flask) -> None:
    client = signed_in(rolled_back, world.unit, who)
    for rule in rules(rolled_back, {"GET", "POST"}):
        numbers = {name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)}
        for name, huge in itertools.product(numbers, HUGE):
            url = address(rolled_back, rule, world.ids).replace(f"/{world.ids[name]}", f"/{huge}")
            for method in {"GET", "POST"} & (rule.methods or set()):
                check(client.open(url, method=method), (method, url[:80]))


@pytest.mark.parametrize(("who", "path", "names"), QUERIES)
def test_no_question_breaks_a_page(who: str, path: str, names: str, world: World, rolled_back: Flask) -> None:
    client = signed_in(rolled_back, world.unit, who)
    for name, bad in itertools.product(names.split(), (*BAD, "0001-01-01", "9999-12-31")):
        check(client.get(path.format(**world.ids), query_string={name: bad[:1500]}), (path, name, bad[:20]))


@pytest.mark.parametrize(("text", "status"), [("a\x00b", 200), ("\ufffe", 200), ("\x0b", 200), ("\ud800", 422)])
def test_what_no_database_keeps_is_not_kept(text: str, status: int, world: World, rolled_back: Flask) -> None:
    """Escaped in JSON it reaches us; half a character breaks the text, the others say nothing and are left out."""
    client = signed_in(rolled_back, world.unit, "writer")
    section_id = int(world.ids["section_id"])
    sha256 = drafting.add_picture(world.unit.writer, section_id, "a.png", PICTURE)
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": f"甲{text}乙"}]}
    picture = {"type": "picture", "attrs": {"sha256": sha256, "caption": f"甲{text}乙"}}
    version = sections.visible(world.unit.writer, section_id).version
    body = json.dumps({"version": version, "document": {"type": "doc", "content": [paragraph, picture]}})
    answer = client.put(f"/sections/{section_id}/document", data=body, content_type="application/json")
    assert answer.status_code == status, answer.get_json()
    assert text not in "".join(plain_lines(sections.content(section_id).document))
    for broken in ({"type": text}, {text: 1}, {"type": "doc", text: []}, {"type": "doc", "content": [{"type": text}]}):
        body = json.dumps({"version": 1, "document": broken})
        check(client.put(f"/sections/{section_id}/document", data=body, content_type="application/json"), broken)


def test_a_table_of_monstrous_cells_is_refused_at_once(world: World, rolled_back: Flask) -> None:
    client = signed_in(rolled_back, world.unit, "writer")
    cell = {"type": "tableCell", "attrs": {"colspan": 20, "rowspan": 300}, "content": []}
    table = {"type": "table", "content": [{"type": "tableRow", "content": [cell] * 20}] * 300}
    answer = client.put(
        f"/sections/{world.ids['section_id']}/document",
        json={"version": 1, "document": {"type": "doc", "content": [table]}},
    )
    assert answer.status_code == 422


def test_the_longest_titles_go_all_the_way(rolled_back: Flask) -> None:
    """Every notice, register line and event that is made of titles holds the longest of them."""
    unit = a_unit()
    cycle_id = a_cycle(unit)
    for section in sections.outline(cycle_id):
        change = cycles.SectionChange("题" * 200, "", section.owner_office_id, section.is_required, section.holds_money)
        cycles.change_section(unit.editor, section.id, change, version=section.version)
    cycle = cycle_table.visible(unit.editor, cycle_id)
    cycles.change_cycle(
        unit.editor,
        cycle_id,
        version=cycle.version,
        title="题" * 200,
        notice_number="",
        period=(cycle.period_from, cycle.period_to),
        due={},
    )
    tracking.urge_section(unit.editor, texts(cycle_id)[0].id)
    report = a_merged_report(unit, cycle_id)
    tracking.urge_report(unit.leader, report.id)
    report = report_act(unit.editor, cycle_id, ReportAction.SEND)
    report = report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    report = report_act(unit.leader, cycle_id, ReportAction.ISSUE)
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    assert reports.current(cycle_id).state is ReportState.SEALING
