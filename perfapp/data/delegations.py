"""代理 as it is stored, and the actors that it makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.delegation import STEPS, Scope
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Permission
from perfapp.data.models import Delegation, Office, Person
from perfapp.extensions import db

_From, _To = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class DelegationView:
    id: int
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    steps: tuple[Permission, ...]
    office_id: int | None
    office_name: str
    starts_on: date
    ends_on: date
    reason: str
    ended_at: datetime | None

    @property
    def scope(self) -> Scope:
        return Scope(frozenset(self.steps), self.office_id)

    @property
    def spoken_steps(self) -> str:
        return self.office_name + "、".join(STEPS[step] for step in self.steps)

    def holds(self, today: date) -> bool:
        return self.ended_at is None and self.starts_on <= today <= self.ends_on


def holding(unit_ids: Iterable[int], today: date) -> list[DelegationView]:
    """Those that hold today, of the units."""
    return _views(Delegation.unit_id.in_(list(unit_ids)), *_held(today))


def to_person(person_id: int, today: date) -> list[DelegationView]:
    """For whom the person stands in today."""
    return _views(Delegation.to_id == person_id, *_held(today))


def of_person(person_id: int) -> list[DelegationView]:
    """Given to and by the person, newest first, those that are over too."""
    return _views(or_(Delegation.from_id == person_id, Delegation.to_id == person_id))[::-1]


def of_unit(unit_id: int) -> list[DelegationView]:
    return _views(Delegation.unit_id == unit_id)[::-1]


def standing(person_id: int, today: date) -> list[DelegationView]:
    """Given to or by the person, and not over: those of a later day too."""
    mine = or_(Delegation.from_id == person_id, Delegation.to_id == person_id)
    return _views(mine, Delegation.ended_at.is_(None), Delegation.ends_on >= today)


def get(unit_id: int, delegation_id: int) -> DelegationView:
    found = _views(Delegation.id == delegation_id, Delegation.unit_id == unit_id)
    if not found:
        raise NotFound("没有找到这项代理。")
    return found[0]


def add(
    unit_id: int,
    *,
    from_id: int,
    to_id: int,
    steps: Iterable[Permission],
    office_id: int | None,
    starts_on: date,
    ends_on: date,
    reason: str,
    made_by: int,
) -> int:
    row = Delegation(
        unit_id=unit_id,
        from_id=from_id,
        to_id=to_id,
        steps=[step.value for step in steps],
        office_id=office_id,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        made_by=made_by,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def end(delegation_id: int, by: int) -> None:
    row = db.session.get_one(Delegation, delegation_id)
    row.ended_at, row.ended_by = clock.now(), by
    db.session.flush()


def _held(today: date) -> tuple[ColumnElement[bool], ...]:
    return Delegation.ended_at.is_(None), Delegation.starts_on <= today, Delegation.ends_on >= today


def _views(*conditions: ColumnElement[bool]) -> list[DelegationView]:
    query = (
        select(Delegation, _From.name, _To.name, Office.name)
        .join(_From, _From.id == Delegation.from_id)
        .join(_To, _To.id == Delegation.to_id)
        .outerjoin(Office, Office.id == Delegation.office_id)
        .where(*conditions)
        .order_by(Delegation.id)
    )
    return [
        DelegationView(
            id=row.id,
            from_id=row.from_id,
            from_name=giver,
            to_id=row.to_id,
            to_name=taker,
            steps=tuple(Permission(step) for step in row.steps),
            office_id=row.office_id,
            office_name=office or "",
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            reason=row.reason,
            ended_at=row.ended_at,
        )
        for row, giver, taker, office in db.session.execute(query)
    ]
