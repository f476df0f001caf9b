"""Reading the board as somebody."""

from datetime import timedelta

from flask.testing import FlaskClient

from perfapp import clock
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import cycles as cycle_table
from perfapp.data.session import transaction
from perfapp.services import sections as section_acts
from tests.making import (
    PASSWORD,
    AUnit,
    bring,
    section_with,
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
