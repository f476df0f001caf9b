"""The register of seal uses (用印登记), what was asked for, and the detached signatures beside the PDFs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.report_flow import ReportState
from perfapp.core.seal_use import Wanted
from perfapp.data import people
from perfapp.data.models import DetachedSignature, Person, Report, Seal, SealRequest, SealUse
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class SealUseView:
    """One line of the register."""

    id: int
    number: int
    unit_id: int
    seal_id: int
    certificate_id: int
    seal_name: str
    is_countersign: bool
    report_id: int
    subject: str
    purpose: str
    copies: int
    recipient: str
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


def next_number(unit_id: int) -> int:
    """The number the next line of the unit's register will have."""
    return (db.session.scalar(select(func.max(SealUse.number)).where(SealUse.unit_id == unit_id)) or 0) + 1


def add_use(unit_id: int, seal_id: int, certificate_id: int, report_id: int, **values: Any) -> int:
    """Write the next line of the unit's register; returns its id. The unit is locked: no two lines share a number."""
    people.lock_unit(unit_id)
    number = next_number(unit_id)
    row = SealUse(
        unit_id=unit_id,
        seal_id=seal_id,
        certificate_id=certificate_id,
        report_id=report_id,
        number=number,
        pressed_at=clock.now(),
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def close_use(use_id: int, state: str, *, after_sha256: str | None = None, note: str = "") -> bool:
    """Write how the use ended. Done or called off, it is never written over, whoever comes late; False says so."""
    line = select(SealUse).where(SealUse.id == use_id).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(line).one()
    if row.state in {"done", "abandoned"}:
        return False
    row.state, row.after_sha256, row.note = state, after_sha256, note
    row.done_at = clock.now()
    db.session.flush()
    return True


def uses(unit_id: int) -> list[SealUseView]:
    """The unit's register, newest first."""
    return _uses(SealUse.unit_id == unit_id)


def use(use_id: int) -> SealUseView:
    return _uses(SealUse.id == use_id)[0]


def latest_use(report_id: int) -> SealUseView | None:
    """The last line of the unit's own register that concerns this report; the superior's seal has its own line."""
    found = _uses(SealUse.report_id == report_id, SealUse.is_countersign.is_(False))
    return found[0] if found else None


def add_request(report_id: int, wanted: Wanted, *, requested_by: int) -> None:
    """Keep what is asked for (用印申请)."""
    row = SealRequest(
        report_id=report_id,
        purpose=wanted.purpose,
        copies=wanted.copies,
        recipient=wanted.recipient,
        requested_by=requested_by,
        requested_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()


def request_of(report_id: int) -> Wanted | None:
    """What was last asked for, for this report."""
    query = select(SealRequest).where(SealRequest.report_id == report_id).order_by(SealRequest.id.desc()).limit(1)
    row = db.session.scalar(query)
    return Wanted(row.purpose, row.copies, row.recipient) if row else None


def add_detached(use_id: int, pdf_sha256: str, blob_sha256: str) -> None:
    """Keep a GB/T 38540 signature over these bytes."""
    row = DetachedSignature(use_id=use_id, pdf_sha256=pdf_sha256, blob_sha256=blob_sha256, made_at=clock.now())
    db.session.add(row)
    db.session.flush()


def detached_of(pdf_sha256: str) -> str | None:
    """The blob of the GB/T 38540 signature over these bytes, where there is one."""
    query = select(DetachedSignature.blob_sha256).where(DetachedSignature.pdf_sha256 == pdf_sha256)
    return db.session.scalar(query.order_by(DetachedSignature.id.desc()).limit(1))


def _uses(*conditions: ColumnElement[bool]) -> list[SealUseView]:
    requester, approver, presser = aliased(Person), aliased(Person), aliased(Person)
    query = (
        select(SealUse, Seal.name, requester.name, approver.name, presser.name, Report.state)
        .join(Seal, Seal.id == SealUse.seal_id)
        .join(Report, Report.id == SealUse.report_id)
        .join(requester, requester.id == SealUse.requested_by)
        .join(approver, approver.id == SealUse.approved_by)
        .join(presser, presser.id == SealUse.pressed_by)
        .where(*conditions)
        .order_by(SealUse.id.desc())
    )
    return [
        SealUseView(
            id=u.id,
            number=u.number,
            unit_id=u.unit_id,
            seal_id=u.seal_id,
            certificate_id=u.certificate_id,
            is_countersign=u.is_countersign,
            seal_name=seal_name,
            report_id=u.report_id,
            subject=u.subject,
            purpose=u.purpose,
            copies=u.copies,
            recipient=u.recipient,
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
