"""Two tables cell by cell: which rows and columns are new or gone, and what changed in those that stayed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from perfapp.core.document import Table, cell_text
from perfapp.core.redline.aligning import CLOSE, Likeness, Pair, aligned, share
from perfapp.core.redline.words import Pairs, Step, steps, tokens

Kind = Literal["same", "changed", "added", "removed"]
_WORDS = re.compile(r"[^\W\d_]")
_SAME_NAME = 0.6  # rows whose first words share as much are one row
_SAME_CELLS = 0.5  # columns with other heads are one column where so many cells are the same


@dataclass(frozen=True, slots=True)
class CellMark:
    """A cell of either table. Cells that a merged one covers are empty."""

    kind: Kind
    steps: tuple[Step, ...]
    is_head: bool


@dataclass(frozen=True, slots=True)
class RowMark:
    """A row of either table; `left` and `right` are its numbers in them, from 0."""

    kind: Kind
    cells: tuple[CellMark, ...]
    left: int | None
    right: int | None


@dataclass(frozen=True, slots=True)
class TableMark:
    """Both tables laid over each other; `left` and `right` are their blocks, from 0."""

    kind: Kind
    columns: tuple[Kind, ...]
    rows: tuple[RowMark, ...]
    left: int | None = None
    right: int | None = None


@dataclass(frozen=True)
class Grid:
    """A table with every cell in its own place: merged ones in their first, with nothing in the others."""

    texts: tuple[tuple[str, ...], ...]
    heads: frozenset[tuple[int, int]]
    head_count: int

    @property
    def width(self) -> int:
        return len(self.texts[0]) if self.texts else 0

    @property
    def key(self) -> tuple[tuple[str, ...], ...]:
        return self.texts

    def column(self, at: int) -> tuple[str, ...]:
        return tuple(row[at] for row in self.texts)


def grid_of(table: Table) -> Grid:
    taken: set[tuple[int, int]] = set()
    texts: dict[tuple[int, int], str] = {}
    heads: set[tuple[int, int]] = set()
    for y, row in enumerate(table.content):
        x = 0
        for cell in row.content:
            while (x, y) in taken:
                x += 1
            taken |= {(x + dx, y + dy) for dx in range(cell.attrs.colspan) for dy in range(cell.attrs.rowspan)}
            texts[x, y] = cell_text(cell)
            if cell.type == "tableHeader":
                heads.add((x, y))
    width = 1 + max((x for x, _ in taken), default=-1)
    rows = tuple(tuple(texts.get((x, y), "") for x in range(width)) for y in range(len(table.content)))
    return Grid(rows, frozenset(heads), table.head_count)


def table_mark(left: Grid | None, right: Grid | None, pairs: Pairs | None = None) -> TableMark:
    """The marked table; with one side None all of it came or went."""
    one, other = left or _NOTHING, right or _NOTHING
    if left is None or right is None:
        whole: Kind = "added" if left is None else "removed"
        columns: list[tuple[Kind, Pair]] = [
            (whole, (None, at) if left is None else (at, None)) for at in range((right or one).width)
        ]
    else:
        columns = _columns(one, other)
    rows = tuple(_row(one, other, pair, columns, pairs) for _, pair in _rows(one, other, columns))
    changed = any(row.kind != "same" for row in rows) or any(kind != "same" for kind, _ in columns)
    kind: Kind = "added" if left is None else "removed" if right is None else "changed" if changed else "same"
    return TableMark(kind, tuple(kind for kind, _ in columns), rows)


_NOTHING = Grid((), frozenset(), 0)


def _columns(left: Grid, right: Grid) -> list[tuple[Kind, Pair]]:
    """By their heads; a column under another head is the same one where its cells are, or where nothing else is."""
    heads, other_heads = ([_head(grid, at) for at in range(grid.width)] for grid in (left, right))

    def alike(one: int, other: int) -> bool:
        mine, theirs = set(left.column(one)) - {""}, set(right.column(other)) - {""}
        return bool(mine & theirs) and len(mine & theirs) >= _SAME_CELLS * min(len(mine), len(theirs))

    found = [pair for _, pair in aligned(heads, other_heads, alike)]
    if left.width == right.width:
        found = _renamed(found)
    return [("removed" if other is None else "added" if one is None else "same", (one, other)) for one, other in found]


def _renamed(found: list[Pair]) -> list[Pair]:
    """Where as many columns went as came at one place, and all others stayed, they are the same under other heads."""
    gone = [at for at, (_, other) in enumerate(found) if other is None]
    come = [at for at, (one, _) in enumerate(found) if one is None]
    alone = sorted(gone + come)
    if not alone or len(gone) != len(come) or alone != list(range(alone[0], alone[0] + len(alone))):
        return found
    paired: list[Pair] = [(found[one][0], found[other][1]) for one, other in zip(gone, come, strict=True)]
    return [*found[: alone[0]], *paired, *found[alone[-1] + 1 :]]


def _head(grid: Grid, at: int) -> tuple[str, ...]:
    return tuple(row[at] for row in grid.texts[: max(1, grid.head_count)])


def _rows(left: Grid, right: Grid, columns: Sequence[tuple[Kind, Pair]]) -> list[tuple[bool, Pair]]:
    """By what stands in the columns of both; rows that begin with the same words are one row whose numbers changed."""
    both = [pair for _, pair in columns if None not in pair]
    mine = [tuple(row[one] for one, _ in both if one is not None) for row in left.texts]
    theirs = [tuple(row[other] for _, other in both if other is not None) for row in right.texts]
    firsts, other_firsts = (Likeness([next(filter(None, row), "") for row in rows]) for rows in (mine, theirs))
    known, others = (Likeness(["".join(row) for row in rows]) for rows in (mine, theirs))

    def alike(one: int, other: int) -> bool:
        first, second = firsts.texts[one], other_firsts.texts[other]
        if first == second:
            return True
        if not _WORDS.search(first) or not _WORDS.search(second):
            return share(known, one, others, other) >= CLOSE
        return share(firsts, one, other_firsts, other) >= _SAME_NAME

    return list(aligned(mine, theirs, alike))


def _row(left: Grid, right: Grid, pair: Pair, columns: Sequence[tuple[Kind, Pair]], pairs: Pairs | None) -> RowMark:
    one, other = pair
    cells = tuple(_cell(left, right, (one, first), (other, second), pairs) for _, (first, second) in columns)
    if one is None or other is None:
        kind: Kind = "added" if one is None else "removed"
        return RowMark(kind, cells, one, other)
    changed = any(cell.kind == "changed" for cell in cells)
    return RowMark("changed" if changed else "same", cells, one, other)


def _cell(
    left: Grid,
    right: Grid,
    mine: tuple[int | None, int | None],
    theirs: tuple[int | None, int | None],
    pairs: Pairs | None,
) -> CellMark:
    """The cell at (row, column) of each table; a side that has no such row or column has no such cell."""
    was = None if None in mine else left.texts[mine[0]][mine[1]]  # type: ignore[index]
    now = None if None in theirs else right.texts[theirs[0]][theirs[1]]  # type: ignore[index]
    is_head = (mine[1], mine[0]) in left.heads or (theirs[1], theirs[0]) in right.heads
    if was is None or now is None:
        kind: Kind = "added" if was is None else "removed"
        return CellMark(kind, (Step(True, was or "", now or ""),) if was or now else (), is_head)
    if was == now:
        return CellMark("same", (Step(False, was, now),) if was else (), is_head)
    return CellMark("changed", steps(tokens(was), tokens(now), pairs), is_head)
