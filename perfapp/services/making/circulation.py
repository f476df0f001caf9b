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
    """Make it, and the one for the bureau, and put them in the place of those before."""
    report_id = payload["report_id"]
    say(30, "正在生成流转单")
    sheet = circulating.sheet(report_id)
    sheets = {report_files.CIRCULATION: sheet, report_files.CIRCULATION_OUT: circulating.outside(sheet)}
    fonts = surroundings.settings().font_folder
    made = {kind: render_circulation_pdf(one, clock.today(), fonts) for kind, one in sheets.items()}
    with transaction():
        report = reports.lock(report_id, reports.get(report_id).unit_id)
        digests = {kind: blobs.put(pdf, PDF) for kind, pdf in made.items()}
        for kind, digest in digests.items():
            report_files.keep(report_id, kind, "pdf", digest, report.snapshot_sha256 or "")
    return {"pdf_sha256": digests[report_files.CIRCULATION], "head": sheet.head.sha256}
