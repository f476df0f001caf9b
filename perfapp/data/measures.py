"""整改台账: the measures of a unit, what was done about each, and which of them wait for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from perfapp import clock
from perfapp.core.deadlines import Term, term
from perfapp.core.errors import NotFound
from perfapp.core.flow import Decision
from perfapp.core.measures.flow import OPEN, MeasureAction, MeasureState
from perfapp.core.working_days import Calendar
from perfapp.data import people
from perfapp.data.models import Cycle, Measure, MeasureNote, Office
from perfapp.extensions import db

NOT_THERE = "没有找到这项措施。"
UNFINISHED = (*OPEN, MeasureState.CLAIMED)


@dataclass(frozen=True, slots=True)
class MeasureView:
    id: int
    unit_id: int
    cycle_id: int
    fiscal_year: int
    source: str
    text: str
    office_id: int | None
    office_name: str
    person_id: int | None
    person_name: str
    due_on: date | None
    proof: str
    state: MeasureState
    version: int
    claimed_by: int | None
    claimed_by_name: str
    confirmed_by_name: str
    last_actor_id: int | None
    state_since: datetime

    def term(self, calendar: Calendar, today: date) -> Term | None:
        """How long until its date; None once it is done or where it has none."""
        return term(calendar, today, self.due_on) if self.due_on and self.state in UNFINISHED else None

    def is_late(self, today: date) -> bool:
        return self.due_on is not None and self.due_on < today and self.state in UNFINISHED


@dataclass(frozen=True, slots=True)
class NoteView:
    id: int
    action: MeasureAction
    text: str
    evidence_sha256: str | None
    evidence_filename: str
    person: str
    at: datetime


def get(unit_id: int, measure_id: int) -> MeasureView:
    """The measure of this unit; another's is not there."""
    found = _views(Measure.id == measure_id, Measure.unit_id == unit_id)
    if not found:
        raise NotFound(NOT_THERE)
    return found[0]


def lock(unit_id: int, measure_id: int) -> MeasureView:
    query = select(Measure.id).where(Measure.id == measure_id, Measure.unit_id == unit_id)
    if db.session.scalar(query.with_for_update(key_share=True)) is None:
        raise NotFound(NOT_THERE)
    db.session.refresh(db.session.get_one(Measure, measure_id))
    return get(unit_id, measure_id)


def of_unit(unit_id: int, *, states: Iterable[MeasureState] | None = None) -> list[MeasureView]:
    """The unit's measures: unfinished ones by date, then the rest, newest first."""
    wanted = [Measure.unit_id == unit_id]
    if states is not None:
        wanted.append(Measure.state.in_([state.value for state in states]))
    return sorted(_views(*wanted), key=_place)


def of_cycle(cycle_id: int) -> list[MeasureView]:
    """What the report of this cycle promised, and what the bureau added, in the order of entry."""
    return _views(Measure.cycle_id == cycle_id)


def add(unit_id: int, cycle_id: int, source: str, text: str, *, entered_by: int | None, comment_id: int | None) -> int:
    row = Measure(
        unit_id=unit_id,
        cycle_id=cycle_id,
        source=source,
        text=text,
        entered_by=entered_by,
        comment_id=comment_id,
        entered_at=clock.now(),
        state_since=clock.now(),
        last_actor_id=entered_by,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def write(measure_id: int, decision: Decision[MeasureState, MeasureAction], *, actor_id: int, **values: Any) -> None:
    row = db.session.get_one(Measure, measure_id)
    if decision.new is not decision.old:
        row.state_since = clock.now()
    for name, value in values.items():
        setattr(row, name, value)
    row.state = decision.new.value
    row.last_actor_id = actor_id
    row.version += 1
    db.session.flush()


def of_person(unit_id: int, person_id: int) -> list[MeasureView]:
    """The unfinished measures that this person owns by name."""
    return _views(
        Measure.unit_id == unit_id,
        Measure.person_id == person_id,
        Measure.state.in_([state.value for state in UNFINISHED]),
    )


def give_to(measure_id: int, person_id: int | None) -> None:
    """Another owner, or nobody by name: then it is its whole office's."""
    row = db.session.get_one(Measure, measure_id)
    row.person_id = person_id
    row.version += 1
    db.session.flush()


def add_note(
    measure_id: int, action: MeasureAction, text: str, person_id: int, *, evidence: tuple[str, str] | None = None
) -> int:
    """`evidence` is the digest and the name of a stored file."""
    digest, filename = evidence or (None, "")
    row = MeasureNote(
        measure_id=measure_id,
        action=action.value,
        text=text,
        evidence_sha256=digest,
        evidence_filename=filename,
        person_id=person_id,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def notes(measure_id: int) -> list[NoteView]:
    """What was done about it, oldest first."""
    rows = list(
        db.session.scalars(select(MeasureNote).where(MeasureNote.measure_id == measure_id).order_by(MeasureNote.id))
    )
    names = people.names(row.person_id for row in rows)
    return [
        NoteView(
            id=row.id,
            action=MeasureAction(row.action),
            text=row.text,
            evidence_sha256=row.evidence_sha256,
            evidence_filename=row.evidence_filename,
            person=names.get(row.person_id, ""),
            at=row.at,
        )
        for row in rows
    ]


def _place(view: MeasureView) -> tuple[bool, date, int]:
    return view.state not in UNFINISHED, view.due_on or date.max, -view.id


def _views(*conditions: ColumnElement[bool]) -> list[MeasureView]:
    query = (
        select(Measure, Cycle.fiscal_year, Office.name)
        .join(Cycle, Cycle.id == Measure.cycle_id)
        .outerjoin(Office, Office.id == Measure.office_id)
        .where(*conditions)
        .order_by(Measure.id)
    )
    rows = list(db.session.execute(query))
    names = people.names(person for row, _, _ in rows for person in (row.person_id, row.claimed_by, row.confirmed_by))
    return [
        MeasureView(
            id=row.id,
            unit_id=row.unit_id,
            cycle_id=row.cycle_id,
            fiscal_year=year,
            source=row.source,
            text=row.text,
            office_id=row.office_id,
            office_name=office or "",
            person_id=row.person_id,
            person_name=names.get(row.person_id or 0, ""),
            due_on=row.due_on,
            proof=row.proof,
            state=MeasureState(row.state),
            version=row.version,
            claimed_by=row.claimed_by,
            claimed_by_name=names.get(row.claimed_by or 0, ""),
            confirmed_by_name=names.get(row.confirmed_by or 0, ""),
            last_actor_id=row.last_actor_id,
            state_since=row.state_since,
        )
        for row, year, office in rows
    ]
