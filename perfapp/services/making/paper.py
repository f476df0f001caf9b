"""Reading the scan of a report that was signed on paper: pages put in order, laid over the print, compared."""

from typing import Any

from perfapp.core.errors import Invalid
from perfapp.core.paper import ScanState, problems, version_code
from perfapp.data import blobs, papers, reports
from perfapp.data.papers import ScanView
from perfapp.data.session import transaction
from perfapp.documents.paper.printing import page_count, print_edition
from perfapp.documents.paper.reading import ReadPage, as_record, read_scans
from perfapp.documents.pdf import seal_anchor
from perfapp.services import paper_telling
from perfapp.services.making.package import PDF
from perfapp.services.making.progress import Say


def read_scan(payload: dict[str, Any], say: Say) -> dict[str, Any]:
    """Refused with sentences, or ready for a second person; nothing of the report itself changes here."""
    scan = papers.get(payload["scan_id"])
    if scan.state is not ScanState.READING:
        return {"state": scan.state.value}
    say(10, "正在读取扫描件")
    pdf = blobs.read(scan.pdf_sha256)
    uploads = [(name, blobs.read(digest)) for name, digest in papers.files(scan.id)]
    try:
        pages = read_scans(print_edition(pdf, scan.report_id, scan.pdf_sha256), uploads, seal_anchor())
        found = problems(
            [page.scanned for page in pages], scan.report_id, version_code(scan.pdf_sha256), page_count(pdf)
        )
    except Invalid as refusal:
        pages, found = [], [refusal.message]
    say(90, "正在保存")
    with transaction():
        return {"state": _keep(scan, pages, found).value}


def _keep(scan: ScanView, pages: list[ReadPage], found: list[str]) -> ScanState:
    present = papers.lock(scan.id)
    if present.state is not ScanState.READING:
        return present.state
    report = reports.get(scan.report_id)
    if found:
        papers.write(scan.id, ScanState.REFUSED, problems=found)
        paper_telling.refused(report, scan, found)
        return ScanState.REFUSED
    ordered = sorted(pages, key=lambda page: page.scanned.mark.page if page.scanned.mark else 0)
    record = as_record([page.upright for page in ordered if page.upright])
    papers.write(
        scan.id, ScanState.READY, pages=[_stored(page) for page in ordered], record_sha256=blobs.put(record, PDF)
    )
    paper_telling.ready(report, scan, sum(bool(page.differences) for page in ordered))
    return ScanState.READY


def _stored(page: ReadPage) -> dict[str, Any]:
    return {
        "number": page.scanned.mark.page if page.scanned.mark else 0,
        "place": page.scanned.place,
        "differences": page.differences,
        "marked": blobs.put(page.marked, "image/png") if page.marked else None,
    }
