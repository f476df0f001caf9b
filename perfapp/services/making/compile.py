"""DOCX and PDF from a frozen snapshot."""

import json
import secrets
from typing import Any

from perfapp import clock
from perfapp.core import verify_code
from perfapp.core.comparison import Comparison
from perfapp.core.document import EMPTY, pictures
from perfapp.core.snapshot import Snapshot, SnapshotSection
from perfapp.data import blobs, reports, surroundings
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.documents.check_mark import CheckMark
from perfapp.documents.docx import render_docx
from perfapp.documents.pdf import render_pdf, render_section_pdf
from perfapp.documents.redline_pdf import render_redline_pdf
from perfapp.services import freezing
from perfapp.services.making.package import DOCX, PDF, make_package
from perfapp.services.making.progress import Say


def compile_report(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Make both files, store them, and hang them on the report if it still has this content."""
    snapshot, pictures = _loaded(payload, say)
    report = reports.get(payload["report_id"])
    if report.compiled_sha256 != payload["snapshot_sha256"]:  # else only the annexes failed, and are made again
        report = _make_report(payload, snapshot, pictures, say)
    make_package(report.id, snapshot, pictures, say)
    return {"pdf_sha256": report.pdf_sha256, "docx_sha256": report.docx_sha256}


def _make_report(payload: dict[str, Any], snapshot: Snapshot, pictures: dict[str, bytes], say: Say) -> ReportView:
    say(20, "正在生成 PDF")
    settings = surroundings.settings()
    mark = CheckMark(_code(payload["report_id"]), settings.printed_url)
    pdf = render_pdf(snapshot, pictures, check=mark, font_folder=settings.font_folder)
    say(60, "正在生成 Word 文件")
    docx = render_docx(snapshot, pictures)
    say(90, "正在保存")
    with transaction():
        pdf_sha256, docx_sha256 = blobs.put(pdf, PDF), blobs.put(docx, DOCX)
        report = reports.lock(payload["report_id"], reports.get(payload["report_id"]).unit_id)
        if report.snapshot_sha256 == payload["snapshot_sha256"] and not report.is_compiled:
            reports.write(
                report.id, pdf_sha256=pdf_sha256, docx_sha256=docx_sha256, compiled_sha256=report.snapshot_sha256
            )
    return reports.get(report.id)


def _code(report_id: int) -> str:
    """The edition's code for checking, made once and never changed."""
    with transaction():
        report = reports.lock(report_id, reports.get(report_id).unit_id)
        if report.verify_code is None:
            reports.write(report.id, verify_code=verify_code.encoded(secrets.token_bytes(verify_code.BYTES)))
    return reports.get(report_id).verify_code or ""


def preview_report(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """A PDF of the report or of one section, marked 草稿 on every page; or the marked copy of two versions."""
    if "section_blob" in payload:
        return _preview_section(payload, say)
    if "comparison_blob" in payload:
        return _mark_copy(payload, say)
    snapshot, pictures = _loaded(payload, say)
    say(30, "正在生成预览")
    pdf = render_pdf(snapshot, pictures, draft=True, font_folder=surroundings.settings().font_folder)
    with transaction():
        return {"pdf_sha256": blobs.put(pdf, PDF)}


def _preview_section(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    say(5, "正在读取内容")
    frozen = json.loads(blobs.read(payload["section_blob"]))
    section = SnapshotSection.model_validate(frozen["section"])
    found = {digest: blobs.read(digest) for digest in pictures(section.document or EMPTY)}
    say(30, "正在生成预览")
    fonts = surroundings.settings().font_folder
    pdf = render_section_pdf(section, frozen["unit_name"], frozen["fiscal_year"], found, font_folder=fonts)
    with transaction():
        return {"pdf_sha256": blobs.put(pdf, PDF)}


def _mark_copy(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    say(5, "正在读取两个版本")
    comparison = Comparison.model_validate_json(blobs.read(payload["comparison_blob"]))
    say(30, "正在生成修订对照")
    pdf = render_redline_pdf(comparison, clock.today(), surroundings.settings().font_folder)
    with transaction():
        return {"pdf_sha256": blobs.put(pdf, PDF)}


def _loaded(payload: dict[str, Any], say: Say) -> tuple[Snapshot, dict[str, bytes]]:
    say(5, "正在读取内容")
    snapshot = freezing.load(payload["snapshot_blob"])
    return snapshot, {digest: blobs.read(digest) for digest in snapshot.picture_digests}
