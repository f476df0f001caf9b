"""T4: the figures of the prose against the rows and columns that are called the same."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge
from perfapp.core.checking.tables.reading import grids
from perfapp.core.checking.wording.prose import report_year
from perfapp.core.checking.wording.quantities import Quantity, agree, bare_name, is_slip, quantities
from perfapp.core.figures.units import to_base, unit

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_OF_A_PART = re.compile(r"上年|去年|上期|预算|计划|财政拨款|一般公共|基金|本级|目标")
_FEW_ROWS = 3  # a table with so few rows has its quantities in its heads

Said = Mapping[str, set[Decimal]]


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount of a table in base units; `is_sure` when the table names its unit."""

    printed: Amount
    amount: Decimal
    unit: str
    label: str
    heads: str  # of its column, and of the table
    is_sure: bool


def text_and_tables(case: Case, rule: Rule) -> Verdict:
    """Equal to one of the amounts so called, or only a slip away from one. Other bases are other numbers: silent."""
    judge = Judge(rule, case.book.tail)
    entries: dict[str, list[Entry]] = defaultdict(list)
    for grid in grids(case):
        for name, entry in _entries(grid):
            entries[name].append(entry)
    year = report_year(case.manuscript)
    spoken = [quantity for quantity in quantities(case) if not quantity.is_one_of_many]
    said: dict[str, set[Decimal]] = defaultdict(set)
    for quantity in spoken:
        said[quantity.name].add(quantity.amount)
    told = {quantity.amount for quantity in spoken}  # what the text tells under a fuller name is accounted for
    for quantity in spoken:
        same = [entry for entry in entries.get(quantity.name, ()) if unit(entry.unit).dimension == quantity.dimension]
        equal = next((entry for entry in same if _agrees(quantity, entry)), None)
        if equal is not None:
            message = f"文中“{quantity.name}”{quantity.said}，与表中{equal.printed.said}一致。"
            _holds(judge, message, quantity, equal)
        elif near := next((entry for entry in same if is_slip(quantity.amount, entry.amount)), None):
            _fails(judge, quantity, near)
        elif not any(entry.amount in told for entry in same) and _is_the_same(quantity, same, said, year):
            _fails(judge, quantity, same[0])
    return judge.verdict()


def _is_the_same(quantity: Quantity, same: Sequence[Entry], said: Said, year: int | None) -> bool:
    """Has the name one amount in all tables, and one in the text, of this year, spent, of no part of the money?"""
    if not same or len(said[quantity.name]) > 1 or len({entry.amount for entry in same}) > 1 or not same[0].amount:
        return False
    entry = same[0]
    years = {int(found) for found in _YEAR.findall(entry.heads)} | ({quantity.figure.year} - {None})
    is_alike = entry.is_sure and entry.label == quantity.figure.label and not quantity.is_plan
    return is_alike and years <= {year} and _OF_A_PART.search(entry.heads) is None


def _agrees(quantity: Quantity, entry: Entry) -> bool:
    return agree(quantity, entry.amount, entry.printed.decimals, entry.unit)


def _holds(judge: Judge, message: str, quantity: Quantity, entry: Entry) -> None:
    value = quantity.figure.value or Decimal(0)
    judge.holds(message, value, entry.printed.value, (quantity.figure.place, entry.printed.place))


def _fails(judge: Judge, quantity: Quantity, entry: Entry) -> None:
    name, places = quantity.name, (quantity.figure.place, entry.printed.place)
    message = f"文中“{name}”为{quantity.said}，表中为{entry.printed.said}{entry.unit}，不一致。"
    judge.fails(
        message, quantity.figure.value, entry.printed.value, places, "文和表改成同一个数；口径不同的写明口径。", name
    )


def _entries(grid: Grid) -> Iterator[tuple[str, Entry]]:
    for part in grid.parts:
        for item in part.items:
            for found in item.amounts.values():
                yield bare_name(item.bare_label), _entry(grid, found, item.bare_label)
    if grid.rows - grid.body <= _FEW_ROWS:
        for column in range(grid.columns):
            name = bare_name(grid.heads[column].rsplit(" ", 1)[-1])
            amounts = (grid.amount(row, column) for row in range(grid.body, grid.rows))
            yield from ((name, _entry(grid, found, "")) for found in amounts if found)


def _entry(grid: Grid, found: Amount, label: str) -> Entry:
    name = found.unit or grid.unit or "万元"
    heads = f"{grid.heads[found.cell.column]} {grid.table.caption}"
    return Entry(found, to_base(found.value, name), name, label, heads, bool(found.unit or grid.unit))
