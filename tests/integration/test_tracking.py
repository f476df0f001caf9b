"""The board: who sees how much, who may urge whom, the export and the daily reminder."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from perfapp.core.permissions import Role
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import cycles as cycle_table
from perfapp.data import events, notices, people, reports, sections
from perfapp.data.board import Move
from perfapp.data.session import transaction
from perfapp.services import accounts, reminding, tracking
from perfapp.services import cycles as cycle_acts
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_merged_report,
    a_sealed_report,
    a_unit,
    actor_of,
    bring,
    report_act,
    section_with,
    texts,
    write,
)

REASON = "理由标记：数字不符"


def get(client: FlaskClient, unit: AUnit, role: str, path: str = "/progress", status: int = 200) -> str:
    client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def a_returned_section(unit: AUnit, cycle_id: int, key: str = "basics") -> int:
    section = bring(unit, section_with(cycle_id, key).id, SectionState.SUBMITTED)
    section_acts.act(unit.head, section.id, SectionAction.RETURN, version=section.version, reason=REASON)
    return section.id


def due_on(cycle_id: int, **days: int) -> None:
    """Dates of stages, in days from today."""
    with transaction():
        cycle_table.set_dates(cycle_id, {stage: clock.today() + timedelta(days=left) for stage, left in days.items()})


# --- who sees what ---


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
    for marker in ("标题标记", "正文标记", REASON, unit.writer.name, unit.head.name, "timeline", ".xlsx"):
        assert marker not in page
    assert "已提交" in page
    assert "办公室" in page
    for path in (f"/progress/cycles/{cycle_id}/timeline", f"/progress/cycles/{cycle_id}.xlsx"):
        get(client, unit, role, path, 403)


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


# --- what it says ---


@pytest.mark.usefixtures("rolled_back")
def test_lateness_is_measured_against_the_stage_that_applies_now() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-2, review=1, merge=9)
    bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    board = tracking.board(unit.leader, cycle_id)
    assert board is not None
    by_key = {item.section.key: item for item in board.sections}
    assert (by_key["basics"].stage, by_key["basics"].days_left, by_key["basics"].is_late) == ("draft", -2, True)
    assert (by_key["results"].stage, by_key["results"].days_left) == ("review", 1)
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


# --- 催办 ---


def test_an_urge_goes_to_whoever_must_act_and_to_nobody_else(client: FlaskClient) -> None:
    unit = a_unit()
    section = bring(unit, section_with(a_cycle(unit), "basics").id, SectionState.SUBMITTED)
    before = {role: notices.count(actor.id) for role, actor in unit.actors.items()}
    client.post("/sign-in", data={"login": unit.logins["leader"], "password": PASSWORD})
    answer = client.post(f"/progress/sections/{section.id}/urge")
    assert answer.status_code == 303
    told = {role for role, actor in unit.actors.items() if notices.count(actor.id) > before[role]}
    assert told == {"head"}
    assert notices.of_person(unit.head.id)[0].subject == "催办：一、预算单位基本情况"
    event = events.of_section(section.id)[0]
    assert (event.action, event.actor_name, event.details) == ("urge", unit.leader.name, {"names": [unit.head.name]})
    assert f"{unit.leader.name} " in client.get("/progress").get_data(as_text=True)


@pytest.mark.usefixtures("rolled_back")
def test_one_urge_in_four_hours_whoever_asks() -> None:
    unit = a_unit()
    section_id = section_with(a_cycle(unit), "basics").id
    start = datetime(2019, 3, 1, 6, 2, tzinfo=UTC)
    with clock.at(start):
        assert [person.name for person in tracking.urge_section(unit.leader, section_id)] == [unit.writer.name]
    with clock.at(start + timedelta(hours=3, minutes=59)), pytest.raises(TooMany) as refusal:
        tracking.urge_section(unit.head, section_id)
    assert refusal.value.message.startswith(f"{unit.leader.name}已于3月1日 14:02 催办过")
    assert "18:02 以后" in refusal.value.message
    assert notices.count(unit.writer.id) == 1
    with clock.at(start + timedelta(hours=4)):
        tracking.urge_section(unit.head, section_id)
    assert notices.count(unit.writer.id) == 2


@pytest.mark.usefixtures("rolled_back")
def test_heads_urge_in_their_own_office_only() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    tracking.urge_section(unit.head, section_with(cycle_id, "basics").id)
    with pytest.raises(NotFound):
        tracking.urge_section(unit.head, section_with(cycle_id, "disclosure").id)
    with pytest.raises(Forbidden):
        tracking.urge_report(unit.head, reports.current(cycle_id).id)
    with transaction():  # a head who also writes elsewhere reads there, and does not lead there
        people.add_post(
            unit.head.id,
            unit.id,
            Role.WRITER,
            office_id=unit.offices["财务室"],
            starts_on=date(2018, 1, 1),
            granted_by=None,
        )
    with pytest.raises(Forbidden, match="本科室"):
        tracking.urge_section(actor_of(unit.logins["head"]), section_with(cycle_id, "disclosure").id)


@pytest.mark.parametrize("role", ["writer", "keeper", "sysadmin", "auditor"])
def test_others_urge_nobody(client: FlaskClient, role: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
    assert client.post(f"/progress/sections/{section_with(cycle_id, 'basics').id}/urge").status_code == 403
    assert client.post(f"/progress/reports/{reports.current(cycle_id).id}/urge").status_code == 403
    assert notices.count(unit.writer.id) == 0


@pytest.mark.usefixtures("rolled_back")
def test_what_cannot_be_urged_says_why() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = reports.current(cycle_id)
    with pytest.raises(Invalid, match="还没有采纳"):
        tracking.urge_report(unit.leader, report.id)
    done = bring(unit, section_with(cycle_id, "basics").id, SectionState.ACCEPTED)
    with pytest.raises(Conflict, match="已经办完"):
        tracking.urge_section(unit.leader, done.id)
    own = bring(unit, section_with(cycle_id, "results").id, SectionState.HEAD_APPROVED)
    with pytest.raises(Invalid, match="轮到您自己"):
        tracking.urge_section(unit.editor, own.id)


@pytest.mark.usefixtures("rolled_back")
def test_a_report_is_urged_where_it_lies() -> None:
    unit = a_unit()
    second = a_second_deputy(unit)
    cycle_id = a_cycle(unit)
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    report = report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    told = tracking.urge_report(unit.editor, report.id)
    assert [person.id for person in told] == [second]  # the other deputy has agreed already
    with pytest.raises(TooMany):
        tracking.urge_report(unit.leader, report.id)


def a_second_deputy(unit: AUnit) -> int:
    with transaction():
        person_id = people.add_person(unit.id, f"second.{unit.id}", "第二位", accounts.hash_password(PASSWORD))
        people.add_post(
            person_id, unit.id, Role.DEPUTY_LEADER, office_id=None, starts_on=date(2018, 1, 1), granted_by=None
        )
    return person_id


# --- export ---


def test_the_export_holds_words_dates_and_no_formula(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-2)
    section_id = a_returned_section(unit, cycle_id)
    with transaction():
        sections.arrange(section_id, title="=1+1")
        item = section_with(cycle_id, "results")
        sections.arrange(item.id, title='=HYPERLINK("http://x")')
    client.post("/sign-in", data={"login": unit.logins["leader"], "password": PASSWORD})
    answer = client.get(f"/progress/cycles/{cycle_id}.xlsx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        for name in packed.namelist():
            assert b"<f>" not in packed.read(name)
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["进度", "统计", "科室"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
    }
    sheet = book["进度"]
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.max_row == len(texts(cycle_id)) + 1
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, head["章节"]).value == "一、=1+1")
    assert sheet.cell(row, head["章节"]).quotePrefix
    assert sheet.cell(row, head["状态"]).value == "编写中"
    assert sheet.cell(row, head["退回理由"]).value == REASON
    assert sheet.cell(row, head["截止日期"]).value.date() == clock.today() - timedelta(days=2)
    assert sheet.cell(row, head["剩余天数"]).value == -2
    assert sheet.cell(row, head["现在由谁办理"]).value == unit.writer.name


def test_an_office_exports_its_own_part(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    sheet = load_workbook(io.BytesIO(client.get(f"/progress/cycles/{cycle_id}.xlsx").data))["进度"]
    assert {sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)} == {"办公室"}


# --- the daily reminder ---


@pytest.mark.usefixtures("rolled_back")
def test_one_digest_a_person_and_day() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-1, review=3, merge=4)
    for key, state in (("results", SectionState.SUBMITTED), ("issues", SectionState.HEAD_APPROVED)):
        bring(unit, section_with(cycle_id, key).id, state)
    before = {role: notices.count(actor.id) for role, actor in unit.actors.items()}
    reminding.remind()
    reminding.remind()
    told = {role for role, actor in unit.actors.items() if notices.count(actor.id) > before[role]}
    assert told == {"writer", "money_writer", "head"}  # what is due in four days is not yet said
    digest = notices.of_person(unit.writer.id)[0]
    own = [s for s in texts(cycle_id) if s.owner_office_id == unit.offices["办公室"] and s.key != "results"]
    assert digest.subject == f"到期提醒：{len(own)} 件事等您办理，其中 {len(own)} 件已逾期"
    assert all(section.heading in digest.body for section in own)
    assert "现在轮到您" in digest.body
    assert "还有 3 天" in notices.of_person(unit.head.id)[0].body
    with clock.at(clock.now() + timedelta(days=1)):
        reminding.remind()
    assert notices.count(unit.writer.id) == before["writer"] + 2


@pytest.mark.usefixtures("rolled_back")
def test_nothing_due_nobody_reminded() -> None:
    unit, other = a_unit(), a_unit()
    due_on(a_cycle(unit), draft=30)
    sealed = a_cycle(other)
    a_sealed_report(other, sealed)
    due_on(sealed, draft=-30)  # no date for what is still to be done
    reminding.remind()
    for someone in (*unit.actors.values(), *other.actors.values()):
        assert not [notice for notice in notices.of_person(someone.id) if "到期提醒" in notice.subject]
    assert not [event for event in events.of_unit(unit.id) if event.action == "remind"]


@pytest.mark.usefixtures("rolled_back")
def test_who_has_no_post_any_more_is_not_reminded() -> None:
    unit = a_unit()
    due_on(a_cycle(unit), draft=0)
    with transaction():
        people.change_person(unit.writer.id, disabled_at=clock.now())
    reminding.remind()
    assert notices.count(unit.writer.id) == 0
    assert notices.count(unit.money_writer.id) == 1
