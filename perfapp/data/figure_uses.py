"""Which sections show which facts, kept with every save of a section's text."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from perfapp.data.models import Fact, FigureUse, Section
from perfapp.extensions import db


def set_uses(section_id: int, unit_id: int, keys: Iterable[str]) -> None:
    """The section shows these facts and no others."""
    wanted = sorted(set(keys))
    ids = (
        db.session.scalars(select(Fact.id).where(Fact.unit_id == unit_id, Fact.key.in_(wanted))).all() if wanted else []
    )
    had = set(db.session.scalars(select(FigureUse.fact_id).where(FigureUse.section_id == section_id)))
    if had == set(ids):
        return
    db.session.execute(delete(FigureUse).where(FigureUse.section_id == section_id))
    if ids:
        rows = [{"section_id": section_id, "fact_id": fact_id} for fact_id in ids]
        db.session.execute(insert(FigureUse), rows)


def uses(cycle_id: int) -> dict[str, tuple[int, ...]]:
    """The sections of the cycle that show each fact, by fact key."""
    query = (
        select(Fact.key, FigureUse.section_id)
        .join(Fact, Fact.id == FigureUse.fact_id)
        .join(Section, Section.id == FigureUse.section_id)
        .where(Section.cycle_id == cycle_id, Section.removed_at.is_(None))
        .order_by(Fact.key, FigureUse.section_id)
    )
    found: dict[str, list[int]] = {}
    for key, section_id in db.session.execute(query):
        found.setdefault(key, []).append(section_id)
    return {key: tuple(ids) for key, ids in found.items()}
