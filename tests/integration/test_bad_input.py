"""No browser of ours sends it, and still it is answered: every form and call with what is missing, wrong or monstrous.

Whatever comes in, nobody sees a broken page: the answer is a status below 500, and a refusal is a Chinese sentence.
A new POST or PUT address needs a line in FORMS: what it takes, and who may send it.
"""

import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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
from perfapp.services import cycles, drafting, looking, scoring, tracking
from perfapp.services import reports as report_acts
from tests.integration.bookkeeping.files import an_import, steps
from tests.making import PASSWORD, AUnit, a_cycle, a_dispute, a_merged_report, a_unit, a_value, report_act, texts
from tests.unit.documents.samples import drawing

PICTURE = drawing()[1]
LONG = "长" * 5000
BAD = ("", "x", "-1", str(2**31), "9" * 5000, "a\x00b", LONG)
"""Not a number, a number no database holds, nothing at all, a NUL byte that PostgreSQL refuses."""

HUGE = (2**31, 10**30)
QUERIES = (
    ("writer", "/notices", "page"),
    ("editor", "/progress", "cycle"),
    ("editor", "/progress/cycles/{cycle_id}/timeline", "page section report"),
    ("writer", "/sections/{section_id}/compare", "from to"),
    ("writer", "/sections/{section_id}/history", "all"),
    ("leader", "/reports/{report_id}", "preview"),
    ("writer", "/figures", "cycle show q page"),
    ("writer", "/figures/cycles/{cycle_id}.xlsx", "show q"),
    ("writer", "/cycles/{cycle_id}/facts/{key}", "period"),
    ("writer", "/cycles/{cycle_id}/facts/{key}/card", "form other unit decimals shown"),
    ("writer", "/sections/{section_id}/facts.json", "q key part unit decimals"),
    ("writer", "/charts", "cycle fact"),
    ("auditor", "/log", "person kind since until page"),
    ("writer", "/sign-in", "next"),
    ("writer", "/scoring", "cycle"),
    ("writer", "/ledgers", "cycle"),
    ("writer", "/cycles/{cycle_id}/ledgers/{key}", "month page day"),
    ("writer", "/cycles/{cycle_id}/ledgers/{key}.xlsx", "month"),
    ("writer", "/cycles/{cycle_id}/imports", "target"),
    ("writer", "/cycles/{cycle_id}/imports/mapping", "file sheet head"),
    ("writer", "/cycles/{cycle_id}/scoring/what-if", "opening-budget budget-added"),
)
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
REFUSED = re.compile(r'class="(?:notice tone-late|field__error|hint numbers)"(.{0,400})', re.S)
DIGEST = "0" * 64


@dataclass(frozen=True)
class Takes:
    """What an address takes in a good request, and who may send it; `file` names its upload."""

    who: str
    fields: dict[str, str] = field(default_factory=dict)
    file: str | None = None


_SEEN = {"version": "1", "seen": DIGEST}
FORMS: dict[str, Takes] = {
    "auth.sign_in_do": Takes("writer", {"login": "nobody", "password": "wrong", "next": "/"}),
    "auth.sign_out": Takes("keeper"),
    "auth.change_password": Takes(
        "writer", {"current": "wrong", "new": "a new pass phrase", "again": "a new pass phrase"}
    ),
    "auth.end_other_sessions": Takes("writer"),
    "desk.read": Takes("writer", {"open": "1"}),
    "desk.read_all": Takes("writer"),
    "cycles.open_cycle": Takes(
        "editor",
        {
            "fiscal_year": "2030",
            "period_from": "2030-01-01",
            "period_to": "2030-12-31",
            "form_key": "hunan-2018",
            "notice_number": "测财绩〔2031〕1号",
            "draft": "2031-03-01",
        },
    ),
    "cycles.change": Takes("editor", {"title": "报告", "notice_number": "1号", "version": "1", "issue": "2031-03-01"}),
    "cycles.attach_notice": Takes("editor", file="file"),
    "cycles.outline.change": Takes(
        "editor",
        {"title": "标题", "guidance": "说明", "version": "1", "office_id": "1", "is_required": "y", "holds_money": "y"},
    ),
    "cycles.outline.add_item": Takes("editor", {"title": "分项", "office_id": "1", "holds_money": "y"}),
    "cycles.outline.move": Takes("editor", {"direction": "up", "version": "1"}),
    "cycles.outline.remove": Takes("editor", {"version": "1"}),
    "drafting.save": Takes("writer"),
    "drafting.act": Takes("writer", {"action": "submit", "version": "1", "reason": "理由", "direct": "1"}),
    "drafting.add_picture": Takes("writer", file="file"),
    "drafting.add_evidence": Takes("writer", {"note": "说明"}, file="file"),
    "drafting.remove_evidence": Takes("writer"),
    "drafting.import_word": Takes("writer", {"version": "1"}, file="file"),
    "drafting.ask_preview": Takes("writer"),
    "drafting.restore": Takes("writer", {"version": "1", "number": "1"}),
    "drafting.name_version": Takes("writer", {"label": "初稿"}),
    "review.act": Takes(
        "editor", {**_SEEN, "action": "merge", "reason": "", "dated_on": "2019-03-15", "form": "merge"}
    ),
    "review.send_back": Takes("leader", {**_SEEN, "reason": "请改。", "section": "1", "way": "direct"}),
    "review.deliver": Takes(
        "editor",
        {**_SEEN, "recipient": "财政局", "delivered_on": "2019-04-01", "receipt": "收字1号"},
        file="receipt_file",
    ),
    "review.reissue": Takes("editor", {**_SEEN, "reason": "更正"}),
    "review.seen": Takes("leader"),
    "review.retry": Takes("editor"),
    "review.preview": Takes("editor"),
    "sealing.press": Takes("leader", {**_SEEN, "action": "press", "password": "wrong"}),
    "sealing.refuse": Takes("leader", {"version": "1", "reason": "不妥"}),
    "sealing.abandon": Takes("leader", {"version": "1", "reason": "不妥"}),
    "findings.explain": Takes("writer", {"explanation": "口径不同，已核对。"}),
    "findings.answer": Takes("finance", {"answer": "refuse", "reason": "没有写清。"}),
    "tracking.urge_section": Takes("editor"),
    "tracking.urge_report": Takes("editor"),
    "figures.enter": Takes(
        "writer",
        {
            "amount": "2,160",
            "unit": "趟",
            "as_of": "2018-12-31",
            "note": "派车单",
            "evidence_page": "3",
            "period": "03",
            "last_number": "0",
        },
        file="evidence",
    ),
    "figures.confirm": Takes("head", {"value_id": "1"}),
    "figures.confirm_many": Takes("head", {"value": "1"}),
    "figures.contest": Takes(
        "editor",
        {"contest-amount": "2592", "contest-unit": "趟", "contest-reason": "不一致", "contest-value_id": "1"},
        file="contest-evidence",
    ),
    "figures.act": Takes("head", {"action": "replace", "reason": "属实", "version": "1", "last_number": "1"}),
    "figures.define": Takes(
        "editor",
        {
            "key": "new-fact",
            "name": "新数据",
            "aliases": "新数、新",
            "group": "其他",
            "scope": "全年",
            "unit": "万元",
            "decimals": "2",
            "is_money": "y",
            "office_id": "1",
            "formula": "〔总支出〕 - 〔基本支出〕",
        },
    ),
    "figures.redefine": Takes(
        "editor",
        {"name": "派车", "aliases": "", "unit": "趟", "decimals": "0", "office_id": "1", "formula": "", "version": "1"},
    ),
    "figures.retire": Takes("editor", {"version": "1", "retired": "1"}),
    "scoring.fill": Takes(
        "money_writer",
        {
            "actual": "90",
            "said": "已公开",
            "grade": "好",
            "percent": "90",
            "points": "5",
            **{f"checks-{number}": "yes" for number in range(5)},
            "deviation": "迟了三天",
            "own_points": "4",
            "own_reason": "另有考虑",
            "drops_evidence": "y",
            "seen_number": "1",
        },
        file="evidence",
    ),
    "scoring.consent": Takes("money_head"),
    "scoring.fill_words": Takes("editor", {"saving-measures": "压减会议支出"}),
    "standards.save_indicators": Takes(
        "editor",
        {
            "name": "本单位指标",
            "basis": "通知",
            "headings-0-name": "产出",
            "headings-0-weight": "100",
            "rows-0-key": "one",
            "rows-0-heading": "产出",
            "rows-0-group": "数量",
            "rows-0-name": "完成率",
            "rows-0-weight": "100",
            "rows-0-sign": ">=",
            "rows-0-value": "100",
            "rows-0-unit": "%",
            "rows-0-actual": "〔总支出〕 / 〔全年预算数〕",
            "rows-0-decimals": "2",
            "rows-0-kind": "bands",
            "rows-0-rule": "<90：0\n其余：100",
            "rows-0-zero": "〔总支出〕",
            "rows-0-because": "没有支出",
            "grades-0-name": "优",
            "grades-0-at_least": "0",
            "act": "save",
            "seen_version": "1",
        },
    ),
    "standards.save_rules": Takes(
        "editor",
        {
            "tail": "0.05",
            "rules-0-code": "M1",
            "rules-0-is_on": "y",
            "rules-0-severity": "note",
            "rules-0-tolerance": "1",
            "rules-0-words": "甲、乙",
            "seen_version": "1",
        },
    ),
    "standards.reset": Takes("editor", {"seen_version": "1"}),
    "standards.use": Takes("editor", {"cycle_id": "1"}),
    "ledgers.add_row": Takes(
        "writer",
        {
            "happened_on": "2018-03-05",
            "user": "某局",
            "destination": "某县",
            "long-distance": "是",
            "distance": "120.5",
            "plate": "湘B",
        },
    ),
    "ledgers.remove_row": Takes("writer", {"month": "3"}),
    "ledgers.assign": Takes("editor", {"office_id": "1"}),
    "ledgers.change_columns": Takes(
        "editor",
        {
            "version": "1",
            "date_name": "日期",
            "column0-key": "long-distance",
            "column0-name": "是否长途",
            "column0-kind": "choice",
            "column0-choices": "是、否",
            "column0-aliases": "长途",
            "column0-required": "1",
            "column1-key": "",
            "column1-name": "里程",
            "column1-kind": "number",
            "column1-unit": "公里",
            "column1-decimals": "1",
        },
    ),
    "importing.upload": Takes("money_writer", {"target": "facts"}, file="file"),
    "importing.preview": Takes(
        "money_writer",
        {
            "file": "token",
            "sheet": "数据",
            "head_row": "1",
            "drawn": "1=label,2=final,3=unit",
            "money_unit": "万元",
            "takes_shown": "1",
            "role-1": "label",
            "role-2": "final",
            "role-3": "unit",
            "fact-公务接待费|final": "公务接待费",
        },
    ),
    "importing.take": Takes("money_writer", {"step": "token", "supersede": "1", "how": "replace"}),
    "admin.create_person": Takes("sysadmin", {"login": "new", "name": "演示", "phone": "1", "email": "a@b.cn"}),
    "admin.change_contact": Takes("sysadmin", {"name": "演示", "phone": "1", "email": "a@b.cn"}),
    "admin.disable": Takes("sysadmin"),
    "admin.enable": Takes("sysadmin"),
    "admin.reset_password": Takes("sysadmin"),
    "admin.add_office": Takes("sysadmin", {"name": "新科室"}),
    "admin.rename_office": Takes("sysadmin", {"name": "新科室"}),
    "admin.close_office": Takes("sysadmin"),
    "admin.reopen_office": Takes("sysadmin"),
    "admin.grant": Takes(
        "secadmin", {"role": "writer", "office_id": "1", "starts_on": "2019-01-01", "ends_on": "2030-01-01"}
    ),
    "admin.revoke": Takes("secadmin"),
    "admin.set_seal_policy": Takes("secadmin", {"policy": "keeper"}),
    "checking.check_do": Takes("writer", file="file"),
    "public.verify_do": Takes("writer", file="file"),
}


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
        "explanation_id": 1,
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
