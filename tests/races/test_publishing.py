"""Publishing while the edition is taken away underneath, with real commits: never public without saying so."""

from collections.abc import Callable

import pytest
from flask import Flask

from perfapp.core.disclosing.flow import DisclosureAction, DisclosureState
from perfapp.core.errors import Invalid
from perfapp.core.report_flow import ReportAction
from perfapp.data import deliveries, disclosures, reports
from perfapp.data.deliveries import DeliveryView
from perfapp.data.disclosures import DisclosureView
from perfapp.services import delivering, disclosing, publications
from perfapp.services import reports as report_acts
from tests.integration.after_seal.making import CLEARED, ABureau, a_bureau, a_delivery, judge, step
from tests.making import AUnit, a_cycle, a_unit
from tests.races.test_races import together

A = DisclosureAction
SAID = {"voided": "已作废", "returned": "已退回，新版编制中"}
Taking = Callable[[AUnit, ABureau, DisclosureView], str]


def bureau_returns(unit: AUnit, bureau: ABureau, view: DisclosureView) -> str:
    report = reports.get(view.report_id)
    delivery_id = delivery_of(view).id
    delivering.send_back(bureau.reviewer, delivery_id, version=report.version, reason="请改。", headings=["basics"])
    return "returned"


def unit_voids(unit: AUnit, bureau: ABureau, view: DisclosureView) -> str:
    report = reports.get(view.report_id)
    report_acts.act(unit.leader, report.id, ReportAction.VOID, version=report.version, reason="支出数有误")
    return "voided"


def delivery_of(view: DisclosureView) -> DeliveryView:
    found = deliveries.of_report(view.report_id)
    assert found is not None
    return found


@pytest.mark.parametrize("take_away", [bureau_returns, unit_voids])
def test_an_edition_is_not_published_as_valid_while_it_is_taken_away(committed: Flask, take_away: Taking) -> None:
    """Either the publication comes first and the page says what happened since, or it is refused. Several rounds."""
    unit = a_unit()
    bureau = a_bureau(unit)
    seen = set()
    for year in (2018, 2017, 2016):  # a return is a promise, and stands against the reports of later years
        delivery = a_delivery(unit, bureau, a_cycle(unit, year))
        judge(bureau, delivery, "receive")
        view = disclosing.begin(unit.editor, delivery.report_id)
        step(unit, view, "editor", A.SUBMIT)
        step(unit, view, "deputy", A.CLEAR, CLEARED)
        step(unit, view, "leader", A.APPROVE)

        def either(number: int, view: DisclosureView = view) -> str:
            if number:
                return take_away(unit, bureau, view)
            try:
                return step(unit, view, "editor", A.PUBLISH).state
            except Invalid:
                return "refused"

        ends = together(committed, either, crowd=2)
        after = disclosures.get(unit.id, view.id)
        taken = next((how for how in SAID if ends[how]), "")
        assert taken, "taking an edition away does not ask whether it is being published"
        assert (after.state is DisclosureState.PUBLISHED) == bool(ends["published"])
        if after.is_public:
            assert publications.get(after.index_number).validity == SAID[taken]
        seen.add(after.state)
    assert seen <= {DisclosureState.PUBLISHED, DisclosureState.APPROVED}
