"""X6: an empty table needs its sentence."""

import re

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Verdict
from perfapp.core.checking.tables.grid import Grid
from perfapp.core.checking.tables.reading import grids
from perfapp.core.checking.wording.prose import clipped

_OF_MONEY = re.compile(r"预算|决算|金额|支出|收入|经费|科目")
_EXPLAINED = re.compile(
    r"(?:空表|表为空|无数据|(?:无|没有|未安排|未发生|不涉及)[^，。；]{0,16}(?:收支|支出|收入|拨款|安排|预算|决算|经费|数据))"
)
_SIGN_OFF = re.compile(r"签字|签章|审核|意见|负责人")


def empty_tables(case: Case, rule: Rule) -> Verdict:
    """Heads of money and not one amount below them, with no word anywhere why."""
    if any(_EXPLAINED.search(line.text) for line in case.manuscript.lines):
        return Verdict()
    return Verdict(findings=tuple(_finding(grid, rule) for grid in grids(case) if _is_empty(grid)))


def _is_empty(grid: Grid) -> bool:
    heads = "".join(grid.text(0, column) for column in range(grid.columns))
    spoken = "".join(cell.text for cell in grid.table.cells)
    if not _OF_MONEY.search(heads) or _SIGN_OFF.search(spoken) or re.search(r"\d", spoken):
        return False
    return all(grid.is_empty(row, column) for row in range(1, grid.rows) for column in range(1, grid.columns))


def _finding(grid: Grid, rule: Rule) -> Finding:
    first = grid.table.cells[0].place
    name = clipped(grid.table.caption or "、".join(grid.text(0, column) for column in range(min(3, grid.columns))))
    message = f"表“{name}”没有填任何数，也没有说明原因。"
    return Finding(
        rule.code, rule.severity, message, None, None, (first,), "填写数据，或在表下注明本年度没有此项。", name
    )
