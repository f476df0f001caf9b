"""The parts of forms: a unit's own copies of them, and those that a cycle is pinned to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.data.models import CycleForm, UnitForm
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form (facts, indicators, …) as somebody works with it; `content` is what its file holds."""

    part: str
    key: str
    version: int
    content: dict[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Pinned(Part):
    """A part as a cycle uses it."""

    pinned_at: datetime


def own(unit_id: int) -> dict[tuple[str, str], Part]:
    """The newest of the unit's own copies, by part and key."""
    newest = (
        select(UnitForm.part, UnitForm.key, func.max(UnitForm.version).label("version"))
        .where(UnitForm.unit_id == unit_id)
        .group_by(UnitForm.part, UnitForm.key)
        .subquery()
    )
    same = (UnitForm.part == newest.c.part) & (UnitForm.key == newest.c.key) & (UnitForm.version == newest.c.version)
    rows = db.session.scalars(select(UnitForm).join(newest, same).where(UnitForm.unit_id == unit_id))
    return {(row.part, row.key): Part(row.part, row.key, row.version, row.content, row.sha256) for row in rows}


def add_own(unit_id: int, part: Part, *, name: str, based_on: str, person_id: int) -> None:
    """Keep a new version of the unit's own copy."""
    row = UnitForm(
        unit_id=unit_id,
        part=part.part,
        key=part.key,
        version=part.version,
        name=name[:120],
        based_on=based_on[:120],
        content=part.content,
        sha256=part.sha256,
        saved_by=person_id,
        saved_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()


def pin(cycle_id: int, part: Part, *, person_id: int) -> None:
    """The cycle works with this part from now on."""
    row = db.session.get(CycleForm, (cycle_id, part.part)) or CycleForm(cycle_id=cycle_id, part=part.part)
    row.key, row.version, row.content, row.sha256 = part.key, part.version, part.content, part.sha256
    row.pinned_by, row.pinned_at = person_id, clock.now()
    db.session.add(row)
    db.session.flush()


def pinned(cycle_id: int, part: str) -> Pinned | None:
    """The part the cycle is pinned to; None where its form has no such part."""
    row = db.session.get(CycleForm, (cycle_id, part))
    return _pinned(row) if row else None


def demand(cycle_id: int, part: str) -> Pinned:
    """The part the cycle is pinned to; NotFound where its form has no such part."""
    found = pinned(cycle_id, part)
    if found is None:
        raise NotFound("这个年度任务的报告格式没有这一部分。")
    return found


def of_cycle(cycle_id: int) -> dict[str, Pinned]:
    """Every part the cycle is pinned to, by its name."""
    rows = db.session.scalars(select(CycleForm).where(CycleForm.cycle_id == cycle_id).order_by(CycleForm.part))
    return {row.part: _pinned(row) for row in rows}


def _pinned(row: CycleForm) -> Pinned:
    return Pinned(row.part, row.key, row.version, row.content, row.sha256, row.pinned_at)
