"""The page of a report: reading it, deciding on it, following its making, taking its files away."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import approvals, jobs, looks, reports, sections
from perfapp.data.reports import ReportView
from perfapp.services import drafting, freezing
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from tests.conftest import Counting
from tests.making import (
    PASSWORD,
    AUnit,
    a_cycle,
    a_merged_report,
    a_sealed_report,
    a_unit,
    accept_all,
    an_issued_report,
    bring,
    report_act,
    run_jobs,
    section_with,
    write,
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
    assert re.search(rf"待会审</span> {unit.deputy.name}", page(client, report))


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
    assert "第一次看这份报告" in html
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


def test_merging_asks_for_the_date_and_is_seen_on_the_page_until_it_is_done(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = reports.current(cycle_id)
    sign_in(client, unit, "editor")
    assert "还没有采纳" in page(client, report)
    accept_all(unit, cycle_id)
    assert do(client, report, ReportAction.MERGE, dated_on="三月").status_code == 422
    assert do(client, report, ReportAction.MERGE, dated_on="2019-03-15").status_code == 303
    merged = reports.get(report.id)
    assert (merged.state, merged.dated_on) == (ReportState.MERGING, date(2019, 3, 15))
    html = page(client, report)
    job = re.search(r'data-job-url="(/jobs/\d+)" data-state="queued"', html)
    assert job is not None
    assert client.get(job[1]).get_json() == {
        "state": "queued",
        "progress": 0,
        "message": "正在排队",
        "attempt": 0,
        "result_url": None,
    }
    run_jobs()
    answer = client.get(job[1]).get_json()
    assert (answer["state"], answer["progress"], answer["result_url"]) == ("done", 100, f"/reports/{report.id}")
    assert "data-job-url" not in page(client, report)


def test_a_missing_glyph_is_named_and_mended(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = section_with(cycle_id, "basics")
    bring(unit, section.id, SectionState.ACCEPTED, f"职工姓名{NOBODYS}某。")
    report = a_merged_report(unit, cycle_id)
    sign_in(client, unit, "editor")
    html = page(client, report)
    assert not report.is_compiled
    assert re.search(r'data-state="failed"', html)
    assert "U+E000" in html
    assert client.post(f"/reports/{report.id}/retry").status_code == 303
    assert 'data-state="queued"' in page(client, report)
    run_jobs()
    assert 'data-state="failed"' in page(client, report)
    assert do(client, report, ReportAction.UNMERGE).status_code == 303
    section = sections.visible(unit.editor, section.id)
    section_acts.act(unit.editor, section.id, SectionAction.REOPEN, version=section.version, reason="换字")
    bring(unit, section.id, SectionState.ACCEPTED, "职工姓名甲某。")
    assert do(client, report, ReportAction.MERGE, dated_on="2019-03-15").status_code == 303
    run_jobs()
    assert reports.get(report.id).is_compiled


def test_twelve_clicks_make_one_job(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    accept_all(unit, cycle_id)
    report = reports.current(cycle_id)
    sign_in(client, unit, "editor")
    data = {**shown(page(client, report)), "action": "merge", "form": "merge", "dated_on": "2019-03-15"}
    answers = [client.post(f"/reports/{report.id}/act", data=data).status_code for _ in range(12)]
    assert answers == [303] + [409] * 11
    previews = {client.post(f"/reports/{report.id}/preview").location for _ in range(12)}
    assert len(previews) == 1
    for _ in range(12):
        client.post(f"/reports/{report.id}/retry")
    merged = reports.get(report.id)
    assert jobs.find(freezing.COMPILE, f"{report.id}:{merged.snapshot_sha256}") is not None
    assert run_jobs() == ["done", "done"]


def test_the_preview_is_a_draft_and_is_fetched_when_it_is_done(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = reports.current(cycle_id)
    sign_in(client, unit, "editor")
    assert client.post(f"/reports/{report.id}/preview").status_code == 422
    write(unit, section_with(cycle_id, "basics").id, "写到一半。")
    answer = client.post(f"/reports/{report.id}/preview")
    job = re.search(r"preview=(\d+)", answer.location)
    assert job is not None
    assert "data-job-url" in client.get(answer.location).get_data(as_text=True)
    assert client.get(f"/previews/{job[1]}.pdf").status_code == 404
    run_jobs()
    assert client.get(f"/jobs/{job[1]}").get_json()["result_url"] == f"/previews/{job[1]}.pdf"
    preview = client.get(f"/previews/{job[1]}.pdf")
    assert preview.mimetype == "application/pdf"
    assert preview.data.startswith(b"%PDF-")
    assert "打开预览" in client.get(answer.location).get_data(as_text=True)
    sign_in(client, unit, "keeper")
    assert client.get(f"/previews/{job[1]}.pdf").status_code == 404
    sign_in(client, a_unit(), "editor")
    assert client.get(f"/previews/{job[1]}.pdf").status_code == 404


def test_files_have_chinese_names_and_say_whether_they_are_sealed(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    sign_in(client, unit, "editor")
    assert client.get(f"/reports/{reports.current(cycle_id).id}/report.pdf").status_code == 404
    report = an_issued_report(unit, cycle_id)
    pdf, docx = client.get(f"/reports/{report.id}/report.pdf"), client.get(f"/reports/{report.id}/report.docx")
    assert hashlib.sha256(pdf.data).hexdigest() == report.pdf_sha256
    assert hashlib.sha256(docx.data).hexdigest() == report.docx_sha256
    name = unquote(pdf.headers["Content-Disposition"].split("filename*=UTF-8''")[1])
    assert name.startswith(unit.name)
    assert name.endswith("（未盖章）.pdf")
    report_acts.press(unit.leader, report.id, ReportAction.PRESS, version=report.version, password=PASSWORD)
    run_jobs()
    sealed = client.get(f"/reports/{report.id}/report.pdf")
    assert hashlib.sha256(sealed.data).hexdigest() == reports.get(report.id).sealed_sha256
    assert unquote(sealed.headers["Content-Disposition"]).endswith("（已盖章）.pdf")


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def test_the_evidence_bundle_is_complete_safe_and_repeatable(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    section = write(unit, section_with(cycle_id, "basics").id, "有据可查。")
    data = png()
    names = ["../../etc/派车单.png", "=cmd|' /C calc'!A0.png", "派车单.png", "con.png", "a\u202egnp.png"]
    for name in names:
        drafting.add_evidence(unit.writer, section.id, name, data, note="+1-1")
    sign_in(client, unit, "editor")
    report = reports.current(cycle_id)
    bundles = []
    for _ in range(2):
        with client.get(f"/reports/{report.id}/evidence.zip") as answer:
            bundles.append(answer.data)
    assert bundles[0] == bundles[1]
    with zipfile.ZipFile(io.BytesIO(bundles[0])) as package:
        paths = package.namelist()
        files = [path for path in paths if "/" in path]
        assert len(set(files)) == len(names)
        for path in files:
            assert path.startswith("01 一、预算单位基本情况/0")
            assert path.count("/") == 1
            assert ".." not in path.split("/")
            assert package.read(path) == data
        manifest = json.loads(package.read("manifest.json"))
        assert [item["sha256"] for item in manifest["files"]] == [hashlib.sha256(data).hexdigest()] * len(names)
        assert {item["added_by"] for item in manifest["files"]} == {unit.writer.name}
        listed = package.read("清单.csv")
    assert listed.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(names)
    assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_delivery_is_recorded_with_its_receipt(client: FlaskClient) -> None:
    unit = a_unit()
    report = a_sealed_report(unit, a_cycle(unit))
    sign_in(client, unit, "finance")
    sent = {**shown(page(client, report)), "delivered_on": "2019-03-20", "receipt": "收〔2019〕8号"}
    url = f"/reports/{report.id}/deliver"
    answer = client.post(url, data=sent | {"recipient": " "})
    assert answer.status_code == 422
    assert "收〔2019〕8号" in answer.get_data(as_text=True)
    lie = {"recipient": "区财政局", "receipt_file": (io.BytesIO(b"MZ not a picture"), "回执.png")}
    assert client.post(url, data=sent | lie).status_code == 422
    true = {"recipient": "区财政局", "receipt_file": (io.BytesIO(png()), "回执.png")}
    assert client.post(url, data=sent | true).status_code == 303
    assert reports.get(report.id).state is ReportState.DELIVERED
    html = page(client, report)
    assert "区财政局" in html
    assert "2019年3月20日" in html
    assert client.get(f"/reports/{report.id}/receipt").data == png()


def test_void_and_its_successor_are_linked_both_ways(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = a_sealed_report(unit, cycle_id)
    sign_in(client, unit, "leader")
    assert "不能恢复为有效" in page(client, report)
    answer = do(client, report, ReportAction.VOID, reason=" ", form="void")
    assert answer.status_code == 422
    assert do(client, report, ReportAction.VOID, reason="支出数有误", form="void").status_code == 303
    sign_in(client, unit, "editor")
    html = page(client, report)
    assert "支出数有误" in html
    sent = shown(html)
    assert client.post(f"/reports/{report.id}/reissue", data=sent | {"reason": ""}).status_code == 422
    answer = client.post(f"/reports/{report.id}/reissue", data=sent | {"reason": "更正支出数"})
    successor = reports.current(cycle_id)
    assert answer.location == f"/reports/{successor.id}"
    assert f'href="/reports/{successor.id}"' in page(client, report)
    assert f'href="/reports/{report.id}"' in page(client, successor)
    assert unquote(client.get(f"/reports/{report.id}/report.pdf").headers["Content-Disposition"]).endswith(
        "（已作废）.pdf"
    )


def test_the_page_costs_the_same_however_long_the_report_is(client: FlaskClient, queries: Counting) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    report = awaiting_issue(unit, cycle_id)
    sign_in(client, unit, "leader")
    page(client, report)
    with queries() as seen:
        page(client, report)
    assert len(seen) <= 60, f"{len(seen)} queries"
