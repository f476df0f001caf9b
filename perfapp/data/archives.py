"""The sealed files of a report beside the filed one: those it grew out of, and those renewed from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from perfapp import clock
from perfapp.data.models import ArchiveStamp, Countersignature, Report, SealUse
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """One sealed file that ends in an archive time stamp, and until when that proves it."""

    report_id: int
    pdf_sha256: str
    renews_sha256: str | None  # the file it begins with, where it was renewed
    stamped_at: datetime
    ends_at: datetime

    @property
    def is_renewed(self) -> bool:
        return self.renews_sha256 is not None


def keep(
    report_id: int, pdf_sha256: str, *, stamped_at: datetime, ends_at: datetime, renews_sha256: str | None = None
) -> None:
    """Write down what the last time stamp of a file proves, in the open transaction."""
    db.session.add(
        ArchiveStamp(
            report_id=report_id,
            pdf_sha256=pdf_sha256,
            renews_sha256=renews_sha256,
            stamped_at=stamped_at,
            ends_at=ends_at,
            kept_at=clock.now(),
        )
    )
    db.session.flush()


def of_reports(report_ids: Sequence[int]) -> dict[int, ArchiveView]:
    """The newest known file of each report."""
    latest = select(func.max(ArchiveStamp.id)).group_by(ArchiveStamp.report_id)
    query = select(ArchiveStamp).where(ArchiveStamp.report_id.in_(report_ids), ArchiveStamp.id.in_(latest))
    return {row.report_id: _view(row) for row in db.session.scalars(query)}


def sealed_reports(unit_id: int | None = None) -> list[tuple[int, str]]:
    """Every report sealed electronically that waits for no second seal, with the digest of its filed file."""
    waits = select(Countersignature.report_id).where(Countersignature.state.in_(("asked", "pressing")))
    query = select(Report.id, Report.sealed_sha256).where(
        Report.sealed_sha256.is_not(None), Report.is_on_paper.is_(False), Report.id.not_in(waits)
    )
    if unit_id is not None:
        query = query.where(Report.unit_id == unit_id)
    return [(report_id, digest or "") for report_id, digest in db.session.execute(query.order_by(Report.id))]


def report_with(sha256: str) -> int | None:
    """The report of which this was a sealed file once: before a superior's seal, or after a renewal."""
    used = select(SealUse.report_id).where(SealUse.after_sha256 == sha256, SealUse.state == "done")
    kept = select(ArchiveStamp.report_id).where(ArchiveStamp.pdf_sha256 == sha256)
    return db.session.scalar(used.limit(1)) or db.session.scalar(kept.limit(1))


def is_earlier_use(report_id: int, sha256: str) -> bool:
    """Whether a use of a seal on this report ended in these bytes."""
    done = SealUse.report_id == report_id, SealUse.after_sha256 == sha256, SealUse.state == "done"
    return db.session.scalar(select(SealUse.id).where(*done).limit(1)) is not None


def _view(row: ArchiveStamp) -> ArchiveView:
    return ArchiveView(row.report_id, row.pdf_sha256, row.renews_sha256, row.stamped_at, row.ends_at)
