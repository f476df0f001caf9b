"""Seals and the register of their use (用印登记)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.report_flow import ReportState
from perfapp.data import people
from perfapp.data.models import Person, Report, Seal, SealUse
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class SealView:
    id: int
    unit_id: int
    name: str
    state: str
    certificate_pem: str
    root_pem: str
    fingerprint_sha256: str
    expires_at: datetime
    picture_sha256: str
    key_name: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class SealUseView:
    """One line of the register."""

    id: int
    number: int
    seal_id: int
    seal_name: str
    report_id: int
    subject: str
    purpose: str
    copies: int
    requested_by: str
    approved_by: str
    pressed_by: str
    pressed_at: datetime
    before_sha256: str
    after_sha256: str | None
    state: str
    note: str
    done_at: datetime | None
    is_voided: bool  # the sealed report is no longer valid


def active(unit_id: int) -> SealView | None:
    """The unit's seal in use: the newest active one."""
    row = db.session.scalar(
        select(Seal).where(Seal.unit_id == unit_id, Seal.state == "active").order_by(Seal.id.desc()).limit(1)
    )
    return _view(row) if row else None


def get(seal_id: int) -> SealView:
    return _view(db.session.get_one(Seal, seal_id))


def of_unit(unit_id: int) -> list[SealView]:
    return [_view(row) for row in db.session.scalars(select(Seal).where(Seal.unit_id == unit_id).order_by(Seal.id))]


def roots() -> list[str]:
    """The root certificates (PEM) of every registered seal: what verification trusts."""
    return list(dict.fromkeys(db.session.scalars(select(Seal.root_pem).order_by(Seal.id))))


def fingerprints() -> dict[str, str]:
    """Certificate fingerprint to seal name, of every seal ever registered."""
    return {row.fingerprint_sha256: row.name for row in db.session.execute(select(Seal.fingerprint_sha256, Seal.name))}


def add(unit_id: int, **values: Any) -> int:
    row = Seal(unit_id=unit_id, registered_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def set_state(seal_id: int, state: str) -> None:
    db.session.get_one(Seal, seal_id).state = state
    db.session.flush()


def next_number(unit_id: int) -> int:
    """The number the next line of the unit's register will have."""
    return (db.session.scalar(select(func.max(SealUse.number)).where(SealUse.unit_id == unit_id)) or 0) + 1


def add_use(unit_id: int, seal_id: int, report_id: int, **values: Any) -> int:
    """Write the next line of the unit's register; returns its id. The unit is locked: no two lines share a number."""
    people.lock_unit(unit_id)
    number = next_number(unit_id)
    row = SealUse(
        unit_id=unit_id, seal_id=seal_id, report_id=report_id, number=number, pressed_at=clock.now(), **values
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def close_use(use_id: int, state: str, *, after_sha256: str | None = None, note: str = "") -> None:
    """Write how the use ended. A line that says done is never written over, whoever comes late."""
    line = select(SealUse).where(SealUse.id == use_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(line).one()
    if row.state == "done":
        return
    row.state, row.after_sha256, row.note = state, after_sha256, note
    row.done_at = clock.now()
    db.session.flush()


def uses(unit_id: int) -> list[SealUseView]:
    """The unit's register, newest first."""
    return _uses(SealUse.unit_id == unit_id)


def use(use_id: int) -> SealUseView:
    return _uses(SealUse.id == use_id)[0]


def latest_use(report_id: int) -> SealUseView | None:
    """The last line of the register that concerns this report."""
    found = _uses(SealUse.report_id == report_id)
    return found[0] if found else None


def _view(row: Seal) -> SealView:
    return SealView(
        id=row.id,
        unit_id=row.unit_id,
        name=row.name,
        state=row.state,
        certificate_pem=row.certificate_pem,
        root_pem=row.root_pem,
        fingerprint_sha256=row.fingerprint_sha256,
        expires_at=row.expires_at,
        picture_sha256=row.picture_sha256,
        key_name=row.key_name,
        is_demo=row.is_demo,
    )


def _uses(condition: ColumnElement[bool]) -> list[SealUseView]:
    requester, approver, presser = aliased(Person), aliased(Person), aliased(Person)
    query = (
        select(SealUse, Seal.name, requester.name, approver.name, presser.name, Report.state)
        .join(Seal, Seal.id == SealUse.seal_id)
        .join(Report, Report.id == SealUse.report_id)
        .join(requester, requester.id == SealUse.requested_by)
        .join(approver, approver.id == SealUse.approved_by)
        .join(presser, presser.id == SealUse.pressed_by)
        .where(condition)
        .order_by(SealUse.id.desc())
    )
    return [
        SealUseView(
            id=u.id,
            number=u.number,
            seal_id=u.seal_id,
            seal_name=seal_name,
            report_id=u.report_id,
            subject=u.subject,
            purpose=u.purpose,
            copies=u.copies,
            requested_by=requested_by,
            approved_by=approved_by,
            pressed_by=pressed_by,
            pressed_at=u.pressed_at,
            before_sha256=u.before_sha256,
            after_sha256=u.after_sha256,
            state=u.state,
            note=u.note,
            done_at=u.done_at,
            is_voided=report_state == ReportState.VOIDED,
        )
        for u, seal_name, requested_by, approved_by, pressed_by, report_state in db.session.execute(query)
    ]
