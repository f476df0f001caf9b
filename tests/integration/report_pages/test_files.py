"""Following the making of a report's files, and taking them away; delivery, void and re-issue."""

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

from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data import jobs, reports, sections
from perfapp.services import downloads, drafting, freezing
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.making import compile as compiling
from tests.conftest import Counting
from tests.integration.report_pages.reading import NOBODYS, awaiting_issue, do, page, shown, sign_in
from tests.making import (
    PASSWORD,
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
    job = re.search(r'data-job-url="(/jobs/\d+)"\s+data-state="queued"', html)
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


def test_annexes_that_failed_are_made_again_after_sending(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)

    def broken(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(compiling, "make_package", broken)
        report = a_merged_report(unit, cycle_id)
    assert report.is_compiled
    pdf = report.pdf_sha256
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    sign_in(client, unit, "deputy")
    html = page(client, report)
    assert "由统稿人重新生成" in html
    assert f"/reports/{report.id}/retry" not in html
    assert client.post(f"/reports/{report.id}/retry").status_code == 403
    sign_in(client, unit, "editor")
    assert f"/reports/{report.id}/retry" in page(client, report)
    assert client.post(f"/reports/{report.id}/retry").status_code == 303
    run_jobs()
    after = reports.get(report.id)
    assert downloads.package(after)
    assert (after.pdf_sha256, after.state) == (pdf, ReportState.REVIEWING)
    assert "data-job-url" not in page(client, report)


def test_twelve_clicks_make_one_job(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    accept_all(unit, cycle_id)
    run_jobs()  # what the sections asked for
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


def test_a_report_that_comes_back_to_what_it_was_gets_its_files_again(client: FlaskClient) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    first = a_merged_report(unit, cycle_id)  # of 15 March
    assert downloads.package(first)
    for day in (date(2019, 3, 16), date(2019, 3, 15)):
        report_act(unit.editor, cycle_id, ReportAction.COMPILE, dated_on=day)
        run_jobs()
    again = reports.current(cycle_id)
    assert again.snapshot_sha256 == first.snapshot_sha256
    assert again.is_compiled
    assert downloads.package(again) == downloads.package(first)


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
