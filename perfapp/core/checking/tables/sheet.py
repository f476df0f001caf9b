"""The score sheet: tables with 分值 and 得分, heads repeated in the middle or not, read as a list of indicators."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.case import Case
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.reading import grids
from perfapp.core.manuscript import Place

_WEIGHT = re.compile(r"(?:标准|指标|满)?(?:分值|权重|分数|满分)(?:[（(].*[)）])?")
_SCORE = re.compile(r"(?:自评|实际|评价|评分|考核|自查|单位自评)?得分(?:[（(].*[)）])?|自评分(?:数|值)?|评分")
_REASON = re.compile(r"偏差|未完成|扣分|原因|改进措施")
_TARGET = re.compile(r"指标值|目标值|年度目标|预期指标")
_RATE = re.compile(r"执行率|预算完成率")
_TOTAL = re.compile(r"(?:总分|合计|总计|总得分|总评分|评价得分|合计得分)(?:[（(].*[)）])?")
_SUBTOTAL = re.compile(r"小计")
_NAMED_WEIGHT = re.compile(r"[（(]\s*(\d{1,3}(?:\.\d+)?)\s*分\s*[)）]")
_HEADS_APART = 4  # lines between two tables that are one form


@dataclass(frozen=True)
class Block:
    """Rows under one line of heads, and which column says what."""

    grid: Grid
    head: int
    end: int
    weight: int
    score: int
    reason: int | None
    target: int | None
    rate: int | None

    def labels(self, row: int, before: int | None = None) -> list[str]:
        """The words of the row that stand left of its weight (or of another column)."""
        end = self.weight if before is None else before
        return [text for at in range(end) if re.search(r"[\u4e00-\u9fff]", text := self.grid.text(row, at))]


@dataclass(frozen=True)
class Indicator:
    """One scored row. `rate` is there when it is the row of the money, scored by its execution rate."""

    block: Block
    row: int
    name: str
    weight: Amount
    score: Amount | None
    rate: Amount | None

    @property
    def is_full(self) -> bool:
        return self.score is not None and self.score.value == self.weight.value


@dataclass(frozen=True)
class Heading:
    """产出指标（50分） over several rows, and the weights of those rows."""

    name: str
    points: Decimal
    place: Place
    weights: tuple[Amount, ...]


@dataclass(frozen=True)
class Sheet:
    """A whole score sheet; the total is what its last row of totals says."""

    blocks: tuple[Block, ...]
    total_weight: Amount | None
    total_score: Amount | None

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for block in self.blocks for indicator in _indicators(block))

    @cached_property
    def weights(self) -> tuple[Amount, ...]:
        return tuple(indicator.weight for indicator in self.indicators)

    @cached_property
    def scores(self) -> tuple[Amount, ...]:
        return tuple(indicator.score for indicator in self.indicators if indicator.score)

    @property
    def is_scored(self) -> bool:
        """Every indicator has its score."""
        return len(self.scores) == len(self.indicators) > 1

    @property
    def is_complete(self) -> bool:
        """It goes from the execution rate to 满意度: no part of the form stands elsewhere or is cut off."""
        texts = [cell.text for block in self.blocks for cell in block.grid.table.cells]
        has_execution = any(one.rate is not None or "执行率" in one.name for one in self.indicators)
        return has_execution and any("满意" in text for text in texts)

    def headings(self) -> Iterator[Heading]:
        for grid in dict.fromkeys(block.grid for block in self.blocks):
            weights = {one.row: one.weight for one in self.indicators if one.block.grid is grid}
            for cell in grid.table.cells:
                named = _NAMED_WEIGHT.search(cell.text) if cell.row_span > 1 else None
                under = tuple(weights[row] for row in range(cell.row, cell.row + cell.row_span) if row in weights)
                if named and len(under) > 1 and all(cell.column < weight.cell.column for weight in under):
                    yield Heading(cell.text[: named.start()].strip(), Decimal(named[1]), cell.place, under)


def sheets(case: Case) -> tuple[Sheet, ...]:
    """A form that a file breaks into several tables is put together again."""
    return case.once(_all_sheets)


def _all_sheets(case: Case) -> tuple[Sheet, ...]:
    parts: list[tuple[Block, ...]] = []
    for grid in grids(case):
        blocks = tuple(_blocks(grid))
        if not blocks:
            continue
        if parts and _continues(parts[-1], grid):
            parts[-1] += blocks
        else:
            parts.append(blocks)
    found = (_sheet(blocks) for blocks in parts)
    return tuple(sheet for sheet in found if len(sheet.indicators) > 1)


def _sheet(blocks: tuple[Block, ...]) -> Sheet:
    totals = [found for block in blocks for found in _totals(block)]
    return Sheet(blocks, *(totals[-1] if totals else (None, None)))


def _continues(before: tuple[Block, ...], grid: Grid) -> bool:
    last = max(cell.place.line for cell in before[-1].grid.table.cells)
    first = min(cell.place.line for cell in grid.table.cells)
    return 0 < first - last <= _HEADS_APART and not any(True for block in before for _ in _totals(block))


def _blocks(grid: Grid) -> Iterator[Block]:
    found: list[tuple[int, int, int]] = []
    for row in range(grid.rows):
        weights = [at for at in range(grid.columns) if _WEIGHT.fullmatch(grid.text(row, at))]
        scores = [at for at in range(grid.columns) if _SCORE.fullmatch(grid.text(row, at))]
        if scores and any(at < scores[0] for at in weights):
            heads = (row, max(at for at in weights if at < scores[0]), scores[0])
            if found and found[-1] == (row - 1, *heads[1:]):
                found.pop()  # heads merged over two rows
            found.append(heads)
    for at, (row, weight, score) in enumerate(found):
        end = found[at + 1][0] if at + 1 < len(found) else grid.rows
        reason, target, rate = (_headed(grid, row, pattern) for pattern in (_REASON, _TARGET, _RATE))
        yield Block(grid, row, end, weight, score, reason if reason and reason > weight else None, target, rate)


def _headed(grid: Grid, row: int, pattern: re.Pattern[str]) -> int | None:
    return next((at for at in range(grid.columns) if pattern.search(grid.text(row, at))), None)


def _indicators(block: Block) -> Iterator[Indicator]:
    for row in range(block.head + 1, block.end):
        weight = block.grid.amount(row, block.weight)
        if weight is None or weight.value <= 0 or any(_is_total(label) for label in block.labels(row)):
            continue
        rate = block.grid.amount(row, block.rate) if block.rate is not None else None
        yield Indicator(block, row, _name(block, row), weight, block.grid.amount(row, block.score), rate)
        if block.rate is not None:
            return  # the parts of the money are not scored for themselves


def _name(block: Block, row: int) -> str:
    """The innermost words left of target and weight: the indicator itself."""
    end = min(at for at in (block.target, block.rate, block.weight) if at is not None)
    labels = block.labels(row, end) or block.labels(row)
    return labels[-1][:30].rstrip("：:") if labels else f"第{row + 1}行"


def _is_total(label: str) -> bool:
    return _TOTAL.fullmatch(label) is not None or _SUBTOTAL.search(label) is not None


def _totals(block: Block) -> Iterator[tuple[Amount | None, Amount | None]]:
    for row in range(block.head + 1, block.end):
        if any(_TOTAL.fullmatch(label) for label in block.labels(row)):
            yield block.grid.amount(row, block.weight), block.grid.amount(row, block.score)
