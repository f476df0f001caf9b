"""The 流转单: every decision on it, and a head of the log that gives any later change away."""

import zipfile

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from perfapp.cli.audit_chain import audit_chain
from perfapp.core.audit_chain import START, head, link
from perfapp.core.errors import NotFound
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import deliveries
from perfapp.data.session import transaction
from perfapp.extensions import db
from perfapp.services import circulating, delivered, downloads
from perfapp.services import sections as section_acts
from tests.integration.after_seal.making import a_bureau, deliver, judge
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_sealed_report,
    a_unit,
    bring,
    report_act,
    run_jobs,
    section_with,
)

pytestmark = pytest.mark.usefixtures("rolled_back")


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def a_sealed_one() -> tuple[AUnit, int, int]:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_sealed_report(unit, cycle_id)
    run_jobs()
    return unit, report.id, cycle_id


def test_every_decision_is_on_it_with_person_post_time_and_digest(client: FlaskClient) -> None:
    unit, report_id, cycle_id = a_sealed_one()
    file = downloads.package_file(unit.editor, report_id, "circulation", "pdf")
    said = words_of(file.data.read())
    for part in ("同意并签发", "会审同意", "审核通过", "采纳", "主要领导", "分管领导", "登记第1号", unit.leader.name):
        assert part in said
    sheet = circulating.sheet(report_id)
    issue = next(entry for entry in sheet.entries if entry.act == "同意并签发")
    assert issue.sha256 in said
    assert issue.post == "主要领导"
    assert [entry.when for entry in sheet.entries] == sorted(entry.when for entry in sheet.entries)
    assert said.count(f"audit-chain{report_id}--until") == 1
    client.post("/sign-in", data={"login": unit.logins["editor"], "password": PASSWORD})
    assert "流转单" in client.get(f"/reports/{report_id}").get_data(as_text=True)
    assert circulating.chain(cycle_id).count > 10


def test_the_head_on_paper_gives_a_changed_log_away(rolled_back: Flask) -> None:
    _, report_id, cycle_id = a_sealed_one()
    printed = circulating.chain(cycle_id)
    runner = rolled_back.test_cli_runner()
    command = [str(report_id), "--until", str(printed.last_id), "--head", printed.sha256[:8] + " " + printed.sha256[8:]]
    assert runner.invoke(audit_chain, command).exit_code == 0
    with transaction():
        db.session.execute(
            text("UPDATE event SET reason = 'x' WHERE id = (SELECT min(id) FROM event WHERE cycle_id = :c)"),
            {"c": cycle_id},
        )
    db.session.expire_all()
    changed = runner.invoke(audit_chain, command)
    assert changed.exit_code == 1
    assert "不一致" in changed.output
    assert runner.invoke(audit_chain, ["999999"]).exit_code == 2


def test_a_voided_report_has_its_reason_on_the_next_sheet() -> None:
    unit, report_id, cycle_id = a_sealed_one()
    before = circulating.chain(cycle_id)
    report_act(unit.leader, cycle_id, ReportAction.VOID, reason="数据有误")
    run_jobs()
    file = downloads.package_file(unit.editor, report_id, "circulation", "pdf")
    assert "数据有误" in words_of(file.data.read())
    assert circulating.chain(cycle_id, before.last_id) == before  # what is on paper stays true


def test_the_chain_knows_order_and_content() -> None:
    events = [{"id": 1, "a": "甲"}, {"id": 2, "a": "乙"}]
    assert head([]).sha256 == START
    assert head(events).sha256 == link(link(START, events[0]), events[1])
    assert head(events) != head(events[::-1])
    assert head(events) != head(events[1:])


def test_the_sheet_in_the_package_says_as_of_when_and_the_one_after_has_the_receipt() -> None:
    """And neither takes along what was said inside: opinions, returns, decisions that lapsed."""
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    reason = "内部退回理由标记"
    section_acts.act(unit.head, section.id, SectionAction.RETURN, version=section.version, reason=reason)
    a_sealed_report(unit, cycle_id)
    run_jobs()
    deliver(unit, cycle_id)
    delivery = delivered.listed(bureau.reader)[0].delivery
    inside = words_of(downloads.package_file(unit.editor, delivery.report_id, "circulation", "pdf").data.read())
    assert reason in inside
    with zipfile.ZipFile(delivered.package(bureau.reader, delivery.id).data) as package:
        (name,) = (one for one in package.namelist() if "流转单" in one)
        sent = words_of(package.read(name))
    assert "本单生成时还没有报送" in sent
    assert "记载截至" in sent
    assert "同意并签发" in sent
    assert reason not in sent

    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "accept", opinion="审核通过，同意。")
    run_jobs()
    number = deliveries.visible(bureau.reader, delivery.id).received_number
    outside = delivered.file(bureau.reader, delivery.id, "circulation-out", "pdf")
    for sheet in (words_of(outside.data.read()), words_of(inside_now(unit, delivery.report_id))):
        assert f"签收号{number}" in sheet
        assert "在线报送" in sheet
        assert "审核通过，同意。" in sheet
    for kind in ("circulation", "report"):
        with pytest.raises(NotFound):
            delivered.file(bureau.reader, delivery.id, kind, "pdf")


def inside_now(unit: AUnit, report_id: int) -> bytes:
    return downloads.package_file(unit.editor, report_id, "circulation", "pdf").data.read()
