"""报送: what has been handed in, to which bureau, what the bureau said. What a bureau may read is decided here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.data import people
from perfapp.data.models import BureauComment, Delivery, Person, Supervision
from perfapp.data.people import UnitView
from perfapp.extensions import db

PASSED, RETURNED = "passed", "returned"
NOT_THERE = "没有找到这份报送。"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    id: int
    report_id: int
    recipient: str
    delivered_on: date
    receipt: str
    receipt_sha256: str | None
    receipt_filename: str
    recorded_by: str
    recorded_at: datetime
    bureau_id: int | None  # None: handed in otherwise and recorded by hand
    package_sha256: str | None
    received_number: str
    received_by: str
    received_at: datetime | None
    verdict: str | None
    verdict_by: str
    verdict_at: datetime | None
    verdict_reason: str

    @property
    def is_online(self) -> bool:
        return self.bureau_id is not None

    @property
    def awaits_receipt(self) -> bool:
        return self.is_online and self.received_at is None

    @property
    def awaits_verdict(self) -> bool:
        return self.received_at is not None and self.verdict is None

    @property
    def is_returned(self) -> bool:
        return self.verdict == RETURNED

    @property
    def standing(self) -> tuple[str, str]:
        """Where it stands with the bureau, in a word and a tone."""
        if not self.is_online:
            return "已登记报送", "done"
        if self.received_at is None:
            return "待签收", "waiting"
        return {None: ("审核中", "active"), PASSED: ("审核通过", "done"), RETURNED: ("已退回", "late")}[self.verdict]


@dataclass(frozen=True, slots=True)
class CommentView:
    id: int
    report_id: int
    heading: str
    text: str
    person: str
    at: datetime


def of_report(report_id: int) -> DeliveryView | None:
    found = _views(Delivery.report_id == report_id)
    return found[0] if found else None


def of_reports(report_ids: Iterable[int]) -> dict[int, DeliveryView]:
    """By report, in one query."""
    return {view.report_id: view for view in _views(Delivery.report_id.in_(list(report_ids)))}


def visible(actor: Actor, delivery_id: int) -> DeliveryView:
    """What was delivered to the actor's own bureau; anything else is not there."""
    found = _views(Delivery.id == delivery_id, *_mine(actor)) if actor.may(Permission.READ_DELIVERED) else []
    if not found:
        raise NotFound(NOT_THERE)
    return found[0]


def readable(actor: Actor) -> list[DeliveryView]:
    """Everything that was delivered to the actor's own bureau, the latest first."""
    return _views(*_mine(actor)) if actor.may(Permission.READ_DELIVERED) else []


def add(report_id: int, **values: Any) -> int:
    row = Delivery(report_id=report_id, recorded_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def write(delivery_id: int, **values: Any) -> None:
    row = db.session.get_one(Delivery, delivery_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def received_this_year(bureau_id: int, year_from: datetime) -> int:
    """How many the bureau has signed for since then."""
    query = select(func.count()).select_from(Delivery)
    return db.session.scalar(query.where(Delivery.bureau_id == bureau_id, Delivery.received_at >= year_from)) or 0


def bureau_of(unit_id: int) -> UnitView | None:
    """The finance bureau that the unit delivers to."""
    bureau_id = db.session.scalar(select(Supervision.bureau_id).where(Supervision.unit_id == unit_id))
    return people.unit(bureau_id) if bureau_id is not None else None


def units_of(bureau_id: int) -> list[UnitView]:
    """The budget units that the bureau supervises."""
    query = select(Supervision.unit_id).where(Supervision.bureau_id == bureau_id).order_by(Supervision.unit_id)
    return [people.unit(unit_id) for unit_id in db.session.scalars(query)]


def supervise(unit_id: int, bureau_id: int) -> None:
    """From now on the unit delivers to this bureau."""
    row = db.session.get(Supervision, unit_id)
    if row is None:
        row = Supervision(unit_id=unit_id)
        db.session.add(row)
    row.bureau_id, row.since = bureau_id, clock.today()
    db.session.flush()


def add_comment(report_id: int, heading: str, text: str, person_id: int) -> int:
    row = BureauComment(report_id=report_id, heading=heading, text=text, person_id=person_id, at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row.id


def comments(report_id: int) -> list[CommentView]:
    """What the bureau says of the edition, oldest first."""
    query = (
        select(BureauComment, Person.name)
        .join(Person, Person.id == BureauComment.person_id)
        .where(BureauComment.report_id == report_id)
        .order_by(BureauComment.id)
    )
    return [CommentView(c.id, c.report_id, c.heading, c.text, name, c.at) for c, name in db.session.execute(query)]


def _mine(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Delivery.bureau_id == actor.unit_id,)


def _views(*conditions: ColumnElement[bool]) -> list[DeliveryView]:
    rows = list(db.session.scalars(select(Delivery).where(*conditions).order_by(Delivery.id.desc())))
    names = people.names(person for row in rows for person in (row.recorded_by, row.received_by, row.verdict_by))
    return [
        DeliveryView(
            id=row.id,
            report_id=row.report_id,
            recipient=row.recipient,
            delivered_on=row.delivered_on,
            receipt=row.receipt,
            receipt_sha256=row.receipt_sha256,
            receipt_filename=row.receipt_filename,
            recorded_by=names.get(row.recorded_by, ""),
            recorded_at=row.recorded_at,
            bureau_id=row.bureau_id,
            package_sha256=row.package_sha256,
            received_number=row.received_number,
            received_by=names.get(row.received_by or 0, ""),
            received_at=row.received_at,
            verdict=row.verdict,
            verdict_by=names.get(row.verdict_by or 0, ""),
            verdict_at=row.verdict_at,
            verdict_reason=row.verdict_reason,
        )
        for row in rows
    ]
