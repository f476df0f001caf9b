"""What happened: written once, read as a time line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from perfapp import clock
from perfapp.core.permissions import signature
from perfapp.data.models import Event, Person, Section
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class EventView:
    """One row of a time line."""

    id: int
    at: datetime
    action: str
    actor_name: str  # empty: the system
    section_id: int | None
    section_title: str
    report_id: int | None
    old_state: str
    new_state: str
    reason: str
    content_sha256: str
    details: dict[str, Any]


class About(StrEnum):
    """What an event is about, where the same action exists for both."""

    SECTION = "section"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which events of a unit's log are wanted; `since` is the first moment, `until` the first one after."""

    person_id: int | None = None
    actions: tuple[str, ...] = ()
    about: About | None = None
    since: datetime | None = None
    until: datetime | None = None


def record(
    action: str,
    *,
    actor_id: int | None,
    unit_id: int | None = None,
    cycle_id: int | None = None,
    section_id: int | None = None,
    report_id: int | None = None,
    old_state: str = "",
    new_state: str = "",
    reason: str = "",
    content_sha256: str = "",
    details: dict[str, Any] | None = None,
) -> int:
    """Write one event in the open transaction; returns its id."""
    event = Event(
        at=clock.now(),
        action=action,
        actor_id=actor_id,
        unit_id=unit_id,
        cycle_id=cycle_id,
        section_id=section_id,
        report_id=report_id,
        old_state=old_state,
        new_state=new_state,
        reason=reason,
        content_sha256=content_sha256,
        details=details or {},
    )
    db.session.add(event)
    db.session.flush()
    return event.id


def of_section(section_id: int, limit: int = 200) -> list[EventView]:
    """The section's time line, newest first."""
    return _views(_query(Event.section_id == section_id).limit(limit))


def last_of_person(section_id: int, person_id: int, actions: Iterable[str]) -> EventView | None:
    """The last of these acts that the person did on the section."""
    mine = (Event.section_id == section_id, Event.actor_id == person_id, Event.action.in_([str(a) for a in actions]))
    return next(iter(_views(_query(*mine).limit(1))), None)


def of_report(report_id: int, limit: int = 200) -> list[EventView]:
    """The report's own time line, newest first."""
    return _views(_query(Event.report_id == report_id, Event.section_id.is_(None)).limit(limit))


def of_cycle(cycle_id: int, limit: int = 500) -> list[EventView]:
    """Everything that happened in a cycle, newest first."""
    return _views(_query(Event.cycle_id == cycle_id).limit(limit))


def for_chain(cycle_id: int, until: int | None = None) -> Iterator[dict[str, Any]]:
    """Every event of the cycle with all that is stored of it, oldest first: what the audit chain is made over."""
    conditions = [Event.cycle_id == cycle_id] + ([Event.id <= until] if until is not None else [])
    for row in db.session.scalars(select(Event).where(*conditions).order_by(Event.id)):
        values = {column.name: getattr(row, column.name) for column in Event.__table__.columns}
        yield values | {"at": row.at.isoformat()}


def of_unit(unit_id: int, *, before_id: int | None = None, limit: int = 100) -> list[EventView]:
    """The unit's log, newest first, page by page: `before_id` is the last id of the page before."""
    conditions = [Event.unit_id == unit_id] + ([Event.id < before_id] if before_id else [])
    return _views(_query(*conditions).limit(limit))


def log(unit_id: int, wanted: LogFilter, *, offset: int = 0, limit: int = 50) -> list[EventView]:
    """The part of the unit's log that is wanted, newest first."""
    return _views(_query(*_wanted(unit_id, wanted)).offset(offset).limit(limit))


def count(unit_id: int, wanted: LogFilter) -> int:
    """How many events of the unit's log are wanted."""
    return db.session.scalar(select(func.count()).select_from(Event).where(*_wanted(unit_id, wanted))) or 0


def _wanted(unit_id: int, wanted: LogFilter) -> list[ColumnElement[bool]]:
    conditions = [Event.unit_id == unit_id]
    if wanted.person_id is not None:
        conditions.append(Event.actor_id == wanted.person_id)
    if wanted.actions:
        conditions.append(Event.action.in_(wanted.actions))
    if wanted.about is About.SECTION:
        conditions.append(Event.section_id.is_not(None))
    if wanted.about is About.REPORT:
        conditions.extend((Event.report_id.is_not(None), Event.section_id.is_(None)))
    if wanted.since is not None:
        conditions.append(Event.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Event.at < wanted.until)
    return conditions


def _query(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = (
        select(Event, Person.name, Section.title)
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(Section, Section.id == Event.section_id)
        .where(*conditions)
        .order_by(Event.id.desc())
    )
    return query


def _views(query: Select[*tuple[Any, ...]]) -> list[EventView]:
    return [view(event, actor, title) for event, actor, title in db.session.execute(query)]


def who(event: Event, actor_name: str | None) -> str:
    """Who acted, with the principal's name where he stood in for another: 李四（代张三）; '' is the system."""
    return signature(actor_name or "", str(event.details.get("principal", "")))


def view(event: Event, actor_name: str | None, section_title: str | None) -> EventView:
    """The row as a line of a time line; no actor is the system."""
    return EventView(
        id=event.id,
        at=event.at,
        action=event.action,
        actor_name=who(event, actor_name),
        section_id=event.section_id,
        section_title=section_title or "",
        report_id=event.report_id,
        old_state=event.old_state,
        new_state=event.new_state,
        reason=event.reason,
        content_sha256=event.content_sha256,
        details=event.details,
    )
