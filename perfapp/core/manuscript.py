"""A report as the reader and the rules see it: numbered lines, and the tables among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class LineKind(StrEnum):
    TITLE = "title"  # the report's own title and what else stands on the cover
    HEADING = "heading"
    TEXT = "text"
    ROW = "row"  # one row of a table, its cells joined by tabs


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph or table row. `number` counts from 1; `level` is 1 to 4 for headings.

    `section_id` is set when the manuscript is one of ours; `section` is the heading it stands under, as printed.
    """

    number: int
    text: str
    kind: LineKind = LineKind.TEXT
    level: int = 0
    section: str = ""
    section_id: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Characters `start` to `end` (not included) of a line; both count from 0."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell where it stands in the grid (both from 0), and where its text stands in the row's line."""

    text: str
    row: int
    column: int
    place: Place
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class TableText:
    """A table: its cells, and what stands in the line above it (its caption or unit note)."""

    cells: tuple[CellText, ...]
    row_count: int
    column_count: int
    caption: str = ""

    def row(self, number: int) -> tuple[CellText, ...]:
        return tuple(cell for cell in self.cells if cell.row <= number < cell.row + cell.row_span)

    def at(self, row: int, column: int) -> CellText | None:
        """The cell that fills this place of the grid, merged ones included."""
        for cell in self.cells:
            if cell.row <= row < cell.row + cell.row_span and cell.column <= column < cell.column + cell.column_span:
                return cell
        return None


@dataclass(frozen=True)
class Manuscript:
    """What is checked. `is_whole` says that a thing that is missing is really missing (not one section of many)."""

    lines: tuple[Line, ...]
    tables: tuple[TableText, ...] = ()
    fiscal_year: int | None = None
    unit_name: str = ""
    is_whole: bool = True

    @cached_property
    def by_number(self) -> Mapping[int, Line]:
        """The lines by their numbers, which are those of a file's own lines and may have gaps."""
        return {line.number: line for line in self.lines}

    def line(self, number: int) -> Line:
        return self.by_number[number]

    def quoted(self, place: Place) -> str:
        return self.line(place.line).text[place.start : place.end]


def of_lines(texts: Iterable[str], *, fiscal_year: int | None = None, is_whole: bool = True) -> Manuscript:
    """A manuscript of bare lines, all of them text."""
    lines = tuple(Line(number, text) for number, text in enumerate(texts, start=1))
    return Manuscript(lines, fiscal_year=fiscal_year, is_whole=is_whole)
