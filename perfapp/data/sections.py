"""Sections and their versions: read, lock, write. No rules here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import defer

from perfapp import clock
from perfapp.core.chinese import local_time
from perfapp.core.content import Content
from perfapp.core.document import EMPTY, Document, dump, heading_label
from perfapp.core.errors import NotFound
from perfapp.core.flow import Decision
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.data.models import Office, Person, Section, SectionVersion
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading of the outline with everything but its text. `number` counts among its siblings from 1."""

    id: int
    cycle_id: int
    unit_id: int
    key: str
    parent_id: int | None
    level: int
    position: int
    number: int
    title: str
    run_in: bool
    has_text: bool
    holds_money: bool
    is_required: bool
    takes_items: bool
    guidance: str
    owner_office_id: int | None
    owner_office_name: str
    state: SectionState
    direct_to: SectionState | None
    returned_by: int | None
    version: int
    round: int
    absent_reason: str | None
    content_sha256: str
    character_count: int
    last_author_id: int | None
    last_author_name: str
    last_actor_id: int | None
    saved_at: datetime | None
    state_since: datetime

    @property
    def label(self) -> str:
        return heading_label(self.level, self.number)

    @property
    def heading(self) -> str:
        return self.label + self.title

    @property
    def returned_on(self) -> date | None:
        """The day it was sent back to its writer, while it lies there."""
        return local_time(self.state_since).date() if self.returned_by else None


def outline(cycle_id: int) -> tuple[SectionView, ...]:
    """The cycle's sections in printed order, numbered."""
    return _numbered(_rows(Section.cycle_id == cycle_id))


def outlines(cycle_ids: Iterable[int]) -> dict[int, tuple[SectionView, ...]]:
    """The outlines of several cycles in one query."""
    grouped: dict[int, list[Any]] = {cycle_id: [] for cycle_id in cycle_ids}
    for row in _rows(Section.cycle_id.in_(list(grouped))):
        grouped[row[0].cycle_id].append(row)
    return {cycle_id: _numbered(rows) for cycle_id, rows in grouped.items()}


def visible(actor: Actor, section_id: int) -> SectionView:
    """The section, if the actor may read it; else it is not there."""
    return visible_in_outline(actor, section_id)[0]


def visible_in_outline(actor: Actor, section_id: int) -> tuple[SectionView, tuple[SectionView, ...]]:
    """The section with the whole outline that it stands in, if the actor may read the section."""
    its_cycle = select(Section.cycle_id).where(Section.id == section_id, visible_to(actor)).correlate(None)
    around = _numbered(_rows(Section.cycle_id == its_cycle.scalar_subquery()))
    found = next((section for section in around if section.id == section_id), None)
    if found is None:
        raise NotFound("没有找到这一节。")
    return found, around


def get(section_id: int) -> SectionView:
    """The section for a worker, who reads everything."""
    cycle_id = db.session.scalar(select(Section.cycle_id).where(Section.id == section_id))
    found = next((one for one in outline(cycle_id) if one.id == section_id), None) if cycle_id else None
    if found is None:
        raise NotFound("没有找到这一节。")
    return found


def is_readable(actor: Actor, section: SectionView) -> bool:
    """`visible_to` for a section already at hand."""
    if section.unit_id != actor.unit_id:
        return False
    return actor.may(Permission.READ_DRAFTS) or section.owner_office_id in actor.office_ids


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may read a section: his unit's, and his office's or anybody's."""
    own_unit = (Section.unit_id == actor.unit_id) & Section.removed_at.is_(None)
    if actor.may(Permission.READ_DRAFTS):
        return own_unit
    return own_unit & Section.owner_office_id.in_(sorted(actor.office_ids))


def lock(section_id: int, unit_id: int) -> SectionView:
    """The section of this unit, locked until the transaction ends."""
    row = db.session.scalar(
        select(Section)
        .where(Section.id == section_id, Section.unit_id == unit_id, Section.removed_at.is_(None))
        .with_for_update(key_share=True)
    )
    if row is None:
        raise NotFound("没有找到这一节。")
    db.session.refresh(row)
    return next(section for section in outline(row.cycle_id) if section.id == section_id)


def cycle_of(section_id: int, actor: Actor) -> int:
    """The cycle of a section that the actor may read: what to lock first."""
    cycle_id = db.session.scalar(select(Section.cycle_id).where(Section.id == section_id, visible_to(actor)))
    if cycle_id is None:
        raise NotFound("没有找到这一节。")
    return cycle_id


def content(section_id: int) -> Content:
    return contents([section_id])[section_id]


def contents(section_ids: Iterable[int]) -> dict[int, Content]:
    """The texts of several sections in one query."""
    query = select(Section.id, Section.key, Section.title, Section.document, Section.absent_reason).where(
        Section.id.in_(list(section_ids))
    )
    return {
        row.id: Content(row.key, row.title, Document.model_validate(row.document), row.absent_reason)
        for row in db.session.execute(query)
    }


def content_with_key(cycle_id: int, key: str) -> tuple[int, Content] | None:
    """The section with this key in another year's cycle, by id and with what it says, if it was ever written."""
    query = select(Section.id, Section.title, Section.document, Section.absent_reason).where(
        Section.cycle_id == cycle_id, Section.key == key, Section.has_text, Section.last_author_id.is_not(None)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    return row.id, Content(key, row.title, Document.model_validate(row.document), row.absent_reason)


def author_ids(section_ids: Iterable[int]) -> frozenset[int]:
    """Everybody who ever wrote in one of the sections."""
    query = select(SectionVersion.author_id).where(SectionVersion.section_id.in_(list(section_ids))).distinct()
    return frozenset(db.session.scalars(query))


def add(
    cycle_id: int,
    unit_id: int,
    *,
    key: str,
    parent_id: int | None,
    level: int,
    position: int,
    title: str,
    **values: Any,
) -> int:
    """Add a heading to the outline; returns its id."""
    row = Section(
        cycle_id=cycle_id,
        unit_id=unit_id,
        key=key,
        parent_id=parent_id,
        level=level,
        position=position,
        title=title,
        document=dump(EMPTY),
        content_sha256=Content(key, title, EMPTY).sha256,
        state_since=clock.now(),
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def arrange(section_id: int, **values: Any) -> None:
    """Change what the editor arranges: title, owner, position … Counts the version on."""
    row = db.session.get_one(Section, section_id)
    for name, value in values.items():
        setattr(row, name, value)
    if "title" in values:
        row.content_sha256 = Content(
            row.key, row.title, Document.model_validate(row.document), row.absent_reason
        ).sha256
    row.version += 1
    db.session.flush()


def remove(section_id: int) -> None:
    """Take a heading out of the outline; the row stays, because the log tells of it."""
    db.session.get_one(Section, section_id).removed_at = clock.now()
    db.session.flush()


def write_content(section_id: int, new: Content, *, author_id: int, kind: str, label: str = "") -> int:
    """Store the text as a new version; returns the section's new version number."""
    row = db.session.get_one(Section, section_id)
    now = clock.now()
    row.version += 1
    row.document = dump(new.document)
    row.absent_reason = new.absent_reason
    row.content_sha256 = new.sha256
    row.character_count = new.character_count
    row.last_author_id = author_id
    row.saved_at = now
    db.session.add(
        SectionVersion(
            section_id=section_id,
            number=row.version,
            kind=kind,
            label=label,
            document=row.document,
            content_sha256=new.sha256,
            character_count=row.character_count,
            author_id=author_id,
            at=now,
        )
    )
    db.session.flush()
    return row.version


def write_state(
    section_id: int,
    decision: Decision[SectionState, SectionAction],
    *,
    actor_id: int,
    direct_to: SectionState | None,
    returned_by: int | None = None,
) -> int:
    """Store the new state; returns the section's new version number."""
    row = db.session.get_one(Section, section_id)
    if decision.new is not decision.old:
        row.state_since = clock.now()
    if decision.action in {SectionAction.SUBMIT, SectionAction.DECLARE_ABSENT}:
        row.round += 1
    row.state = decision.new.value
    row.direct_to = direct_to.value if direct_to else None
    row.returned_by = returned_by
    row.last_actor_id = actor_id
    row.version += 1
    db.session.flush()
    return row.version


def version_document(section_id: int, number: int) -> Document:
    """The text a section had as version `number`."""
    query = select(SectionVersion.document).where(
        SectionVersion.section_id == section_id, SectionVersion.number == number
    )
    raw = db.session.scalar(query)
    if raw is None:
        raise NotFound("没有找到这个版本。")
    return Document.model_validate(raw)


def document_with_digest(section_id: int, sha256: str) -> Document | None:
    """The latest text of the section with this content digest, for comparing with what somebody saw."""
    query = (
        select(SectionVersion.document)
        .where(SectionVersion.section_id == section_id, SectionVersion.content_sha256 == sha256)
        .order_by(SectionVersion.number.desc())
        .limit(1)
    )
    raw = db.session.scalar(query)
    return Document.model_validate(raw) if raw is not None else None


def _rows(*conditions: ColumnElement[bool]) -> list[Any]:
    query = (
        select(Section, Office.name, Person.name)
        .outerjoin(Office, Office.id == Section.owner_office_id)
        .outerjoin(Person, Person.id == Section.last_author_id)
        .where(*conditions, Section.removed_at.is_(None))
        .order_by(Section.position, Section.id)
        .options(defer(Section.document))  # an outline is read often and its texts are long
    )
    return list(db.session.execute(query))


def _numbered(rows: list[Any]) -> tuple[SectionView, ...]:
    children: dict[int | None, list[Any]] = {}
    for row in rows:
        children.setdefault(row[0].parent_id, []).append(row)
    ordered: list[SectionView] = []

    def walk(parent_id: int | None) -> None:
        for number, (section, office_name, author_name) in enumerate(children.get(parent_id, ()), start=1):
            ordered.append(_view(section, office_name, author_name, number))
            walk(section.id)

    walk(None)
    return tuple(ordered)


def _view(section: Section, office_name: str | None, author_name: str | None, number: int) -> SectionView:
    return SectionView(
        id=section.id,
        cycle_id=section.cycle_id,
        unit_id=section.unit_id,
        key=section.key,
        parent_id=section.parent_id,
        level=section.level,
        position=section.position,
        number=number,
        title=section.title,
        run_in=section.run_in,
        has_text=section.has_text,
        holds_money=section.holds_money,
        is_required=section.is_required,
        takes_items=section.takes_items,
        guidance=section.guidance,
        owner_office_id=section.owner_office_id,
        owner_office_name=office_name or "",
        state=SectionState(section.state),
        direct_to=SectionState(section.direct_to) if section.direct_to else None,
        returned_by=section.returned_by,
        version=section.version,
        round=section.round,
        absent_reason=section.absent_reason,
        content_sha256=section.content_sha256,
        character_count=section.character_count,
        last_author_id=section.last_author_id,
        last_author_name=author_name or "",
        last_actor_id=section.last_actor_id,
        saved_at=section.saved_at,
        state_since=section.state_since,
    )
