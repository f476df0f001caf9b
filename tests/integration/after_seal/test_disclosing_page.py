"""The page of a disclosure says when preparing may be for nothing, when it is too late, and drops no reason."""

import pytest
from flask.testing import FlaskClient

from perfapp.core.annexes.cells import cell, table
from perfapp.core.document import Document, dump
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import disclosures, sections
from perfapp.services import disclosing, drafting
from perfapp.services import sections as section_acts
from tests.integration.after_seal.making import a_bureau, a_delivery, judge
from tests.integration.report_pages.reading import sign_in
from tests.making import AUnit, a_cycle, a_unit, bring, section_with

pytestmark = pytest.mark.usefixtures("rolled_back")
REVIEWING, FROZEN, SAVE = "财政部门还在审核", "公开方案不能再改", "保存公开方案"


def test_preparing_while_the_bureau_reviews_is_warned_of_and_stops_with_its_return(client: FlaskClient) -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    sign_in(client, unit, "editor")
    assert REVIEWING in client.get(f"/reports/{delivery.report_id}").text
    view = disclosing.begin(unit.editor, delivery.report_id)
    page = f"/disclosures/{view.id}"
    html = client.get(page).text
    assert REVIEWING in html
    assert SAVE in html

    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "send_back", reason="支出数有误", headings=["basics"])
    html = client.get(page).text
    assert FROZEN in html
    assert REVIEWING not in html
    assert SAVE not in html
    refused = client.post(f"{page}/plan", data={"version": view.version})
    assert refused.status_code == 422
    assert "不能公开" in refused.text
    assert disclosures.get(unit.id, view.id).version == view.version


def test_a_passed_report_is_not_warned_of(client: FlaskClient) -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    delivery = a_delivery(unit, bureau, a_cycle(unit))
    judge(bureau, delivery, "receive")
    judge(bureau, delivery, "accept", opinion="审核通过。")
    view = disclosing.begin(unit.editor, delivery.report_id)
    sign_in(client, unit, "editor")
    assert REVIEWING not in client.get(f"/disclosures/{view.id}").text


def test_a_reason_for_what_stays_as_it_was_is_asked_about_and_given_back(client: FlaskClient) -> None:
    unit = a_unit()
    bureau = a_bureau(unit)
    cycle_id = a_cycle(unit)
    _with_a_table(unit, section_with(cycle_id, "basics").id)
    view = disclosing.begin(unit.editor, a_delivery(unit, bureau, cycle_id).report_id)
    found = disclosing.read(unit.editor, view.id)
    (personal,) = found.findings
    item = next(one for one in found.items if not one.is_evidence)
    sign_in(client, unit, "editor")
    page, opened = f"/disclosures/{view.id}/plan", [one.key for one in found.items]
    data = {"version": view.version, "open": opened, f"reason-{item.key}": "涉及内部事项"}
    refused = client.post(page, data=data)
    assert refused.status_code == 422
    assert "却还勾着公开" in refused.text
    assert 'value="涉及内部事项"' in refused.text
    data = {"version": view.version, "open": opened, f"why-{personal.mark}": "对外服务电话"}
    refused = client.post(page, data=data)
    assert refused.status_code == 422
    assert "却没有选“可以公开”" in refused.text
    assert 'value="对外服务电话"' in refused.text
    assert disclosures.get(unit.id, view.id).version == view.version


def _with_a_table(unit: AUnit, section_id: int) -> None:
    """A telephone number, and a table that can be withheld, through to acceptance."""
    bring(unit, section_id, SectionState.DRAFTING, "联系人手机13800138000。")
    text = sections.content(section_id).document
    fresh = Document(content=(*text.content, table([[cell("科室")], [cell("办公室")]])))
    drafting.save(unit.writer, section_id, version=sections.get(section_id).version, raw=dump(fresh))
    for actor, action in ((unit.writer, "submit"), (unit.head, "endorse"), (unit.editor, "accept")):
        section_acts.act(actor, section_id, SectionAction(action), version=sections.get(section_id).version)
