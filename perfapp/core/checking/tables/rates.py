"""T3: execution rates, shares and growth against the columns they are computed from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge
from perfapp.core.checking.tables.reading import blocks
from perfapp.core.checking.tables.yearly import judge_years
from perfapp.core.figures.units import printed, rounded

_TAG = re.compile(r"[（(]?([A-Z]|[①-⑳])[)）]?$")
_RATIO = re.compile(r"([A-Z]|[①-⑳])\s*[/÷]\s*([A-Z]|[①-⑳])")
_RATE = re.compile(r"执行率|完成率|完成比例|支出率|使用率|支付率|执行进度|完成预算")
_ANY_RATE = re.compile(r"率|比重|占比|比例|满意度|完成|进度")
_SHARE = re.compile(r"比重|占比|比例|占")
_TOTAL = re.compile(r"^(?:合计|总计|总数)")
_FEWEST = 3  # rows in which a formula must hold that only the numbers show
_MOST = 6  # columns that are tried for one
_SPENT = re.compile(r"执行数|支出数|决算数|实际支出|完成数|使用数|支付数|执行金额|支出金额|实际完成")
_PLANNED = re.compile(r"预算数|预算金额|调整预算|调整后预算|全年预算|年初预算|计划数|预算安排|下达|到位")
_ADJUSTED = re.compile(r"全年预算|调整后?的?预算|预算调整数")  # what an execution rate is of, if there is one
_SCORE = re.compile(r"得分|评分|扣分|权重")  # 得分（20分×执行率）: points, however they are reckoned
_GROWTH = re.compile(r"增长率|增减率|增幅|变动率|增减(?:比例|幅度|[%％])|(?:增长|增减|变动)[（(]?[%％]")
_BEFORE = re.compile(r"上年|去年|上一年|上期")
_NOW = re.compile(r"本年|今年|当年|本期")
_YEAR = re.compile(r"20\d\d")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Formula:
    """rate = top / bottom (less one for growth), by columns. `is_told`: the heads themselves give it."""

    rate: int
    top: int
    bottom: int
    is_growth: bool = False
    is_told: bool = False
    is_found: bool = False  # by the numbers alone: it must hold in all rows but one
    bottom_row: int | None = None  # of shares: the row of the total


def rates(case: Case, rule: Rule) -> Verdict:
    """Believed where the heads tell the formula, where it holds in another row, or where only one is possible."""
    judge = Judge(rule, case.book.tail)
    for grid in blocks(case):
        for column in range(grid.columns):
            formulas = list(_formulas(grid, column))
            if formulas:
                _judge_column(judge, grid, column, formulas)
        judge_years(judge, grid)
    return judge.verdict()


def _judge_column(judge: Judge, grid: Grid, column: int, formulas: Sequence[Formula]) -> None:
    rows = [row for row in range(grid.body, grid.rows) if grid.amount(row, column)]
    held = {formula: sum(1 for row in rows if _fits(grid, row, formula)) for formula in formulas}
    best = max(formulas, key=lambda formula: (held[formula], formula.is_told))
    if best.is_found and held[best] < max(_FEWEST, len(rows) - 1):
        return
    is_sure = best.is_told or held[best] > 0 or len(formulas) == 1
    for row in rows:
        computed = _computed(grid, row, best)
        if computed is None:
            continue
        if any(_fits(grid, row, formula) for formula in formulas):
            _holds(judge, grid, row, best, computed)
        elif is_sure and 2 * held[best] >= len(rows) - 2:
            _fails(judge, grid, row, best, computed)


def _formulas(grid: Grid, column: int) -> Iterator[Formula]:
    head = grid.heads[column]
    told = _RATIO.search(head)
    if told:
        tags = {
            tag[1]: other
            for other in range(grid.columns)
            if other != column and (tag := _TAG.search(grid.heads[other]))
        }
        if told[1] in tags and told[2] in tags:
            yield Formula(column, tags[told[1]], tags[told[2]], is_told=True)
            return
    others = [other for other in range(grid.columns) if other != column and is_of_amounts(grid, other)]
    if _SCORE.search(head.rsplit(" ", 1)[-1]):
        return
    if _GROWTH.search(head):
        yield from _growths(grid, column, others)
    elif _RATE.search(head):
        tops = [other for other in others if _SPENT.search(grid.heads[other])]
        bottoms = [other for other in others if _PLANNED.search(grid.heads[other]) and other not in tops]
        yield from (
            Formula(column, top, bottom, is_told=_ADJUSTED.search(grid.heads[bottom]) is not None)
            for top in tops
            for bottom in bottoms
        )
    if _ANY_RATE.search(head) and not _GROWTH.search(head):
        yield from _found(grid, column)


def _found(grid: Grid, column: int) -> Iterator[Formula]:
    """Any two columns, or one and its total, for a rate of another name: 满意度, 得分率, 到位率, 占比."""
    rows = range(grid.body, grid.rows)
    if not any((rate := grid.amount(row, column)) and rate.unit == "%" for row in rows):
        return
    others = [c for c in range(grid.columns) if c != column and _is_numeric(grid, c)][:_MOST]
    yield from (Formula(column, top, bottom, is_found=True) for top in others for bottom in others if top != bottom)
    total = next((row for row in rows if _TOTAL.search(re.sub(r"\s", "", grid.label(row)))), None)
    if _SHARE.search(grid.heads[column]) and total is not None:
        yield from (Formula(column, top, top, is_found=True, bottom_row=total) for top in others)


def _is_numeric(grid: Grid, column: int) -> bool:
    amounts = [found for row in range(grid.body, grid.rows) if (found := grid.amount(row, column))]
    return "序号" not in grid.heads[column] and len(amounts) > 1 and all(one.unit != "%" for one in amounts)


def _growths(grid: Grid, column: int, others: Sequence[int]) -> Iterator[Formula]:
    return (Formula(column, now, before, is_growth=True) for now, before in two_years(grid, others))


def two_years(grid: Grid, others: Sequence[int]) -> Iterator[tuple[int, int]]:
    """This year's column and last year's, by their words or by two years in the heads."""
    before = [other for other in others if _BEFORE.search(grid.heads[other])]
    now = [other for other in others if _NOW.search(grid.heads[other])]
    if not (before and now):
        years = sorted((found[0], other) for other in others if (found := _YEAR.findall(grid.heads[other])))
        before, now = ([years[0][1]], [years[-1][1]]) if len(years) == 2 and years[0][0] < years[1][0] else ([], [])
    yield from ((this, last) for this in now for last in before)


def is_of_amounts(grid: Grid, column: int) -> bool:
    head = grid.heads[column]
    return not re.search(r"率|比|%|％|分值|得分|序号", head) and any(
        grid.amount(row, column) for row in range(grid.body, grid.rows)
    )


def _amounts(grid: Grid, row: int, formula: Formula) -> tuple[Amount | None, Amount | None, Amount | None]:
    below = row if formula.bottom_row is None else formula.bottom_row
    return grid.amount(row, formula.rate), grid.amount(row, formula.top), grid.amount(below, formula.bottom)


def _operands(grid: Grid, row: int, formula: Formula) -> tuple[Amount, Amount, Amount] | None:
    rate, top, bottom = _amounts(grid, row, formula)
    if rate is None or top is None or bottom is None or bottom.value <= 0:
        return None
    if (top.unit == "%") != (bottom.unit == "%") or (top.unit == "%" and rate.unit != "%"):
        return None  # a row that merged heads have moved: its percentage stands under another head
    return rate, top, bottom


def _computed(grid: Grid, row: int, formula: Formula) -> Decimal | None:
    """In percent."""
    operands = _operands(grid, row, formula)
    if operands is None:
        return None
    _, top, bottom = operands
    return top.value / bottom.value * _HUNDRED - (_HUNDRED if formula.is_growth else 0)


def _fits(grid: Grid, row: int, formula: Formula) -> bool:
    """Within what rounding of the three numbers allows; 0.95 and 95 without a sign are both read."""
    operands = _operands(grid, row, formula)
    if operands is None:
        return False
    rate, top, bottom = operands
    half_top, half_bottom = (
        Decimal("0.5").scaleb(-one.decimals) if one.decimals else Decimal(0) for one in (top, bottom)
    )
    shift = Decimal(1) if formula.is_growth else Decimal(0)
    low = ((top.value - half_top) / (bottom.value + half_bottom) - shift) * _HUNDRED
    high = ((top.value + half_top) / max(bottom.value - half_bottom, half_bottom or bottom.value) - shift) * _HUNDRED
    scales = (1,) if rate.unit == "%" or "%" in grid.heads[formula.rate] else (1, 100)
    for scale in scales:
        step = Decimal(scale).scaleb(-rate.decimals)
        said = rate.value * scale
        if low - step <= said <= high + step or (formula.is_growth and low - step <= -said <= high + step):
            return True
    return False


def _spoken(grid: Grid, row: int, formula: Formula, computed: Decimal) -> tuple[str, str, str]:
    rate, top, bottom = _amounts(grid, row, formula)
    said = [one.said if one else "" for one in (rate, top, bottom)]
    name = f"{grid.label(row)}{grid.heads[formula.rate].rsplit(' ', 1)[-1]}"
    sum_up = f"（{said[1]}－{said[2]}）÷{said[2]}" if formula.is_growth else f"{said[1]}÷{said[2]}"
    return name, said[0], f"{sum_up}＝{printed(computed, 2)}%"


def _holds(judge: Judge, grid: Grid, row: int, formula: Formula, computed: Decimal) -> None:
    operands = _operands(grid, row, formula)
    if operands:
        name, said, way = _spoken(grid, row, formula, computed)
        places = tuple(one.place for one in operands)
        judge.holds(f"表中“{name}”为{said}，{way}，相符。", operands[0].value, rounded(computed, 4), places)


def _fails(judge: Judge, grid: Grid, row: int, formula: Formula, computed: Decimal) -> None:
    operands = _operands(grid, row, formula)
    if operands:
        name, said, way = _spoken(grid, row, formula, computed)
        places = tuple(one.place for one in operands)
        message = f"表中“{name}”为{said}，按同一行的数{way}，不相符。"
        judge.fails(message, operands[0].value, rounded(computed, 4), places, "核对比率和用来计算的两个数。", name)
