"""What every reader hands over: paragraphs and tables in reading order, each line with its number."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from perfapp.core.manuscript import CellText, Line, LineKind, Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose. `kind` is None where the file does not say what it is."""

    number: int
    text: str
    kind: LineKind | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the lines of its rows. `caption` is what the file itself says above it, if it says it apart."""

    lines: tuple[Line, ...]
    cells: tuple[CellText, ...]
    row_count: int
    column_count: int
    caption: str = ""


Part = Paragraph | Table


class Box(NamedTuple):
    """A cell before its row has a line: its text and where it stands in the grid, both from 0."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def table(first_number: int, boxes: Iterable[Box], *, row_numbers: Iterable[int] | None = None) -> Table:
    """The table of these cells. A row's line holds a field for each cell, empty where one from above reaches down."""
    ordered = sorted(boxes, key=lambda box: (box.row, box.column))
    row_count = max((box.row + box.row_span for box in ordered), default=0)
    numbers = list(row_numbers) if row_numbers is not None else list(range(first_number, first_number + row_count))
    fields: list[list[tuple[int, Box | None]]] = [[] for _ in range(row_count)]
    for box in ordered:
        fields[box.row].append((box.column, box))
        for row in range(box.row + 1, box.row + box.row_span):
            fields[row].append((box.column, None))
    lines: list[Line] = []
    cells: list[CellText] = []
    for row, held in enumerate(fields):
        text = ""
        for position, (_, found) in enumerate(sorted(held, key=lambda field: field[0])):
            text += "\t" if position else ""
            if found is not None:
                place = Place(numbers[row], len(text), len(text) + len(found.text))
                cells.append(CellText(found.text, row, found.column, place, found.row_span, found.column_span))
                text += found.text
        lines.append(Line(numbers[row], text, LineKind.ROW))
    column_count = max((box.column + box.column_span for box in ordered), default=0)
    return Table(tuple(lines), tuple(cells), row_count, column_count)


_ASCII_EDGE = re.compile(r"[0-9A-Za-z]")


def joined(pieces: Iterable[str]) -> str:
    """What was broken only to fit the width, in one piece: words of Latin letters keep their space, nothing else."""
    text = ""
    for piece in (piece.strip() for piece in pieces):
        if text and piece and text[-1].isascii() and text[-1].isalpha() and _ASCII_EDGE.match(piece):
            text += " "
        text += piece
    return text
