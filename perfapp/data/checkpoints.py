"""Checkpoints in mid-year, what offices answer, and who has handed in. Answers are append-only by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from perfapp import clock
from perfapp.core.checkpoints import Answer, Outlook, Period
from perfapp.core.errors import NotFound
from perfapp.data.models import Checkpoint, CheckpointAnswer, CheckpointOffice, Cycle, Person
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class CheckpointView:
    id: int
    cycle_id: int
    fiscal_year: int
    period: Period
    due_on: date

    @property
    def title(self) -> str:
        return f"{self.fiscal_year}年{self.period.called}绩效监控"


@dataclass(frozen=True, slots=True)
class AnswerView:
    answer: Answer
    number: int
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HandIn:
    person_name: str
    at: datetime


def of_unit(unit_id: int) -> list[CheckpointView]:
    """The unit's checkpoints, latest first."""
    return _views(Cycle.unit_id == unit_id)


def visible(unit_id: int, checkpoint_id: int) -> CheckpointView:
    found = _views(Cycle.unit_id == unit_id, Checkpoint.id == checkpoint_id)
    if not found:
        raise NotFound("没有找到这次绩效监控。")
    return found[0]


def add(cycle_id: int, period: Period, due_on: date, person_id: int) -> int:
    row = Checkpoint(cycle_id=cycle_id, period=period.value, due_on=due_on, opened_by=person_id, opened_at=clock.now())
    db.session.add(row)
    db.session.flush()
    return row.id


def set_due(checkpoint_id: int, due_on: date) -> None:
    db.session.get_one(Checkpoint, checkpoint_id).due_on = due_on
    db.session.flush()


def answers(checkpoint_id: int) -> dict[str, AnswerView]:
    """The present answer to every indicator, by its key."""
    query = (
        select(CheckpointAnswer, Person.name)
        .join(Person, Person.id == CheckpointAnswer.entered_by)
        .where(CheckpointAnswer.checkpoint_id == checkpoint_id)
        .order_by(CheckpointAnswer.number)
    )
    return {
        row.indicator_key: AnswerView(_answer(row), row.number, name, row.entered_at)
        for row, name in db.session.execute(query)
    }


def answer_at(checkpoint_id: int, key: str, number: int) -> Answer | None:
    """An earlier answer to one indicator, by its number."""
    query = select(CheckpointAnswer).where(
        CheckpointAnswer.checkpoint_id == checkpoint_id,
        CheckpointAnswer.indicator_key == key,
        CheckpointAnswer.number == number,
    )
    row = db.session.scalar(query)
    return _answer(row) if row is not None else None


def past(checkpoint_id: int, most: int) -> dict[str, list[AnswerView]]:
    """What each indicator was answered before its present answer, newest first, at most so many."""
    query = (
        select(CheckpointAnswer, Person.name)
        .join(Person, Person.id == CheckpointAnswer.entered_by)
        .where(CheckpointAnswer.checkpoint_id == checkpoint_id)
        .order_by(CheckpointAnswer.number.desc())
    )
    found: dict[str, list[AnswerView]] = {}
    for row, name in db.session.execute(query):
        found.setdefault(row.indicator_key, []).append(AnswerView(_answer(row), row.number, name, row.entered_at))
    return {key: views[1 : most + 1] for key, views in found.items()}


def answers_of_cycle(cycle_id: int) -> list[tuple[Period, str, Answer]]:
    """The present answers of all the year's checkpoints, by period and indicator."""
    newest = (
        select(
            CheckpointAnswer.checkpoint_id,
            CheckpointAnswer.indicator_key,
            func.max(CheckpointAnswer.number).label("number"),
        )
        .group_by(CheckpointAnswer.checkpoint_id, CheckpointAnswer.indicator_key)
        .subquery()
    )
    query = (
        select(Checkpoint.period, CheckpointAnswer)
        .join(Checkpoint, Checkpoint.id == CheckpointAnswer.checkpoint_id)
        .join(
            newest,
            (newest.c.checkpoint_id == CheckpointAnswer.checkpoint_id)
            & (newest.c.indicator_key == CheckpointAnswer.indicator_key)
            & (newest.c.number == CheckpointAnswer.number),
        )
        .where(Checkpoint.cycle_id == cycle_id)
    )
    return [(Period(period), row.indicator_key, _answer(row)) for period, row in db.session.execute(query)]


def add_answer(checkpoint_id: int, key: str, number: int, answer: Answer, person_id: int) -> None:
    row = CheckpointAnswer(
        checkpoint_id=checkpoint_id,
        indicator_key=key,
        number=number,
        so_far=answer.so_far,
        outlook=answer.outlook.value if answer.outlook else None,
        reason=answer.reason,
        measure=answer.measure,
        entered_by=person_id,
        entered_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()


def ask_offices(checkpoint_id: int, office_ids: Iterable[int]) -> None:
    db.session.add_all([CheckpointOffice(checkpoint_id=checkpoint_id, office_id=one) for one in office_ids])
    db.session.flush()


def handed_in(checkpoint_id: int) -> dict[int, HandIn]:
    """Who has handed in, by office."""
    query = (
        select(CheckpointOffice.office_id, Person.name, CheckpointOffice.handed_in_at)
        .join(Person, Person.id == CheckpointOffice.handed_in_by)
        .where(CheckpointOffice.checkpoint_id == checkpoint_id)
    )
    return {office_id: HandIn(name, at) for office_id, name, at in db.session.execute(query) if at is not None}


def set_handed_in(checkpoint_id: int, office_id: int, person_id: int | None) -> None:
    """Handed in by this person, or (None) taken back. An office that has its first indicator later is asked now."""
    row = db.session.get(CheckpointOffice, (checkpoint_id, office_id))
    if row is None:
        row = CheckpointOffice(checkpoint_id=checkpoint_id, office_id=office_id)
        db.session.add(row)
    row.handed_in_by, row.handed_in_at = person_id, clock.now() if person_id is not None else None
    db.session.flush()


def awaited(cycle_ids: Iterable[int], office_ids: Iterable[int]) -> list[tuple[CheckpointView, int]]:
    """The checkpoints of these cycles that these offices have not handed in, with the office; earliest day first."""
    query = (
        select(Checkpoint, Cycle.fiscal_year, CheckpointOffice.office_id)
        .join(Cycle, Cycle.id == Checkpoint.cycle_id)
        .join(CheckpointOffice, CheckpointOffice.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.cycle_id.in_(list(cycle_ids)), CheckpointOffice.office_id.in_(list(office_ids)))
        .where(CheckpointOffice.handed_in_at.is_(None))
        .order_by(Checkpoint.due_on, Checkpoint.id)
    )
    return [(_view(row, year), office_id) for row, year, office_id in db.session.execute(query)]


def _answer(row: CheckpointAnswer) -> Answer:
    return Answer(row.so_far, Outlook(row.outlook) if row.outlook else None, row.reason, row.measure)


def _views(*conditions: ColumnElement[bool]) -> list[CheckpointView]:
    query = (
        select(Checkpoint, Cycle.fiscal_year)
        .join(Cycle, Cycle.id == Checkpoint.cycle_id)
        .where(*conditions)
        .order_by(Cycle.fiscal_year.desc(), Checkpoint.due_on.desc(), Checkpoint.id.desc())
    )
    return [_view(row, year) for row, year in db.session.execute(query)]


def _view(row: Checkpoint, fiscal_year: int) -> CheckpointView:
    return CheckpointView(row.id, row.cycle_id, fiscal_year, Period(row.period), row.due_on)
