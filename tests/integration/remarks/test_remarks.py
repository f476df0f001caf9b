"""批注 and 修改建议, as services do them."""

import pytest

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct, RemarkState
from perfapp.core.section_flow import SectionAction
from perfapp.data import history, notices, sections
from perfapp.services import drafting, remarks
from perfapp.services import sections as section_acts
from tests.integration.remarks.making import TEXT, a_section, now, remark, shown, write
from tests.making import AUnit, a_unit


def told(unit: AUnit, role: str) -> list[str]:
    return [notice.subject.split("：")[0] for notice in notices.of_person(unit.actors[role].id, limit=20, offset=0)]


def test_a_remark_stays_on_its_words_while_the_text_changes(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark(unit.head, section.id, "2,160趟")
    write(unit.writer, section.id, "新增的一段。", "公车方面，2018年全年派车2,592趟，平均每月216趟。", TEXT[1])
    (one,) = shown(unit.writer, section.id)
    assert (one.remark.quoted, one.now, one.is_changed, one.is_gone) == ("2,160趟", "2,592趟", True, False)
    write(unit.writer, section.id, TEXT[1])
    (one,) = shown(unit.writer, section.id)
    assert (one.remark.quoted, one.is_gone) == ("2,160趟", True), "the quotation is never lost"


def test_restoring_an_old_version_brings_the_place_back(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark(unit.head, section.id, "平均每月180趟")
    number = history.versions(section.id, with_autosaves=True)[0].number
    write(unit.writer, section.id, TEXT[1])
    assert shown(unit.head, section.id)[0].is_gone
    drafting.restore(unit.writer, section.id, version=now(unit, section.id).version, number=number)
    assert shown(unit.head, section.id)[0].now == "平均每月180趟"


def test_reply_resolve_and_take_up_again(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "2,160趟", "与台账不符？")
    assert "新的批注" in told(unit, "writer")
    assert shown(unit.writer, section.id)[0].is_mine
    remarks.act(unit.writer, remark_id, RemarkAct.REPLY, "台账含外租车辆。")
    assert "批注有了回复" in told(unit, "head")
    assert shown(unit.head, section.id)[0].is_mine, "the head asked, the head looks"
    assert not shown(unit.writer, section.id)[0].is_mine
    remarks.act(unit.head, remark_id, RemarkAct.RESOLVE, "")
    assert shown(unit.head, section.id)[0].remark.state is RemarkState.RESOLVED
    remarks.act(unit.writer, remark_id, RemarkAct.REOPEN, "再看一下。")
    (one,) = shown(unit.head, section.id)
    assert [(step.act, step.words) for step in one.remark.steps] == [
        (RemarkAct.REPLY, "台账含外租车辆。"),
        (RemarkAct.RESOLVE, ""),
        (RemarkAct.REOPEN, "再看一下。"),
    ]
    with pytest.raises(Forbidden, match="待处理"):
        remarks.act(unit.writer, remark_id, RemarkAct.REOPEN, "")


def test_words_that_are_not_there_or_stand_twice(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id, "派车两千趟，派车平稳。")
    with pytest.raises(Conflict, match="没有这些文字"):
        remark(unit.head, section.id, "食堂")
    with pytest.raises(Invalid, match="2 次"):
        remark(unit.head, section.id, "派车")
    remark(unit.head, section.id, "", "全节请压缩到 500 字。")
    (one,) = shown(unit.writer, section.id)
    assert (one.anchor, one.is_gone) == (None, False), "a remark on the section as a whole"


def test_an_accepted_proposal_is_the_owners_new_version(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "已经完成", "", deed=Deed.REPLACE, replacement="基本完成")
    before = history.versions(section.id, with_autosaves=True)[0].number
    (one,) = shown(unit.writer, section.id)
    assert one.outcome == "基本完成"
    remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="已经完成")
    assert sections.content(section.id).document.content[1].content[0].text == TEXT[1].replace("已经", "基本")  # type: ignore[union-attr]
    latest = history.versions(section.id)[0]
    assert (latest.author_name, latest.kind, unit.head.name in latest.label) == (unit.writer.name, "merged", True)
    assert latest.number > before
    assert sections.version_document(section.id, before).content[1].content[0].text == TEXT[1]  # type: ignore[union-attr]
    (one,) = shown(unit.head, section.id)
    assert (one.remark.state, one.now) == (RemarkState.ACCEPTED, "基本完成")
    assert "修改建议已采纳" in told(unit, "head")


@pytest.mark.parametrize(
    ("deed", "replacement", "expected"),
    [
        (Deed.DELETE, "", "机关食堂改革，职工满意。"),
        (Deed.INSERT, "并通过验收", "机关食堂改革已经完成并通过验收，职工满意。"),
    ],
)
def test_deleting_and_inserting(unit: AUnit, cycle_id: int, deed: Deed, replacement: str, expected: str) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.editor, section.id, "已经完成", "", deed=deed, replacement=replacement)
    remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="已经完成")
    assert sections.content(section.id).document.content[1].content[0].text == expected  # type: ignore[union-attr]


def test_a_proposal_whose_words_changed_says_so_and_is_not_taken_unseen(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "2,160趟", "", deed=Deed.REPLACE, replacement="2,592趟")
    write(unit.writer, section.id, TEXT[0].replace("2,160", "2,161"), TEXT[1])
    (one,) = shown(unit.writer, section.id)
    assert (one.is_changed, one.remark.quoted, one.now, one.outcome) == (True, "2,160趟", "2,161趟", "2,592趟")
    with pytest.raises(Conflict, match="2,161趟"):
        remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="2,160趟")
    write(unit.writer, section.id, TEXT[1])
    with pytest.raises(Conflict, match="已经删去"):
        remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="")
    with pytest.raises(Invalid, match="理由"):
        remarks.act(unit.writer, remark_id, RemarkAct.REFUSE, " ")
    remarks.act(unit.writer, remark_id, RemarkAct.REFUSE, "这一段已删。")
    assert shown(unit.head, section.id)[0].remark.state is RemarkState.REFUSED


def test_a_proposal_waits_until_the_text_is_the_writers_again(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id, handed_in=True)
    remark_id = remark(unit.head, section.id, "已经完成", "", deed=Deed.DELETE)
    assert "取回或退回" in shown(unit.writer, section.id)[0].obstacle
    with pytest.raises((Conflict, Forbidden)):
        remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="已经完成")
    present = now(unit, section.id)
    section_acts.act(unit.head, section.id, SectionAction.RETURN, version=present.version, reason="见修改建议。")
    assert shown(unit.writer, section.id)[0].obstacle == ""
    remarks.act(unit.writer, remark_id, RemarkAct.ACCEPT, "", seen="已经完成")


def test_another_unit_and_another_office_have_nothing_to_do_with_it(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.head, section.id, "2,160趟")
    for stranger in (unit.money_writer, unit.keeper, unit.auditor, unit.sysadmin, a_unit(with_seal=False).editor):
        with pytest.raises(NotFound):
            remark(stranger, section.id, "2,160趟")
        with pytest.raises(NotFound):
            remarks.act(stranger, remark_id, RemarkAct.RESOLVE, "")


def test_what_is_for_reviewers_is_not_there_for_writers(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    remark_id = remark(unit.finance, section.id, "2,160趟", "仅内部", audience=Audience.REVIEWERS)
    assert shown(unit.writer, section.id) == []
    assert remarks.counted(unit.writer, [section]) == {}
    assert [one.remark.words for one in shown(unit.head, section.id)] == ["仅内部"]
    for act in RemarkAct:
        with pytest.raises(NotFound):
            remarks.act(unit.writer, remark_id, act, "偷看")
    assert told(unit, "writer") == []
    with pytest.raises(Forbidden):
        remark(unit.writer, section.id, "2,160趟", audience=Audience.REVIEWERS)


def test_counts_say_what_is_open_and_what_is_mine(unit: AUnit, cycle_id: int) -> None:
    section = a_section(unit, cycle_id)
    first = remark(unit.head, section.id, "2,160趟")
    remark(unit.finance, section.id, "180趟", audience=Audience.REVIEWERS)
    remark(unit.editor, section.id, "已经完成")
    remarks.act(unit.writer, first, RemarkAct.REPLY, "已核。")

    def counts(role: str) -> tuple[int, int]:
        found = remarks.counted(unit.actors[role], [section])[section.id]
        return found.open, found.mine

    assert counts("writer") == (2, 1)
    assert counts("head") == (3, 1)
    assert counts("finance") == (3, 0)
    assert counts("editor") == (3, 0)
    assert counts("leader") == (3, 0)
