"""The reader: every figure of a Chinese official text, with what the words around it say. Pure."""

import re
from functools import lru_cache

from perfapp.core.figures.figure import Figure
from perfapp.core.figures.reading import prose, tables
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import Line, Manuscript

_OPENING = 30  # lines among which the title stands
_TITLE_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?年 ?度?[^，。；]{0,30}(?:绩效|自评|评价|决算|整体支出|工作总结)")
_ANY_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?年")


def read(manuscript: Manuscript) -> tuple[Figure, ...]:
    """All figures in reading order; those in tables take label and unit from the heads of their row and column."""
    year = report_year(manuscript)
    found = [figure for table in manuscript.tables for figure in tables.figures(table, manuscript.by_number, year)]
    of_tables = {cell.place.line for table in manuscript.tables for cell in table.cells}
    for line in manuscript.lines:
        if line.number not in of_tables:
            found.extend(_of_line(line, year))
    return tuple(sorted(found, key=lambda figure: figure.place))


@lru_cache(maxsize=2048)
def _of_line(line: Line, year: int | None) -> tuple[Figure, ...]:
    """A paragraph; of a row whose table is not known, each cell by itself. One that has not changed is read once."""
    found: list[Figure] = []
    start = 0
    for piece in line.text.split("\t"):
        found += prose.figures(line, year, start=start, end=start + len(piece))
        start += len(piece) + 1
    return tuple(found)


def report_year(manuscript: Manuscript) -> int | None:
    """The year the report is of: the cycle's, else the one its title names, else the first one named at all."""
    if manuscript.fiscal_year is not None:
        return manuscript.fiscal_year
    opening = [plain(line.text) for line in manuscript.lines[:_OPENING]]
    for pattern in (_TITLE_YEAR, _ANY_YEAR):
        named = next((match for text in opening if (match := pattern.search(text))), None)
        if named:
            return int(named.group(1))
    return None
