"""Reading a report's page as somebody, and deciding on it."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from perfapp.core.report_flow import ReportAction
from perfapp.data.reports import ReportView
from tests.making import (
    PASSWORD,
    AUnit,
    a_merged_report,
    report_act,
)

NOBODYS = "\ue000"  # a private-use character that no font has


def sign_in(client: FlaskClient, unit: AUnit, role: str) -> None:
    client.post("/sign-out")
    answer = client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
    assert answer.status_code == 303


def page(client: FlaskClient, report: ReportView) -> str:
    answer = client.get(f"/reports/{report.id}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def shown(html: str) -> dict[str, str]:
    """The version and digest that the forms of this page carry."""
    version, seen = re.search(r'name="version" value="(\d+)"', html), re.search(r'name="seen" value="(\w*)"', html)
    assert version is not None
    assert seen is not None
    return {"version": version[1], "seen": seen[1]}


def do(client: FlaskClient, report: ReportView, action: ReportAction, **more: str) -> TestResponse:
    """Open the page and press the button, as a person does."""
    data = {**shown(page(client, report)), "action": action.value, "form": "approve", **more}
    return client.post(f"/reports/{report.id}/act", data=data)


def in_review(unit: AUnit, cycle_id: int) -> ReportView:
    a_merged_report(unit, cycle_id)
    return report_act(unit.editor, cycle_id, ReportAction.SEND)


def awaiting_issue(unit: AUnit, cycle_id: int) -> ReportView:
    in_review(unit, cycle_id)
    return report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
