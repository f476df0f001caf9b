"""加签 and 转办 as they are stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core import joint
from perfapp.core.errors import NotFound
from perfapp.core.joint import Kind
from perfapp.data.models import Person, Referral, Report, Section
from perfapp.extensions import db

_Asker, _Asked = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class ReferralView:
    """One of them, with what it is about."""

    referral: joint.Referral
    section_id: int | None
    report_id: int | None
    step: str
    round: int
    covers_sha256: str
    at: datetime

    def holds(self, step: str, round: int, sha256: str | None) -> bool:
        """Whether it is about this step, on this content."""
        return (self.step, self.round, self.covers_sha256) == (step, round, sha256)


def of_sections(section_ids: Iterable[int]) -> list[ReferralView]:
    """Those that were not taken back, oldest first."""
    return _views(Referral.section_id.in_(list(section_ids)))


def of_cycle_sections(*cycle_ids: int) -> dict[int, list[ReferralView]]:
    found: dict[int, list[ReferralView]] = {}
    for view in _views(Referral.section_id.in_(select(Section.id).where(Section.cycle_id.in_(cycle_ids)))):
        found.setdefault(view.section_id or 0, []).append(view)
    return found


def of_report(report_id: int) -> list[ReferralView]:
    return _views(Referral.report_id == report_id)


def open_to(person_id: int) -> list[ReferralView]:
    """What was given to the person and not taken back; whether it still waits, its section or report tells."""
    return _views(Referral.to_id == person_id)


def get(unit_id: int, referral_id: int) -> ReferralView:
    of_unit = Referral.section_id.in_(select(Section.id).where(Section.unit_id == unit_id)) | Referral.report_id.in_(
        select(Report.id).where(Report.unit_id == unit_id)
    )
    found = _views(Referral.id == referral_id, of_unit)
    if not found:
        raise NotFound("没有找到这次加签或转办，可能已经收回。")
    return found[0]


def add(
    kind: Kind,
    *,
    section_id: int | None,
    report_id: int | None,
    step: str,
    by_id: int,
    to_id: int,
    reason: str,
    round: int,
    covers_sha256: str,
) -> int:
    row = Referral(
        kind=kind.value,
        section_id=section_id,
        report_id=report_id,
        step=step,
        by_id=by_id,
        to_id=to_id,
        reason=reason,
        round=round,
        covers_sha256=covers_sha256,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def take_back(referral_id: int) -> None:
    db.session.get_one(Referral, referral_id).taken_back_at = clock.now()
    db.session.flush()


def _views(*conditions: ColumnElement[bool]) -> list[ReferralView]:
    query = (
        select(Referral, _Asker.name, _Asked.name)
        .join(_Asker, _Asker.id == Referral.by_id)
        .join(_Asked, _Asked.id == Referral.to_id)
        .where(*conditions, Referral.taken_back_at.is_(None))
        .order_by(Referral.id)
    )
    return [
        ReferralView(
            joint.Referral(row.id, Kind(row.kind), row.by_id, asker, row.to_id, asked, row.reason),
            row.section_id,
            row.report_id,
            row.step,
            row.round,
            row.covers_sha256,
            row.at,
        )
        for row, asker, asked in db.session.execute(query)
    ]
