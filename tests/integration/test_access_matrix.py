"""Who gets in where: every page of every area, for every role, against a reviewed golden file.

A new route changes the golden file: run `UPDATE_GOLDEN=1 pytest tests/integration/test_access_matrix.py` and read the
rows that changed. `own` is the person's own unit, `other` another unit, `none` nothing at all.
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from perfapp import clock
from perfapp.core.channels import Channel
from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.core.joint import Kind
from perfapp.core.measures.flow import MeasureAction
from perfapp.core.paper import ScanState
from perfapp.core.permissions import Permission
from perfapp.data import blobs, deliveries, evidence, history, outbox, papers, referrals, reports, seals
from perfapp.data import measures as measure_table
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.services import channels as channel_acts
from perfapp.services import checkpoints, delegating, disclosing, drafting, measures, scoring
from perfapp.services import disputes as contesting
from tests.integration.after_seal.making import a_bureau, deliver, published
from tests.integration.bookkeeping.files import an_import
from tests.integration.remarks.making import remark
from tests.making import (
    PASSWORD,
    POSTS,
    AUnit,
    a_cycle,
    a_sealed_report,
    a_unit,
    a_value,
    run_jobs,
    texts,
    to_countersign,
)
from tests.unit.documents.samples import drawing

GOLDEN = Path(__file__).with_name("access_matrix.txt")
ROLES = [
    key for key, _, _ in POSTS if key != "money_head"
]  # money_writer: a writer of another office than the section's
BUREAU = ["reader", "reviewer"]
"""Of the bureau that the unit delivers to."""
WHO = ["nobody", *ROLES, *BUREAU]
SHIPPED = {"form_key", "index_number", "code"}
"""Names of what comes with the product, or is public: the same for every unit."""
SHARED = {"key"}
"""Names of what every unit has under the same name: alone in an address it is always one's own."""

Ids = dict[str, int | str]
NOTHING: dict[type, int | str] = {int: 10**7, str: "0" * 64}


def a_robot(unit: AUnit) -> tuple[int, int]:
    """A robot of the unit, and a message to it."""
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a"
    robot_id = channel_acts.add_robot(unit.sysadmin, channel_acts.NewRobot(Channel.WECOM, "工作群", address))
    channel_acts.try_robot(unit.sysadmin, robot_id)
    return robot_id, outbox.recent(unit.id)[0].id


def a_scan(unit: AUnit, report: ReportView) -> int:
    """A scan of which one page differs from the print."""
    _, picture = drawing()
    with transaction():
        scan_id = papers.add(
            report.id, str(report.pdf_sha256), [("扫描.png", blobs.put(picture, "image/png"))], unit.editor.id
        )
        page = {"number": 1, "place": "“扫描.png”第 1 页", "differences": [{"kind": "extra", "box_mm": [0, 0, 9, 9]}]}
        marked = page | {"marked": blobs.put(picture, "image/png")}
        record = blobs.put(b"%PDF-1.7", "application/pdf")
        papers.write(scan_id, ScanState.READY, pages=[marked], record_sha256=record)
    return scan_id


def ids_of(unit: AUnit, number: str) -> Ids:
    """A value for every name that stands in an address, all of this unit; add to it with a new kind of address."""
    cycle_id = a_cycle(unit)
    section = next(s for s in texts(cycle_id) if s.owner_office_id == unit.offices["办公室"])
    _, picture = drawing()
    drafting.add_evidence(unit.writer, section.id, "照片.png", picture)
    digest = drafting.add_picture(unit.writer, section.id, "照片.png", picture)
    value = a_value(unit, cycle_id, "vehicle-trips", "2160", evidence=("派车单.png", picture))
    against = contesting.Contest("2592", "每月216趟。", evidence=("派车单.png", picture))
    dispute = contesting.contest(unit.finance, value.id, against)
    contesting.act(unit.finance, dispute.id, DisputeAction.WITHDRAW, version=1, reason="已核对。")
    remark_id = remark(unit.head, section.id, "")
    shot = scoring.Filled(checks=(True,) * 5, evidence=("公开截图.png", picture))
    entry = scoring.fill(unit.money_writer, cycle_id, "disclosure", shot, last_number=0)
    unit.logins.update(a_bureau(unit, number=number).logins)
    a_sealed_report(unit, cycle_id)
    deliver(unit, cycle_id)
    report = reports.current(cycle_id)
    delivery = deliveries.of_report(report.id)
    assert delivery is not None
    shown = disclosing.begin(unit.editor, report.id)
    measure_id = measures.enter(unit.editor, cycle_id, ["加强预算编制"])[0]
    wanted = measures.Assignment(unit.offices["办公室"], None, date(2030, 6, 30), "手册印发")
    measures.assign(unit.editor, measure_id, wanted, version=1)
    act = MeasureAction.PROGRESS
    measures.act(unit.writer, measure_id, act, version=2, text="已开始", evidence=("照片.png", picture))
    published(unit, shown)
    job_id = drafting.ask_preview(unit.writer, section.id)
    run_jobs()
    today = clock.today()
    lent = delegating.Wish(unit.deputy.id, (Permission.REVIEW,), today, today)
    brought = referrals.add(
        Kind.BEFORE,
        section_id=section.id,
        report_id=None,
        step="endorse",
        by_id=unit.head.id,
        to_id=unit.deputy.id,
        reason="请把关。",
        round=1,
        covers_sha256=digest,
    )
    robot_id, outgoing_id = a_robot(unit)
    return {
        "cycle_id": cycle_id,
        "robot_id": robot_id,
        "remark_id": remark_id,
        "outgoing_id": outgoing_id,
        "scan_id": a_scan(unit, report),
        "section_id": section.id,
        "report_id": reports.current(cycle_id).id,
        "person_id": unit.writer.id,
        "office_id": unit.offices["办公室"],
        "evidence_id": evidence.of_section(section.id)[0].id,
        "job_id": job_id,
        "sha256": digest,
        "number": history.versions(section.id)[0].number,
        "action": "return",
        "key": "vehicle-trips",
        "value_id": value.id,
        "dispute_id": dispute.id,
        "indicator": "disclosure",
        "entry_id": entry.id,
        "batch_id": an_import(unit, cycle_id),
        "annex_kind": "base-table",
        "ending": "docx",
        "form_key": "national",
        "kind": "report",
        "extension": "xlsx",
        "seal_id": seals.of_unit(unit.id)[0].id,
        "countersign_id": to_countersign(unit),
        "delivery_id": delivery.id,
        "disclosure_id": shown.id,
        "index_number": shown.index_number,
        "code": report.verify_code or "",
        "measure_id": measure_id,
        "referral_id": brought,
        "delegation_id": delegating.delegate(unit.head, lent),
        "note_id": measure_table.notes(measure_id)[-1].id,
        "checkpoint_id": checkpoints.open_checkpoint(unit.editor, cycle_id, "half", date(2030, 7, 15)),
    }


def pages(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    return sorted(rules, key=lambda rule: rule.rule)


def signed_in(app: Flask, unit: AUnit, who: str) -> FlaskClient:
    client = app.test_client()
    if who != "nobody":
        answer = client.post("/sign-in", data={"login": unit.logins[who], "password": PASSWORD})
        assert answer.status_code == 303
    return client


def table(app: Flask, unit: AUnit, worlds: dict[str, Ids], build: Callable[[Rule, Ids], str]) -> list[str]:
    """One line a page and world: the status for everybody, in the order of WHO."""
    clients = {who: signed_in(app, unit, who) for who in WHO}
    found = ["  ".join(["address".ljust(62), "whose", *(who.rjust(12) for who in WHO)])]
    for rule in pages(app):
        for whose, ids in worlds.items() if rule.arguments - SHIPPED else [("own", worlds["own"])]:
            if whose == "other" and rule.arguments <= SHARED:
                continue
            statuses = []
            for who in WHO:
                with clients[who].get(build(rule, ids)) as answer:
                    assert answer.status_code < 500, (rule.rule, whose, who)
                    statuses.append(str(answer.status_code).rjust(12))
            found.append("  ".join([rule.rule.ljust(62), whose.ljust(5), *statuses]).rstrip())
    return found


def test_everybody_gets_in_where_he_should_and_nowhere_else(rolled_back: Flask) -> None:
    unit, other = a_unit(), a_unit()
    own = ids_of(unit, "1")
    nothing: Ids = {name: NOTHING[type(value)] for name, value in own.items()} | {"extension": "xlsx"}
    worlds = {"own": own, "other": ids_of(other, "2"), "none": nothing}
    adapter = rolled_back.url_map.bind("localhost")

    def build(rule: Rule, ids: Ids) -> str:
        unknown = rule.arguments - own.keys()
        assert not unknown, f"{rule.rule}: say in ids_of what {sorted(unknown)} stands for"
        return adapter.build(rule.endpoint, {name: ids[name] for name in rule.arguments})

    found = "\n".join(table(rolled_back, unit, worlds, build)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


@pytest.mark.parametrize("who", BUREAU)
def test_a_bureau_reads_what_was_delivered_and_nothing_of_the_units_own(who: str) -> None:
    column = 2 + WHO.index(who)
    rows = [line.split() for line in GOLDEN.read_text().splitlines()[1:]]
    opened = {row[0] for row in rows if row[1] == "own" and row[column] == "200"}
    for_all = {row[0] for row in rows if row[1] == "own" and row[2] == "200"}
    inside = {page for page in opened - for_all if not page.startswith("/deliveries")}
    assert inside <= {"/", "/account", "/account/channels", "/checkup", "/notices", "/session/token", "/sign-in"}
    assert {row[column] for row in rows if row[1] == "other" and row[0].startswith("/deliveries/")} == {"404"}


def test_what_is_anothers_looks_like_what_is_not_there() -> None:
    """Read from the golden file: whoever is let in is told the same of another unit's object as of none."""
    lines = [line.split() for line in GOLDEN.read_text().splitlines()[1:]]
    answers = {(rule, whose): statuses for rule, whose, *statuses in lines}
    different = [rule for rule, whose in answers if whose == "other" and answers[rule, whose] != answers[rule, "none"]]
    assert different == []


def test_nobody_sees_anything_before_signing_in() -> None:
    open_pages = {line.split()[0] for line in GOLDEN.read_text().splitlines()[1:] if line.split()[2] == "200"}
    assert open_pages == {
        "/healthz",
        "/readyz",
        "/sign-in",
        "/verify",
        "/verify/roots.pem",
        "/v/<code>",
        "/open",
        "/open/schema.json",
        "/open/<index_number>",
        "/open/<index_number>/data.csv",
        "/open/<index_number>/data.json",
        "/open/<index_number>/report.pdf",
    }


@pytest.mark.parametrize("who", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_no_draft(who: str) -> None:
    column = 2 + WHO.index(who)
    rows = [line.split() for line in GOLDEN.read_text().splitlines()[1:]]
    assert [row[0] for row in rows if row[0].startswith("/sections/") and row[column] == "200"] == []
