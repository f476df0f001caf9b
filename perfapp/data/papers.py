"""Scans of reports that were signed and stamped on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.paper import ScanState
from perfapp.data.models import PaperFile, PaperScan, Person
from perfapp.extensions import db

SUPERSEDED = "已重新上传"


@dataclass(frozen=True, slots=True)
class ScanPageView:
    """A page of the report as it was found; `differences` are boxes in millimetres, `marked_sha256` shows them."""

    number: int
    place: str
    differences: tuple[dict[str, Any], ...]
    marked_sha256: str | None


@dataclass(frozen=True, slots=True)
class ScanView:
    id: int
    report_id: int
    pdf_sha256: str
    state: ScanState
    problems: tuple[str, ...]
    pages: tuple[ScanPageView, ...]
    record_sha256: str | None
    uploaded_by: int
    uploader: str
    uploaded_at: datetime
    ended_at: datetime | None
    reason: str

    @property
    def doubtful(self) -> tuple[ScanPageView, ...]:
        """The pages that differ from what was printed."""
        return tuple(page for page in self.pages if page.differences)


def add(report_id: int, pdf_sha256: str, files: Sequence[tuple[str, str]], uploaded_by: int) -> int:
    """A new upload (names and digests of its files); one that was not confirmed gives way to it."""
    waiting = PaperScan.state.in_((ScanState.READING.value, ScanState.READY.value))
    db.session.execute(
        update(PaperScan)
        .where(PaperScan.report_id == report_id, waiting)
        .values(state=ScanState.RETURNED.value, reason=SUPERSEDED, ended_by=uploaded_by, ended_at=clock.now())
    )
    row = PaperScan(
        report_id=report_id,
        pdf_sha256=pdf_sha256,
        state=ScanState.READING.value,
        uploaded_by=uploaded_by,
        uploaded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    for position, (filename, sha256) in enumerate(files):
        db.session.add(PaperFile(scan_id=row.id, position=position, filename=filename, sha256=sha256))
    db.session.flush()
    return row.id


def files(scan_id: int) -> list[tuple[str, str]]:
    """Names and digests of what was brought, in order."""
    query = select(PaperFile).where(PaperFile.scan_id == scan_id).order_by(PaperFile.position)
    return [(row.filename, row.sha256) for row in db.session.scalars(query)]


def get(scan_id: int) -> ScanView:
    found = _views(PaperScan.id == scan_id)
    if not found:
        raise NotFound("没有找到这份扫描件。")
    return found[0]


def latest(report_id: int) -> ScanView | None:
    found = _views(PaperScan.report_id == report_id)
    return found[0] if found else None


def is_ready(report_id: int, pdf_sha256: str | None) -> bool:
    """Whether a complete scan of exactly this file waits to be confirmed."""
    scan = latest(report_id)
    return scan is not None and scan.state is ScanState.READY and scan.pdf_sha256 == pdf_sha256


def lock(scan_id: int) -> ScanView:
    db.session.execute(select(PaperScan.id).where(PaperScan.id == scan_id).with_for_update())
    return get(scan_id)


def write(scan_id: int, state: ScanState, **values: Any) -> None:
    row = db.session.get_one(PaperScan, scan_id)
    row.state = state.value
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def _views(*conditions: ColumnElement[bool]) -> list[ScanView]:
    query = (
        select(PaperScan, Person.name)
        .join(Person, Person.id == PaperScan.uploaded_by)
        .where(*conditions)
        .order_by(PaperScan.id.desc())
        .execution_options(populate_existing=True)
    )
    return [
        ScanView(
            id=row.id,
            report_id=row.report_id,
            pdf_sha256=row.pdf_sha256,
            state=ScanState(row.state),
            problems=tuple(row.problems),
            pages=tuple(
                ScanPageView(page["number"], page["place"], tuple(page["differences"]), page["marked"])
                for page in row.pages
            ),
            record_sha256=row.record_sha256,
            uploaded_by=row.uploaded_by,
            uploader=name,
            uploaded_at=row.uploaded_at,
            ended_at=row.ended_at,
            reason=row.reason,
        )
        for row, name in db.session.execute(query)
    ]
