"""Table cells made from plain text, for the annexes."""

from typing import Literal

from perfapp.core.document import Cell, CellAttrs, Paragraph, Row, Table, Text

Align = Literal["left", "center", "right"]


def cell(text: str, *, head: bool = False, columns: int = 1, rows: int = 1, align: Align | None = None) -> Cell:
    """A cell; each line of `text` is a paragraph of its own."""
    lines = tuple(Paragraph(content=(Text(text=line),)) for line in text.split("\n") if line)
    return Cell(
        type="tableHeader" if head else "tableCell",
        attrs=CellAttrs(colspan=columns, rowspan=rows, align=align),
        content=lines,
    )


def table(rows: list[list[Cell]]) -> Table:
    return Table(content=tuple(Row(content=tuple(row)) for row in rows))
