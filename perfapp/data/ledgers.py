"""Ledgers (台账) and their rows. No rules here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.figures.ledgers import LedgerForm
from perfapp.data.models import Ledger, LedgerRow, Office, Person
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A ledger of a unit with its form and who keeps it."""

    id: int
    unit_id: int
    form: LedgerForm
    office_id: int | None
    office_name: str
    version: int

    @property
    def key(self) -> str:
        return self.form.key

    @property
    def name(self) -> str:
        return self.form.name


@dataclass(frozen=True, slots=True)
class RowView:
    """One entry, with who wrote it down and where it came from."""

    id: int
    happened_on: date
    cells: dict[str, Any]
    place: str  # sheet and row of the file it came from
    import_id: int | None
    entered_by_name: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class NewRow:
    happened_on: date
    cells: dict[str, str]
    place: str = ""


def of_unit(unit_id: int) -> tuple[LedgerView, ...]:
    return _views(Ledger.unit_id == unit_id, Ledger.retired_at.is_(None))


def get(unit_id: int, key: str) -> LedgerView:
    """The ledger of this unit; NotFound for another's."""
    found = _views(Ledger.unit_id == unit_id, Ledger.key == key)
    if not found:
        raise NotFound("没有找到这本台账。")
    return found[0]


def lock(unit_id: int, key: str) -> LedgerView:
    """The ledger of this unit, locked until the transaction ends."""
    query = select(Ledger.id).where(Ledger.unit_id == unit_id, Ledger.key == key).with_for_update()
    if db.session.scalar(query) is None:
        raise NotFound("没有找到这本台账。")
    return get(unit_id, key)


def add(unit_id: int, form: LedgerForm, *, office_id: int | None, position: int) -> int:
    content = form.model_dump(mode="json")
    row = Ledger(unit_id=unit_id, key=form.key, name=form.name, office_id=office_id, form=content, position=position)
    db.session.add(row)
    db.session.flush()
    return row.id


def change(ledger_id: int, form: LedgerForm, *, office_id: int | None) -> None:
    row = db.session.get_one(Ledger, ledger_id)
    row.name, row.form, row.office_id = form.name, form.model_dump(mode="json"), office_id
    row.version += 1
    db.session.flush()


def add_rows(
    ledger_id: int, cycle_id: int, rows: Sequence[NewRow], *, person_id: int, import_id: int | None = None
) -> None:
    """Write the rows in one statement: thousands come in a file."""
    now = clock.now()
    written = [
        {
            "ledger_id": ledger_id,
            "cycle_id": cycle_id,
            "happened_on": row.happened_on,
            "cells": row.cells,
            "import_id": import_id,
            "place": row.place,
            "entered_by": person_id,
            "entered_at": now,
        }
        for row in rows
    ]
    if written:
        db.session.execute(insert(LedgerRow), written)


def remove_row(ledger_id: int, cycle_id: int, row_id: int, person_id: int) -> RowView:
    """Strike an entry out; it stays in the table. NotFound where it is not, or no longer, there."""
    found, _ = page(ledger_id, cycle_id, LedgerRow.id == row_id)
    if not found:
        raise NotFound("没有找到这一笔，可能已被删除。")
    row = db.session.get_one(LedgerRow, row_id)
    row.removed_by, row.removed_at = person_id, clock.now()
    db.session.flush()
    return found[0]


def remove_imported(ledger_id: int, cycle_id: int, person_id: int) -> int:
    """Strike out every row that came from a file; returns how many."""
    statement = (
        update(LedgerRow)
        .where(*_standing(ledger_id, cycle_id), LedgerRow.import_id.is_not(None))
        .values(removed_by=person_id, removed_at=clock.now())
    )
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def amounts(ledger_id: int, cycle_id: int) -> Iterable[tuple[date, dict[str, Any]]]:
    """Day and cells of every standing row: what totals are made of."""
    query = select(LedgerRow.happened_on, LedgerRow.cells).where(*_standing(ledger_id, cycle_id))
    return ((day, cells) for day, cells in db.session.execute(query))


def page(
    ledger_id: int,
    cycle_id: int,
    *conditions: ColumnElement[bool],
    month: int | None = None,
    limit: int | None = 50,
    offset: int = 0,
) -> tuple[list[RowView], int]:
    """A page of standing rows, latest first, of one month if asked; and how many there are."""
    wanted = [*_standing(ledger_id, cycle_id), *conditions]
    if month is not None:
        wanted.append(func.extract("month", LedgerRow.happened_on) == month)
    total = db.session.scalar(select(func.count()).select_from(LedgerRow).where(*wanted)) or 0
    query = (
        select(LedgerRow, Person.name)
        .join(Person, Person.id == LedgerRow.entered_by)
        .where(*wanted)
        .order_by(LedgerRow.happened_on.desc(), LedgerRow.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_row(row, name) for row, name in db.session.execute(query)], total


def rows(ledger_id: int, cycle_id: int, *, month: int | None = None) -> list[RowView]:
    """Every standing row in the order of the days, of one month if asked: what goes into a file."""
    return list(reversed(page(ledger_id, cycle_id, month=month, limit=None)[0]))


def imported(ledger_id: int, cycle_id: int) -> dict[int, int]:
    """How many standing rows each import has."""
    query = (
        select(LedgerRow.import_id, func.count())
        .where(*_standing(ledger_id, cycle_id), LedgerRow.import_id.is_not(None))
        .group_by(LedgerRow.import_id)
    )
    return {import_id: count for import_id, count in db.session.execute(query) if import_id is not None}


def last_entries(cycle_id: int) -> dict[int, tuple[datetime, str]]:
    """By ledger: when the last standing row was written down, and by whom."""
    newest = (
        select(func.max(LedgerRow.id))
        .where(LedgerRow.cycle_id == cycle_id, LedgerRow.removed_at.is_(None))
        .group_by(LedgerRow.ledger_id)
    )
    query = (
        select(LedgerRow.ledger_id, LedgerRow.entered_at, Person.name)
        .join(Person, Person.id == LedgerRow.entered_by)
        .where(LedgerRow.id.in_(newest))
    )
    return {ledger_id: (at, name) for ledger_id, at, name in db.session.execute(query)}


def months(ledger_id: int, cycle_id: int) -> dict[int, int]:
    """How many standing rows each month has; months without any are left out."""
    month = func.extract("month", LedgerRow.happened_on)
    query = select(month, func.count()).where(*_standing(ledger_id, cycle_id)).group_by(month)
    return {int(number): count for number, count in db.session.execute(query)}


def held_columns(ledger_id: int, keys: Iterable[str]) -> frozenset[str]:
    """Those of the columns in which some row, of any year, struck out or not, holds something."""
    return frozenset(
        key
        for key in keys
        if db.session.scalar(
            select(LedgerRow.id)
            .where(LedgerRow.ledger_id == ledger_id, LedgerRow.cells[key].as_string().is_not(None))
            .limit(1)
        )
        is not None
    )


def counts(cycle_id: int) -> dict[int, tuple[int, int]]:
    """By ledger: standing rows, and how many of them came from files."""
    query = (
        select(LedgerRow.ledger_id, func.count(), func.count(LedgerRow.import_id))
        .where(LedgerRow.cycle_id == cycle_id, LedgerRow.removed_at.is_(None))
        .group_by(LedgerRow.ledger_id)
    )
    return {ledger_id: (rows, imported) for ledger_id, rows, imported in db.session.execute(query)}


def _standing(ledger_id: int, cycle_id: int) -> list[ColumnElement[bool]]:
    return [LedgerRow.ledger_id == ledger_id, LedgerRow.cycle_id == cycle_id, LedgerRow.removed_at.is_(None)]


def _views(*conditions: ColumnElement[bool]) -> tuple[LedgerView, ...]:
    query = (
        select(Ledger, Office.name)
        .outerjoin(Office, Office.id == Ledger.office_id)
        .where(*conditions)
        .order_by(Ledger.position, Ledger.id)
    )
    return tuple(
        LedgerView(row.id, row.unit_id, LedgerForm.model_validate(row.form), row.office_id, name or "", row.version)
        for row, name in db.session.execute(query)
    )


def _row(row: LedgerRow, name: str) -> RowView:
    return RowView(row.id, row.happened_on, row.cells, row.place, row.import_id, name, row.entered_at)
