"""代理, 移交, and approving several at once."""

from datetime import timedelta

import pytest

from perfapp import clock
from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission, Role
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, delegations, events, measures, notices, people, reports, sections
from perfapp.services import delegating, handing_over, remarks
from perfapp.services import measures as keeping
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.measures import Assignment
from tests.integration.deciding.people import acting, lends, more
from tests.integration.drafting.calls import As
from tests.integration.figures.test_live_texts import SPENDING, a_text
from tests.integration.report_pages.reading import awaiting_issue, in_review
from tests.making import PASSWORD, AUnit, actor_of, bring, report_act, section_with, write

S, P = SectionAction, Permission


def test_a_delegate_signs_with_both_names_everywhere(unit: AUnit, cycle_id: int, as_: As) -> None:
    lends(unit.head, unit.deputy, P.REVIEW)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    both = f"{unit.deputy.name}（代{unit.head.name}）"
    assert f"（代{unit.head.name}）" in as_("deputy").get("/").get_data(as_text=True)
    client = as_("deputy")
    page = client.get(f"/sections/{section.id}").get_data(as_text=True)
    assert f"审核通过（代{unit.head.name}）" in page
    data = {"action": "endorse", "version": str(section.version), "principal": str(unit.head.id)}
    assert client.post(f"/sections/{section.id}/act", data=data).status_code == 303
    one = approvals.of_section(section.id)[-1]
    assert (one.person_id, one.on_behalf_of_id, one.person_name) == (unit.deputy.id, unit.head.id, both)
    assert events.of_section(section.id)[0].actor_name == both
    assert both in as_("editor").get(f"/sections/{section.id}").get_data(as_text=True)


def test_without_saying_for_whom_nobody_acts_for_another(unit: AUnit, cycle_id: int) -> None:
    lends(unit.head, unit.deputy, P.REVIEW)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    with pytest.raises(Forbidden):
        section_acts.act(unit.deputy, section.id, S.ENDORSE, version=section.version)


def test_a_delegation_begins_and_ends_on_its_days(unit: AUnit, cycle_id: int) -> None:
    today = clock.today()
    wish = delegating.Wish(unit.deputy.id, (P.REVIEW,), today + timedelta(days=2), today + timedelta(days=3))
    delegating.delegate(unit.head, wish)
    assert len(delegating.capacities(unit.deputy)) == 1
    for days, count in ((1, 1), (2, 2), (3, 2), (4, 1)):
        with clock.at(clock.now() + timedelta(days=days)):
            assert len(delegating.capacities(unit.deputy)) == count


def test_what_the_principal_has_lost_nobody_has_of_him(unit: AUnit, cycle_id: int) -> None:
    lends(unit.head, unit.deputy, P.REVIEW)
    post = people.person(unit.head.id)
    assert post
    people.end_post(unit.id, post.posts[0].id, clock.today() - timedelta(days=1))
    with pytest.raises(Forbidden, match="代理没有生效或已经结束"):
        acting(unit.deputy, unit.head)


def test_the_seal_is_never_delegated(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "二领导", Role.DEPUTY_LEADER)
    for step in (P.PRESS_SEAL, P.PRESS_OWN_ISSUE):
        with pytest.raises(Invalid, match="用印不能代理"):
            lends(unit.leader, second, step)
    lends(unit.leader, second, P.ISSUE)
    report = awaiting_issue_by_two(unit, cycle_id, second)
    who = acting(second, unit.leader)
    issued = report_acts.act(who, report.id, ReportAction.ISSUE, version=report.version)
    assert issued.state is ReportState.ISSUED
    with pytest.raises(Forbidden, match="不能代理"):
        report_acts.press(who, report.id, ReportAction.PRESS, version=issued.version, password=PASSWORD)


def awaiting_issue_by_two(unit: AUnit, cycle_id: int, second: object) -> reports.ReportView:
    in_review(unit, cycle_id)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    return report_act(second, cycle_id, ReportAction.ENDORSE)  # type: ignore[arg-type]


def test_neither_the_delegate_nor_the_principal_approves_what_he_wrote(unit: AUnit, cycle_id: int) -> None:
    lends(unit.head, unit.writer, P.REVIEW)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    with pytest.raises(Forbidden, match="您写过其中的内容"):
        section_acts.act(acting(unit.writer, unit.head), section.id, S.ENDORSE, version=section.version)


def test_a_delegate_who_wrote_it_is_neither_asked_nor_given_a_button(unit: AUnit, cycle_id: int, as_: As) -> None:
    lends(unit.head, unit.writer, P.REVIEW)
    section = section_with(cycle_id, "basics")
    section = write(unit, section.id, "各项工作已按计划完成。")
    client = as_("writer")
    data = {"action": "submit", "version": str(section.version)}
    said = client.post(f"/sections/{section.id}/act", data=data, follow_redirects=True).get_data(as_text=True)
    assert unit.head.name in said
    assert f"（代{unit.head.name}）" not in said, "neither waited for nor offered 退回"
    section = section_with(cycle_id, "basics")
    assert section.state is SectionState.SUBMITTED
    for action in (S.ENDORSE, S.RETURN):
        with pytest.raises(Forbidden, match="您写过其中的内容"):
            section_acts.act(acting(unit.writer, unit.head), section.id, action, version=section.version, reason="改")


def test_a_delegate_takes_back_only_what_he_did_himself(unit: AUnit, cycle_id: int, as_: As) -> None:
    lends(unit.head, unit.deputy, P.REVIEW)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.HEAD_APPROVED)
    assert "撤回审核" not in as_("deputy").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "撤回审核" in as_("head").get(f"/sections/{section.id}").get_data(as_text=True)


def test_a_delegate_lends_nothing_on_and_answers_for_no_direct_return(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "二领导", Role.DEPUTY_LEADER)
    lends(unit.deputy, second, P.REVIEW_REPORT)
    with pytest.raises(Conflict, match="正代理"):
        lends(second, unit.leader, P.REVIEW_REPORT)
    with pytest.raises(Conflict, match="已委托"):
        lends(unit.deputy, unit.leader, P.REVIEW_REPORT)
    report = in_review(unit, cycle_id)
    named = [section_with(cycle_id, "basics").id]
    with pytest.raises(Invalid, match="重走"):
        report_acts.send_back(
            acting(second, unit.deputy),
            report.id,
            version=report.version,
            reason="请改。",
            section_ids=named,
            direct=True,
        )


def test_whoever_signs_for_two_counts_once_where_a_number_is_asked(unit: AUnit, cycle_id: int) -> None:
    second = more(unit, "二领导", Role.DEPUTY_LEADER)
    lends(unit.deputy, second, P.REVIEW_REPORT)
    report = in_review(unit, cycle_id)
    first = report_acts.act(second, report.id, ReportAction.ENDORSE, version=report.version)
    assert first.state is ReportState.REVIEWING
    who = acting(second, unit.deputy)
    done = report_acts.act(who, report.id, ReportAction.ENDORSE, version=first.version)
    assert done.state is ReportState.AWAITING_ISSUE  # 会签: each seat has been heard, both by one hand, both named


def test_only_who_could_open_it_and_does_the_like_takes_a_step(unit: AUnit) -> None:
    for taker in (unit.money_writer, unit.secadmin, unit.keeper, unit.head):
        with pytest.raises(DomainError):
            lends(unit.head, taker, P.REVIEW)
    names = {one.id for one in delegating.candidates(unit.head, [P.REVIEW])}
    assert names == {unit.writer.id, unit.deputy.id, unit.leader.id}


def test_either_side_ends_it_and_nobody_else(unit: AUnit, as_: As) -> None:
    made = lends(unit.head, unit.deputy, P.REVIEW)
    assert as_("finance").post(f"/delegations/{made}/end").status_code == 403
    assert as_("deputy").post(f"/delegations/{made}/end").status_code == 303
    assert delegations.holding([unit.id], clock.today()) == []


def test_the_page_takes_what_is_typed_and_says_what_is_wrong(unit: AUnit, as_: As) -> None:
    client, today = as_("head"), clock.today()
    assert "请人代理" in client.get("/delegations").get_data(as_text=True)
    form = {"steps": "section.review", "to_id": str(unit.deputy.id), "starts_on": today.isoformat()}
    answer = client.post("/delegations", data={**form, "ends_on": (today - timedelta(days=1)).isoformat()})
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.get_data(as_text=True)
    assert client.post("/delegations", data={**form, "ends_on": today.isoformat()}).status_code == 303
    assert unit.deputy.name in client.get("/delegations").get_data(as_text=True)


def test_everything_is_handed_over_when_a_person_leaves(unit: AUnit, cycle_id: int, as_: As) -> None:
    lends(unit.deputy, unit.leader, P.REVIEW_REPORT)
    successor = more(unit, "接手人", Role.DEPUTY_LEADER)
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.HEAD_APPROVED)
    page = as_("secadmin").get(f"/people/{unit.head.id}/hand-over").get_data(as_text=True)
    assert section.title not in page  # who grants posts reads no drafts
    handing_over.hand_over(unit.secadmin, unit.head.id, successor.id, reason="调离。")
    assert people.actor(unit.head.id, clock.today()).posts == frozenset()  # type: ignore[union-attr]
    assert unit.offices["办公室"] in actor_of(unit.logins["接手人"]).office_ids
    assert [a.person_name for a in approvals.of_section(section.id)] == [unit.head.name]
    handing_over.hand_over(unit.secadmin, unit.deputy.id, successor.id, reason="退休。")
    assert delegations.holding([unit.id], clock.today()) == []


def test_who_grants_posts_ends_a_delegation_and_enters_none(unit: AUnit, as_: As) -> None:
    lends(unit.head, unit.deputy, P.REVIEW)
    (lent,) = delegations.standing(unit.head.id, clock.today())
    client = as_("secadmin")
    assert f"/delegations/{lent.id}/end" in client.get(f"/people/{unit.head.id}").get_data(as_text=True)
    assert client.post("/delegations", data={}).status_code == 403
    assert client.post(f"/delegations/{lent.id}/end").status_code == 303
    assert delegations.standing(unit.head.id, clock.today()) == []
    assert any("已结束" in one.subject for one in notices.of_person(unit.head.id))
    assert "不能代为登记" in as_("head").get("/delegations").get_data(as_text=True)


def test_a_measure_that_somebody_owned_by_name_does_not_hang_on_him(unit: AUnit, cycle_id: int, as_: As) -> None:
    inside, outside = keeping.enter(unit.editor, cycle_id, ["印发手册", "建立台账"])
    for measure_id, office, owner in ((inside, "办公室", unit.writer), (outside, "财务室", unit.money_writer)):
        wanted = Assignment(unit.offices[office], owner.id, clock.today() + timedelta(days=9), "已印发")
        keeping.assign(unit.editor, measure_id, wanted, version=measures.get(unit.id, measure_id).version)
    successor = more(unit, "接手人", Role.DEPUTY_LEADER)
    page = as_("secadmin").get(f"/people/{unit.writer.id}/hand-over").get_data(as_text=True)
    assert "1 条，改由接手的人负责" in page
    assert "印发手册" not in page  # who grants posts reads no texts
    handing_over.hand_over(unit.secadmin, unit.writer.id, successor.id, reason="调离。")
    assert measures.get(unit.id, inside).person_id == successor.id
    assert keeping.waits_for(measures.get(unit.id, inside), actor_of(unit.logins["接手人"])) is not None
    assert measures.get(unit.id, outside).person_id == unit.money_writer.id
    assert "责任人改为接手人" in measures.notes(inside)[-1].text


def test_an_answer_to_a_remark_of_somebody_who_left_reaches_his_successor(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    new = remarks.NewRemark("", None, Deed.COMMENT, Audience.EVERYBODY, "请核对。")
    remarks.act(unit.writer, remarks.add(unit.head, section.id, new), RemarkAct.REPLY, "已核对。")
    successor = more(unit, "接手人", Role.DEPUTY_LEADER)
    assert "1 条等他处理" in as_("secadmin").get(f"/people/{unit.head.id}/hand-over").get_data(as_text=True)
    assert not _waits(successor, section.id)
    handing_over.hand_over(unit.secadmin, unit.head.id, successor.id, reason="调离。")
    assert _waits(actor_of(unit.logins["接手人"]), section.id)


def _waits(actor: Actor, section_id: int) -> bool:
    section = sections.get(section_id)
    counted = remarks.counted(actor, [section]).get(section_id)
    return counted is not None and counted.mine > 0


def test_a_hand_over_that_clashes_changes_nothing(unit: AUnit) -> None:
    with pytest.raises(Invalid, match="不得"):
        handing_over.hand_over(unit.secadmin, unit.leader.id, unit.keeper.id, reason="调离。")
    assert Role.LEADER in people.actor(unit.leader.id, clock.today()).roles  # type: ignore[union-attr]
    with pytest.raises(Forbidden):
        handing_over.hand_over(unit.head, unit.writer.id, unit.deputy.id, reason="调离。")


def test_several_at_once_have_each_their_own_answer(unit: AUnit, cycle_id: int, as_: As) -> None:
    first = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    second = bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    third = write(unit, section_with(cycle_id, "measures").id, "还没有提交。")
    client = as_("head")
    assert "一次办理几件（2 件可以勾选）" in client.get("/").get_data(as_text=True)
    ticked = [
        f"section:{one.id}:endorse:{one.version}:{digest}:"
        for one, digest in ((first, first.content_sha256), (second, "0" * 64), (third, third.content_sha256))
    ]
    answer = client.post("/desk/approve", data={"item": ticked})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "办成 1 件，2 件没有办成" in page
    assert "本节的文字在您打开之后已有变动" in page
    states = [sections.visible(unit.editor, one.id).state for one in (first, second, third)]
    assert states == [SectionState.HEAD_APPROVED, SectionState.SUBMITTED, SectionState.DRAFTING]


@pytest.mark.parametrize("action", ["accept", "save", "withdraw", "issue", "x"])
def test_no_tick_walks_around_the_flow(unit: AUnit, cycle_id: int, as_: As, action: str) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED)
    item = f"section:{section.id}:{action}:{section.version}:{section.content_sha256}:"
    as_("head").post("/desk/approve", data={"item": [item]})
    assert sections.visible(unit.editor, section.id).state is SectionState.SUBMITTED


def test_a_writer_is_told_whose_approvals_his_edit_undoes(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.HEAD_APPROVED)
    page = as_("editor").get(f"/sections/{section.id}/act/return").get_data(as_text=True)
    assert f"1 项审批随之失效：{unit.head.name}（审核通过）" in page
    section_acts.act(unit.editor, section.id, S.RETURN, version=section.version, reason="改一处。")
    page = as_("writer").get(f"/sections/{section.id}").get_data(as_text=True)
    assert "改动文字会使 1 项审批失效" in page
    report = awaiting_issue(unit, cycle_id)
    dialog = as_("leader").get(f"/reports/{report.id}").get_data(as_text=True)
    assert f"报告的 1 项审批随之失效：{unit.deputy.name}（会审同意）" in dialog


def test_whoever_enters_a_number_is_told_whose_approvals_hang_on_it(unit: AUnit, as_: As) -> None:
    _, section_id = a_text(unit)
    section = sections.visible(unit.editor, section_id)
    for actor, action in ((unit.money_writer, S.SUBMIT), (unit.money_head, S.ENDORSE)):
        section = section_acts.act(actor, section_id, action, version=section.version)
    page = as_("money_writer").get(f"/cycles/{section.cycle_id}/facts/{SPENDING}").get_data(as_text=True)
    assert f"用到这项数据的文字已有 1 项审批：{unit.money_head.name}（审核通过）" in page


def test_what_was_lent_when_the_page_was_opened_must_still_be_lent(unit: AUnit, cycle_id: int) -> None:
    section = bring(unit, section_with(cycle_id, "basics").id, SectionState.SUBMITTED, "全文。")
    lends(unit.head, unit.deputy, P.REVIEW)
    opened = acting(unit.deputy, unit.head)
    delegating.end(unit.head, delegations.to_person(unit.deputy.id, clock.today())[0].id)
    with pytest.raises(Forbidden, match="已经结束"):
        section_acts.act(opened, section.id, S.ENDORSE, version=section.version)


def test_whoever_can_decide_is_offered_before_whoever_writes(unit: AUnit, as_: As) -> None:
    offered = [one.id for one in delegating.candidates(unit.head, (P.REVIEW,))]
    assert offered[-1] == unit.writer.id
    page = as_("secadmin").get(f"/people/{unit.head.id}/hand-over").get_data(as_text=True)
    heirs = page.split('name="to_id"', 1)[1].split("</select>", 1)[0]
    assert heirs.index(unit.money_head.name) < heirs.index(unit.writer.name) < heirs.index(unit.leader.name)
    assert unit.actors["sysadmin"].name not in heirs
