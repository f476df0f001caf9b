"""Two texts of a section side by side: paragraph by paragraph, table row by table row, then word by word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from perfapp.core.document import Document
from perfapp.core.redline.marks import LineMark, Mark, redline
from perfapp.core.redline.tables import CellMark, Kind, RowMark, TableMark
from perfapp.core.redline.words import Step

Differing = tuple[tuple[str, bool], ...]
"""A side in pieces: the characters, and whether the other side has them not."""

CELLS = " ｜ "


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph or table row as it stands on each side; None where a side has none.

    `where` names the place for people; `heads` are those of the columns on each side, where it is a row of a table.
    """

    kind: Kind
    left: Differing | None
    right: Differing | None
    where: str = ""
    heads: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def compare(left: Document, right: Document, level: int = 1) -> tuple[Row, ...]:
    """What changed from `left` to `right`; `level` is that of the section's heading, for the labels of items."""
    return side_by_side(redline(left, right, level))


def side_by_side(marks: Iterable[Mark]) -> tuple[Row, ...]:
    """The marked text as two columns."""
    return tuple(row for mark in marks for row in (_line(mark) if isinstance(mark, LineMark) else _table(mark)))


def is_same(rows: Sequence[Row]) -> bool:
    return all(row.kind == "same" for row in rows)


def _line(mark: LineMark) -> Iterator[Row]:
    # a drawn number is shown and never marked: it follows from where the paragraph stands
    left = [(mark.label.left, False), *((step.left, step.differs) for step in mark.steps)]
    right = [(mark.label.right, False), *((step.right, step.differs) for step in mark.steps)]
    block = mark.right if mark.right is not None else mark.left
    yield Row(
        mark.kind,
        None if mark.kind == "added" else _joined(left),
        None if mark.kind == "removed" else _joined(right),
        f"第 {(block or 0) + 1} 段",
    )


def _table(mark: TableMark) -> Iterator[Row]:
    heads = _heads(mark, is_left=True), _heads(mark, is_left=False)
    for row in mark.rows:
        differs = any(cell.kind != "same" for cell in row.cells)
        kind: Kind = row.kind if row.kind != "same" or not differs else "changed"
        number = row.right if row.right is not None else row.left
        yield Row(
            kind,
            None if row.left is None else _cells(row, mark, is_left=True),
            None if row.right is None else _cells(row, mark, is_left=False),
            f"表格第 {(number or 0) + 1} 行",
            heads,
        )


def _heads(mark: TableMark, *, is_left: bool) -> tuple[str, ...]:
    """The first row as it stands on one side."""
    missing = "added" if is_left else "removed"
    cells = zip(mark.rows[0].cells, mark.columns, strict=True)
    return tuple(
        "".join(_side(step, is_left=is_left) for step in cell.steps) for cell, column in cells if column != missing
    )


def _cells(row: RowMark, mark: TableMark, *, is_left: bool) -> Differing:
    missing = "added" if is_left else "removed"
    pieces: list[tuple[str, bool]] = []
    for cell, column in zip(row.cells, mark.columns, strict=True):
        if column != missing:
            pieces += [(CELLS, False)] * bool(pieces) + _cell(cell, is_left=is_left)
    return _joined(pieces)


def _cell(cell: CellMark, *, is_left: bool) -> list[tuple[str, bool]]:
    return [(_side(step, is_left=is_left), step.differs) for step in cell.steps] or [("", False)]


def _side(step: Step, *, is_left: bool) -> str:
    return step.left if is_left else step.right


def _joined(pieces: Sequence[tuple[str, bool]]) -> Differing:
    joined: list[tuple[str, bool]] = []
    for text, differs in pieces:
        if not text:
            continue
        if joined and joined[-1][1] == differs:
            joined[-1] = (joined[-1][0] + text, differs)
        else:
            joined.append((text, differs))
    return tuple(joined)
