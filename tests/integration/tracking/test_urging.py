"""Who may urge whom, and the export."""

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
from perfapp.core.section_flow import SectionState
from perfapp.data import events, notices, people, reports, sections
from perfapp.data.session import transaction
from perfapp.services import accounts, tracking
from tests.integration.tracking.reading import REASON, a_returned_section, due_on
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_merged_report,
    a_unit,
    actor_of,
    bring,
    report_act,
    section_with,
    texts,
)


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


def test_the_export_holds_words_dates_and_no_formula(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    due_on(cycle_id, draft=-30)
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
    assert book.sheetnames == ["进度", "统计", "科室", "退回"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
    }
    sheet = book["进度"]
    heads = [str(cell.value) for cell in sheet[1]]
    assert sheet.max_row == len(texts(cycle_id)) + 1
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    row = next(row for row in rows if row["章节"].value == "一、=1+1")
    assert row["章节"].quotePrefix
    assert row["状态"].value == "编写中"
    assert row["退回理由"].value == REASON
    due = row["截止日期"].value
    assert isinstance(due, datetime)
    assert due.date() == clock.today() - timedelta(days=30)
    left = row["剩余工作日"].value
    assert isinstance(left, int)
    assert left < 0
    assert row["现在由谁办理"].value == unit.writer.name


def test_an_office_exports_its_own_part(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    sheet = load_workbook(io.BytesIO(client.get(f"/progress/cycles/{cycle_id}.xlsx").data))["进度"]
    assert {sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)} == {"办公室"}
