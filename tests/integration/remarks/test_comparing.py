"""Any two versions of a section and of a report: on a page, and as PDF."""

import re
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import pypdf
from flask.testing import FlaskClient

from perfapp.core.report_flow import ReportAction
from perfapp.data import history, report_versions, reports
from perfapp.data import jobs as job_table
from perfapp.services import comparing, drafting, jobs
from perfapp.services import reports as report_acts
from tests.integration.drafting.calls import As, a_picture
from tests.integration.remarks.making import TEXT, a_section, document, now, write
from tests.making import AUnit, a_merged_report, a_sealed_report, a_unit, report_act, run_jobs


def words(page: str) -> str:
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", page)))


def pdf_of(client: FlaskClient, url: str, fields: dict[str, str]) -> str:
    """The text of the marked copy, by the way a person takes."""
    asked = client.post(url, data=fields)
    assert asked.status_code == 303
    assert "生成花脸稿" in client.get(asked.location).get_data(as_text=True)
    job_id = int(asked.location.rsplit("/", 1)[1])
    assert jobs.run(job_id) == "done", job_table.get(job_id)
    answer = client.get(f"/previews/{job_id}.pdf")
    assert unquote(answer.headers["Content-Disposition"]).endswith("（花脸稿）.pdf")
    data = answer.get_data()
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages).replace("\n", "")


def test_two_versions_of_a_section(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    first = history.versions(section.id, with_autosaves=True)[0].number
    write(unit.writer, section.id, TEXT[0].replace("2,160", "2,610"), TEXT[1])
    client = as_("writer")
    page = client.get(f"/sections/{section.id}/compare?from={first}").get_data(as_text=True)
    assert "1 个数字不同" in page
    assert ">2,160</del>" in page, "whole figures, never a part of one"
    assert ">2,610</ins>" in page
    assert "恢复原来的版本" in page
    back = client.get(f"/sections/{section.id}/compare?from=now&to={first}").get_data(as_text=True)
    assert ">2,610</del>" in back
    assert "恢复原来的版本" not in back
    said = pdf_of(client, f"/sections/{section.id}/compare/pdf", {"from": str(first), "to": "now"})
    for expected in ("修订对照（花脸稿）", "2,160", "2,610", "图例", "第 1 页，共 1 页", f"第 {first} 号版本"):
        assert expected in said


def test_a_marked_copy_is_for_whoever_may_read_the_section(unit: AUnit, cycle_id: int, as_: As) -> None:
    section = a_section(unit, cycle_id)
    first = history.versions(section.id, with_autosaves=True)[0].number
    write(unit.writer, section.id, TEXT[1])
    asked = as_("writer").post(f"/sections/{section.id}/compare/pdf", data={"from": str(first), "to": "now"})
    run_jobs()
    number = asked.location.rsplit("/", 1)[1]
    assert as_("head").get(f"/previews/{number}.pdf").status_code == 200
    assert as_("money_writer").get(f"/previews/{number}.pdf").status_code == 404
    assert as_("money_writer").get(f"/sections/{section.id}/compare?from={first}").status_code == 404
    stranger = a_unit(with_seal=False)
    assert as_("editor", stranger).get(f"/sections/{section.id}/compare?from={first}").status_code == 404


def test_versions_that_are_not_there(unit: AUnit, cycle_id: int, as_: As) -> None:
    section, client = a_section(unit, cycle_id), as_("editor")
    report = reports.current(cycle_id)
    for code in ("0", "x", "9" * 30, "-1", "１", "now-1"):
        assert client.get(f"/sections/{section.id}/compare?from={code}").status_code == 404
    assert client.get(f"/sections/{section.id}/compare").status_code == 404
    assert client.get(f"/reports/{report.id}/compare").status_code == 200
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.UNMERGE)
    for code in ("0", "x-1", f"{report.id}-99", f"{report.id}-", f"{report.id + 10**6}-1", "9" * 30):
        assert client.get(f"/reports/{report.id}/compare?from={code}&to={report.id}-1").status_code == 404


def test_every_frozen_content_of_a_report_can_be_compared(unit: AUnit, cycle_id: int, as_: As) -> None:
    merged = a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.UNMERGE)
    (one,) = report_versions.of_reports([merged.id])
    assert (one.number, one.frozen_by_name) == (1, unit.editor.name)
    client = as_("editor")
    page = client.get(f"/reports/{merged.id}/compare").get_data(as_text=True)
    assert "第1版第 1 次定稿" in page
    assert "编写中" in page
    report_act(unit.editor, cycle_id, ReportAction.MERGE)
    assert len(report_versions.of_reports([merged.id])) == 1, "the same content is the same version"


def test_a_reader_of_sealed_reports_compares_nothing_else(unit: AUnit, cycle_id: int, as_: As) -> None:
    sealed = a_sealed_report(unit, cycle_id)
    client = as_("writer")
    page = words(client.get(f"/reports/{sealed.id}/compare").get_data(as_text=True))
    assert "现在只有一个版本" in page
    assert "现在的文字" not in page
    assert comparing.report_choices(unit.writer, sealed) == comparing.report_choices(unit.leader, sealed)
    voided = report_act(unit.leader, cycle_id, ReportAction.VOID, reason="更正")
    report_acts.reissue(unit.editor, voided.id, version=voided.version, reason="更正")
    assert len(comparing.report_choices(unit.leader, sealed)) == 2
    assert len(comparing.report_choices(unit.writer, sealed)) == 1, "the new edition is a draft"
    answer = client.get(f"/reports/{sealed.id}/compare?from={sealed.id}-1&to={reports.current(cycle_id).id}-now")
    assert "现在只有一个版本" in words(answer.get_data(as_text=True))
    assert client.post(f"/reports/{sealed.id}/compare/pdf", data={"from": "1-1", "to": "1-1"}).status_code == 403


def test_the_clean_copy_is_read_as_the_document_is(unit: AUnit, cycle_id: int, as_: As) -> None:
    """With its picture and its bold words, on the page of a section and on that of the report."""
    section = a_section(unit, cycle_id)
    before = now(unit, section.id)
    sha256 = drafting.add_picture(unit.writer, section.id, "图.png", a_picture())
    raw = document("新的一段。")
    raw["content"][0]["content"][0]["marks"] = [{"type": "bold"}]
    raw["content"].append({"type": "picture", "attrs": {"sha256": sha256, "caption": "现场", "width_mm": 60}})
    drafting.save(unit.writer, section.id, version=before.version, raw=raw)
    page = as_("head").get(
        f"/sections/{section.id}/compare?from={history.versions(section.id, with_autosaves=True)[-1].number}"
    )
    assert page.status_code == 200
    clean = page.text.split("redline__view--clean")[1].split("redline__view--side")[0]
    assert "<b>新的一段。</b>" in clean
    assert f'src="/sections/{section.id}/pictures/{sha256}"' in clean
    assert "现场" in clean
