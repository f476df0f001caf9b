"""The files that go with a report edition: kind and format, with the snapshot each was made of."""

from dataclasses import dataclass

from sqlalchemy import select

from perfapp.data.models import Blob, ReportFile
from perfapp.extensions import db

REPORT = "report"
ENTRIES = "entries"  # 录入表
EVIDENCE_INDEX = "evidence-index"
CIRCULATION = "circulation"  # 流转单
CIRCULATION_OUT = "circulation-out"  # the same for the bureau: who decided what, not what was said inside


@dataclass(frozen=True, slots=True)
class ReportFileView:
    kind: str
    format: str
    sha256: str
    media_type: str


def annex_kind(number: int) -> str:
    """The kind of the annex with this number, from 1."""
    return f"annex-{number}"


def keep(report_id: int, kind: str, format_: str, sha256: str, snapshot_sha256: str) -> None:
    """Put the file in the place of an earlier one of its kind and format."""
    row = db.session.get(ReportFile, (report_id, kind, format_))
    if row is None:
        row = ReportFile(report_id=report_id, kind=kind, format=format_)
        db.session.add(row)
    row.sha256, row.snapshot_sha256 = sha256, snapshot_sha256
    db.session.flush()


def of_report(report_id: int, snapshot_sha256: str) -> list[ReportFileView]:
    """The files made of this very snapshot, by kind and format."""
    query = (
        select(ReportFile, Blob.media_type)
        .join(Blob, Blob.sha256 == ReportFile.sha256)
        .where(ReportFile.report_id == report_id, ReportFile.snapshot_sha256 == snapshot_sha256)
        .order_by(ReportFile.kind, ReportFile.format)
    )
    return [ReportFileView(row.kind, row.format, row.sha256, media) for row, media in db.session.execute(query)]
