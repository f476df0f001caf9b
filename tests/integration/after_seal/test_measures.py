"""A promise lives from the report that made it to the person who confirms it, and into next year's report."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.document import plain_lines
from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from perfapp.core.measures.flow import MeasureAction, MeasureState
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles, explanations, measures, notices, sections
from perfapp.data.measures import MeasureView
from perfapp.services import duties, findings, highlights, measure_opening
from perfapp.services import measures as keeping
from perfapp.services.measures import Assignment
from tests.making import PASSWORD, AUnit, a_cycle, a_unit, bring, section_with, write
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")
A = MeasureAction
ONE, TWO = "加强预算编制，保障运行经费", "明确各科室报送数据的时间"


def promised(unit: AUnit, cycle_id: int) -> list[MeasureView]:
    """The report's two promises in the list."""
    bring(unit, section_with(cycle_id, "measures").id, SectionState.ACCEPTED, f"一是{ONE}；二是{TWO}。")
    keeping.enter(unit.editor, cycle_id, keeping.suggestions(unit.editor, cycle_id))
    return measures.of_cycle(cycle_id)


def assigned(unit: AUnit, measure: MeasureView, *, days: int = 30) -> MeasureView:
    wanted = Assignment(unit.offices["办公室"], None, clock.today() + timedelta(days=days), "操作手册印发")
    return keeping.assign(unit.editor, measure.id, wanted, version=measures.get(unit.id, measure.id).version)


def act(
    unit: AUnit, measure: MeasureView, who: str, action: MeasureAction, text: str = "", **more: object
) -> MeasureView:
    version = measures.get(unit.id, measure.id).version
    return keeping.act(unit.actors[who], measure.id, action, version=version, text=text, **more)  # type: ignore[arg-type]


def proof() -> tuple[str, bytes]:
    return "印发记录.png", drawing()[1]


def test_a_promise_is_entered_once_given_away_done_and_confirmed_by_another() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first, second = promised(unit, cycle_id)
    assert [first.text, second.text] == [ONE, TWO]
    assert keeping.suggestions(unit.editor, cycle_id) == ()
    with pytest.raises(Conflict, match="没有重复列入"):
        keeping.enter(unit.editor, cycle_id, [f"{ONE}。"])
    with pytest.raises(Forbidden):
        act(unit, first, "writer", A.PROGRESS, "已开始")
    assigned(unit, first)
    assert any("请您办理" in notice.subject for notice in notices.of_person(unit.writer.id))
    assert act(unit, first, "writer", A.PROGRESS, "已开会。").state is MeasureState.UNDER_WAY
    with pytest.raises(Invalid, match="佐证材料"):
        act(unit, first, "writer", A.CLAIM, "已印发。")
    claimed = act(unit, first, "writer", A.CLAIM, "已印发。", evidence=proof())
    assert claimed.state is MeasureState.CLAIMED
    for who in ("writer", "head", "finance"):
        with pytest.raises(Forbidden):
            act(unit, first, who, A.CONFIRM)
    with pytest.raises(Invalid, match="理由"):
        act(unit, first, "leader", A.REFUSE)
    assert act(unit, first, "leader", A.REFUSE, "缺印发日期。").state is MeasureState.UNDER_WAY
    act(unit, first, "writer", A.CLAIM, "补了日期。")
    done = act(unit, first, "editor", A.CONFIRM)
    assert (done.state, done.confirmed_by_name) == (MeasureState.DONE, unit.editor.name)
    assert act(unit, first, "editor", A.REOPEN, "又停了。").state is MeasureState.UNDER_WAY


def test_only_the_leader_lets_one_go_and_says_why() -> None:
    unit = a_unit()
    first, _ = promised(unit, a_cycle(unit))
    with pytest.raises(Forbidden):
        act(unit, first, "editor", A.DROP, "不做了")
    assert act(unit, first, "leader", A.DROP, "职能已划转。").state is MeasureState.DROPPED


def test_another_office_and_another_unit_cannot_touch_it() -> None:
    unit, other = a_unit(), a_unit()
    first, _ = promised(unit, a_cycle(unit))
    assigned(unit, first)
    with pytest.raises(Forbidden):
        act(unit, first, "money_writer", A.PROGRESS, "已开始")
    for who in ("writer", "editor", "leader"):
        with pytest.raises(NotFound):
            keeping.one(other.actors[who], first.id)
    with pytest.raises(NotFound):
        keeping.act(other.editor, first.id, A.REOPEN, version=1, text="x")
    wanted = Assignment(unit.offices["办公室"], unit.money_writer.id, date(2030, 1, 1), "印发")
    version = measures.get(unit.id, first.id).version
    with pytest.raises(Invalid, match="任职"):
        keeping.assign(unit.editor, first.id, wanted, version=version)


def test_what_is_late_stands_on_the_desk_and_before_the_leader() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first, second = promised(unit, cycle_id)
    assigned(unit, first, days=3)
    due = clock.today() + timedelta(days=3)
    mine = [duty for duty in duties.of_person(unit.writer) if duty.title.startswith("整改")]
    assert [(duty.state, duty.term and duty.term.due_on) for duty in mine] == [("未开始", due)]
    with clock.at(clock.now() + timedelta(days=5)):
        late = next(duty for duty in duties.of_person(unit.writer) if duty.title.startswith("整改"))
        assert late.term is not None
        assert (late.state, late.term.due_on, late.term.is_late) == ("逾期", due, True)
        assert duties.measures_of(unit.leader) == (2, 1)
    unassigned = [duty.deed for duty in duties.of_person(unit.editor) if duty.path == f"/measures/{second.id}"]
    assert unassigned == ["定责任"]


def test_next_years_part_opens_with_the_list_as_it_stands() -> None:
    unit = a_unit()
    first, second = promised(unit, a_cycle(unit, 2018))
    next_year = a_cycle(unit, 2019)
    assert cycles.get(next_year).previous_id is not None
    assigned(unit, first)
    assigned(unit, second, days=-1)
    act(unit, first, "writer", A.CLAIM, "已办。", evidence=proof())
    act(unit, first, "editor", A.CONFIRM)
    section = section_with(next_year, "measures")
    writer = unit.money_writer
    write(unit, section.id, "今年的措施。")
    measure_opening.open_with(writer, section.id)
    lines = _lines(section.id)
    assert "共2条，已完成1条，其余1条继续办理" in lines[0]
    assert [line.split("\t")[-1] for line in lines[1:-1]] == ["落实情况", "已完成", "逾期"]
    assert lines[-1] == "今年的措施。"
    act(unit, second, "writer", A.CLAIM, "已办。", evidence=proof())
    act(unit, second, "leader", A.CONFIRM)
    measure_opening.open_with(writer, section.id)
    assert "已全部完成" in _lines(section.id)[0]
    assert len(_lines(section.id)) == len(lines)
    shown = {one.name: one.value for one in highlights.of_cycle(findings.of_cycle(cycles.get(next_year)))}
    assert shown["上年措施办结"] == "2/2"
    with pytest.raises(DomainError):
        measure_opening.open_with(unit.writer, section.id)


def test_what_nobody_has_touched_stops_next_years_report_until_it_is_begun_or_explained(client: FlaskClient) -> None:
    unit = a_unit()
    first, second = promised(unit, a_cycle(unit, 2018))
    next_year = cycles.get(a_cycle(unit, 2019))
    for one in (first, second):
        assigned(unit, one)
    outline = sections.outline(next_year.id)
    assert ONE in findings.blocking(next_year, outline)
    mine = [one for one in findings.of_cycle(next_year, outline, with_scores=True).judged if one.finding.code == "M1"]
    assert [one.blocks for one in mine] == [True, True]
    client.post("/sign-in", data={"login": unit.logins["editor"], "password": PASSWORD})
    page = client.get(f"/cycles/{next_year.id}/checkup").text
    assert f'href="/measures/{first.id}"' in page
    assert f"2018年度承诺的“{ONE}”还没有人办理" in page
    act(unit, first, "writer", A.PROGRESS, "已开会。")
    findings.explain(unit.editor, next_year.id, mine[1].finding.fingerprint, "财政批复后才能开始，已列入明年计划。")
    assert TWO in findings.blocking(next_year, outline)  # said, and not yet accepted
    said = next(iter(explanations.of_cycle(next_year.id).values()))
    findings.answer(unit.finance, said.id, accept=True)
    assert not [
        one for one in findings.of_cycle(next_year, with_scores=True).judged if one.finding.code == "M1" and one.blocks
    ]
    assert "整改台账" not in findings.blocking(next_year, outline)


def test_the_first_year_and_its_sections_know_no_earlier_promises() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit, 2018)
    promised(unit, cycle_id)
    done = findings.of_cycle(cycles.get(cycle_id), with_scores=True)
    assert "M1" not in {one.finding.code for one in done.judged}
    next_year = cycles.get(a_cycle(unit, 2019))
    section = section_with(next_year.id, "measures")
    assert "整改台账" not in findings.blocking(next_year, sections.outline(next_year.id), section.id)


def _lines(section_id: int) -> list[str]:
    return plain_lines(sections.contents([section_id])[section_id].document)


def test_pages_give_back_what_was_typed(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first, _ = promised(unit, cycle_id)
    client.post("/sign-in", data={"login": unit.logins["editor"], "password": PASSWORD})
    long = "长" * 501
    answer = client.post("/measures", data={"cycle_id": str(cycle_id), "own": long})
    assert answer.status_code == 422
    assert long in answer.text
    answer = client.post(f"/measures/{first.id}/assign", data={"version": "1", "proof": "手册印发", "office_id": "x"})
    assert answer.status_code == 422
    assert "手册印发" in answer.text
    assert "请选择责任科室" in answer.text
    answer = client.post(f"/measures/{first.id}/act", data={"version": "9", "action": "reopen", "text": "再办"})
    assert answer.status_code == 409
