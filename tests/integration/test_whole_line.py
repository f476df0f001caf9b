"""From empty sections to a sealed, verified, voided and re-issued report, through the services."""

import pytest

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.core.snapshot import section_lines
from perfapp.data import approvals, blobs, events, notices, reports, seal_uses, sections
from perfapp.services import drafting, freezing, report_facts, verifying
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from tests.making import (
    PASSWORD,
    a_cycle,
    a_merged_report,
    a_sealed_report,
    a_unit,
    accept_all,
    an_issued_report,
    bring,
    report_act,
    request_seal,
    run_jobs,
    section_with,
    texts,
    words,
    write,
)

pytestmark = pytest.mark.usefixtures("rolled_back")


def test_the_report_is_sealed_and_anybody_can_verify_it() -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    assert report.state is ReportState.SEALED
    sealed = blobs.read(report.sealed_sha256 or "")
    original = blobs.read(report.pdf_sha256 or "")
    assert sealed[: len(original)] == original
    answer = verifying.verify(sealed)
    assert answer.is_genuine, answer
    changed = bytearray(sealed)
    changed[len(original) // 2] ^= 1
    assert not verifying.verify(bytes(changed)).is_filed
    line = seal_uses.uses(unit.id)[0]
    assert (line.state, line.number, line.pressed_by, line.approved_by) == (
        "done",
        1,
        unit.leader.name,
        unit.leader.name,
    )


def test_a_separate_keeper_presses_where_the_policy_says_so() -> None:
    unit = a_unit(SealPolicy.KEEPER)
    cycle_id = a_cycle(unit)
    report = an_issued_report(unit, cycle_id)
    with pytest.raises(Conflict):
        report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    report = request_seal(unit, cycle_id)
    with pytest.raises(Invalid, match="密码不对"):
        report_acts.press(unit.keeper, report.id, ReportAction.PRESS, version=report.version, password="wrong")
    report_acts.press(unit.keeper, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    assert reports.current(cycle_id).state is ReportState.SEALING
    run_jobs()
    assert reports.current(cycle_id).state is ReportState.SEALED


def test_void_and_reissue_name_each_other() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first = a_sealed_report(unit, cycle_id)
    report_act(unit.leader, cycle_id, ReportAction.VOID, reason="支出数有误")
    voided = reports.current(cycle_id)
    report_acts.reissue(unit.editor, voided.id, version=voided.version, reason="更正支出数")
    second = reports.current(cycle_id)
    assert (second.edition, second.replaces_id, second.state) == (2, first.id, ReportState.DRAFTING)
    section = section_with(cycle_id, "disclosure")
    section_acts.act(unit.editor, section.id, SectionAction.REOPEN, version=section.version, reason="更正")
    bring(unit, section.id, SectionState.ACCEPTED, "总支出 2,560.21 万元。")
    a_sealed_report(unit, cycle_id)
    sealed = blobs.read(reports.get(first.id).sealed_sha256 or "")
    answer = verifying.verify(sealed)
    assert answer.is_genuine
    assert "已被第2版替代" in answer.status_sentence


def test_a_return_touches_only_the_named_sections() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_merged_report(unit, cycle_id)
    report = report_act(unit.editor, cycle_id, ReportAction.SEND)
    named = section_with(cycle_id, "basics")
    report_acts.send_back(
        unit.deputy, report.id, version=report.version, reason="人数核对", section_ids=[named.id], direct=False
    )
    states = {section.key: section.state for section in texts(cycle_id)}
    assert states.pop("basics") is SectionState.DRAFTING
    assert set(states.values()) == {SectionState.ACCEPTED}
    assert reports.current(cycle_id).state is ReportState.DRAFTING
    told = notices.of_person(unit.writer.id)[0]
    assert "请您填写" in told.subject
    assert "人数核对" in told.body


def test_direct_return_comes_straight_back_and_says_who_waived() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    report = report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    named = section_with(cycle_id, "basics")
    report_acts.send_back(
        unit.leader, report.id, version=report.version, reason="改一处", section_ids=[named.id], direct=True
    )
    write(unit, named.id, "改过的文字。")
    section = sections.visible(unit.editor, named.id)
    assert not [a for a in approvals.of_section(section.id) if a.stands_for(section.content_sha256)]
    section = section_acts.act(unit.writer, named.id, SectionAction.SUBMIT, version=section.version)
    assert section.state is SectionState.ACCEPTED
    standing = [a for a in approvals.of_section(section.id) if a.stands_for(section.content_sha256)]
    assert [(a.action, a.person_id) for a in standing] == [(approvals.WAIVED, unit.leader.id)]
    report_act(unit.editor, cycle_id, ReportAction.MERGE)
    run_jobs()
    assert report_act(unit.editor, cycle_id, ReportAction.SEND).state is ReportState.AWAITING_ISSUE
    report = report_act(unit.leader, cycle_id, ReportAction.ISSUE)
    assert not report_facts.missing_decisions(report)


def test_nobody_approves_what_he_wrote_and_strangers_find_nothing() -> None:
    unit, other = a_unit(), a_unit()
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    with pytest.raises(Forbidden):
        section_acts.act(unit.writer, section.id, SectionAction.ENDORSE, version=section.version)
    for stranger in (unit.money_writer, other.writer, other.editor, unit.sysadmin, unit.auditor):
        with pytest.raises(Exception, match="没有找到"):
            drafting.save(stranger, section.id, version=section.version, raw=words("x"))


def test_two_savers_one_conflict_and_both_texts_are_there() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = write(unit, section_with(cycle_id, "basics").id, "先写的。")
    drafting.save(unit.writer, section.id, version=section.version, raw=words("甲写的。"))
    with pytest.raises(Conflict):
        drafting.save(unit.writer, section.id, version=section.version, raw=words("乙写的。"))
    assert sections.content(section.id).character_count == 4


def test_the_snapshot_prints_what_was_written() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_merged_report(unit, cycle_id)
    frozen = freezing.load(report.snapshot_blob or "")
    assert frozen.sha256 == report.snapshot_sha256
    lines = [line for section in frozen.sections for line in section_lines(section, 2018)]
    assert lines[0] == "一、预算单位基本情况"
    assert "（1）严格资金使用管理。严格资金使用管理：已按计划完成。" in lines


def test_every_step_is_an_event_with_its_digest() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "disclosure").id, SectionState.ACCEPTED)
    line = [(event.action, event.new_state) for event in reversed(events.of_section(section.id))]
    assert line == [
        ("start", "drafting"),
        ("submit", "submitted"),
        ("endorse", "head_approved"),
        ("check", "finance_checked"),
        ("accept", "accepted"),
    ]
    assert {event.content_sha256 for event in events.of_section(section.id)} == {section.content_sha256}


def test_an_unfinished_outline_is_not_merged_and_says_what_is_missing() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with pytest.raises(Invalid, match="一、预算单位基本情况"):
        report_act(unit.editor, cycle_id, ReportAction.MERGE)
    accept_all(unit, cycle_id)
    assert report_act(unit.editor, cycle_id, ReportAction.MERGE).state is ReportState.MERGING
