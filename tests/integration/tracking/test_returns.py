"""What each office's sections were returned for is counted, for those who may see the board."""

import io

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp.core.report_flow import ReportAction
from perfapp.core.return_kinds import ReturnKind
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import reports, sections
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services import tracking
from tests.integration.tracking.reading import REASON, get
from tests.making import AUnit, a_cycle, a_merged_report, a_unit, bring, report_act, section_with


def returned(unit: AUnit, cycle_id: int, key: str, kind: ReturnKind | None) -> None:
    section = bring(unit, section_with(cycle_id, key).id, SectionState.SUBMITTED)
    section_acts.act(unit.head, section.id, SectionAction.RETURN, version=section.version, reason=REASON, kind=kind)


def counts_of(unit: AUnit, cycle_id: int, who: str) -> dict[str, tuple[tuple[str, int], ...]]:
    board = tracking.board(unit.actors[who], cycle_id)
    assert board is not None
    return {office.name: office.returned_for for office in board.offices if office.returned}


@pytest.mark.usefixtures("rolled_back")
def test_every_return_counts_at_its_office_by_what_it_was_for() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    returned(unit, cycle_id, "results", ReturnKind.FIGURES)
    returned(unit, cycle_id, "results", ReturnKind.FIGURES)
    returned(unit, cycle_id, "basics", None)
    assert counts_of(unit, cycle_id, "leader") == {"办公室": (("数据不准", 2), ("未分类", 1))}
    assert counts_of(unit, cycle_id, "money_writer") == {}  # another office's returns are not his to see


@pytest.mark.usefixtures("rolled_back")
def test_a_report_that_goes_back_counts_for_the_sections_it_names() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    report = reports.current(cycle_id)
    report_acts.send_back(
        unit.deputy,
        report.id,
        version=report.version,
        reason=REASON,
        section_ids=[section_with(cycle_id, "results").id],
        direct=False,
        kind=ReturnKind.INCONSISTENT,
    )
    assert counts_of(unit, cycle_id, "editor") == {"办公室": (("前后不一致", 1),)}


def test_the_dialog_asks_the_board_shows_and_the_workbook_lists(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    page = get(client, unit, "head", f"/sections/{section.id}")
    assert 'name="kind"' in page
    assert "帮助下一年写明填报要求" in page
    typed = {"action": "return", "version": str(section.version), "reason": REASON, "kind": "source"}
    assert client.post(f"/sections/{section.id}/act", data=typed).status_code == 303
    again = sections.visible(unit.head, section.id)
    assert again.state is SectionState.DRAFTING
    assert "退回 1 次（缺依据或佐证 1）" in get(client, unit, "leader", "/progress")
    assert "（缺依据或佐证）" in get(
        client, unit, "leader", f"/progress/cycles/{cycle_id}/timeline?section={section.id}"
    )
    book = load_workbook(io.BytesIO(client.get(f"/progress/cycles/{cycle_id}.xlsx").data))
    assert list(book["退回"].values) == [("科室", "退回原因", "次数"), ("办公室", "缺依据或佐证", 1)]
    client.post("/sign-out")
    assert "缺依据" not in get(client, unit, "sysadmin", "/progress")
    assert "退回" not in load_workbook(io.BytesIO(client.get(f"/progress/cycles/{cycle_id}.xlsx").data)).sheetnames


def test_a_kind_that_no_page_sends_is_not_sorted(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = bring(unit, section_with(cycle_id, "results").id, SectionState.SUBMITTED)
    get(client, unit, "head")
    typed = {"action": "return", "version": str(section.version), "reason": REASON, "kind": "<b>"}
    assert client.post(f"/sections/{section.id}/act", data=typed).status_code == 303
    assert counts_of(unit, cycle_id, "leader") == {"办公室": (("未分类", 1),)}
