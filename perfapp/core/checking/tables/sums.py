"""T1 totals and their parts, T2 totals that are empty or too small, T5 收入总计 = 支出总计."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.tables.grid import Amount, Grid, Item, Part
from perfapp.core.checking.tables.judging import Judge, added_up, is_slip
from perfapp.core.checking.tables.members import Rows
from perfapp.core.checking.tables.reading import blocks


@dataclass(frozen=True)
class Sum:
    """One total and what it may be the sum of, in one column or row."""

    name: str
    total: Amount | None
    parts: tuple[Amount, ...]

    @cached_property
    def is_telling(self) -> bool:
        """Two parts at least that are not zero: else it holds by itself."""
        return sum(1 for part in self.parts if part.value) > 1

    @cached_property
    def gap(self) -> Decimal:
        return added_up(self.parts) - (self.total.value if self.total else 0)

    @cached_property
    def holds(self) -> bool:
        return self.total is not None and self.gap == 0


@dataclass(frozen=True)
class Reading:
    """One way to understand a total: the same parts in every column. `is_plain` where no other way is likely."""

    sums: tuple[Sum, ...]
    is_plain: bool = False
    is_listed: bool = False  # every part stands in the table, as others of its kind show

    @cached_property
    def hits(self) -> int:
        return sum(1 for one in self.sums if one.holds and one.is_telling)

    @cached_property
    def misses(self) -> tuple[Sum, ...]:
        return tuple(one for one in self.sums if not one.holds and one.is_telling)

    def is_believed(self, one: Sum) -> bool:
        """It holds, or it should: no other reading is likely, other columns hold, or one digit makes the difference."""
        if not one.is_telling:
            return not one.holds and bool(one.parts) and (self.is_listed or (self.hits > 0 and len(one.parts) > 1))
        return one.holds or self.is_plain or self.hits > 0 or is_slip(one.total, one.parts)

    @cached_property
    def rank(self) -> tuple[int, int, bool, int]:
        """How likely it is meant: sums that hold, sums that one digit would make hold, no other way to read it."""
        slips = sum(1 for one in self.misses if is_slip(one.total, one.parts))
        return self.hits, slips, self.is_plain, -len(self.misses)


def totals(case: Case, rule: Rule) -> Verdict:
    """T1: rows and columns called 合计, 总计 or 小计 against their parts, and codes 类 款 项 against those below."""
    judge = Judge(rule, case.book.tail)
    for grid, readings in case.once(_all_readings):
        for reading in readings:
            for one in reading.sums:
                total = one.total
                if total is not None and total.value and reading.is_believed(one):
                    judge.sum(one.name, total, one.parts, grid.unit)
    return judge.verdict()


def empty_totals(case: Case, rule: Rule) -> Verdict:
    """T2: a total that is blank or 0 over parts that are not, and a 其中 that is more than what it is of."""
    judge = Judge(rule, case.book.tail)
    for grid, readings in case.once(_all_readings):
        for reading in readings:
            for one in reading.sums:
                if one.is_telling and (reading.is_plain or reading.hits) and not (one.total and one.total.value):
                    judge.empty_total(one.name, one.total, one.parts, grid.unit)
        for part in grid.parts:
            for whole, share, column in _too_large(part):
                name = f"{whole.bare_label}{_column(grid, column)}"
                judge.too_large(name, share.bare_label, whole.amounts[column], share.amounts[column])
    return judge.verdict()


def _too_large(part: Part) -> Iterator[tuple[Item, Item, int]]:
    whole: Item | None = None
    for item in part.items:
        if not item.is_of_which:
            whole = item
            continue
        for column, found in item.amounts.items():
            above = whole.amounts.get(column) if whole else None
            if whole and above and found.value > above.value >= 0:
                yield whole, item, column
                break  # the other columns of the row are wrong for the same reason


def _all_readings(case: Case) -> tuple[tuple[Grid, tuple[Reading, ...]], ...]:
    return tuple((grid, tuple(_best_readings(grid))) for grid in blocks(case))


def _best_readings(grid: Grid) -> Iterator[Reading]:
    yield from _codes(grid)
    for part in grid.parts:
        rows = Rows(part.items)
        for at, item in enumerate(rows.items):
            readings = [_down(grid, part, item, *group) for group in rows.groups(at) if group[0]]
            if readings:
                yield max(readings, key=lambda reading: reading.rank)
        yield from _across(grid, part)


def _codes(grid: Grid) -> Iterator[Reading]:
    """类 against its 款, 款 against its 项, wherever in the table they stand: long lists go on in the next columns."""
    rows = [(part, item) for part in grid.parts for item in part.items if item.code]
    if len({item.code for _, item in rows}) < len(rows) or len({len(part.columns) for part, _ in rows}) != 1:
        return
    under: dict[str, list[tuple[Part, Item]]] = defaultdict(list)
    for part, item in rows:
        under[item.code[:-2]].append((part, item))
    readings = [reading for row in rows if (reading := _code_sums(grid, *row, under.get(row[1].code, ())))]
    sums = [one for reading in readings for one in reading.sums if one.parts]
    held = sum(1 for one in sums if one.holds)
    is_listed = held > _CHANCE and held > len(sums) - held
    yield from (replace(reading, is_listed=is_listed) for reading in readings)


def _code_sums(grid: Grid, part: Part, item: Item, below: Sequence[tuple[Part, Item]]) -> Reading | None:
    sums = tuple(
        Sum(
            f"{item.label}{_column(grid, column)}",
            item.amounts.get(column),
            tuple(found for other, one in below if (found := one.amounts.get(other.columns[at]))),
        )
        for at, column in enumerate(part.columns)
    )
    reading = Reading(sums, is_plain=True)
    return reading if below and len(reading.misses) <= max(1, reading.hits) else None


def _down(grid: Grid, part: Part, total: Item, members: Sequence[Item], is_plain: bool) -> Reading:
    sums = tuple(
        Sum(
            f"{total.label}{_column(grid, column)}",
            total.amounts.get(column),
            tuple(found for item in members if (found := item.amounts.get(column))),
        )
        for column in part.columns
        if column in total.amounts or grid.is_empty(total.row, column)
    )
    return Reading(sums, is_plain and sum(1 for one in sums if one.is_telling and not one.holds) <= 1)


def _column(grid: Grid, column: int) -> str:
    head = grid.heads[column].rsplit(" ", 1)[-1]
    return f"（{head}）" if head else ""


_CHANCE = 2
_FEWEST_ROWS = 2


def _across(grid: Grid, part: Part) -> Iterator[Reading]:
    """Columns called 合计 or 小计 against the columns beside them."""
    heads = {column: grid.heads[column].rsplit(" ", 1)[-1] for column in part.columns}
    total_columns = [column for column in part.columns if heads[column].endswith(("合计", "小计", "总计", "总额"))]
    for column in total_columns:
        readings = [_row_sums(grid, part, column, members) for members in _beside(part, column, total_columns)]
        readings = [reading for reading in readings if _is_across(reading)]
        if readings:
            yield max(readings, key=lambda reading: reading.rank)


def _is_across(reading: Reading) -> bool:
    """It holds in most rows, in all of few, or would but for one digit."""
    misses = reading.misses
    if reading.hits >= max(_FEWEST_ROWS, 2 * len(misses)) or (reading.hits and not misses):
        return True
    return len(misses) == 1 and is_slip(misses[0].total, misses[0].parts)


def _beside(part: Part, column: int, total_columns: Sequence[int]) -> Iterator[tuple[int, ...]]:
    after = [other for other in part.columns if other > column]
    before = [other for other in part.columns if other < column]
    following = next((other for other in total_columns if other > column), part.columns[-1] + 1)
    earlier = max((other for other in total_columns if other < column), default=-1)
    yield tuple(other for other in after if other < following)
    yield tuple(after)
    yield tuple(other for other in after if other in total_columns)
    yield tuple(other for other in before if other > earlier)
    yield tuple(before)


def _row_sums(grid: Grid, part: Part, column: int, members: Sequence[int]) -> Reading:
    return Reading(
        tuple(
            Sum(
                f"{item.label}{_column(grid, column)}",
                item.amounts.get(column),
                tuple(found for member in members if (found := item.amounts.get(member))),
            )
            for item in part.items
        )
    )


def balance(case: Case, rule: Rule) -> Verdict:
    """T5: the two sides of 收入支出总表 come to the same 总计."""
    judge = Judge(rule, case.book.tail)
    for grid in blocks(case):
        if len(grid.parts) != 2 or not _has_two_sides(grid):
            continue
        left, right = (_grand_total(part) for part in grid.parts)
        if left is None or right is None:
            continue
        for income, spending in zip(left.amounts.values(), right.amounts.values(), strict=False):
            judge.equal("收入总计", income, "支出总计", spending, grid.unit)
    return judge.verdict()


def _has_two_sides(grid: Grid) -> bool:
    labels = [grid.heads[column] for part in grid.parts for column in (*part.label_columns, *part.columns)]
    spoken = "".join([grid.table.caption, *labels, *(item.label for part in grid.parts for item in part.items)])
    return "收入" in spoken and "支出" in spoken


def _grand_total(part: Part) -> Item | None:
    """The last row of the side called 总计, 收入总计 …"""
    return next((item for item in reversed(part.items) if item.label.endswith("总计") and item.amounts), None)
