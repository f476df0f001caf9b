"""The working calendar of a unit: the years that ship, and those its administrator has added."""

from collections.abc import Collection
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
    found |= {year.year: (year, True) for year in _added([unit_id])[unit_id]}
    return [found[year] for year in sorted(found, reverse=True)]


def of_unit(unit_id: int) -> Calendar:
    return of_units([unit_id])[unit_id]


def of_units(unit_ids: Collection[int]) -> dict[int, Calendar]:
    """The calendars of the units, in one query."""
    return {unit_id: with_years(added) for unit_id, added in _added(unit_ids).items()}


def with_year(unit_id: int, year: CalendarYear) -> Calendar:
    """The unit's calendar as it would be with this year in the place of what is known of it."""
    return with_years([*_added([unit_id])[unit_id], year])


def with_years(added: Collection[CalendarYear]) -> Calendar:
    """The years that ship, and in the place of theirs the added ones."""
    known = {year.year: year for year in (*shipped(), *added)}
    return Calendar.of(known.values())


def keep(unit_id: int, year: CalendarYear, added_by: int) -> None:
    """Add the year, or put it in the place of what was known of it."""
    row = db.session.get(AddedYear, (unit_id, year.year)) or AddedYear(unit_id=unit_id, year=year.year)
    row.content, row.added_by, row.added_at = _stored(year), added_by, clock.now()
    db.session.add(row)
    db.session.flush()


def _added(unit_ids: Collection[int]) -> dict[int, list[CalendarYear]]:
    found: dict[int, list[CalendarYear]] = {unit_id: [] for unit_id in unit_ids}
    for row in db.session.scalars(select(AddedYear).where(AddedYear.unit_id.in_(found))):
        found[row.unit_id].append(CalendarYear.model_validate(row.content))
    return found


def _stored(year: CalendarYear) -> dict[str, Any]:
    return year.model_dump(mode="json")
