"""The checks over a live report: what blocks, how it is explained, who accepts, and what travels with the report."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from perfapp.core.checking.findings import Severity
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import cycles, explanations, notices, reports, sections
from perfapp.data.session import transaction
from perfapp.services import facts, findings, freezing
from perfapp.services import sections as section_acts
from perfapp.services.findings import Judged
from tests.integration.figures.browsing import page, sign_in
from tests.integration.figures.story import figure, save, sentence
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_dispute,
    a_unit,
    a_value,
    accept_all,
    report_act,
    run_jobs,
    section_with,
    write,
)

pytestmark = pytest.mark.usefixtures("rolled_back")
WRONG = "年度总支出2,560.21万元，其中基本支出2,434.62万元，项目支出225.59万元。"
RIGHT = "年度总支出2,560.21万元，其中基本支出2,434.62万元，项目支出125.59万元。"


def the_error(unit: AUnit, section_id: int) -> Judged:
    """The one blocking finding of the section."""
    judged = findings.of_section(unit.editor, section_id).judged
    (found,) = [one for one in judged if one.finding.severity is Severity.ERROR]
    return found


def a_wrong_section(unit: AUnit) -> tuple[int, int]:
    cycle_id = a_cycle(unit)
    section_id = section_with(cycle_id, "disclosure").id
    write(unit, section_id, WRONG)
    return cycle_id, section_id


def submit(unit: AUnit, section_id: int) -> None:
    version = sections.visible(unit.editor, section_id).version
    section_acts.act(unit.money_writer, section_id, SectionAction.SUBMIT, version=version)


def test_a_wrong_sum_stops_the_submission_until_it_is_mended() -> None:
    unit = a_unit()
    _, section_id = a_wrong_section(unit)
    with pytest.raises(Invalid, match=r"2,660\.21"):
        submit(unit, section_id)
    assert sections.visible(unit.editor, section_id).state is SectionState.DRAFTING
    write(unit, section_id, RIGHT)
    submit(unit, section_id)


def test_an_accepted_explanation_lets_it_pass_and_travels_with_the_report() -> None:
    unit = a_unit()
    cycle_id, section_id = a_wrong_section(unit)
    found = the_error(unit, section_id)
    findings.explain(unit.money_writer, cycle_id, found.finding.fingerprint, "项目支出含上年结转100万元。")
    with pytest.raises(Invalid):
        submit(unit, section_id)  # said, not yet accepted
    said = the_error(unit, section_id).explanation
    assert said is not None
    findings.answer(unit.finance, said.id, accept=True)
    submit(unit, section_id)
    for actor, action in (
        (unit.money_head, SectionAction.ENDORSE),
        (unit.finance, SectionAction.CHECK),
        (unit.editor, SectionAction.ACCEPT),
    ):
        version = sections.visible(unit.editor, section_id).version
        section_acts.act(actor, section_id, action, version=version)
    accept_all(unit, cycle_id)
    report = report_act(unit.editor, cycle_id, ReportAction.MERGE)
    (mark,) = freezing.load(report.snapshot_blob or "").explanations
    assert (mark.explanation, mark.accepted_by) == ("项目支出含上年结转100万元。", unit.finance.name)


def test_an_explanation_belongs_to_its_numbers() -> None:
    """Explained for one pair of numbers, not for the next."""
    unit = a_unit()
    cycle_id, section_id = a_wrong_section(unit)
    findings.explain(unit.money_writer, cycle_id, the_error(unit, section_id).finding.fingerprint, "含上年结转。")
    write(unit, section_id, WRONG.replace("225.59", "325.59"))
    assert the_error(unit, section_id).explanation is None
    write(unit, section_id, "本年无支出。", WRONG)
    assert the_error(unit, section_id).explanation is not None, "it has only moved"


def test_who_may_explain_and_who_may_accept() -> None:
    unit = a_unit()
    cycle_id, section_id = a_wrong_section(unit)
    fingerprint = the_error(unit, section_id).finding.fingerprint
    with pytest.raises(Forbidden, match="经办人"):
        findings.explain(unit.writer, cycle_id, fingerprint, "别的科室不能说明。")
    with pytest.raises(Invalid):
        findings.explain(unit.money_writer, cycle_id, fingerprint, "短")
    with pytest.raises(Conflict):
        findings.explain(unit.money_writer, cycle_id, "0" * 16, "没有这个问题。")
    findings.explain(unit.money_writer, cycle_id, fingerprint, "项目支出含上年结转。")
    said = explanations.of_cycle(cycle_id)[fingerprint]
    with pytest.raises(Forbidden):
        findings.answer(unit.leader, said.id, accept=True)
    with pytest.raises(Invalid, match="为什么"):
        findings.answer(unit.finance, said.id, accept=False)
    assert "请您认可" in notices.of_person(unit.finance.id)[0].subject
    findings.answer(unit.finance, said.id, accept=False, reason="结转多少没有写清。")
    assert "没有得到认可" in notices.of_person(unit.money_writer.id)[0].subject
    with pytest.raises(Conflict):
        findings.answer(unit.finance, said.id, accept=True)
    assert the_error(unit, section_id).blocks
    stranger = a_unit()
    with pytest.raises(Exception, match="没有找到"):
        findings.answer(stranger.finance, said.id, accept=True)


def test_a_finding_quotes_no_text_that_is_another_offices(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    own, other = section_with(cycle_id, "basics"), section_with(cycle_id, "disclosure")
    assert own.owner_office_id != other.owner_office_id
    write(unit, other.id, "2018年度总支出2,560.21万元，其中基本支出2,434.62万元，项目支出125.59万元。")
    write(unit, own.id, "2018年度总支出2,560.21万元，其中基本支出2,134.62万元，项目支出425.59万元。")
    client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    told = str(client.get(f"/sections/{own.id}/live.json").json)
    assert "2,134.62" in told
    assert other.heading in told
    assert "2,434.62" not in told
    known = findings.of_section(unit.editor, own.id).judged
    assert any("2,434.62" in one.finding.message for one in known)
    assert {one.finding.fingerprint for one in known} == {
        one.finding.fingerprint for one in findings.of_section(unit.writer, own.id).judged
    }


def test_sending_and_sealing_look_again() -> None:
    """An acceptance that is gone by then stops the report, whatever its sections have passed."""
    unit = a_unit()
    cycle_id, section_id = a_wrong_section(unit)
    fingerprint = the_error(unit, section_id).finding.fingerprint
    findings.explain(unit.money_writer, cycle_id, fingerprint, "项目支出含上年结转100万元。")
    said = explanations.of_cycle(cycle_id)[fingerprint]
    findings.answer(unit.finance, said.id, accept=True)
    submit(unit, section_id)
    for actor, action in (
        (unit.money_head, SectionAction.ENDORSE),
        (unit.finance, SectionAction.CHECK),
        (unit.editor, SectionAction.ACCEPT),
    ):
        version = sections.visible(unit.editor, section_id).version
        section_acts.act(actor, section_id, action, version=version)
    accept_all(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.MERGE)
    run_jobs()
    with transaction():
        explanations.answer(said.id, unit.finance.id, accept=False, reason="认可错了。")
    with pytest.raises(Invalid, match=r"2,660\.21"):
        report_act(unit.editor, cycle_id, ReportAction.SEND)


def test_the_page_shows_a_writer_only_what_he_may_read(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id, _ = a_wrong_section(unit)
    for role, sees in (("writer", False), ("money_writer", True), ("finance", True), ("leader", True)):
        client.post("/sign-in", data={"login": unit.logins[role], "password": PASSWORD})
        page = client.get(f"/cycles/{cycle_id}/checkup").get_data(as_text=True)
        assert ("225.59" in page) is sees, role
        client.post("/sign-out")


def test_the_export_says_what_the_page_says(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id, _ = a_wrong_section(unit)
    client.post("/sign-in", data={"login": unit.logins["money_writer"], "password": PASSWORD})
    book = load_workbook(BytesIO(client.get(f"/cycles/{cycle_id}/checkup.xlsx").data))
    rows = [[cell.value for cell in row] for row in book["问题"].iter_rows(min_row=2)]
    assert ["阻断", "2560.21", "2660.21"] in [[row[0], row[2], row[3]] for row in rows]
    client.post("/sign-out")
    client.post("/sign-in", data={"login": unit.logins["writer"], "password": PASSWORD})
    book = load_workbook(BytesIO(client.get(f"/cycles/{cycle_id}/checkup.xlsx").data))
    assert "225.59" not in str([[cell.value for cell in row] for row in book["问题"].iter_rows()])


def contradictions(cycle_id: int) -> list[str]:
    done = findings.of_cycle(cycles.get(cycle_id), with_scores=True)
    return [one.finding.message for one in done.judged if one.finding.code == "K5"]


def test_facts_that_contradict_each_other_are_listed() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    for key, typed in (("total-spending", "2560.21"), ("basic-spending", "2434.62"), ("project-spending", "125.59")):
        a_value(unit, cycle_id, key, typed)
    assert contradictions(cycle_id) == []
    a_value(unit, cycle_id, "total-spending", "2600")
    (message,) = contradictions(cycle_id)
    assert "2,600.00万元" in message
    assert "2,560.21万元" in message
    for key, typed in (("opening-budget", "2500"), ("budget-added", "0"), ("carry-over-in", "0")):
        a_value(unit, cycle_id, key, typed)
    assert any("预算执行率”104.00%" in message for message in contradictions(cycle_id))


def test_what_rests_on_an_unconfirmed_number_is_told_beside_the_text_and_before_approval(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section_id = section_with(cycle_id, "disclosure").id
    save(unit, section_id, sentence("总支出", figure("total-spending"), "。"))
    value = a_value(unit, cycle_id, "total-spending", "2560.21")
    (judged,) = [one for one in findings.of_section(unit.money_head, section_id).judged if one.finding.code == "K4"]
    assert judged.finding.severity is Severity.NOTE
    assert "财务" in judged.finding.suggestion
    sign_in(client, unit, "editor")
    assert "尚未确认的数据：“总支出”2,560.21万元" in page(client, f"/cycles/{cycle_id}/checkup")
    facts.confirm(unit.finance, value.id)
    assert "尚未确认的数据：“总支出”" not in page(client, f"/cycles/{cycle_id}/checkup")


def test_an_open_dispute_stands_on_the_pre_flight_page(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    a_dispute(unit, a_value(unit, cycle_id, "total-spending", "2560.21"), "2600")
    sign_in(client, unit, "editor")
    for address in (f"/cycles/{cycle_id}/checkup", f"/reports/{reports.current(cycle_id).id}"):
        html = page(client, address)
        assert f"/cycles/{cycle_id}/facts/total-spending#disputes" in html
        assert "由财务裁定" in html


def test_an_explanation_is_a_task_of_finance_until_it_is_answered(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id, section_id = a_wrong_section(unit)
    findings.explain(unit.money_writer, cycle_id, the_error(unit, section_id).finding.fingerprint, "含上年结转。")
    assert "1 条体检说明待认可" in page(sign_in(client, unit, "finance"), "/")
    assert "待认可" not in page(sign_in(client, unit, "money_writer"), "/")
    write(unit, section_id, RIGHT)
    assert "待认可" not in page(sign_in(client, unit, "finance"), "/"), "the finding is gone"
