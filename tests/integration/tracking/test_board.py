"""The board: who sees how much of it, and what it says."""

import io
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp import clock
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles as cycle_table
from perfapp.data import events, reports, sections
from perfapp.data.board import Move
from perfapp.data.session import transaction
from perfapp.services import cycles as cycle_acts
from perfapp.services import tracking
from tests.conftest import Counting
from tests.integration.tracking.reading import REASON, a_returned_section, due_on, get
from tests.making import (
    PASSWORD,
    a_cycle,
    a_unit,
    bring,
    section_with,
    texts,
    write,
)


@pytest.mark.parametrize("role", ["finance", "editor", "deputy", "leader"])
def test_the_whole_board(client: FlaskClient, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_returned_section(unit, cycle_id)
    page = get(client, unit, role)
    for section in texts(cycle_id):
        assert section.heading in page
        assert f"/progress/cycles/{cycle_id}/timeline?section={section.id}" in page
    assert REASON in page
    assert "退回修改" in page
    assert unit.writer.name in page
    assert unit.money_writer.name in page


@pytest.mark.parametrize("role", ["writer", "head"])
def test_an_office_sees_its_own_part(client: FlaskClient, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    write(unit, section_with(cycle_id, "disclosure").id, "别科室的文字")
    page = get(client, unit, role)
    assert "预算单位基本情况" in page
    assert "预决算及信息公开情况" not in page
    assert unit.money_writer.name not in page


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor"])
def test_administrators_see_numbers_and_never_titles(client: FlaskClient, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_returned_section(unit, cycle_id)
    bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED, "正文标记")
    with transaction():
        for section in sections.outline(cycle_id):
            sections.arrange(section.id, title=f"标题标记{section.id}")
        cycle_table.change(cycle_id, title="标题标记")
    page = get(client, unit, role)
    for marker in ("标题标记", "正文标记", REASON, unit.writer.name, unit.head.name, "timeline"):
        assert marker not in page
    assert "已提交" in page
    assert "办公室" in page
    get(client, unit, role, f"/progress/cycles/{cycle_id}/timeline", 403)
    answer = client.get(f"/progress/cycles/{cycle_id}.xlsx")
    assert answer.status_code == 200
    assert quote("进度-2018年度-") in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    written = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    for marker in ("标题标记", "正文标记", REASON, unit.writer.name, unit.head.name, unit.money_writer.name):
        assert marker not in written
    assert ("已提交", 1) in [tuple(cell.value for cell in row) for row in book["统计"]]
    assert [row[0].value for row in book["科室"]][1:3]


def test_the_seal_keeper_has_no_board(client: FlaskClient) -> None:
    unit = a_unit()
    a_cycle(unit)
    get(client, unit, "keeper", status=403)


def test_without_a_cycle_the_board_says_what_comes_first(client: FlaskClient) -> None:
    unit = a_unit()
    assert "开一个年度任务" in get(client, unit, "editor")
    for role in ("leader", "writer", "sysadmin"):
        page = get(client, unit, role)
        assert "还没有年度任务" in page
        assert "开一个年度任务" not in page


def test_another_unit_is_not_there(client: FlaskClient) -> None:
    unit, other = a_unit(), a_unit()
    a_cycle(unit)
    theirs = a_cycle(other)
    item = cycle_acts.add_item(
        other.editor, section_with(theirs, "results").id, title="外单位标记", office_id=other.offices["办公室"]
    )
    write(other, item, "外单位的文字")
    report = reports.current(theirs)
    for role in unit.logins:
        client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
        for path in (
            "/progress",
            f"/progress?cycle={theirs}",
            f"/progress/cycles/{theirs}/timeline",
            f"/progress/cycles/{theirs}.xlsx",
        ):
            answer = client.get(path)
            may = path == "/progress" and role != "keeper"
            assert (answer.status_code == 200) if may else (answer.status_code in {403, 404})
            assert "外单位" not in answer.get_data(as_text=True)
        assert client.post(f"/progress/sections/{item}/urge").status_code in {403, 404}
        assert client.post(f"/progress/reports/{report.id}/urge").status_code in {403, 404}
    assert not [event for event in events.of_cycle(theirs) if event.action == "urge"]


def test_the_year_can_be_chosen(client: FlaskClient) -> None:
    unit = a_unit()
    old, new = a_cycle(unit, 2018), a_cycle(unit, 2019)
    assert "2019年度部门整体支出绩效自评报告" in get(client, unit, "leader")
    page = get(client, unit, "leader", f"/progress?cycle={old}")
    assert "2018年度部门整体支出绩效自评报告" in page
    assert f"cycle={new}" in page


@pytest.mark.parametrize("role", ["writer", "leader", "sysadmin"])
def test_ten_times_the_sections_cost_no_query_more(client: FlaskClient, queries: Counting, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    get(client, unit, role)
    with queries() as few:
        client.get("/progress")
    with transaction():
        for number in range(300):
            sections.add(
                cycle_id,
                unit.id,
                key=f"many-{number}",
                parent_id=section_with(cycle_id, "results").id,
                level=4,
                position=500 + number,
                title=f"工作{number}",
                owner_office_id=unit.offices["办公室"],
            )
    for section in texts(cycle_id)[:4]:
        bring(unit, section.id, SectionState.SUBMITTED)
    client.get("/progress")
    with queries() as many:
        assert client.get("/progress").status_code == 200
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.usefixtures("rolled_back")
def test_lateness_is_measured_against_the_stage_that_applies_now() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-2, review=1, merge=9)
    bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    board = tracking.board(unit.leader, cycle_id)
    assert board is not None
    by_key = {item.section.key: item for item in board.sections}
    today = clock.today()
    late, in_time = by_key["basics"].term, by_key["results"].term
    assert late is not None
    assert in_time is not None
    assert (by_key["basics"].stage, late.due_on, late.is_late) == ("draft", today - timedelta(days=2), True)
    assert (by_key["results"].stage, in_time.due_on, in_time.is_late) == ("review", today + timedelta(days=1), False)
    assert board.late == len(texts(cycle_id)) - 1
    assert [p.name for p in by_key["results"].holders] == [unit.head.name]
    assert board.counts == {SectionState.NOT_STARTED: len(texts(cycle_id)) - 1, SectionState.SUBMITTED: 1}


def test_the_chart_counts_what_was_handed_in_and_what_came_back() -> None:
    def move(day: int, section: int, state: str) -> Move:
        return Move(section, "x", state, datetime(2019, 3, day, 18, 30, tzinfo=UTC))  # after midnight in Beijing

    moves = [move(1, 1, "submitted"), move(2, 2, "submitted"), move(2, 1, "accepted"), move(4, 2, "drafting")]
    days = tracking.progress_days(
        [*moves, move(4, 9, "accepted")], frozenset({1, 2}), date(2019, 3, 1), date(2019, 3, 5)
    )
    assert days == [
        (date(2019, 3, 1), 0, 0),
        (date(2019, 3, 2), 1, 0),
        (date(2019, 3, 3), 2, 1),
        (date(2019, 3, 4), 2, 1),
        (date(2019, 3, 5), 1, 1),
    ]
    long = tracking.progress_days(moves, frozenset({1, 2}), date(2019, 1, 1), date(2019, 12, 31))
    assert len(long) <= tracking.CHART_POINTS
    assert long[-1] == (date(2019, 12, 31), 1, 1)


def test_the_time_line_is_in_words_and_stays_in_the_office(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section_id = a_returned_section(unit, cycle_id)
    foreign = write(unit, section_with(cycle_id, "disclosure").id, "x")
    page = get(client, unit, "leader", f"/progress/cycles/{cycle_id}/timeline?section={section_id}")
    assert "把“一、预算单位基本情况”退回修改" in page
    assert REASON in page
    assert "开始编写“（一）预决算及信息公开情况”" in get(
        client, unit, "leader", f"/progress/cycles/{cycle_id}/timeline"
    )
    own = get(client, unit, "writer", f"/progress/cycles/{cycle_id}/timeline")
    assert "预算单位基本情况" in own
    assert "预决算及信息公开情况" not in own
    get(client, unit, "writer", f"/progress/cycles/{cycle_id}/timeline?section={foreign.id}", 404)
    get(client, unit, "writer", f"/progress/cycles/{cycle_id}/timeline?report={reports.current(cycle_id).id}", 404)


def test_a_long_time_line_comes_in_pages(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with transaction():
        for _ in range(120):
            events.record("change_cycle", actor_id=unit.editor.id, unit_id=unit.id, cycle_id=cycle_id)
    address = f"/progress/cycles/{cycle_id}/timeline"
    assert get(client, unit, "leader", address).count("timeline__event ") == tracking.PAGE
    assert get(client, unit, "leader", f"{address}?page=3").count("timeline__event ") == 121 - 2 * tracking.PAGE
    get(client, unit, "leader", f"{address}?page=4", 404)
