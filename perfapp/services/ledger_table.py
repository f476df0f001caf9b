"""A year's ledgers as people look at them: how many rows, what they add up to, who keeps them, who may write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from perfapp.core.figures.ledgers import Column, ColumnKind
from perfapp.core.figures.units import MONEY, from_base, printed, unit
from perfapp.core.permissions import Actor
from perfapp.data import cycles, facts, ledgers
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.data.facts import YEAR
from perfapp.data.ledgers import LedgerView, RowView
from perfapp.services.ledgers import LEDGER, keeping_bar
from perfapp.services.sourcing import spoken_origin

PAGE = 50
MONTHS = tuple(range(1, 13))


@dataclass(frozen=True, slots=True)
class Fed:
    """A fact that the ledger feeds: what it reads for the year, and by month where that month has rows."""

    fact: FactView
    year: str  # empty: nothing yet
    months: Mapping[int, str]
    origin: str  # where the year's value comes from, if it is not this ledger's total: 手工填报


@dataclass(frozen=True, slots=True)
class Line:
    """A ledger in the list."""

    ledger: LedgerView
    row_count: int
    last: tuple[datetime, str] | None  # when the last row was written down, and by whom
    fed: tuple[Fed, ...]
    bar: str  # why this person may not write in it; '' where he may


@dataclass(frozen=True, slots=True)
class Book:
    """One ledger in a year, a page of its rows and what they add up to."""

    cycle: CycleView
    ledger: LedgerView
    bar: str
    rows: tuple[RowView, ...]
    total: int
    page: int
    by_month: Mapping[int, int]
    fed: tuple[Fed, ...]

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // PAGE))


def lines(actor: Actor, cycle: CycleView) -> tuple[Line, ...]:
    """Every ledger of the unit. The number of queries does not depend on theirs."""
    known = ledgers.of_unit(cycle.unit_id)
    counted, last = ledgers.counts(cycle.id), ledgers.last_entries(cycle.id)
    fed = _fed(cycle, known)
    return tuple(
        Line(one, counted.get(one.id, (0, 0))[0], last.get(one.id), fed[one.key], keeping_bar(actor, one))
        for one in known
    )


def book(actor: Actor, cycle_id: int, key: str, *, month: int | None = None, page: int = 1) -> Book:
    """The ledger with a page of its rows, of one month if asked; a page beyond the last is the last."""
    cycle, ledger = cycles.visible(actor, cycle_id), ledgers.get(actor.unit_id, key)
    by_month = ledgers.months(ledger.id, cycle.id)
    total = by_month.get(month, 0) if month else sum(by_month.values())
    page = min(page, max(1, -(-total // PAGE)))
    rows, _ = ledgers.page(ledger.id, cycle.id, month=month, limit=PAGE, offset=(page - 1) * PAGE)
    fed = _fed(cycle, [ledger])[ledger.key]
    return Book(cycle, ledger, keeping_bar(actor, ledger), tuple(rows), total, page, by_month, fed)


def cell_text(column: Column, cells: Mapping[str, Any]) -> str:
    """What a cell of a row reads: money with all its decimals, 1,860.50; empty where nothing stands."""
    value = str(cells.get(column.key) or "")
    if not value or column.kind is not ColumnKind.NUMBER:
        return value
    amount = Decimal(value)
    is_money = unit(column.unit).dimension == MONEY
    return printed(amount, column.decimals if is_money else max(0, -int(amount.as_tuple().exponent)))


def _fed(cycle: CycleView, known: Iterable[LedgerView]) -> dict[str, tuple[Fed, ...]]:
    """By ledger: the facts it feeds that the unit has in use."""
    wanted = {one.key: [total.fact for total in one.form.totals] for one in known}
    keys = {key for found in wanted.values() for key in found}
    by_key = {fact.key: fact for fact in facts.of_unit(cycle.unit_id) if fact.key in keys}
    values = facts.present_among([fact.id for fact in by_key.values()], cycle.id)
    return {
        key: tuple(_one(by_key[fact], values) for fact in dict.fromkeys(found) if fact in by_key)
        for key, found in wanted.items()
    }


def _one(fact: FactView, values: Mapping[tuple[int, str], ValueView]) -> Fed:
    months = {month: _shown(fact, values.get((fact.id, f"{month:02}"))) for month in MONTHS}
    year = values.get((fact.id, YEAR))
    is_total = year is None or year.amount is None or year.source_kind == LEDGER
    return Fed(fact, _shown(fact, year), months, "" if is_total or year is None else spoken_origin(year))


def _shown(fact: FactView, value: ValueView | None) -> str:
    if value is None or value.amount is None:
        return ""
    return printed(from_base(value.amount, fact.definition.unit), fact.definition.decimals) + fact.definition.unit
