"""T9: the column 增减额 against the two years beside it."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge, is_slip, tail_of
from perfapp.core.checking.tables.rates import is_of_amounts, two_years
from perfapp.core.checking.tables.reading import blocks
from perfapp.core.figures.units import printed

_CHANGE = re.compile(r"增减(?:额|数|变化|变动|情况)?(?:[（(][^%％]*[)）])?$|差额$|变动额$")


def changes(case: Case, rule: Rule) -> Verdict:
    """Printed with its sign or without. Believed where it holds in another row, or would but for one digit."""
    judge = Judge(rule, case.book.tail)
    for grid in blocks(case):
        for column in range(grid.columns):
            if _CHANGE.search(grid.heads[column]):
                _judge_column(judge, grid, column)
    return judge.verdict()


def _judge_column(judge: Judge, grid: Grid, column: int) -> None:
    others = [other for other in range(grid.columns) if other != column and is_of_amounts(grid, other)]
    pairs = list(two_years(grid, others))
    if len(pairs) != 1:
        return
    rows = list(_rows(grid, column, *pairs[0]))
    held = sum(1 for row in rows if _gap(*row) == 0)
    for change, now, before in rows:
        name = f"{grid.label(change.cell.row)}{grid.heads[column].rsplit(' ', 1)[-1]}"
        gap, right = _gap(change, now, before), now.value - before.value
        places = (change.place, now.place, before.place)
        digits = max(one.decimals for one in (change, now, before))
        spoken = f"表中“{name}”为{change.said}，{now.said}－{before.said}＝{printed(right, digits)}"
        if gap == 0:
            judge.holds(f"{spoken}，相符。", change.value, right, places)
        elif gap > tail_of(now, (change, before), judge.tail, grid.unit) and (held or is_slip(now, (change, before))):
            judge.fails(f"{spoken}，相差{gap}。", change.value, right, places, "核对增减额和两年的数。", name)


def _rows(grid: Grid, column: int, now: int, before: int) -> Iterator[tuple[Amount, Amount, Amount]]:
    for row in range(grid.body, grid.rows):
        change, this, last = (grid.amount(row, at) for at in (column, now, before))
        if change is not None and this is not None and last is not None:
            yield change, this, last


def _gap(change: Amount, now: Amount, before: Amount) -> Decimal:
    right = now.value - before.value
    return min(abs(change.value - right), abs(abs(change.value) - abs(right)))
