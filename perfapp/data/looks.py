"""What each person last saw of a cycle's report."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from perfapp import clock
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Look
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class LookView:
    seen: dict[int, str]  # section id -> content digest
    at: datetime


def last(person_id: int, cycle_id: int) -> LookView | None:
    row = db.session.scalar(select(Look).where(Look.person_id == person_id, Look.cycle_id == cycle_id))
    return LookView({int(key): str(value) for key, value in row.seen.items()}, row.at) if row else None


def remember(person_id: int, cycle_id: int, seen: dict[int, str]) -> None:
    insert_if_absent(Look, person_id=person_id, cycle_id=cycle_id, seen={}, at=clock.now())
    row = db.session.scalars(
        select(Look).where(Look.person_id == person_id, Look.cycle_id == cycle_id).with_for_update()
    ).one()
    row.seen = {str(key): value for key, value in seen.items()}
    row.at = clock.now()
    db.session.flush()
