"""The reader: every figure of a Chinese official text, with what the words around it say. Pure."""

import re

from perfapp.core.figures.figure import Figure
from perfapp.core.figures.reading import prose
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import Manuscript

_TITLE_YEAR = re.compile(r"((?:19|20)[0-9]{2}) ?年")


def read(manuscript: Manuscript) -> tuple[Figure, ...]:
    """All figures in reading order; those in tables take label and unit from the heads of their row and column."""
    year = report_year(manuscript)
    return tuple(figure for line in manuscript.lines for figure in prose.figures(line, year))


def report_year(manuscript: Manuscript) -> int | None:
    """The year the report is of: the cycle's, else the one its title names."""
    if manuscript.fiscal_year is not None:
        return manuscript.fiscal_year
    for line in manuscript.lines[:30]:
        match = _TITLE_YEAR.search(plain(line.text))
        if match:
            return int(match.group(1))
    return None
