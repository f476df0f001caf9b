"""Cycles and their stage dates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from perfapp import clock
from perfapp.core.deadlines import Reminding, Term, after_return, term
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor
from perfapp.core.working_days import Calendar
from perfapp.data.models import Cycle, StageDate, Unit
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class CycleView:
    id: int
    unit_id: int
    unit_name: str
    fiscal_year: int
    title: str
    period_from: date
    period_to: date
    notice_number: str
    notice_sha256: str | None
    notice_filename: str
    form_key: str
    form_version: int
    form: dict[str, Any]
    version: int
    is_demo: bool
    previous_id: int | None
    opened_at: datetime
    same_person_once: bool
    due: dict[str, date]
    after: dict[str, int]  # stages that were given as working days after the one before
    reminding: Reminding

    def term(
        self, stage: str | None, calendar: Calendar, today: date, *, returned_on: date | None = None
    ) -> Term | None:
        """How long until the stage is due, None when it has no date; `returned_on` where it was sent back to it."""
        if stage not in self.due:
            return None
        left = term(calendar, today, self.due[stage])
        return left if returned_on is None else after_return(calendar, left, returned_on)


def visible(actor: Actor, cycle_id: int) -> CycleView:
    """The cycle if it belongs to the actor's unit; else it is not there."""
    found = _views(Cycle.id == cycle_id, Cycle.unit_id == actor.unit_id)
    if not found:
        raise NotFound("没有找到这个年度任务。")
    return found[0]


def get(cycle_id: int) -> CycleView:
    return _views(Cycle.id == cycle_id)[0]


def of_unit(unit_id: int) -> list[CycleView]:
    """The unit's cycles, newest year first."""
    return _views(Cycle.unit_id == unit_id)


def lock(cycle_id: int, unit_id: int) -> CycleView:
    """The cycle of this unit, locked until the transaction ends."""
    wanted = select(Cycle.id).where(Cycle.id == cycle_id, Cycle.unit_id == unit_id)
    row = db.session.scalar(wanted.with_for_update(key_share=True))
    if row is None:
        raise NotFound("没有找到这个年度任务。")
    return get(row)


def add(unit_id: int, **values: Any) -> int:
    row = Cycle(unit_id=unit_id, opened_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def change(cycle_id: int, **values: Any) -> None:
    """Write the values and count the cycle's version on."""
    row = db.session.get_one(Cycle, cycle_id)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    db.session.flush()


def following(cycle_id: int) -> list[CycleView]:
    """The cycle that has this one for its last year, if it has been opened."""
    return _views(Cycle.previous_id == cycle_id)


def set_dates(cycle_id: int, due: dict[str, date], after: dict[str, int] | None = None) -> None:
    """Replace the cycle's stage dates; `after` keeps which were given in working days."""
    counted = after or {}
    db.session.execute(delete(StageDate).where(StageDate.cycle_id == cycle_id))
    db.session.add_all(
        [
            StageDate(cycle_id=cycle_id, stage=stage, due_on=day, after_days=counted.get(stage))
            for stage, day in due.items()
        ]
    )
    db.session.flush()


def _views(*conditions: ColumnElement[bool]) -> list[CycleView]:
    rows = db.session.execute(
        select(Cycle, Unit.name)
        .join(Unit, Unit.id == Cycle.unit_id)
        .where(*conditions)
        .order_by(Cycle.fiscal_year.desc(), Cycle.id.desc())
    ).all()
    due: dict[int, dict[str, date]] = {}
    after: dict[int, dict[str, int]] = {}
    for stage in db.session.scalars(select(StageDate).where(StageDate.cycle_id.in_([c.id for c, _ in rows]))):
        due.setdefault(stage.cycle_id, {})[stage.stage] = stage.due_on
        if stage.after_days is not None:
            after.setdefault(stage.cycle_id, {})[stage.stage] = stage.after_days
    return [
        CycleView(
            id=c.id,
            unit_id=c.unit_id,
            unit_name=unit_name,
            fiscal_year=c.fiscal_year,
            title=c.title,
            period_from=c.period_from,
            period_to=c.period_to,
            notice_number=c.notice_number,
            notice_sha256=c.notice_sha256,
            notice_filename=c.notice_filename,
            form_key=c.form_key,
            form_version=c.form_version,
            form=c.form,
            version=c.version,
            is_demo=c.is_demo,
            previous_id=c.previous_id,
            opened_at=c.opened_at,
            same_person_once=c.same_person_once,
            due=due.get(c.id, {}),
            after=after.get(c.id, {}),
            reminding=Reminding(c.remind_before, c.escalate_after),
        )
        for c, unit_name in rows
    ]
