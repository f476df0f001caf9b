"""The documents that go with the report: its figures as .xlsx, and each annex in three formats."""

from collections.abc import Iterator, Mapping

from perfapp.core.annexes.evidence_index import evidence_index
from perfapp.core.snapshot import Annex, Snapshot
from perfapp.data import blobs, report_files, reports, surroundings
from perfapp.data.session import transaction
from perfapp.documents.annex_sheet import render_annex_xlsx
from perfapp.documents.docx import render_annex_docx
from perfapp.documents.entry_sheet import render_entries_xlsx
from perfapp.documents.pdf import render_annex_pdf
from perfapp.documents.report_sheet import render_report_xlsx
from perfapp.documents.worksheet import MEDIA_TYPE as XLSX
from perfapp.services.making.progress import Say

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


def make_package(report_id: int, snapshot: Snapshot, pictures: Mapping[str, bytes], say: Say) -> None:
    """Make every file beside the report; they are kept while the report still has this content."""
    say(92, "正在生成附表")
    made = list(_files(snapshot, pictures))
    with transaction():
        report = reports.lock(report_id, reports.get(report_id).unit_id)
        if report.snapshot_sha256 != snapshot.sha256:
            return
        for kind, format_, data in made:
            report_files.keep(report_id, kind, format_, blobs.put(data, _TYPES[format_]), snapshot.sha256)


def _files(snapshot: Snapshot, pictures: Mapping[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    yield report_files.REPORT, "xlsx", render_report_xlsx(snapshot)
    if snapshot.entries:
        yield report_files.ENTRIES, "xlsx", render_entries_xlsx(snapshot)
    index = evidence_index(snapshot)
    if index is not None:
        for format_, data in _annex(index, snapshot, pictures):
            if format_ != "docx":  # a list to look up and to sort, not to write in
                yield report_files.EVIDENCE_INDEX, format_, data
    for number, annex in enumerate(snapshot.annexes, start=1):
        for format_, data in _annex(annex, snapshot, pictures):
            yield report_files.annex_kind(number), format_, data


def _annex(annex: Annex, snapshot: Snapshot, pictures: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    name, year = snapshot.unit_name, snapshot.fiscal_year
    yield "pdf", render_annex_pdf(annex, name, year, pictures, font_folder=surroundings.settings().font_folder)
    yield "docx", render_annex_docx(annex, name, year, pictures)
    yield "xlsx", render_annex_xlsx(annex, name, year)
