"""Every content a report was frozen with: kept, listed, found again. No rules here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from perfapp import clock
from perfapp.data.models import Person, ReportVersion
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class ReportVersionView:
    report_id: int
    number: int
    snapshot_sha256: str
    snapshot_blob: str
    frozen_by_name: str  # empty: not recorded
    at: datetime


def keep(report_id: int, snapshot_sha256: str, snapshot_blob: str, person_id: int | None) -> None:
    """Keep the content as the report's next version, unless it is the latest one already."""
    mine = ReportVersion.report_id == report_id
    latest = db.session.scalar(select(ReportVersion).where(mine).order_by(ReportVersion.number.desc()).limit(1))
    if latest is not None and latest.snapshot_sha256 == snapshot_sha256:
        return
    number = (db.session.scalar(select(func.max(ReportVersion.number)).where(mine)) or 0) + 1
    db.session.add(
        ReportVersion(
            report_id=report_id,
            number=number,
            snapshot_sha256=snapshot_sha256,
            snapshot_blob=snapshot_blob,
            frozen_by=person_id,
            at=clock.now(),
        )
    )
    db.session.flush()


def of_reports(report_ids: Iterable[int]) -> list[ReportVersionView]:
    """The versions of the editions, oldest first."""
    query = (
        select(ReportVersion, Person.name)
        .outerjoin(Person, Person.id == ReportVersion.frozen_by)
        .where(ReportVersion.report_id.in_(list(report_ids)))
        .order_by(ReportVersion.report_id, ReportVersion.number)
    )
    return [
        ReportVersionView(row.report_id, row.number, row.snapshot_sha256, row.snapshot_blob, name or "", row.at)
        for row, name in db.session.execute(query)
    ]
