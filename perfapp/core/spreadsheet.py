"""A table file as values: sheets of cells, each with what it shows and what it holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

Place = tuple[int, int]
"""Row and column, both from 1."""


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    ERROR = "error"  # #REF!, #DIV/0!
    UNCOMPUTED = "uncomputed"  # a formula whose result the file does not hold


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` is what a reader sees; `number` what the file holds, exactly (0.9509 behind 95.09%)."""

    text: str
    kind: CellKind = CellKind.TEXT
    number: Decimal | None = None
    day: date | None = None


@dataclass(frozen=True)
class Grid:
    """A sheet. Cells without anything in them are not there."""

    name: str
    cells: Mapping[Place, Cell]
    covered: Mapping[Place, Place] = field(default_factory=dict)  # a cell that a merge covers → the merge's first
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, Cell]]:
        """The rows that hold something, in order, each by column."""
        found: dict[int, dict[int, Cell]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, {})[column] = self.cells[row, column]
        return found

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns that hold something."""
        return tuple(sorted({column for _, column in self.cells}))

    def origin(self, row: int, column: int) -> Place:
        """The cell itself, or the first cell of the merge that covers it."""
        return self.covered.get((row, column), (row, column))

    def at(self, row: int, column: int) -> Cell | None:
        """What a reader sees at this place, through merges."""
        return self.cells.get(self.origin(row, column))

    def text(self, row: int, column: int) -> str:
        cell = self.at(row, column)
        return cell.text if cell else ""

    @cached_property
    def merged_down(self) -> frozenset[Place]:
        """The covered cells that stand below the first of their merge."""
        return frozenset(place for place, first in self.covered.items() if place[0] > first[0])

    def last_row_of(self, row: int, column: int) -> int:
        """The last row that the merge beginning here fills."""
        first = self.origin(row, column)
        return max([row, *(place[0] for place, origin in self.covered.items() if origin == first)])


@dataclass(frozen=True)
class Workbook:
    """`is_typed`: its cells know numbers from words (.xlsx); in .csv everything is text."""

    grids: tuple[Grid, ...]
    hidden: tuple[str, ...] = ()  # names of sheets that are not shown, and not read
    is_typed: bool = True

    def grid(self, name: str) -> Grid | None:
        return next((grid for grid in self.grids if grid.name == name), None)


def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


CSV: Final = "csv"
"""The name of the only sheet of a .csv, which has none: places are said without it."""

_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


def spoken_place(sheet: str, cell: str) -> str:
    """收入支出总表!C6; of a .csv 第 6 行第 3 列, as it has no letters over its columns; '' is the whole sheet."""
    found = _ADDRESS.fullmatch(cell)
    if sheet != CSV:
        return f"{sheet}!{cell}" if cell else sheet
    return f"第 {found[2]} 行第 {_number(found[1])} 列" if found else cell


def _number(column: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """B7."""
    return f"{letters(column)}{row}"
