"""Remarks and what was said about them: read, write. Who may see one is asked of the rules by whoever reads."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from perfapp import clock
from perfapp.core.chinese import local_time
from perfapp.core.errors import NotFound
from perfapp.core.remarks.anchors import Anchor
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct, RemarkFacts, RemarkState, Side
from perfapp.data.models import Person, Post, Remark, RemarkStep, SectionVersion
from perfapp.data.people import standing
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class StepView:
    act: RemarkAct
    person_name: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RemarkView:
    """`anchor` is where its words stand in the stored text: None where they went, or where it is of all the section."""

    id: int
    section_id: int
    author_id: int
    author_name: str
    at: datetime
    deed: Deed
    audience: Audience
    words: str
    quoted: str
    replacement: str
    made_at_version: int
    anchor: Anchor | None
    state: RemarkState
    said_last: Side
    steps: tuple[StepView, ...] = ()
    author_left: bool = False

    @property
    def facts(self) -> RemarkFacts:
        return RemarkFacts(self.deed, self.audience, self.state, self.author_id, self.said_last, self.author_left)

    @property
    def is_open(self) -> bool:
        return self.state is RemarkState.OPEN

    @property
    def is_proposal(self) -> bool:
        return self.deed is not Deed.COMMENT


@dataclass(frozen=True, slots=True)
class Brief:
    """Enough of an open remark to count it: its section, and what the rules need to know."""

    section_id: int
    facts: RemarkFacts


def of_section(section_id: int) -> list[RemarkView]:
    """Every remark of the section with its steps, oldest first. Not all of them are for everybody."""
    found = [_view(row, name) for row, name in db.session.execute(_query(Remark.section_id == section_id))]
    return _with_steps(found)


def of_sections(section_ids: Iterable[int]) -> list[RemarkView]:
    """The remarks of several sections in three queries."""
    found = [_view(row, name) for row, name in db.session.execute(_query(Remark.section_id.in_(list(section_ids))))]
    return _with_steps(found)


def _with_steps(found: list[RemarkView]) -> list[RemarkView]:
    steps: dict[int, list[StepView]] = {remark.id: [] for remark in found}
    query = (
        select(RemarkStep, Person.name)
        .join(Person, Person.id == RemarkStep.person_id)
        .where(RemarkStep.remark_id.in_(list(steps)))
        .order_by(RemarkStep.id)
    )
    for row, name in db.session.execute(query) if steps else ():
        steps[row.remark_id].append(StepView(RemarkAct(row.act), name, row.words, row.at))
    since = _in_post_since(remark.author_id for remark in found)
    return [
        replace(remark, steps=tuple(steps[remark.id]), author_left=_has_left(since.get(remark.author_id), remark.at))
        for remark in found
    ]


def _in_post_since(person_ids: Iterable[int]) -> dict[int, date]:
    """The first day of the oldest post that each still holds."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    query = select(Post.person_id, func.min(Post.starts_on)).where(Post.person_id.in_(wanted), standing(clock.today()))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Post.person_id))}


def _has_left(in_post_since: date | None, at: datetime) -> bool:
    return in_post_since is None or in_post_since > local_time(at).date()


def get(remark_id: int) -> RemarkView:
    row = db.session.execute(_query(Remark.id == remark_id)).first()
    if row is None:
        raise NotFound("没有找到这条批注。")
    return _with_steps([_view(*row)])[0]


def section_of(remark_id: int) -> int:
    """The section of a remark: what to ask for and to lock first."""
    section_id = db.session.scalar(select(Remark.section_id).where(Remark.id == remark_id))
    if section_id is None:
        raise NotFound("没有找到这条批注。")
    return section_id


def open_of(section_ids: Iterable[int]) -> list[Brief]:
    """The open remarks of the sections, for counting: two queries."""
    columns = (Remark.section_id, Remark.deed, Remark.audience, Remark.state, Remark.author_id, Remark.said_last)
    query = select(*columns, Remark.at).where(
        Remark.section_id.in_(list(section_ids)), Remark.state == RemarkState.OPEN.value
    )
    rows = db.session.execute(query).all()
    since = _in_post_since(row.author_id for row in rows)
    return [
        Brief(
            row.section_id,
            RemarkFacts(
                Deed(row.deed),
                Audience(row.audience),
                RemarkState(row.state),
                row.author_id,
                Side(row.said_last),
                _has_left(since.get(row.author_id), row.at),
            ),
        )
        for row in rows
    ]


def written_by(person_id: int, section_ids: Iterable[int]) -> frozenset[int]:
    """In which of the sections the person has ever written."""
    query = (
        select(SectionVersion.section_id)
        .where(SectionVersion.author_id == person_id, SectionVersion.section_id.in_(list(section_ids)))
        .distinct()
    )
    return frozenset(db.session.scalars(query))


def taking_part(remark_id: int) -> frozenset[int]:
    """Everybody who has said something in it."""
    author = db.session.scalar(select(Remark.author_id).where(Remark.id == remark_id))
    others = db.session.scalars(select(RemarkStep.person_id).where(RemarkStep.remark_id == remark_id).distinct())
    return frozenset([*([author] if author else []), *others])


def add(section_id: int, author_id: int, anchor: Anchor | None, **values: Any) -> int:
    row = Remark(section_id=section_id, author_id=author_id, at=clock.now(), **_columns(anchor), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def add_step(remark_id: int, act: RemarkAct, person_id: int, words: str, *, state: RemarkState, by: Side) -> None:
    """Add what was said or done, with the state it leads to."""
    db.session.add(RemarkStep(remark_id=remark_id, act=act.value, person_id=person_id, words=words, at=clock.now()))
    row = db.session.get_one(Remark, remark_id)
    row.state, row.said_last = state.value, by.value
    db.session.flush()


def place(remark_id: int, anchor: Anchor | None) -> None:
    """Where its words stand now."""
    row = db.session.get_one(Remark, remark_id)
    for name, value in _columns(anchor).items():
        setattr(row, name, value)
    db.session.flush()


def _columns(anchor: Anchor | None) -> dict[str, int | None]:
    if anchor is None:
        return {"block": None, "row": None, "start_at": None, "end_at": None}
    return {"block": anchor.block, "row": anchor.row, "start_at": anchor.start, "end_at": anchor.end}


def _query(*conditions: ColumnElement[bool]) -> Any:
    return (
        select(Remark, Person.name).join(Person, Person.id == Remark.author_id).where(*conditions).order_by(Remark.id)
    )


def _view(row: Remark, author_name: str) -> RemarkView:
    anchor = None
    if row.block is not None and row.start_at is not None and row.end_at is not None:
        anchor = Anchor(row.block, row.row, row.start_at, row.end_at)
    return RemarkView(
        id=row.id,
        section_id=row.section_id,
        author_id=row.author_id,
        author_name=author_name,
        at=row.at,
        deed=Deed(row.deed),
        audience=Audience(row.audience),
        words=row.words,
        quoted=row.quoted,
        replacement=row.replacement,
        made_at_version=row.made_at_version,
        anchor=anchor,
        state=RemarkState(row.state),
        said_last=Side(row.said_last),
    )
