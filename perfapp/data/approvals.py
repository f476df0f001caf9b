"""Decisions and the content they cover."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from perfapp import clock
from perfapp.data.models import Approval, Person, Section
from perfapp.extensions import db

WAIVED = "waived"
"""Recorded for the person who returned with 直达: he takes the steps between upon himself."""


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: int
    section_id: int | None
    report_id: int | None
    action: str
    person_id: int
    person_name: str
    covers_sha256: str
    comment: str
    at: datetime
    lapsed_at: datetime | None

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
) -> None:
    db.session.add(
        Approval(
            action=action,
            person_id=person_id,
            covers_sha256=covers_sha256,
            section_id=section_id,
            report_id=report_id,
            comment=comment,
            at=clock.now(),
        )
    )
    db.session.flush()


def of_section(section_id: int) -> list[ApprovalView]:
    return _views(Approval.section_id == section_id)


def of_report(report_id: int) -> list[ApprovalView]:
    """The report's own decisions, oldest first."""
    return _views(Approval.report_id == report_id)


def of_cycle_sections(cycle_id: int) -> dict[int, list[ApprovalView]]:
    """Every section decision of a cycle, by section."""
    found: dict[int, list[ApprovalView]] = {}
    for view in _views(Approval.section_id.in_(select(Section.id).where(Section.cycle_id == cycle_id))):
        found.setdefault(view.section_id or 0, []).append(view)
    return found


def lapse_section(section_id: int, present_sha256: str) -> int:
    """End the section's decisions that cover other content than the present; returns how many."""
    return _lapse(Approval.section_id == section_id, Approval.covers_sha256 != present_sha256)


def lapse_report(report_id: int, present_sha256: str) -> int:
    """End the report's decisions that cover another snapshot than the present; returns how many."""
    return _lapse(Approval.report_id == report_id, Approval.covers_sha256 != present_sha256)


def withdraw(person_id: int, action: str, *, section_id: int | None = None, report_id: int | None = None) -> None:
    """End a decision that its own maker takes back."""
    subject = Approval.section_id == section_id if section_id else Approval.report_id == report_id
    _lapse(subject, Approval.person_id == person_id, Approval.action == action)


def _lapse(*conditions: ColumnElement[bool]) -> int:
    result: Any = db.session.execute(
        update(Approval).where(*conditions, Approval.lapsed_at.is_(None)).values(lapsed_at=clock.now())
    )
    return int(result.rowcount)


def _views(*conditions: ColumnElement[bool]) -> list[ApprovalView]:
    query = (
        select(Approval, Person.name)
        .join(Person, Person.id == Approval.person_id)
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
            person_name=name,
            covers_sha256=a.covers_sha256,
            comment=a.comment,
            at=a.at,
            lapsed_at=a.lapsed_at,
        )
        for a, name in db.session.execute(query)
    ]
