"""The 流转单 made anew, after the report was sealed, handed in or voided."""

from typing import Any

from perfapp import clock
from perfapp.data import blobs, report_files, reports, surroundings
from perfapp.data.session import transaction
from perfapp.documents.circulation_pdf import render_circulation_pdf
from perfapp.services import circulating
from perfapp.services.making.package import PDF
from perfapp.services.making.progress import Say


def make_circulation(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Make it and put it in the place of the one before."""
    report_id = payload["report_id"]
    say(30, "正在生成流转单")
    sheet = circulating.sheet(report_id)
    pdf = render_circulation_pdf(sheet, clock.today(), surroundings.settings().font_folder)
    with transaction():
        report = reports.lock(report_id, reports.get(report_id).unit_id)
        digest = blobs.put(pdf, PDF)
        report_files.keep(report_id, report_files.CIRCULATION, "pdf", digest, report.snapshot_sha256 or "")
    return {"pdf_sha256": digest, "head": sheet.head.sha256}
