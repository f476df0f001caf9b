"""What a score sheet must keep to: T7 weights, T8 totals, G2 limits, G5 reasons, G6 lights, G7 costs."""

import re
from collections.abc import Sequence
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.tables.grid import Amount
from perfapp.core.checking.tables.judging import Judge, added_up
from perfapp.core.checking.tables.sheet import Heading, Indicator, Sheet, sheets
from perfapp.core.checking.wording.prose import prose
from perfapp.core.figures.units import printed
from perfapp.core.manuscript import Place

_HUNDRED = Decimal(100)
_FARTHEST = Decimal(95)  # a total farther off is one of another kind


def weights(case: Case, rule: Rule) -> Verdict:
    """T7: the weights add up to their total, or to 100; and under a heading that names its points, to those."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        total, right = sheet.total_weight, added_up(sheet.weights)
        if total is not None and abs(total.value - right) < _FARTHEST:
            judge.sum("分值合计", total, sheet.weights, "分")
        elif total is None and abs(right - _HUNDRED) < _FARTHEST and sheet.is_complete:
            _hundred(judge, sheet, right)
        for heading in sheet.headings():
            _under(judge, heading)
    return judge.verdict()


def _hundred(judge: Judge, sheet: Sheet, right: Decimal) -> None:
    places = tuple(weight.place for weight in sheet.weights)
    if right == _HUNDRED:
        judge.holds("各指标分值合计100分。", _HUNDRED, right, places)
    else:
        message = f"各指标分值合计{right}分，不是100分。"
        judge.fails(message, right, _HUNDRED, places, "核对各指标的分值，合计应为100分。", "分值合计")


def _under(judge: Judge, heading: Heading) -> None:
    right = added_up(heading.weights)
    places = (heading.place, *(weight.place for weight in heading.weights))
    if right == heading.points:
        message = f"“{heading.name}”{heading.points}分，下面各指标分值合计{right}分，相等。"
        judge.holds(message, heading.points, right, places)
    else:
        message = f"“{heading.name}”写的是{heading.points}分，下面各指标分值合计{right}分。"
        judge.fails(message, heading.points, right, places, "核对一级、二级指标和三级指标的分值。", heading.name)


def score_limits(case: Case, rule: Rule) -> Verdict:
    """G2: no score above its weight or below nothing; execution points are weight × rate, at most the weight."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        for indicator in sheet.indicators:
            weight, score = indicator.weight, indicator.score
            if score is not None and not 0 <= score.value <= weight.value:
                message = f"“{indicator.name}”得分{score.said}，超出分值{weight.said}。"
                suggestion = "得分应在0和分值之间，核对得分或分值。"
                places = (score.place, weight.place)
                judge.fails(message, score.value, weight.value, places, suggestion, indicator.name)
            elif score is not None and indicator.rate is not None:
                _execution_score(judge, indicator, score, indicator.rate)
    return judge.verdict()


def _percent(rate: Amount) -> Decimal:
    return rate.value if rate.unit == "%" or rate.value > 2 else rate.value * _HUNDRED


def _execution_score(judge: Judge, indicator: Indicator, score: Amount, rate: Amount) -> None:
    """Lower than by proportion is the unit's own strictness or a scale of bands."""
    right = min(_percent(rate), _HUNDRED) / _HUNDRED * indicator.weight.value
    allowed = max(Decimal(1).scaleb(-score.decimals), Decimal("0.1"))
    places = (score.place, rate.place, indicator.weight.place)
    if abs(score.value - right) <= allowed:
        judge.holds(f"预算执行率{rate.said}，得分{score.said}，按比例计分相符。", score.value, right, places)
    elif score.value > right:
        weight = indicator.weight.said
        message = f"预算执行率{rate.said}，分值{weight}，按比例应得{printed(right, 2)}分，填的是{score.said}分。"
        suggestion = "按执行率×分值计分，最高不超过分值；另有计分办法的写明。"
        judge.fails(message, score.value, right, places, suggestion, "预算执行率得分", Severity.MUST_EXPLAIN)


_SELF_SCORE = re.compile(
    r"(?:自评(?:总)?得分|自评总分|综合(?:自评)?得分|评价(?:总)?得分|总得分|最终得分|绩效自评(?:总)?分|自评分)"
    r"[^，。；;\d]{0,10}?(\d{1,3}(?:\.\d+)?)\s*分"
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
    """Only where there is one sheet and the text tells one score: several are those of projects."""
    totals = [sheet.total_score for sheet in found if sheet.total_score is not None]
    told = [
        (Decimal(match[1]), Place(line.number, match.start(1), match.end(1)))
        for line in prose(case.manuscript)
        for match in _SELF_SCORE.finditer(line.text)
        if not _PART_ONLY.search(line.text[max(0, match.start() - 12) : match.start()])
    ]
    if len(totals) != 1 or len({score for score, _ in told}) != 1:
        return
    total = totals[0]
    for score, place in told:
        places = (place, total.place)
        if score == total.value:
            message = f"文中自评得分{score}分，与表中总分{total.said}相等。"
            judge.holds(message, score, total.value, places)
        else:
            message = f"文中自评得分{score}分，表中总分{total.said}，不一致。"
            judge.fails(message, score, total.value, places, "文和表改成同一个总分。", "自评得分")


_NO_REASON = frozenset({"", "无", "-", "—", "/", "——", "\\", "暂无"})
_NAMED = 4


def reasons(case: Case, rule: Rule) -> Verdict:
    """G5: a deduction without its reason, where the sheet has a column for it. One finding a sheet."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        silent = [indicator for indicator in sheet.indicators if _is_unexplained(indicator)]
        if silent:
            deducted = (
                f"“{one.name}”（分值{one.weight.said}，得{one.score.said if one.score else 0}）" for one in silent
            )
            more = f"等{len(silent)}项" if len(silent) > _NAMED else ""
            message = f"扣了分没有写偏差原因：{'、'.join(list(deducted)[:_NAMED])}{more}。"
            places = tuple(one.score.place for one in silent if one.score)
            subject = "、".join(one.name for one in silent)
            judge.fails(message, None, None, places, "逐项写明偏差原因和改进措施。", subject)
    return judge.verdict()


def _is_unexplained(indicator: Indicator) -> bool:
    block, score = indicator.block, indicator.score
    if score is None or block.reason is None or score.value >= indicator.weight.value:
        return False
    return block.grid.text(indicator.row, block.reason) in _NO_REASON


_RED = Decimal("0.05")
_SPENT_ENOUGH = Decimal(80)
_MANY = 8


def lights(case: Case, rule: Rule) -> Verdict:
    """G6: scores far better than the spending, a fifth of the budget unspent, or every indicator at full marks."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        if not sheet.is_scored:
            continue
        executions = [indicator for indicator in sheet.indicators if indicator.rate is not None]
        if len(executions) == 1:
            _against_spending(judge, sheet, executions[0])
        if len(sheet.indicators) >= _MANY and all(indicator.is_full for indicator in sheet.indicators):
            message = f"{len(sheet.indicators)}项指标全部得满分，没有一项扣分，请确认有佐证。"
            places = tuple(score.place for score in sheet.scores)
            left, right = added_up(sheet.scores), added_up(sheet.weights)
            judge.fails(message, left, right, places, "逐项备好佐证材料，确有不足的如实扣分。", "满分")
    return judge.verdict()


def _against_spending(judge: Judge, sheet: Sheet, execution: Indicator) -> None:
    score, rate = execution.score, execution.rate
    others = [indicator for indicator in sheet.indicators if indicator is not execution]
    full = added_up([indicator.weight for indicator in others])
    if score is None or rate is None or full <= 0:
        return
    won = added_up([indicator.score for indicator in others if indicator.score]) / full
    spent = score.value / execution.weight.value
    places = (score.place, rate.place)
    if won > 0 and (won - spent) / won > _RED:
        shares = f"指标得分率{printed(won * 100, 2)}%，预算执行得分率{printed(spent * 100, 2)}%"
        message = f"{shares}，指标得分明显好于预算执行。"
        judge.fails(message, won * 100, spent * 100, places, "说明少花钱多办事的原因，或复核指标得分。", "红灯")
    elif _percent(rate) < _SPENT_ENOUGH:
        message = f"预算执行率只有{rate.said}，超过两成的预算没有用完。"
        judge.fails(message, _percent(rate), _SPENT_ENOUGH, places, "说明未执行的原因和结转安排。", "黄灯")


_AT_LEAST = re.compile(r"[≥＞>]|不低于|不少于|大于")
_SAVING = re.compile(r"节约|降低|减少|率")


def cost_signs(case: Case, rule: Rule) -> Verdict:
    """G7: a cost is held to at most, never to at least."""
    judge = Judge(rule, case.book.tail)
    for sheet in sheets(case):
        for indicator in sheet.indicators:
            block = indicator.block
            target = block.grid.cell(indicator.row, block.target) if block.target is not None else None
            is_cost = any("成本指标" in label for label in block.labels(indicator.row, block.target))
            if target and is_cost and not _SAVING.search(indicator.name) and _AT_LEAST.match(target.text.strip()):
                words = target.text.strip()
                message = f"成本指标“{indicator.name}”的目标值写为“{words}”，成本应当是不超过（≤）。"
                judge.fails(message, None, None, (target.place,), "把符号改为“≤”，或改设为别的指标。", indicator.name)
    return judge.verdict()
