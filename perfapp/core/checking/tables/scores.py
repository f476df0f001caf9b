"""The score sheet: T7 weights, T8 totals, G2 scores within weights, G5 reasons, G6 lights, G7 costs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.tables.grid import Amount, Grid
from perfapp.core.checking.tables.judging import Judge, added_up
from perfapp.core.checking.tables.reading import grids
from perfapp.core.figures.units import printed
from perfapp.core.manuscript import LineKind, Place

_WEIGHT = re.compile(r"(?:标准|指标|满)?(?:分值|权重|分数|满分)(?:[（(].*[)）])?")
_SCORE = re.compile(r"(?:自评|实际|评价|评分|考核|自查|单位自评)?得分(?:[（(].*[)）])?|自评分(?:数|值)?|评分")
_REASON = re.compile(r"偏差|未完成|扣分|原因|改进措施")
_TARGET = re.compile(r"指标值|目标值|年度目标|预期指标")
_RATE = re.compile(r"执行率|预算完成率")
_TOTAL = re.compile(r"(?:总分|合计|总计|总得分|总评分|评价得分|合计得分)(?:[（(].*[)）])?")
_SUBTOTAL = re.compile(r"小计")
_MONEY_ROW = re.compile(r"资金总额|预算总额|总额|资金合计|预算资金|预算执行")
_NAMED_WEIGHT = re.compile(r"[（(]\s*(\d{1,3}(?:\.\d+)?)\s*分\s*[)）]")
_NO_REASON = frozenset({"", "无", "-", "—", "/", "——", "\\", "暂无"})
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator: its name, weight and score. The row of the money block is the execution rate."""

    row: int
    name: str
    weight: Amount
    score: Amount | None
    is_money: bool


@dataclass(frozen=True)
class Sheet:
    """A score sheet: a table with 分值 and 得分, whose heads may come again in the middle."""

    grid: Grid
    entries: tuple[Entry, ...]
    blocks: tuple["Block", ...]
    total_weight: Amount | None
    total_score: Amount | None

    @cached_property
    def weights(self) -> tuple[Amount, ...]:
        return tuple(entry.weight for entry in self.entries)

    @cached_property
    def scores(self) -> tuple[Amount, ...]:
        return tuple(entry.score for entry in self.entries if entry.score)

    @property
    def is_scored(self) -> bool:
        """Every indicator has its score."""
        return len(self.scores) == len(self.entries) > 1


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one line of heads, and which column says what."""

    head: int
    end: int
    weight: int
    score: int
    reason: int | None
    target: int | None
    rate: int | None


def sheets(case: Case) -> Iterator[Sheet]:
    for grid in grids(case):
        blocks = tuple(_blocks(grid))
        entries = tuple(entry for block in blocks for entry in _entries(grid, block))
        if len(entries) > 1:
            totals = [found for block in blocks for found in _total_rows(grid, block)]
            weight, score = totals[-1] if totals else (None, None)
            yield Sheet(grid, entries, blocks, weight, score)


def _blocks(grid: Grid) -> Iterator[Block]:
    found: list[tuple[int, int, int]] = []
    for row in range(grid.rows):
        weights = [at for at in range(grid.columns) if _WEIGHT.fullmatch(grid.text(row, at))]
        scores = [at for at in range(grid.columns) if _SCORE.fullmatch(grid.text(row, at))]
        if scores and any(at < scores[0] for at in weights):
            found.append((row, max(at for at in weights if at < scores[0]), scores[0]))
    for at, (row, weight, score) in enumerate(found):
        end = found[at + 1][0] if at + 1 < len(found) else grid.rows
        if at and found[at - 1][0] + 1 == row and found[at - 1][1:] == (weight, score):
            continue  # heads merged over two rows
        reason, target, rate = (_headed(grid, row, pattern) for pattern in (_REASON, _TARGET, _RATE))
        yield Block(row, end, weight, score, reason if reason and reason > weight else None, target, rate)


def _headed(grid: Grid, row: int, pattern: re.Pattern[str]) -> int | None:
    return next((at for at in range(grid.columns) if pattern.search(grid.text(row, at))), None)


def _labels(grid: Grid, row: int, before: int) -> list[str]:
    """The words of the row that stand left of its weight."""
    return [text for at in range(before) if re.search(r"[\u4e00-\u9fff]", text := grid.text(row, at))]


def _entries(grid: Grid, block: Block) -> Iterator[Entry]:
    is_money = block.rate is not None
    for row in range(block.head + 1, block.end):
        weight = grid.amount(row, block.weight)
        labels = _labels(grid, row, block.weight)
        if weight is None or weight.value <= 0 or any(_is_total(label) for label in labels):
            continue
        score = grid.amount(row, block.score)
        yield Entry(row, _name(grid, row, block), weight, score, is_money)
        if is_money:
            return  # the parts of the money are not scored for themselves


def _name(grid: Grid, row: int, block: Block) -> str:
    """The innermost words left of target and weight: the indicator itself."""
    end = min(at for at in (block.target, block.rate, block.weight) if at is not None)
    labels = _labels(grid, row, end) or _labels(grid, row, block.weight)
    return labels[-1][:30] if labels else f"第{row + 1}行"


def _is_total(label: str) -> bool:
    return _TOTAL.fullmatch(label) is not None or _SUBTOTAL.search(label) is not None


def _total_rows(grid: Grid, block: Block) -> Iterator[tuple[Amount | None, Amount | None]]:
    for row in range(block.head + 1, block.end):
        if any(_TOTAL.fullmatch(label) for label in _labels(grid, row, block.weight)):
            yield grid.amount(row, block.weight), grid.amount(row, block.score)


_FARTHEST = Decimal(50)


def weights(case: Case, rule: Rule) -> Verdict:
    """T7: the weights add up to their total, or to 100; and under a heading that names its points, to those."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        total, right = sheet.total_weight, added_up(sheet.weights)
        if total is not None and abs(total.value - right) < _FARTHEST:
            judge.sum("分值合计", total, sheet.weights, "分")
        elif total is None and abs(right - _HUNDRED) <= _FARTHEST / 2 and len(sheet.entries) > 3:
            _hundred(judge, sheet, right)
        for name, said, under in _headings(sheet):
            _under_heading(judge, name, said, under)
    return judge.verdict()


def _hundred(judge: Judge, sheet: Sheet, right: Decimal) -> None:
    places = tuple(weight.place for weight in sheet.weights)
    if right == _HUNDRED:
        judge.holds("各指标分值合计100分。", _HUNDRED, right, places)
    else:
        message = f"各指标分值合计{right}分，不是100分。"
        judge.fails(message, right, _HUNDRED, places, "核对各指标的分值，合计应为100分。", "分值合计")


def _headings(sheet: Sheet) -> Iterator[tuple[str, tuple[Decimal, Place], tuple[Amount, ...]]]:
    """产出指标（50分） over several rows, and the weights of those rows."""
    weights = {entry.row: entry.weight for entry in sheet.entries}
    for cell in sheet.grid.table.cells:
        named = _NAMED_WEIGHT.search(cell.text) if cell.row_span > 1 else None
        under = tuple(weights[row] for row in range(cell.row, cell.row + cell.row_span) if row in weights)
        if named and len(under) > 1 and all(cell.column < weight.cell.column for weight in under):
            yield cell.text[: named.start()].strip(), (Decimal(named[1]), cell.place), under


def _under_heading(judge: Judge, name: str, said: tuple[Decimal, Place], under: Sequence[Amount]) -> None:
    right, places = added_up(under), (said[1], *(weight.place for weight in under))
    if right == said[0]:
        judge.holds(f"“{name}”{said[0]}分，下面各指标分值合计{right}分，相等。", said[0], right, places)
    else:
        message = f"“{name}”写的是{said[0]}分，下面各指标分值合计{right}分。"
        judge.fails(message, said[0], right, places, "核对一级、二级指标和三级指标的分值。", name)


_EXECUTION_FULL = Decimal(10)


def score_limits(case: Case, rule: Rule) -> Verdict:
    """G2: no score above its weight or below nothing; execution points are weight × rate, at most the weight."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        for entry in sheet.entries:
            score = entry.score
            if score is not None and not 0 <= score.value <= entry.weight.value:
                message = f"“{entry.name}”得分{score.said}，超出分值{entry.weight.said}。"
                suggestion = "得分应在0和分值之间，核对得分或分值。"
                judge.fails(
                    message, score.value, entry.weight.value, (score.place, entry.weight.place), suggestion, entry.name
                )
        for entry, rate in _executions(sheet):
            _execution_score(judge, entry, rate)
    return judge.verdict()


def _executions(sheet: Sheet) -> Iterator[tuple[Entry, Amount]]:
    """The entry of the money block, with the rate of its row in percent."""
    for block in sheet.blocks:
        for entry in sheet.entries:
            if entry.is_money and block.rate is not None and block.head < entry.row < block.end:
                rate = sheet.grid.amount(entry.row, block.rate)
                if rate is not None and entry.score is not None:
                    yield entry, rate


def _percent(rate: Amount) -> Decimal:
    return rate.value if rate.unit == "%" or rate.value > 2 else rate.value * _HUNDRED


def _execution_score(judge: Judge, entry: Entry, rate: Amount) -> None:
    score = entry.score
    if score is None:
        return
    right = min(_percent(rate), _HUNDRED) / _HUNDRED * entry.weight.value
    allowed = max(Decimal(1).scaleb(-score.decimals), Decimal("0.1"))
    places = (score.place, rate.place, entry.weight.place)
    if abs(score.value - right) <= allowed:
        judge.holds(f"预算执行率{rate.said}，得分{score.said}，按比例计分相符。", score.value, right, places)
    elif score.value > right:
        message = (
            f"预算执行率{rate.said}，分值{entry.weight.said}，按比例应得{printed(right, 2)}分，填的是{score.said}分。"
        )
        suggestion = "按执行率×分值计分，最高不超过分值；另有计分办法的写明。"
        judge.fails(message, score.value, right, places, suggestion, "预算执行率得分", Severity.MUST_EXPLAIN)


_SELF_SCORE = re.compile(
    r"(?:自评(?:总)?得分|自评总分|综合(?:自评)?得分|评价(?:总)?得分|总得分|最终得分|绩效自评(?:总)?分|自评分)[^，。；;\d]{0,10}?(\d{1,3}(?:\.\d+)?)\s*分"
)
_PART_ONLY = re.compile(r"项目|专项|指标|执行率|管理|产出|效益|满意度|投入|过程")


def score_totals(case: Case, rule: Rule) -> Verdict:
    """T8: total score = sum of scores; the score in the text = the score in the table."""
    judge = Judge(rule, case.book.tail)
    found = list(sheets(case))
    for sheet in found:
        if sheet.total_score is not None and sheet.is_scored:
            judge.sum("得分合计", sheet.total_score, sheet.scores, "分")
    _told_score(judge, case, found)
    return judge.verdict()


def _told_score(judge: Judge, case: Case, found: Sequence[Sheet]) -> None:
    totals = [sheet.total_score for sheet in found if sheet.total_score is not None]
    told = [
        (Decimal(match[1]), Place(line.number, match.start(1), match.end(1)))
        for line in case.manuscript.lines
        if line.kind is not LineKind.ROW
        for match in _SELF_SCORE.finditer(line.text)
        if not _PART_ONLY.search(line.text[max(0, match.start() - 12) : match.start()])
    ]
    if len(totals) != 1 or not told:
        return
    total = totals[0]
    for score, place in told:
        if score == total.value:
            judge.holds(
                f"文中自评得分{score}分，与表中总分{total.said}相等。", score, total.value, (place, total.place)
            )
        elif len({value for value, _ in told}) == 1:
            message = f"文中自评得分{score}分，表中总分{total.said}，不一致。"
            judge.fails(message, score, total.value, (place, total.place), "文和表改成同一个总分。", "自评得分")


def reasons(case: Case, rule: Rule) -> Verdict:
    """G5: a deduction without its reason, where the sheet has a column for it. One finding a sheet."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        silent = [
            entry
            for block in sheet.blocks
            if block.reason is not None
            for entry in sheet.entries
            if block.head < entry.row < block.end
            and entry.score is not None
            and entry.score.value < entry.weight.value
            and sheet.grid.text(entry.row, block.reason) in _NO_REASON
        ]
        if silent:
            names = "、".join(
                f"“{entry.name}”（分值{entry.weight.said}，得{entry.score.said if entry.score else ''}）"
                for entry in silent[:4]
            )
            message = f"扣了分没有写偏差原因：{names}{f'等{len(silent)}项' if len(silent) > 4 else ''}。"
            places = tuple(entry.score.place for entry in silent if entry.score)
            judge.fails(
                message, None, None, places, "逐项写明偏差原因和改进措施。", "、".join(entry.name for entry in silent)
            )
    return judge.verdict()


_RED = Decimal("0.05")
_UNSPENT = Decimal(80)
_MANY = 8


def lights(case: Case, rule: Rule) -> Verdict:
    """G6: scores far better than the spending, a fifth of the budget unspent, or every indicator at full marks."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        if not sheet.is_scored:
            continue
        executions = list(_executions(sheet))
        if len(executions) == 1:
            _against_spending(judge, sheet, *executions[0])
        if len(sheet.entries) >= _MANY and all(
            entry.score and entry.score.value == entry.weight.value for entry in sheet.entries
        ):
            message = f"{len(sheet.entries)}项指标全部得满分，没有一项扣分，请确认有佐证。"
            places = tuple(score.place for score in sheet.scores)
            judge.fails(
                message,
                added_up(sheet.scores),
                added_up(sheet.weights),
                places,
                "逐项备好佐证材料，确有不足的如实扣分。",
                "满分",
            )
    return judge.verdict()


def _against_spending(judge: Judge, sheet: Sheet, execution: Entry, rate: Amount) -> None:
    score = execution.score
    others = [entry for entry in sheet.entries if entry is not execution]
    full = sum((entry.weight.value for entry in others), Decimal(0))
    if score is None or full <= 0:
        return
    won = sum((entry.score.value for entry in others if entry.score), Decimal(0)) / full
    spent = score.value / execution.weight.value
    places = (score.place, rate.place)
    if won > 0 and (won - spent) / won > _RED:
        message = (
            f"指标得分率{printed(won * 100, 2)}%，预算执行得分率{printed(spent * 100, 2)}%，指标得分明显好于花钱进度。"
        )
        judge.fails(message, won * 100, spent * 100, places, "说明少花钱多办事的原因，或复核指标得分。", "红灯")
    elif _percent(rate) < _UNSPENT:
        message = f"预算执行率只有{rate.said}，超过两成的预算没有用完。"
        judge.fails(message, _percent(rate), _UNSPENT, places, "说明未执行的原因和结转安排。", "黄灯")


_AT_LEAST = re.compile(r"[≥＞>]|不低于|不少于|大于")


def cost_signs(case: Case, rule: Rule) -> Verdict:
    """G7: a cost is held to at most, never to at least."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        grid = sheet.grid
        for block in sheet.blocks:
            if block.target is None:
                continue
            for entry in sheet.entries:
                target = grid.cell(entry.row, block.target)
                labels = _labels(grid, entry.row, min(block.target, block.weight))
                is_cost = any("成本指标" in label for label in labels) and not re.search(
                    r"节约|降低|减少|率", entry.name
                )
                if block.head < entry.row < block.end and target and is_cost and _AT_LEAST.match(target.text.strip()):
                    message = f"成本指标“{entry.name}”的目标值写为“{target.text.strip()}”，成本应当是不超过（≤）。"
                    judge.fails(message, None, None, (target.place,), "把符号改为“≤”，或改设为别的指标。", entry.name)
    return judge.verdict()
