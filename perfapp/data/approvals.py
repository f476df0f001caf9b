"""Decisions and the content they cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.permissions import signature
from perfapp.data.models import Approval, Person, Section
from perfapp.extensions import db

WAIVED = "waived"
"""Recorded for the person who returned with 直达: he takes the steps between upon himself."""
CONSENTED = "consented"
"""Recorded for whoever was added to a step (加签): his word besides that of the post."""
_Principal = aliased(Person)


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: int
    section_id: int | None
    report_id: int | None
    action: str
    person_id: int
    person_name: str  # with the principal's where it was given for another: 李四（代张三）
    on_behalf_of_id: int | None
    round: int
    covered: dict[int, str]  # of a report: the digest of each section
    covers_sha256: str
    comment: str
    at: datetime
    lapsed_at: datetime | None

    @property
    def seat_id(self) -> int:
        """Whose word it is: the principal's where a delegate signed."""
        return self.on_behalf_of_id or self.person_id

    def stands_for(self, sha256: str | None) -> bool:
        return self.lapsed_at is None and self.covers_sha256 == sha256


def add(
    action: str,
    person_id: int,
    covers_sha256: str,
    *,
    section_id: int | None = None,
    report_id: int | None = None,
    comment: str = "",
    on_behalf_of_id: int | None = None,
    round: int = 0,
    covered: Mapping[int, str] | None = None,
) -> None:
    db.session.add(
        Approval(
            action=action,
            person_id=person_id,
            covers_sha256=covers_sha256,
            section_id=section_id,
            report_id=report_id,
            comment=comment,
            on_behalf_of_id=on_behalf_of_id,
            round=round,
            covered={str(section): digest for section, digest in (covered or {}).items()},
            at=clock.now(),
        )
    )
    db.session.flush()


def of_section(section_id: int) -> list[ApprovalView]:
    return _views(Approval.section_id == section_id)


def of_report(report_id: int) -> list[ApprovalView]:
    """The report's own decisions, oldest first."""
    return _views(Approval.report_id == report_id)


def of_cycle_sections(*cycle_ids: int) -> dict[int, list[ApprovalView]]:
    """Every section decision of the cycles, by section."""
    found: dict[int, list[ApprovalView]] = {}
    for view in _views(Approval.section_id.in_(select(Section.id).where(Section.cycle_id.in_(cycle_ids)))):
        found.setdefault(view.section_id or 0, []).append(view)
    return found


def lapse_section(section_id: int, present_sha256: str) -> int:
    """End the section's decisions that cover other content than the present; returns how many."""
    return _lapse(Approval.section_id == section_id, Approval.covers_sha256 != present_sha256)


def lapse_report(report_id: int, present_sha256: str) -> int:
    """End the report's decisions that cover another snapshot than the present; returns how many."""
    return _lapse(Approval.report_id == report_id, Approval.covers_sha256 != present_sha256)


def withdraw(seat_id: int, action: str, *, section_id: int | None = None, report_id: int | None = None) -> None:
    """End a decision that is taken back by whoever gave it, or in whose place it was given."""
    subject = Approval.section_id == section_id if section_id else Approval.report_id == report_id
    seat = func.coalesce(Approval.on_behalf_of_id, Approval.person_id)
    _lapse(subject, seat == seat_id, Approval.action == action)


def _lapse(*conditions: ColumnElement[bool]) -> int:
    result: Any = db.session.execute(
        update(Approval).where(*conditions, Approval.lapsed_at.is_(None)).values(lapsed_at=clock.now())
    )
    return int(result.rowcount)


def _views(*conditions: ColumnElement[bool]) -> list[ApprovalView]:
    query = (
        select(Approval, Person.name, _Principal.name)
        .join(Person, Person.id == Approval.person_id)
        .outerjoin(_Principal, _Principal.id == Approval.on_behalf_of_id)
        .where(*conditions)
        .order_by(Approval.id)
    )
    return [
        ApprovalView(
            id=a.id,
            section_id=a.section_id,
            report_id=a.report_id,
            action=a.action,
            person_id=a.person_id,
            person_name=signature(name, principal or ""),
            on_behalf_of_id=a.on_behalf_of_id,
            round=a.round,
            covered={int(section): digest for section, digest in a.covered.items()},
            covers_sha256=a.covers_sha256,
            comment=a.comment,
            at=a.at,
            lapsed_at=a.lapsed_at,
        )
        for a, name, principal in db.session.execute(query)
    ]
