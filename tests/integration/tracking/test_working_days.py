"""Wherever a page says how many days are left or late, it counts working days of the Chinese calendar."""

from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.report_flow import ReportAction
from perfapp.data import cycles
from perfapp.data.session import transaction
from perfapp.services import tracking
from tests.integration.tracking.reading import get
from tests.making import AUnit, a_cycle, a_merged_report, a_unit, report_act, section_with

BEFORE_MAY = datetime(2019, 4, 30, 2, tzinfo=UTC)  # Tuesday; off until Saturday, and Sunday the fifth is worked
A_SATURDAY = datetime(2019, 5, 11, 2, tzinfo=UTC)
DUE = {"draft": date(2019, 5, 6), "merge": date(2019, 5, 10), "joint": date(2019, 5, 10), "deliver": date(2019, 5, 13)}


@pytest.fixture
def before_may(monkeypatch: pytest.MonkeyPatch) -> None:
    stop(monkeypatch, BEFORE_MAY)


def stop(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Requests share no context with the test, so that it is the clock itself that is stopped."""
    monkeypatch.setattr(clock, "now", lambda: moment)


def dated(unit: AUnit) -> int:
    cycle_id = a_cycle(unit)
    with transaction():
        cycles.set_dates(cycle_id, DUE)
    return cycle_id


@pytest.mark.usefixtures("before_may")
@pytest.mark.parametrize("path", ["/", "/progress", "/sections/{section_id}"])
def test_over_a_holiday_the_days_left_are_working_days(client: FlaskClient, path: str) -> None:
    unit = a_unit()
    cycle_id = dated(unit)
    page = get(client, unit, "writer", path.format(section_id=section_with(cycle_id, "results").id))
    assert "还有 2 个工作日" in page  # six days of the calendar
    assert "还有 6 天" not in page


@pytest.mark.usefixtures("before_may")
def test_on_a_free_day_what_is_late_is_late_though_no_working_day_is_missed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = a_unit()
    cycle_id = dated(unit)
    with transaction():
        cycles.set_dates(cycle_id, {"draft": date(2019, 5, 10)})
    stop(monkeypatch, A_SATURDAY)
    page, board = get(client, unit, "writer"), tracking.board(unit.leader, cycle_id)
    assert "已过期，尚未满 1 个工作日" in page
    assert board is not None
    assert board.late == len(board.sections)


@pytest.mark.usefixtures("before_may")
def test_the_report_says_its_own_term_in_working_days(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = dated(unit)
    a_merged_report(unit, cycle_id)
    report = report_act(unit.editor, cycle_id, ReportAction.SEND)
    assert "5月10日前，还有 6 个工作日" in get(client, unit, "deputy", f"/reports/{report.id}")
    assert "报送截止 5月13日，还有 7 个工作日" in get(client, unit, "deputy", "/")
