"""What units say of their indicators: entries, append-only; the highest number of an indicator is the present one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.scoring.entries import Entry, OwnScore
from perfapp.data.models import Cycle, IndicatorEntry, Person
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with who made it and who consented to its own score."""

    id: int
    cycle_id: int
    indicator_key: str
    number: int
    entry: Entry
    office_id: int | None
    evidence_sha256: str | None
    evidence_filename: str
    entered_by: int
    entered_by_name: str
    entered_at: datetime
    consented_by: int | None
    consented_by_name: str
    consented_at: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stored file and its name."""

    sha256: str
    filename: str


def of_cycle(cycle_id: int) -> dict[str, EntryView]:
    """The present entry of every indicator, by its key."""
    newest = (
        select(IndicatorEntry.indicator_key, func.max(IndicatorEntry.number).label("number"))
        .where(IndicatorEntry.cycle_id == cycle_id)
        .group_by(IndicatorEntry.indicator_key)
        .subquery()
    )
    present = (IndicatorEntry.indicator_key == newest.c.indicator_key) & (IndicatorEntry.number == newest.c.number)
    query = _query().where(IndicatorEntry.cycle_id == cycle_id).join(newest, present)
    return {view.indicator_key: view for view in _views(query)}


def history(cycle_id: int, indicator_key: str) -> list[EntryView]:
    """Every entry of one indicator, newest first."""
    return _views(_query().where(IndicatorEntry.cycle_id == cycle_id, IndicatorEntry.indicator_key == indicator_key))


def get(unit_id: int, entry_id: int) -> EntryView:
    """The entry of this unit; NotFound for another's."""
    found = _views(_query().where(IndicatorEntry.id == entry_id, Cycle.unit_id == unit_id))
    if not found:
        raise NotFound("没有找到这条自评记录。")
    return found[0]


def add(
    cycle_id: int,
    indicator_key: str,
    number: int,
    entry: Entry,
    *,
    office_id: int | None,
    evidence: Evidence | None,
    person_id: int,
    consent: tuple[int, datetime] | None = None,
) -> int:
    """Write the next entry; `consent` is who agreed to its own score and when, carried over from the one before."""
    own = entry.own
    row = IndicatorEntry(
        cycle_id=cycle_id,
        indicator_key=indicator_key,
        number=number,
        office_id=office_id,
        typed_amount=entry.actual,
        answer=entry.model_dump(mode="json", include={"said", "checks", "grade", "percent", "points"}),
        self_score=own.points if own else None,
        self_score_reason=own.reason if own else "",
        deviation=entry.deviation,
        evidence_sha256=evidence.sha256 if evidence else None,
        evidence_filename=evidence.filename if evidence else "",
        entered_by=person_id,
        entered_at=clock.now(),
    )
    if consent is not None:
        row.consented_by, row.consented_at = consent
    db.session.add(row)
    db.session.flush()
    return row.id


def consent(entry_id: int, person_id: int) -> None:
    row = db.session.get_one(IndicatorEntry, entry_id)
    row.consented_by, row.consented_at = person_id, clock.now()
    db.session.flush()


def _query() -> Select[IndicatorEntry, str, str | None]:
    enterer, consenter = aliased(Person), aliased(Person)
    return (
        select(IndicatorEntry, enterer.name, consenter.name)
        .join(Cycle, Cycle.id == IndicatorEntry.cycle_id)
        .join(enterer, enterer.id == IndicatorEntry.entered_by)
        .outerjoin(consenter, consenter.id == IndicatorEntry.consented_by)
        .order_by(IndicatorEntry.indicator_key, IndicatorEntry.number.desc())
    )


def _views(query: Select[IndicatorEntry, str, str | None]) -> list[EntryView]:
    return [_view(row, entered_by, agreed or "") for row, entered_by, agreed in db.session.execute(query)]


def _view(row: IndicatorEntry, entered_by: str, consented_by: str) -> EntryView:
    own = None
    if row.self_score is not None:
        agreed = row.consented_by is not None
        own = OwnScore(points=row.self_score, reason=row.self_score_reason, is_consented=agreed)
    entry = Entry(
        **row.answer,
        actual=row.typed_amount,
        deviation=row.deviation,
        evidence=(row.evidence_filename,) if row.evidence_filename else (),
        own=own,
    )
    return EntryView(
        id=row.id,
        cycle_id=row.cycle_id,
        indicator_key=row.indicator_key,
        number=row.number,
        entry=entry,
        office_id=row.office_id,
        evidence_sha256=row.evidence_sha256,
        evidence_filename=row.evidence_filename,
        entered_by=row.entered_by,
        entered_by_name=entered_by,
        entered_at=row.entered_at,
        consented_by=row.consented_by,
        consented_by_name=consented_by,
        consented_at=row.consented_at,
    )
