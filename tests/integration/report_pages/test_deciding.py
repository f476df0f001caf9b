"""Reading a report and deciding on it."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.section_flow import SectionState
from perfapp.data import approvals, jobs, looks, reports
from perfapp.data.reports import ReportView
from perfapp.services import freezing, looking
from perfapp.services import reports as report_acts
from tests.integration.remarks.making import remark
from tests.integration.report_pages.reading import awaiting_issue, do, in_review, page, shown, sign_in
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_merged_report,
    a_unit,
    bring,
    report_act,
    run_jobs,
    section_with,
    write,
)


def test_the_list_shows_the_newest_first_and_says_when_there_is_nothing(client: FlaskClient) -> None:
    unit = a_unit()
    sign_in(client, unit, "editor")
    assert "还没有可以阅读的报告" in client.get("/reports").get_data(as_text=True)
    a_cycle(unit, 2017)
    a_cycle(unit, 2018)
    html = client.get("/reports").get_data(as_text=True)
    assert html.index("2018年度 · 第1版") < html.index("2017年度 · 第1版")


def test_the_leader_reads_and_issues_on_one_page_and_lands_on_the_seal(client: FlaskClient) -> None:
    unit = a_unit()
    report = awaiting_issue(unit, a_cycle(unit))
    sign_in(client, unit, "leader")
    html = page(client, report)
    assert "请您签发" in html
    assert "一、预算单位基本情况" in html
    assert 'id="section-basics"' in html
    answer = do(client, report, ReportAction.ISSUE, reason="数据扎实，同意。")
    assert (answer.status_code, answer.location) == (303, f"/reports/{report.id}/seal")
    decided = approvals.of_report(report.id)[-1]
    assert (decided.person_id, decided.action, decided.comment) == (unit.leader.id, "issue", "数据扎实，同意。")
    assert "数据扎实，同意。" in page(client, report)


@pytest.mark.parametrize(
    ("role", "step", "bring_there"),
    [("editor", "送审", a_merged_report), ("deputy", "会审同意", in_review), ("leader", "同意并签发", awaiting_issue)],
)
def test_what_is_still_open_is_said_before_each_step_and_bars_none(
    client: FlaskClient, role: str, step: str, bring_there: Callable[[AUnit, int], ReportView]
) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    bring(unit, section.id, SectionState.ACCEPTED, "本单位编制20人。")
    report = bring_there(unit, cycle_id)
    sign_in(client, unit, role)
    questions = re.search(r"(\d+) 项问题没有改正", page(client, report))
    assert questions is not None
    assert "条批注还没有处理" not in page(client, report)
    remark(unit.editor, section.id, "编制20人", "请核对编制数。")
    html = page(client, report)
    assert f"还有没有了结的事，{step}以前请看一看" in html
    assert f'data-confirm="还有 1 条批注没有处理、{questions[1]} 项问题没有说明。确定不等办完就{step}吗？"' in html


@pytest.mark.parametrize("forged", [{"version": "1"}, {"seen": "0" * 64}, {"version": "x"}, {"seen": ""}])
def test_what_was_not_seen_is_not_approved(client: FlaskClient, forged: dict[str, str]) -> None:
    unit = a_unit()
    report = awaiting_issue(unit, a_cycle(unit))
    sign_in(client, unit, "leader")
    answer = do(client, report, ReportAction.ISSUE, reason="写好的意见", **forged)
    assert answer.status_code == 409
    assert "写好的意见" in answer.get_data(as_text=True)
    assert reports.get(report.id).state is ReportState.AWAITING_ISSUE


def test_the_same_page_cannot_approve_what_was_merged_again(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = awaiting_issue(unit, cycle_id)
    sign_in(client, unit, "leader")
    old = shown(page(client, report))
    named = section_with(cycle_id, "basics")
    report_acts.send_back(
        unit.leader, report.id, version=report.version, reason="改", section_ids=[named.id], direct=True
    )
    bring(unit, named.id, SectionState.ACCEPTED, "改过的。")
    a_merged_report(unit, cycle_id)
    present = report_act(unit.editor, cycle_id, ReportAction.SEND)
    data = {"action": "issue", "form": "approve", "version": str(present.version), "seen": old["seen"]}
    assert client.post(f"/reports/{report.id}/act", data=data).status_code == 409


def test_buttons_are_those_that_work(client: FlaskClient) -> None:
    unit = a_unit()
    report = in_review(unit, a_cycle(unit))
    expected = {
        "deputy": ("会审同意", "退回修改"),
        "editor": ("撤回送审",),
        "leader": (),
        "finance": (),
        "keeper": (),
    }
    every = {label for labels in expected.values() for label in labels}
    for role, labels in expected.items():
        sign_in(client, unit, role)
        html = page(client, report)
        buttons = set(re.findall(r"<button[^>]*>(?:<svg.*?</svg>)?([^<]+)", html, re.DOTALL))
        assert every & buttons == set(labels), role


def test_a_joint_review_says_who_has_agreed_and_who_is_awaited(client: FlaskClient) -> None:
    unit = a_unit()
    report = in_review(unit, a_cycle(unit))
    sign_in(client, unit, "editor")
    assert re.search(rf"待办理</span> {unit.deputy.name}", page(client, report))


def test_others_find_nothing(client: FlaskClient) -> None:
    unit, other = a_unit(), a_unit()
    report = a_merged_report(unit, a_cycle(unit))
    job = jobs.find(freezing.COMPILE, f"{report.id}:{report.snapshot_sha256}")
    assert job is not None
    paths = ("", "/report.docx", "/report.pdf", "/evidence.zip", "/receipt")
    for role in ("editor", "leader", "auditor", "writer"):
        sign_in(client, other, role)
        for path in paths:
            answer = client.get(f"/reports/{report.id}{path}")
            assert answer.status_code in ({404} if role in {"editor", "leader"} else {403, 404}), (role, path)
        assert client.get(f"/jobs/{job.id}").status_code == 404
    for role in ("sysadmin", "secadmin"):
        sign_in(client, unit, role)
        assert client.get("/reports").status_code == 403
        for path in paths:
            assert client.get(f"/reports/{report.id}{path}").status_code in {403, 404}
        assert client.get(f"/jobs/{job.id}").status_code in {403, 404}
    sign_in(client, other, "leader")
    data = {"action": "issue", "version": str(report.version), "seen": report.snapshot_sha256 or ""}
    assert client.post(f"/reports/{report.id}/act", data=data).status_code == 404


def test_those_who_read_only_what_is_sealed_see_only_that(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_merged_report(unit, cycle_id)
    for role in ("auditor", "writer", "head"):
        sign_in(client, unit, role)
        assert client.get(f"/reports/{report.id}").status_code == 404
        assert "还没有可以阅读的报告" in client.get("/reports").get_data(as_text=True)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    report_act(unit.deputy, cycle_id, ReportAction.ENDORSE)
    issued = report_act(unit.leader, cycle_id, ReportAction.ISSUE)
    report_acts.press(unit.leader, issued.id, ReportAction.PRESS, version=issued.version, password=PASSWORD)
    run_jobs()
    sign_in(client, unit, "auditor")
    assert "一、预算单位基本情况" in page(client, report)
    assert client.get(f"/reports/{report.id}/report.pdf").status_code == 200
    assert client.get(f"/reports/{report.id}/evidence.zip").status_code == 403


def test_the_keeper_does_not_read_drafts(client: FlaskClient) -> None:
    unit = a_unit(SealPolicy.KEEPER)
    cycle_id = a_cycle(unit)
    write(unit, section_with(cycle_id, "basics").id, "还没定稿的话。")
    sign_in(client, unit, "keeper")
    assert "还没定稿的话" not in page(client, reports.current(cycle_id))
    sign_in(client, unit, "leader")
    assert "还没定稿的话" in page(client, reports.current(cycle_id))


def test_since_the_last_look_numbers_come_first(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    bring(unit, section.id, SectionState.ACCEPTED, "全年派车2,160趟，支出2,560.21万元。", "其余没有变。")
    report = in_review(unit, cycle_id)
    sign_in(client, unit, "deputy")
    html = page(client, report)
    assert "还没有看过这份报告的文字" in html
    beacon = re.search(r'data-seen-url="([^"]+)"', html)
    assert beacon is not None
    assert looks.last(unit.deputy.id, cycle_id) is None, "a GET writes nothing"
    assert client.post(beacon[1].replace("&amp;", "&")).status_code == 204
    assert "没有变化" in page(client, report)
    report_acts.send_back(
        unit.deputy, report.id, version=report.version, reason="核对趟次", section_ids=[section.id], direct=False
    )
    bring(unit, section.id, SectionState.ACCEPTED, "全年派车2,592趟，支出2,560.21万元。", "其余没有变。")
    a_merged_report(unit, cycle_id)
    report = report_act(unit.editor, cycle_id, ReportAction.SEND)
    html = page(client, report)
    moved = html[html.index('class="moved"') : html.index("</ul>", html.index('class="moved"'))]
    assert re.search(r"<del>.*2,160趟</del>.*<ins>.*2,592趟</ins>", moved, re.DOTALL)
    assert "2,560.21" not in moved
    assert "1 段没有变化" in html
    answer = client.post(f"/reports/{report.id}/seen?content={'0' * 64}")
    assert answer.status_code == 409, "what was not on the page was not seen"


def test_deciding_is_looking(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = in_review(unit, cycle_id)
    sign_in(client, unit, "deputy")
    do(client, report, ReportAction.ENDORSE)
    look = looks.last(unit.deputy.id, cycle_id)
    assert look is not None
    assert look.seen[section_with(cycle_id, "basics").id] == section_with(cycle_id, "basics").content_sha256


def test_the_form_of_return_marks_what_the_reader_remarked_on_and_what_changed(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = in_review(unit, cycle_id)
    sign_in(client, unit, "deputy")
    remarked, changed = section_with(cycle_id, "basics"), section_with(cycle_id, "issues")
    looking.look(unit.deputy, report.id, looking.shown_sha256(report))
    remark(unit.deputy, remarked.id, "", words="请再核对。")
    remark(unit.editor, changed.id, "", words="统稿人的话，不是他的。")
    html = page(client, report)
    offered = html[html.index("退回哪几节") :]
    assert offered.count("您的批注 1 条待处理") == 1
    assert offered.index(remarked.heading) < offered.index("您的批注 1 条待处理")
    assert "您上次看过以后有改动" not in offered
    report_acts.send_back(
        unit.deputy, report.id, version=report.version, reason="核对", section_ids=[changed.id], direct=False
    )
    bring(unit, changed.id, SectionState.ACCEPTED, "改过的文字。")
    a_merged_report(unit, cycle_id)
    html = page(client, report_act(unit.editor, cycle_id, ReportAction.SEND))
    offered = html[html.index("退回哪几节") :]
    assert offered.count("您上次看过以后有改动") == 1


def test_a_refused_return_keeps_every_word_and_tick(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = in_review(unit, cycle_id)
    sign_in(client, unit, "deputy")
    named = section_with(cycle_id, "basics")
    sent = {**shown(page(client, report)), "form": "send-back", "way": "direct"}
    answer = client.post(f"/reports/{report.id}/send-back", data={**sent, "reason": "人数与编制数不符"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请至少选一节退回" in html
    assert "人数与编制数不符" in html
    assert re.search(r'value="direct" checked', html)
    answer = client.post(f"/reports/{report.id}/send-back", data={**sent, "reason": " ", "section": str(named.id)})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'name="section" value="{named.id}" checked', html)
    answer = client.post(
        f"/reports/{report.id}/send-back", data={**sent, "reason": "人数不符", "section": str(named.id)}
    )
    assert answer.status_code == 303
    returned = reports.get(report.id)
    assert (returned.state, returned.direct_to) == (ReportState.DRAFTING, ReportState.REVIEWING)
    assert section_with(cycle_id, "basics").state is SectionState.DRAFTING
    html = page(client, report)
    assert "人数不符" in html
    assert "改好后直达" in html
