"""What texts repeat of earlier ones: the findings of the comparison, and what authors say about them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from perfapp import clock
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Person, Repetition, Reuse, Section
from perfapp.extensions import db

KEPT, STANDING = "kept", "standing"


@dataclass(frozen=True, slots=True)
class ReuseView:
    """One declared 沿用; `is_standing` for wording that is the same every year, such as the unit's duties."""

    section_id: int
    mark: str
    is_standing: bool
    reason: str
    person_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Repeated:
    """What one text of a section repeats, paragraph by paragraph."""

    characters: int
    paragraphs: int
    passages: tuple["RepeatedPassage", ...]

    @property
    def marks(self) -> tuple[tuple[str, int], ...]:
        """The mark and the length of each repeated paragraph."""
        return tuple((one.mark, one.characters) for one in self.passages)


@dataclass(frozen=True, slots=True)
class RepeatedPassage:
    """One repeated paragraph: how it begins, and what it repeats, in words. What was compared long ago has neither."""

    mark: str
    characters: int
    number: int = 0
    begins: str = ""
    sentence: str = ""


def declared(section_ids: Iterable[int]) -> list[ReuseView]:
    """Everything declared for these sections, in the order it was said."""
    query = (
        select(Reuse, Person.name)
        .join(Person, Person.id == Reuse.declared_by)
        .where(Reuse.section_id.in_(list(section_ids)))
        .order_by(Reuse.id)
    )
    return [
        ReuseView(row.section_id, row.mark, row.kind == STANDING, row.reason, name, row.declared_at)
        for row, name in db.session.execute(query)
    ]


def standing_marks(unit_id: int) -> frozenset[str]:
    """The marks of every paragraph that the unit has declared to be standing, in any year."""
    query = select(Reuse.mark).where(Reuse.unit_id == unit_id, Reuse.kind == STANDING).distinct()
    return frozenset(db.session.scalars(query))


def declare(section_id: int, unit_id: int, mark: str, *, kind: str, reason: str, person_id: int) -> None:
    """Say it, or say it anew."""
    take_back(section_id, mark)
    row = {"unit_id": unit_id, "section_id": section_id, "mark": mark, "kind": kind, "reason": reason}
    db.session.add(Reuse(**row, declared_by=person_id, declared_at=clock.now()))
    db.session.flush()


def take_back(section_id: int, mark: str) -> None:
    db.session.execute(delete(Reuse).where(Reuse.section_id == section_id, Reuse.mark == mark))


def keep(section_id: int, content_sha256: str, found: Repeated) -> None:
    """Keep what the comparison found; the same text compared twice is kept once."""
    insert_if_absent(
        Repetition,
        section_id=section_id,
        content_sha256=content_sha256,
        characters=found.characters,
        paragraphs=found.paragraphs,
        repeated=[asdict(one) for one in found.passages],
        at=clock.now(),
    )


def found(section_ids: Iterable[int]) -> dict[int, Repeated]:
    """What the present texts of these sections repeat, where that has been computed."""
    query = (
        select(Repetition)
        .join(Section, Section.id == Repetition.section_id)
        .where(Repetition.section_id.in_(list(section_ids)), Repetition.content_sha256 == Section.content_sha256)
    )
    return {
        row.section_id: _repeated(row.characters, row.paragraphs, row.repeated) for row in db.session.scalars(query)
    }


def _repeated(characters: int, paragraphs: int, stored: list[dict[str, Any]]) -> Repeated:
    return Repeated(characters, paragraphs, tuple(RepeatedPassage(**one) for one in stored))
