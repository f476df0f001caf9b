"""The list of the texts a section ever had: milestones that people read, and the autosaves between them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from perfapp.core.errors import NotFound
from perfapp.data.models import Person, SectionVersion
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class VersionView:
    id: int
    number: int
    kind: str
    label: str
    author_name: str
    author_id: int
    at: datetime
    content_sha256: str
    character_count: int


def versions(section_id: int, *, with_autosaves: bool = False, limit: int = 300) -> list[VersionView]:
    """The section's history, newest first; milestones only unless autosaves are asked for."""
    conditions = [] if with_autosaves else [SectionVersion.kind != "autosave"]
    return _versions(SectionVersion.section_id == section_id, *conditions, limit=limit)


def version(section_id: int, number: int) -> VersionView:
    found = _versions(SectionVersion.section_id == section_id, SectionVersion.number == number, limit=1)
    if not found:
        raise NotFound("没有找到这个版本。")
    return found[0]


def give_name(section_id: int, number: int, label: str) -> None:
    """Keep an autosave as a named milestone."""
    row = db.session.scalar(
        select(SectionVersion).where(SectionVersion.section_id == section_id, SectionVersion.number == number)
    )
    if row is None:
        raise NotFound("没有找到这个版本。")
    row.kind = "named" if row.kind == "autosave" else row.kind
    row.label = label
    db.session.flush()


def _versions(*conditions: ColumnElement[bool], limit: int) -> list[VersionView]:
    """Without the texts: a long history of long sections is still a short list."""
    columns = (
        SectionVersion.id,
        SectionVersion.number,
        SectionVersion.kind,
        SectionVersion.label,
        Person.name,
        SectionVersion.author_id,
        SectionVersion.at,
        SectionVersion.content_sha256,
        SectionVersion.character_count,
    )
    query = (
        select(*columns)
        .join(Person, Person.id == SectionVersion.author_id)
        .where(*conditions)
        .order_by(SectionVersion.number.desc())
        .limit(limit)
    )
    return [VersionView(*row) for row in db.session.execute(query)]
