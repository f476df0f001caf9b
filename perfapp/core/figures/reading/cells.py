"""The cells of a table: which hold a number and nothing else, which hold words."""

import re
from dataclasses import dataclass, replace

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.marks import marks
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import CellText, TableText

_AROUND = re.compile(r"[ \t\n]*(?:[≥≤><=~+约近]|大于等于|小于等于|不低于|不少于|不高于|不超过)?[ ]*")
_EMPTY = re.compile(r"[-~/\\无—×*]*|N/?A|不适用")


@dataclass(frozen=True, slots=True)
class Cell:
    cell: CellText
    text: str  # in plain writing
    marks: tuple[Mark, ...]
    number: Mark | None  # where the cell holds nothing but a number

    @property
    def is_text(self) -> bool:
        return self.number is None and bool(self.text.strip()) and not _EMPTY.fullmatch(self.text.strip())


def rows_of(table: TableText) -> list[list[Cell]]:
    """The cells row by row; one merged over several rows stands in each of them, as a head of all."""
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        entry = _entry(cell)
        rows.setdefault(cell.row, []).append(entry)
        if entry.is_text:
            for row in range(cell.row + 1, min(cell.row + cell.row_span, table.row_count)):
                rows.setdefault(row, []).append(replace(entry, marks=()))
    return [sorted(rows[number], key=lambda entry: entry.cell.column) for number in sorted(rows)]


def _entry(cell: CellText) -> Cell:
    text = plain(cell.text)
    found = tuple(marks(text)) if text else ()
    number = found[0] if len(found) == 1 and _is_all(text, found[0]) else None
    return Cell(cell, text, found, number)


def _is_all(text: str, mark: Mark) -> bool:
    lead = _AROUND.match(text)
    bare_year = mark.kind is Kind.DATE and text[mark.start : mark.end].isdigit()
    if not (mark.is_quantity or bare_year) or lead is None or lead.end() < mark.start:
        return False
    return not text[mark.end :].strip() or bool(
        re.fullmatch(r" *(?:左右|以上|以下|以内|及以上|及以下) *", text[mark.end :])
    )
