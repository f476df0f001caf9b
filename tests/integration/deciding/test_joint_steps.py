"""Steps that several take: 会签, 或签, a number of them; 加签, 转办, and taking one's word back."""

import re

import pytest

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.joint import Kind, Mode, Rule
from perfapp.core.permissions import Actor, Role
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, cycles, notices, reports, sections, step_rules
from perfapp.data.sections import SectionView
from perfapp.services import passing, step_policy
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from tests.integration.deciding.people import more, rules
from tests.integration.drafting.calls import As
from tests.integration.report_pages.reading import in_review
from tests.making import AUnit, a_cycle, bring, report_act, section_with

S = SectionAction


def act(actor: Actor, section: SectionView, action: SectionAction, **more_: str) -> SectionView:
    present = sections.visible(actor, section.id)
    return section_acts.act(actor, section.id, action, version=present.version, **more_)  # type: ignore[arg-type]


def pass_on(actor: Actor, section: SectionView, kind: Kind, to: Actor) -> SectionView:
    present = sections.visible(actor, section.id)
    return passing.pass_section(actor, section.id, passing.Wish(kind, to.id, "请把关。"), version=present.version)


def told(actor: Actor) -> list[str]:
    return [one.subject for one in notices.of_person(actor.id, limit=50)]


@pytest.fixture
def submitted(unit: AUnit, cycle_id: int) -> SectionView:
    return bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)


def test_all_the_heads_of_an_office_must_agree_where_the_year_says_so(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "second", Role.OFFICE_HEAD, "办公室")
    rules(unit, cycle_id, "section.endorse", Mode.ALL)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    assert act(unit.head, section, S.ENDORSE).state is SectionState.SUBMITTED
    with pytest.raises(Conflict, match="正在等其他人"):
        act(unit.head, section, S.ENDORSE)
    assert act(second, section, S.ENDORSE).state is SectionState.HEAD_APPROVED


def test_two_of_three_deputies_are_enough_and_the_page_counts_them(unit: AUnit, cycle_id: int, as_: As) -> None:
    second, _ = more(unit, "二领导", Role.DEPUTY_LEADER), more(unit, "三领导", Role.DEPUTY_LEADER)
    rules(unit, cycle_id, "report.endorse", Mode.SOME, 2)
    report = in_review(unit, cycle_id)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    page = as_("editor").get(f"/reports/{report.id}").get_data(as_text=True)
    assert f"3 人中须 2 人同意，已有 1 人：{unit.deputy.name}。" in page
    assert "待办理</span> 二领导" in page
    assert report_act(second, cycle_id, ReportAction.ENDORSE).state is ReportState.AWAITING_ISSUE
    assert any("请您签发" in one for one in told(unit.leader))


def test_nobody_is_told_twice_while_the_others_are_still_asked(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "二领导", Role.DEPUTY_LEADER)
    in_review(unit, cycle_id)
    before = len(told(second))
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    assert len(told(second)) == before


def test_a_reviewer_takes_his_word_back_until_the_leader_acts(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "二领导", Role.DEPUTY_LEADER)
    in_review(unit, cycle_id)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    with pytest.raises(Forbidden):
        report_act(second, cycle_id, ReportAction.UNDO_ENDORSE)
    assert report_act(unit.deputy, cycle_id, ReportAction.UNDO_ENDORSE).state is ReportState.REVIEWING
    for actor in (unit.deputy, second):
        report_act(actor, cycle_id, ReportAction.ENDORSE)
    assert report_act(unit.deputy, cycle_id, ReportAction.UNDO_ENDORSE).state is ReportState.REVIEWING
    assert report_act(unit.deputy, cycle_id, ReportAction.ENDORSE).state is ReportState.AWAITING_ISSUE
    report_act(unit.leader, cycle_id, ReportAction.ISSUE)
    with pytest.raises(Conflict):
        report_act(unit.deputy, cycle_id, ReportAction.UNDO_ENDORSE)


def test_the_editor_takes_an_acceptance_back(unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED)
    assert act(unit.editor, section, S.UNDO_ACCEPT).state is SectionState.HEAD_APPROVED
    assert {a.action for a in approvals.of_section(section.id) if a.lapsed_at is None} == {"endorse"}


def test_the_page_says_who_was_brought_in_and_sends_him_away_again(
    unit: AUnit, submitted: SectionView, as_: As
) -> None:
    client = as_("head")
    address = f"/sections/{submitted.id}"
    assert f"{address}/pass/add" in client.get(address).get_data(as_text=True)
    form = {"kind": "before", "person": str(unit.deputy.id), "version": str(submitted.version)}
    refused = client.post(f"{address}/pass/add", data={**form, "reason": " "})
    assert (refused.status_code, "请写明理由" in refused.get_data(as_text=True)) == (422, True)
    assert client.post(f"{address}/pass/add", data={**form, "reason": "请把关。"}).status_code == 303
    page = client.get(address).get_data(as_text=True)
    assert f"{unit.head.name}请{unit.deputy.name}在本人之前审（加签）" in page
    assert "去审核" in as_("deputy").get("/").get_data(as_text=True)
    taken_back = re.search(r'action="(/referrals/\d+/take-back)"', page)
    assert taken_back
    assert as_("finance").post(taken_back[1]).status_code == 403
    assert client.post(taken_back[1]).status_code == 303
    assert "去审核" not in as_("deputy").get("/").get_data(as_text=True)


def test_who_is_added_before_agrees_first_and_counts_as_no_head(unit: AUnit, submitted: SectionView) -> None:
    pass_on(unit.head, submitted, Kind.BEFORE, unit.deputy)
    assert any("请您审核" in one for one in told(unit.deputy))
    with pytest.raises(Conflict, match="先看，同意后再由您办理"):
        act(unit.head, submitted, S.ENDORSE)
    assert act(unit.deputy, submitted, S.ENDORSE).state is SectionState.SUBMITTED
    assert [a.action for a in approvals.of_section(submitted.id)] == ["consented"]
    assert act(unit.head, submitted, S.ENDORSE).state is SectionState.HEAD_APPROVED


def test_who_is_added_after_agrees_last(unit: AUnit, submitted: SectionView) -> None:
    pass_on(unit.head, submitted, Kind.AFTER, unit.deputy)
    with pytest.raises(Conflict, match="还没有办理"):
        act(unit.deputy, submitted, S.ENDORSE)
    assert act(unit.head, submitted, S.ENDORSE).state is SectionState.SUBMITTED
    assert act(unit.deputy, submitted, S.ENDORSE).state is SectionState.HEAD_APPROVED


def test_who_is_added_may_return_but_bring_in_nobody_and_answer_for_no_step(
    unit: AUnit, submitted: SectionView
) -> None:
    pass_on(unit.head, submitted, Kind.BEFORE, unit.deputy)
    with pytest.raises(Forbidden, match="不能再转办、加签"):
        pass_on(unit.deputy, submitted, Kind.BEFORE, unit.leader)
    present = sections.visible(unit.deputy, submitted.id)
    with pytest.raises(Invalid, match="重走"):
        section_acts.act(unit.deputy, submitted.id, S.RETURN, version=present.version, reason="数字不对。", direct=True)
    assert act(unit.deputy, submitted, S.RETURN, reason="数字不对。").state is SectionState.DRAFTING


def test_what_is_handed_on_is_the_others_until_it_is_taken_back(unit: AUnit, submitted: SectionView) -> None:
    pass_on(unit.head, submitted, Kind.INSTEAD, unit.deputy)
    with pytest.raises(Forbidden, match="转给"):
        act(unit.head, submitted, S.ENDORSE)
    found = section_acts.facts(sections.visible(unit.head, submitted.id), reports.current(submitted.cycle_id)).joints[
        "endorse"
    ]
    passing.take_back(unit.head, found.referrals[0].id)
    with pytest.raises(Forbidden):
        act(unit.deputy, submitted, S.ENDORSE)
    pass_on(unit.head, submitted, Kind.INSTEAD, unit.deputy)
    assert act(unit.deputy, submitted, S.ENDORSE).state is SectionState.HEAD_APPROVED
    assert approvals.of_section(submitted.id)[-1].person_id == unit.deputy.id


def test_nobody_is_brought_to_what_he_wrote_or_may_not_read(unit: AUnit, submitted: SectionView) -> None:
    colleague = more(unit, "同事", Role.WRITER, "财务室")
    for person in (unit.writer, colleague, unit.secadmin, unit.keeper):
        with pytest.raises(Invalid, match="请选一位"):
            pass_on(unit.head, submitted, Kind.BEFORE, person)


def test_new_words_end_what_was_brought_in(unit: AUnit, submitted: SectionView) -> None:
    pass_on(unit.head, submitted, Kind.BEFORE, unit.deputy)
    act(unit.head, submitted, S.RETURN, reason="请改。")
    bring(unit, submitted.id, SectionState.SUBMITTED, "改过的文字。")
    assert act(unit.head, submitted, S.ENDORSE).state is SectionState.HEAD_APPROVED


def test_the_same_person_settles_the_next_step_where_the_year_says_so(unit: AUnit, cycle_id: int) -> None:
    both = more(unit, "身兼二职", Role.OFFICE_HEAD, "财务室")
    with_finance = more(unit, "另一位", Role.FINANCE)
    assert with_finance
    rules(unit, cycle_id, "section.endorse", Mode.ANY, once=True)
    section = bring(unit, section_with(cycle_id, "disclosure").id, SectionState.SUBMITTED)
    assert act(both, section, S.ENDORSE).state is SectionState.HEAD_APPROVED


def test_rules_stay_as_they_are_once_the_report_is_merged(unit: AUnit, cycle_id: int) -> None:
    in_review(unit, cycle_id)
    with pytest.raises(Conflict, match="已合稿"):
        rules(unit, cycle_id, "report.endorse", Mode.ANY)
    with pytest.raises(Forbidden):
        step_policy.set_rules(
            unit.head, cycle_id, version=cycles.get(cycle_id).version, rules={}, same_person_once=False
        )


def test_next_year_goes_on_with_the_same_rules(unit: AUnit, cycle_id: int, as_: As) -> None:
    rules(unit, cycle_id, "report.endorse", Mode.SOME, 2)
    following = a_cycle(unit, 2019)
    assert step_rules.of_cycle(following)["report.endorse"] == Rule(Mode.SOME, 2)
    page = as_("editor").get(f"/cycles/{following}/steps").get_data(as_text=True)
    assert re.search(r'name="report_endorse_least"[^>]*value="2"', page)


def test_report_decisions_say_which_sections_they_covered(unit: AUnit, cycle_id: int, as_: As) -> None:
    report = in_review(unit, cycle_id)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    section = section_with(cycle_id, "basics")
    covered = approvals.of_report(report.id)[-1].covered
    assert covered[section.id] == section.content_sha256
    present = reports.current(cycle_id)
    report_acts.send_back(
        unit.leader, report.id, version=present.version, reason="改一个字。", section_ids=[section.id], direct=False
    )
    bring(unit, section.id, SectionState.ACCEPTED, "改过的一句话。")
    page = as_("deputy").get(f"/reports/{report.id}").get_data(as_text=True)
    assert "自您上次同意以后，只有 1 节有变" in page


def test_the_rules_of_a_merged_year_say_that_they_are_closed(unit: AUnit, cycle_id: int, as_: As) -> None:
    in_review(unit, cycle_id)
    page = as_("editor").get(f"/cycles/{cycle_id}/steps").get_data(as_text=True)
    assert "报告已合稿，审批规则不能再改" in page
    assert ">保存<" not in page
