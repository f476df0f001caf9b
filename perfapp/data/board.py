"""What desk and board read of whole cycles at once: each function is one query, however many sections there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from perfapp.core import permissions
from perfapp.core.permissions import Actor, Permission, Role
from perfapp.data import events
from perfapp.data.events import EventView
from perfapp.data.models import Cycle, Event, Office, Person, Post, Section, SectionVersion
from perfapp.data.people import PersonBrief, standing
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who holds a post at one unit on one day."""

    actors: tuple[Actor, ...] = ()
    briefs: dict[int, PersonBrief] = field(default_factory=dict)

    def holders(self, permission: Permission, office_id: int | None = None) -> tuple[Actor, ...]:
        """Who may do this, in the whole unit or by a post at this office."""
        if office_id is None:
            return tuple(actor for actor in self.actors if actor.may(permission))
        return tuple(actor for actor in self.actors if actor.may_at(permission, office_id))

    def at(self, role: Role, office_id: int) -> tuple[PersonBrief, ...]:
        post = permissions.Post(role, office_id)
        return tuple(self.briefs[actor.id] for actor in self.actors if post in actor.posts)


@dataclass(frozen=True, slots=True)
class Act:
    """The last act of its kind on a section, or (section_id None) on a report."""

    section_id: int | None
    report_id: int | None
    action: str
    actor_name: str
    reason: str
    details: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """A section's change of state, for counting."""

    section_id: int
    action: str
    new_state: str
    at: datetime
    kind: str = ""  # what it was returned for, where that was said


def staff(unit_ids: Iterable[int], today: date) -> dict[int, Staff]:
    """The standing posts of several units."""
    wanted = list(unit_ids)
    query = (
        select(Person.unit_id, Person.id, Person.name, Person.phone, Post.role, Post.office_id)
        .join(Post, Post.person_id == Person.id)
        .where(Person.unit_id.in_(wanted), standing(today), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    posts: dict[int, dict[PersonBrief, set[permissions.Post]]] = {unit_id: {} for unit_id in wanted}
    for unit_id, person_id, name, phone, role, office_id in db.session.execute(query):
        brief = PersonBrief(person_id, name, phone)
        posts[unit_id].setdefault(brief, set()).add(permissions.Post(Role(role), office_id))
    return {
        unit_id: Staff(
            actors=tuple(Actor(brief.id, brief.name, unit_id, frozenset(held)) for brief, held in people.items()),
            briefs={brief.id: brief for brief in people},
        )
        for unit_id, people in posts.items()
    }


def authors(cycle_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Everybody who ever wrote in a section, by section."""
    query = (
        select(SectionVersion.section_id, SectionVersion.author_id)
        .join(Section, Section.id == SectionVersion.section_id)
        .where(Section.cycle_id.in_(list(cycle_ids)))
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for section_id, author_id in db.session.execute(query):
        found.setdefault(section_id, set()).add(author_id)
    return {section_id: frozenset(ids) for section_id, ids in found.items()}


def last_acts(cycle_ids: Iterable[int], actions: Sequence[str]) -> list[Act]:
    """The latest event of each of the actions, for every section and report of the cycles."""
    latest = (
        select(func.max(Event.id))
        .where(Event.cycle_id.in_(list(cycle_ids)), Event.action.in_(actions))
        .group_by(Event.section_id, Event.report_id, Event.action)
    )
    query = (
        select(Event, Person.name).outerjoin(Person, Person.id == Event.actor_id).where(Event.id.in_(latest))
    ).order_by(Event.id)
    return [
        Act(
            event.section_id,
            event.report_id,
            event.action,
            events.who(event, name),
            event.reason,
            event.details,
            event.at,
        )
        for event, name in db.session.execute(query)
    ]


def moves(cycle_id: int) -> list[Move]:
    """Every change of state of the cycle's sections, oldest first."""
    query = (
        select(Event.section_id, Event.action, Event.new_state, Event.at, Event.details)
        .join(Section, Section.id == Event.section_id)
        .where(Event.cycle_id == cycle_id, Event.new_state != "", Section.has_text)
        .order_by(Event.id)
    )
    return [
        Move(row.section_id, row.action, row.new_state, row.at, str(row.details.get("kind", "")))
        for row in db.session.execute(query)
    ]


def timeline(
    cycle_id: int,
    *,
    office_ids: Iterable[int] | None = None,
    section_id: int | None = None,
    report_id: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[EventView], int]:
    """A page of what happened in the cycle, newest first, and how much there is in all.

    `office_ids` narrows it to what happened to those offices' sections.
    """
    conditions: list[ColumnElement[bool]] = [Event.cycle_id == cycle_id]
    if office_ids is not None:
        conditions.append(Section.owner_office_id.in_(sorted(office_ids)))
    if section_id is not None:
        conditions.append(Event.section_id == section_id)
    if report_id is not None:
        conditions += [Event.report_id == report_id, Event.section_id.is_(None)]
    rows = (
        select(Event, Person.name, Section.title, func.count().over())
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(Section, Section.id == Event.section_id)
        .where(*conditions)
        .order_by(Event.id.desc())
        .offset(offset)
        .limit(limit)
    )
    found, total = [], 0
    for event, name, title, count in db.session.execute(rows):
        total = count
        found.append(events.view(event, name, title))
    return found, total


def offices(unit_id: int) -> list[tuple[int, str]]:
    """The unit's offices (id, name), in their own order; closed ones too, for they may own old sections."""
    query = select(Office.id, Office.name).where(Office.unit_id == unit_id).order_by(Office.position, Office.id)
    return [(row.id, row.name) for row in db.session.execute(query)]


def unit_ids() -> list[int]:
    """Every unit that has a cycle."""
    return list(db.session.scalars(select(Cycle.unit_id).distinct().order_by(Cycle.unit_id)))


def last_of_unit(unit_id: int, action: str) -> datetime | None:
    """When the unit's last event of this kind happened."""
    moment: datetime | None = db.session.scalar(
        select(Event.at).where(Event.unit_id == unit_id, Event.action == action).order_by(Event.id.desc()).limit(1)
    )
    return moment


def last_urge(*, section_id: int | None = None, report_id: int | None = None) -> Act | None:
    """The last 催办 of a section or of a report."""
    return _last("urge", section_id, report_id)


def last_escalation(*, section_id: int | None = None, report_id: int | None = None) -> Act | None:
    """The last time superiors were told that a section or a report is late."""
    return _last("escalate", section_id, report_id)


def _last(action: str, section_id: int | None, report_id: int | None) -> Act | None:
    subject = Event.section_id == section_id if section_id else Event.report_id == report_id
    query = (
        select(Event, Person.name)
        .outerjoin(Person, Person.id == Event.actor_id)
        .where(subject, Event.action == action)
        .order_by(Event.id.desc())
        .limit(1)
    )
    for event, name in db.session.execute(query):
        return Act(event.section_id, event.report_id, event.action, name or "", event.reason, event.details, event.at)
    return None
