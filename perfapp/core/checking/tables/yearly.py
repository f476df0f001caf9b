"""T3 in a table of years: the growth of each row, or of each column, over the year before it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.sentences.numbers import one_digit_off
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge
from perfapp.core.figures.units import printed, rounded

_YEAR = re.compile(r"(20\d\d)(?:年度?)?(?:决算|预算|实际|完成)?数?$")
_GROWTH = re.compile(r"增长率|增减率|增幅|增速|变动率|同比|环比|[比较]上年|增[长减](?:比例|幅度|[（(]?[%％])")
_NO_AMOUNT = re.compile(r"率|比|%|％|幅|速|序号|分值|得分")
_FEWEST = 3  # two years side by side are the other rule's
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Growth:
    """The printed growth with the amounts of its year and of the year before."""

    name: str
    said: Amount
    now: Amount
    before: Amount

    @property
    def exact(self) -> Decimal:
        return (self.now.value - self.before.value) / self.before.value * _HUNDRED

    def holds(self, values: Sequence[Decimal]) -> bool:
        """With these for growth, year and year before; as exactly as printed, a fall perhaps without its sign."""
        said, now, before = values
        if before <= 0:
            return False
        exact = (now - before) / before * _HUNDRED
        return min(abs(exact - said), abs(exact + said)) <= Decimal(1).scaleb(-self.said.decimals)

    @property
    def fits(self) -> bool:
        return self.holds([self.said.value, self.now.value, self.before.value])

    @property
    def is_slip(self) -> bool:
        """Would one other digit make it fit?"""
        values = [one.value for one in (self.said, self.now, self.before)]
        return any(
            self.holds([*values[:at], other, *values[at + 1 :]])
            for at, one in enumerate((self.said, self.now, self.before))
            for other in one_digit_off(one.value, one.decimals)
        )


def judge_years(judge: Judge, grid: Grid) -> None:
    """Believed where it holds for another year, or would but for one digit."""
    for listed in (*_down(grid), *_across(grid)):
        held = [one for one in listed if one.fits]
        for one in listed:
            places = (one.said.place, one.now.place, one.before.place)
            way = f"（{one.now.said}－{one.before.said}）÷{one.before.said}＝{printed(one.exact, 2)}%"
            spoken = f"表中“{one.name}”为{one.said.said}，{way}"
            if one in held:
                judge.holds(f"{spoken}，相符。", one.said.value, rounded(one.exact, 4), places)
            elif one.is_slip:
                message, advice = f"{spoken}，不相符。", "核对增长率和两年的数。"
                judge.fails(message, one.said.value, rounded(one.exact, 4), places, advice, one.name)


def _down(grid: Grid) -> Iterator[Sequence[_Growth]]:
    """Rows of years: the growth is of the amounts left of it that it fits best."""
    rows = {int(found[1]): row for row in range(grid.rows) if (found := _YEAR.fullmatch(grid.text(row, 0)))}
    if len(rows) < _FEWEST:
        return
    for column in range(1, grid.columns):
        head = grid.text(min(rows.values()) - 1, column) if min(rows.values()) else ""
        if not _GROWTH.search(head):
            continue
        amounts = [at for at in range(1, column) if not _NO_AMOUNT.search(grid.text(min(rows.values()) - 1, at))]
        named = {year: {at: grid.amount(row, at) for at in (column, *amounts)} for year, row in rows.items()}
        yield from _best([list(_growths(named, column, at, head)) for at in reversed(amounts)])


def _across(grid: Grid) -> Iterator[Sequence[_Growth]]:
    """Columns of years: the growth is of the row right above it."""
    columns = {int(found[1]): at for at in range(grid.columns) if (found := _YEAR.fullmatch(grid.text(0, at)))}
    if len(columns) < _FEWEST:
        return
    for row in range(_FEWEST - 1, grid.rows):
        head = grid.text(row, 0)
        if _GROWTH.search(head) and not _NO_AMOUNT.search(grid.text(row - 1, 0).split("（")[0]):
            named = {year: {at: grid.amount(at, column) for at in (row, row - 1)} for year, column in columns.items()}
            yield list(_growths(named, row, row - 1, head))


def _growths(named: Mapping[int, Mapping[int, Amount | None]], growth: int, of: int, head: str) -> Iterator[_Growth]:
    for year, told in sorted(named.items()):
        said, now, before = told[growth], told[of], named.get(year - 1, {}).get(of)
        if said is not None and now is not None and before is not None and before.value > 0:
            yield _Growth(f"{year}年{head}", said, now, before)


def _best(readings: Sequence[Sequence[_Growth]]) -> Iterator[Sequence[_Growth]]:
    """The reading that holds most often, the nearest column first."""
    if readings:
        yield max(readings, key=lambda reading: sum(one.fits for one in reading))
