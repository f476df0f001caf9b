"""The working calendar of a unit: the years that ship, and those its administrator has added."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select

from perfapp import clock
from perfapp.core.working_days import Calendar, CalendarYear
from perfapp.data.models import AddedYear
from perfapp.extensions import db


@lru_cache(maxsize=1)
def shipped() -> tuple[CalendarYear, ...]:
    """The years that ship, the earliest first."""
    text = (files("perfapp.catalog") / "national" / "calendar.yaml").read_bytes()
    return tuple(CalendarYear.model_validate(year) for year in yaml.safe_load(text)["years"])


def years(unit_id: int) -> list[tuple[CalendarYear, bool]]:
    """Every year the unit knows, the latest first, and whether it was added here."""
    found = {year.year: (year, False) for year in shipped()}
    found |= {year.year: (year, True) for year in _added(unit_id)}
    return [found[year] for year in sorted(found, reverse=True)]


def of_unit(unit_id: int) -> Calendar:
    return Calendar.of(year for year, _ in years(unit_id))


def keep(unit_id: int, year: CalendarYear, added_by: int) -> None:
    """Add the year, or put it in the place of what was known of it."""
    row = db.session.get(AddedYear, (unit_id, year.year)) or AddedYear(unit_id=unit_id, year=year.year)
    row.content, row.added_by, row.added_at = _stored(year), added_by, clock.now()
    db.session.add(row)
    db.session.flush()


def _added(unit_id: int) -> list[CalendarYear]:
    rows = db.session.scalars(select(AddedYear).where(AddedYear.unit_id == unit_id))
    return [CalendarYear.model_validate(row.content) for row in rows]


def _stored(year: CalendarYear) -> dict[str, Any]:
    return year.model_dump(mode="json")
