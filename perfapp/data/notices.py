"""Messages to persons: written with what they tell of, read on the desk; the outbox sends them on where wanted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.data.models import Event, Notice
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class NoticeView:
    id: int
    subject: str
    body: str
    at: datetime
    is_read: bool
    is_task: bool
    section_id: int | None
    report_id: int | None
    cycle_id: int | None  # of what it tells, where that has one
    fact_key: str  # the fact it tells of, else empty
    place: str = ""  # the page it tells of, where that is neither a section nor a report nor a fact


def write(
    event_id: int,
    person_ids: Iterable[int],
    *,
    subject: str,
    body: str = "",
    is_task: bool = False,
    section_id: int | None = None,
    report_id: int | None = None,
) -> list[int]:
    """One notice a person, each person once an event; returns who was newly told."""
    told = set(db.session.scalars(select(Notice.person_id).where(Notice.event_id == event_id)))
    notices = [
        Notice(
            event_id=event_id,
            person_id=person_id,
            subject=subject[:200],
            body=body,
            is_task=is_task,
            section_id=section_id,
            report_id=report_id,
            at=clock.now(),
        )
        for person_id in dict.fromkeys(person_ids)
        if person_id not in told
    ]
    db.session.add_all(notices)
    db.session.flush()
    return [notice.person_id for notice in notices]


def count(person_id: int) -> int:
    query = select(func.count()).select_from(Notice).where(Notice.person_id == person_id)
    return db.session.scalar(query) or 0


def of_person(person_id: int, limit: int = 100, offset: int = 0) -> list[NoticeView]:
    """The person's notices, newest first."""
    query = _query(Notice.person_id == person_id).order_by(Notice.id.desc()).limit(limit).offset(offset)
    return [_view(*row) for row in db.session.execute(query)]


def own(person_id: int, notice_id: int) -> NoticeView:
    """One of the person's own notices; anybody else's is not there."""
    row = db.session.execute(_query(Notice.id == notice_id, Notice.person_id == person_id)).one_or_none()
    if row is None:
        raise NotFound("没有找到这条通知。")
    return _view(*row)


def mark_read(person_id: int, notice_id: int | None = None) -> None:
    """Mark one of the person's notices read, or all of them."""
    query = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    if notice_id is not None:
        query = query.where(Notice.id == notice_id)
    db.session.execute(query.values(read_at=clock.now()))


def unread_since(person_ids: Iterable[int], since: datetime) -> dict[int, list[tuple[datetime, str]]]:
    """What each was told from a moment on and has not read: when, and the subject; the oldest first."""
    query = (
        select(Notice.person_id, Notice.at, Notice.subject)
        .where(Notice.person_id.in_(list(person_ids)), Notice.read_at.is_(None), Notice.at >= since)
        .order_by(Notice.id)
    )
    found: dict[int, list[tuple[datetime, str]]] = {}
    for person_id, at, subject in db.session.execute(query):
        found.setdefault(person_id, []).append((at, subject))
    return found


def _query(*conditions: ColumnElement[bool]) -> Select[Notice, int | None, dict[str, Any]]:
    return select(Notice, Event.cycle_id, Event.details).join(Event, Event.id == Notice.event_id).where(*conditions)


def _view(row: Notice, cycle_id: int | None, details: dict[str, Any]) -> NoticeView:
    return NoticeView(
        id=row.id,
        subject=row.subject,
        body=row.body,
        at=row.at,
        is_read=row.read_at is not None,
        is_task=row.is_task,
        section_id=row.section_id,
        report_id=row.report_id,
        cycle_id=cycle_id,
        fact_key=str(details.get("key", "")),
        place=str(details.get("place", "")),
    )
