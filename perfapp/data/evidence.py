"""Evidence files and pictures of sections."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Blob, Evidence, Person, Section, SectionPicture
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class EvidenceView:
    id: int
    section_id: int
    sha256: str
    filename: str
    note: str
    size: int
    media_type: str
    added_by: str
    added_at: datetime


def of_section(section_id: int) -> list[EvidenceView]:
    return _views(Evidence.section_id == section_id)


def of_cycle(cycle_id: int) -> list[EvidenceView]:
    """The cycle's evidence in the order of the sections' ids."""
    return _views(Evidence.section_id.in_(select(Section.id).where(Section.cycle_id == cycle_id)))


def get(section_id: int, evidence_id: int) -> EvidenceView:
    found = _views(Evidence.id == evidence_id, Evidence.section_id == section_id)
    if not found:
        raise NotFound("没有找到这份佐证材料，可能已被移除。")
    return found[0]


def add(section_id: int, sha256: str, filename: str, note: str, person_id: int) -> int:
    row = Evidence(
        section_id=section_id,
        sha256=sha256,
        filename=filename,
        note=note,
        added_by=person_id,
        added_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def remove(evidence_id: int, person_id: int) -> None:
    """Take the file off the section; the row and the bytes stay, so that history stays true."""
    row = db.session.get_one(Evidence, evidence_id)
    row.removed_by, row.removed_at = person_id, clock.now()
    db.session.flush()


def counts(cycle_id: int) -> dict[int, int]:
    """How many files stand behind each section."""
    query = (
        select(Evidence.section_id, func.count().label("files"))
        .join(Section, Section.id == Evidence.section_id)
        .where(Section.cycle_id == cycle_id, Evidence.removed_at.is_(None))
        .group_by(Evidence.section_id)
    )
    return {row.section_id: row.files for row in db.session.execute(query)}


def add_picture(section_id: int, sha256: str) -> None:
    insert_if_absent(SectionPicture, section_id=section_id, sha256=sha256)


def pictures(section_id: int) -> frozenset[str]:
    """The digests of the pictures that belong to the section."""
    query = select(SectionPicture.sha256).where(SectionPicture.section_id == section_id)
    return frozenset(db.session.scalars(query))


def _views(*conditions: ColumnElement[bool]) -> list[EvidenceView]:
    query = (
        select(Evidence, Blob.size, Blob.media_type, Person.name)
        .join(Blob, Blob.sha256 == Evidence.sha256)
        .join(Person, Person.id == Evidence.added_by)
        .where(*conditions, Evidence.removed_at.is_(None))
        .order_by(Evidence.section_id, Evidence.id)
    )
    return [
        EvidenceView(e.id, e.section_id, e.sha256, e.filename, e.note, size, media_type, name, e.added_at)
        for e, size, media_type, name in db.session.execute(query)
    ]
