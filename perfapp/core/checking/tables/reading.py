"""The tables of a manuscript as grids: whole, and cut where new heads begin in the middle of a form."""

import re
from collections.abc import Iterator
from dataclasses import replace

from perfapp.core.checking.case import Case
from perfapp.core.checking.tables.grid import Grid
from perfapp.core.manuscript import TableText

_HEAD = re.compile(r"预算数|执行数|决算数|分值|得分|[一二三]级指标|指标值|预期目标|执行率|完成情况|金额$")
_FEWEST_HEADS = 2


def grids(case: Case) -> tuple[Grid, ...]:
    """Tables with something in them; layout frames of one row or column are none."""
    return case.once(_all_grids)


def blocks(case: Case) -> tuple[Grid, ...]:
    """The same, but a form with several lines of heads in as many pieces: each has columns of its own."""
    return case.once(_all_blocks)


def _all_grids(case: Case) -> tuple[Grid, ...]:
    return tuple(Grid(table) for table in case.manuscript.tables if table.row_count > 1 and table.column_count > 1)


def _all_blocks(case: Case) -> tuple[Grid, ...]:
    return tuple(block for grid in grids(case) for block in _blocks(grid))


def _blocks(grid: Grid) -> Iterator[Grid]:
    starts = [row for row in range(1, grid.rows) if _is_head(grid, row) and not _is_head(grid, row - 1)]
    for start, end in zip([0, *starts], [*starts, grid.rows], strict=True):
        if end - start > 1:
            yield grid if not starts else Grid(_cut(grid.table, start, end))


def _is_head(grid: Grid, row: int) -> bool:
    texts = {grid.text(row, column) for column in range(grid.columns)}
    if any(grid.amount(row, column) for column in range(grid.columns)):
        return False
    return sum(1 for text in texts if _HEAD.search(text)) >= _FEWEST_HEADS


def _cut(table: TableText, start: int, end: int) -> TableText:
    """The rows `start` to `end` (not included); a cell that reaches over the cut stays where it begins."""
    cells = tuple(replace(cell, row=cell.row - start) for cell in table.cells if start <= cell.row < end)
    heads = " ".join(cell.text for cell in table.cells if cell.row < start and cell.column == 0)
    return replace(table, cells=cells, row_count=end - start, caption=f"{table.caption} {heads}".strip())
