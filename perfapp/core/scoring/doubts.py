"""What a reviewer would doubt in a score: reasons not given, marks without evidence, points that spending belies."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from perfapp.core.checking.book import Rule, RuleBook
from perfapp.core.checking.findings import Finding
from perfapp.core.checkpoints import Foreseen
from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import printed
from perfapp.core.scoring.amounts import in_points, plain, points_text
from perfapp.core.scoring.indicators import Role
from perfapp.core.scoring.score import Line, Scored

HUNDRED = Decimal(100)
UNSCORED = "Z1"
FORESEEN = "Z8"
_Doubt = Callable[[Scored, Sheet, Rule], Iterator[Finding]]


def doubts(
    scored: Scored, sheet: Sheet, book: RuleBook, expected: Mapping[str, Foreseen] | None = None
) -> tuple[Finding, ...]:
    """The findings of the rules of `book` that are about scores; `expected` are doubts of mid-year, by indicator."""
    found: list[Finding] = []
    for rule in book.rules:
        if rule.is_on and rule.code in DOUBTS:
            found.extend(DOUBTS[rule.code](scored, sheet, rule))
        elif rule.is_on and rule.code == FORESEEN:
            found.extend(_unanswered(scored, expected or {}, rule))
    return tuple(found)


def _unanswered(scored: Scored, expected: Mapping[str, Foreseen], rule: Rule) -> Iterator[Finding]:
    """What was doubted in mid-year is answered at the year's end, also where it turned out well."""
    for line in scored.lines:
        doubt = expected.get(line.indicator.key)
        if doubt is not None and not line.entry.deviation:
            message = f"{line.indicator.name}在{doubt.sentence}，年终没有说明结果。"
            suggestion = "请在偏差原因里写明后来怎样：采取了什么措施，是否完成。"
            yield _finding(rule, line, message, None, None, suggestion)


def _finding(
    rule: Rule, line: Line | None, message: str, left: Decimal | None, right: Decimal | None, suggestion: str
) -> Finding:
    subject = line.indicator.key if line else ""
    return Finding(rule.code, rule.severity, message, left, right, (), suggestion, subject)


def _unscored(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    for line in scored.lines:
        if not line.is_scored:
            yield _finding(rule, line, line.why, None, line.indicator.weight, "请补齐数据，或写明理由后自评。")


def _no_reason(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    """财预〔2020〕10号: every indicator below full marks is explained."""
    for line in scored.lines:
        if line.is_scored and line.deduction > 0 and not line.entry.deviation:
            weight, got = line.indicator.weight, points_text(line.points)
            message = f"{line.indicator.name}得{got}分，少于分值{points_text(weight)}分，没有写偏差原因。"
            yield _finding(rule, line, message, line.points, weight, "请写明偏差原因和改进措施。")


def _no_evidence(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    """Full marks on somebody's word: nothing computed behind them and no paper either."""
    for line in scored.lines:
        by_word = not line.sources or line.entry.own is not None
        if line.is_scored and by_word and line.deduction == 0 and not line.entry.evidence:
            asked = f"（{line.indicator.evidence}）" if line.indicator.evidence else ""
            message = f"{line.indicator.name}自评满分{points_text(line.points)}分，没有佐证材料。"
            yield _finding(rule, line, message, line.points, line.indicator.weight, f"请上传佐证材料{asked}。")


def _too_good(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    """A target passed by far was set too low, or the value is wrong."""
    limit = rule.tolerance or Decimal(130)
    for line in scored.lines:
        target = line.indicator.target
        if target is None or target.sign != ">=" or target.value <= 0 or line.actual is None or line.entry.deviation:
            continue
        reached = line.actual / target.value * HUNDRED
        if reached >= limit:
            message = (
                f"{line.indicator.name}完成{line.actual_text}，是目标{target.amount}的{printed(reached, 2)}%，"
                f"达到或超过{plain(limit)}%，没有说明原因。"
            )
            yield _finding(rule, line, message, line.actual, target.value, "请说明超额原因，目标偏低的请在下年调整。")


def _cost_upwards(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    for line in scored.lines:
        target = line.indicator.target
        if line.indicator.role is Role.COST and target is not None and target.sign == ">=":
            message = f"成本指标“{line.indicator.name}”的目标是{target}，成本应当是不超过多少，不能是不少于多少。"
            yield _finding(rule, line, message, None, target.value, "请把目标的符号改为≤。")


def _belied(scored: Scored, _sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    """Red light: (指标分/90 - 执行分/10) / (指标分/90) above the limit; 90 and 10 are the weights of the set."""
    spent = [line for line in scored.lines if line.indicator.role is Role.EXECUTION and line.is_scored]
    rest = [line for line in scored.lines if line.indicator.role is not Role.EXECUTION]
    rest_share, spent_share = _share(rest), _share(spent)
    if not rest_share or spent_share is None:
        return
    gap = (rest_share - spent_share) / rest_share * HUNDRED
    limit = Decimal(5) if rule.tolerance is None else rule.tolerance
    if gap > limit:
        message = (
            f"指标得分率{printed(rest_share * HUNDRED, 2)}%，预算执行得分率{printed(spent_share * HUNDRED, 2)}%，"
            f"相差{printed(gap, 2)}%，超过{plain(limit)}%：花钱的进度撑不起这样的得分。"
        )
        left, right = in_points(rest_share * HUNDRED), in_points(spent_share * HUNDRED)
        yield _finding(rule, None, message, left, right, "请核对各指标的完成值，或说明少花钱多办事的原因。")


def _share(lines: list[Line]) -> Decimal | None:
    weight = sum((line.indicator.weight for line in lines), Decimal(0))
    return sum((line.points for line in lines), Decimal(0)) / weight if weight else None


def _unspent(scored: Scored, sheet: Sheet, rule: Rule) -> Iterator[Finding]:
    """Yellow light: more than the limit of the budget unspent, or no budget at all."""
    spending = scored.form.spending
    if spending is None:
        return
    budget, spent = sheet.amount(spending.budget), sheet.amount(spending.spent)
    limit = Decimal(20) if rule.tolerance is None else rule.tolerance
    name = sheet.definitions[spending.budget].name
    if budget == 0:
        yield _finding(rule, None, f"{name}为0，执行率无从计算。", budget, None, "请核对预算数，或说明没有预算的原因。")
    elif budget is not None and spent is not None and (budget - spent) / budget * HUNDRED > limit:
        left = (budget - spent) / budget * HUNDRED
        message = f"{name}有{printed(left, 2)}%没有支出，超过{plain(limit)}%。"
        yield _finding(rule, None, message, in_points(left), limit, "请说明没有支出的原因和结余的处理。")


DOUBTS: Mapping[str, _Doubt] = {
    UNSCORED: _unscored,
    "Z2": _no_reason,
    "Z3": _no_evidence,
    "Z4": _too_good,
    "Z5": _cost_upwards,
    "Z6": _belied,
    "Z7": _unspent,
}
