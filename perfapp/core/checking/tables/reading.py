"""The tables of a manuscript as grids."""

from collections.abc import Iterator

from perfapp.core.checking.case import Case
from perfapp.core.checking.tables.grid import Grid


def grids(case: Case) -> Iterator[Grid]:
    """Tables with something in them; layout frames of one row or column are none."""
    return (Grid(table) for table in case.manuscript.tables if table.row_count > 1 and table.column_count > 1)
