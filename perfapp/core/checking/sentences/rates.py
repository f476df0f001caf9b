"""Rates of execution: 执行率, 完成预算的98%, 控制率, and what is said of budget and outturn in words."""

import re
from collections.abc import Iterator
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import Fit, amount, percent_fit, say
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Kind, Role
from perfapp.core.figures.units import printed

_HUNDRED = Decimal(100)
_OF_BUDGET = re.compile(
    r"执行率|完成率|支付率|支出率|使用率|执行进度|支出进度|控制率|完成[^，。；]{0,8}预算|预算的|达到?[^，。；]{0,6}预算"
)
_OTHER_RATE = re.compile(
    r"人员控制率|在编|编制|调整率|变动率|结转|结余|公开|满意|采购|项目完成率|工作完成率|任务完成率|指标|质量|及时|到位"
)
_POSTS = re.compile(r"(?:在职)?人员控制率|财政供养人员控制率")
_FILLED = re.compile(r"在职|在编|实有")
_APPROVED = re.compile(r"^(?!.*(?:行政|事业|工勤)).*编制")
_COMPARED = re.compile(
    r"决算数?(?:与|较|比)?(?:年初)?(?P<how>大于|高于|超过|多于|小于|低于|少于|等于|持平)(?:年初)?预算"
)
_MORE, _LESS = {"大于", "高于", "超过", "多于"}, {"小于", "低于", "少于"}


def execution_rate(case: Case, rule: Rule) -> Verdict:
    """P4: a rate of execution is what was spent divided by the budget, where both are printed with it."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.PERCENT):
            if _is_execution(quantity):
                _judge_execution(verdicts, paragraph, quantity)
    return verdicts.verdict()


def _is_execution(quantity: Quantity) -> bool:
    figure = quantity.figure
    if figure.role not in (Role.RATE, Role.SHARE) or figure.value is None or figure.is_rough:
        return False
    words = f"{figure.label} {quantity.clause} {figure.of}"
    return _OF_BUDGET.search(words) is not None and _OTHER_RATE.search(words) is None


def _judge_execution(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity) -> None:
    pairs = list(_pairs(paragraph, rate))
    if not pairs:
        return
    fits = [percent_fit(rate.figure, spent.figure, budget.figure) for spent, budget in pairs]
    best = min(fits)
    if best is not Fit.HOLDS and not _is_one_fund(pairs):
        return
    spent, budget = pairs[fits.index(best)] if best is not Fit.FAILS else pairs[0]
    exact = amount(spent.figure) / amount(budget.figure) * _HUNDRED
    names = f"{spent.name[-16:]}{say(spent.figure)}÷{budget.name[-16:]}{say(budget.figure)}"
    message = f"{names}＝{printed(exact, 4)}%，文中为{say(rate.figure)}"
    should = printed(exact, rate.figure.decimals)
    verdicts.judged(
        best,
        message,
        rate.figure.value or Decimal(0),
        exact,
        (rate.figure, spent.figure, budget.figure),
        suggestion=f"请核对执行率、支出数和预算数，并写明以哪个预算数为分母；按文中金额应为{should}%。",
        subject=rate.name,
    )


def _pairs(paragraph: Paragraph, rate: Quantity) -> Iterator[tuple[Quantity, Quantity]]:
    """What was spent with its budget, the nearest first: in the sentence, or in the one before it."""
    for reach in (0, 1):
        money = [
            quantity
            for quantity in paragraph.of_kind(Kind.MONEY)
            if quantity.is_amount and rate.sentence - reach <= quantity.sentence <= rate.sentence
        ]
        money.sort(key=lambda quantity: abs(quantity.figure.place.start - rate.figure.place.start))
        budgets = [q for q in money if q.basis in (Basis.BUDGET, Basis.ADJUSTED) and amount(q.figure) > 0]
        spent = [q for q in money if q.basis not in (Basis.BUDGET, Basis.ADJUSTED)]
        if budgets and spent:
            yield from ((one, other) for one in spent[:3] for other in budgets[:3])
            return


def _is_one_fund(pairs: list[tuple[Quantity, Quantity]]) -> bool:
    """One budget and one spending: there is no other reading."""
    return len(pairs) == 1


def posts_rate(case: Case, rule: Rule) -> Verdict:
    """H3: the rate of posts filled is staff in post divided by the posts approved."""
    verdicts = Verdicts(rule)
    paragraphs = case.once(prose)
    people = [q for paragraph in paragraphs for q in paragraph.of_kind(Kind.COUNT) if q.is_amount]
    filled = [q for q in people if _FILLED.search(q.figure.label) and "编制" not in q.figure.label]
    posts = [q for q in people if _APPROVED.search(q.figure.label) and amount(q.figure)]
    rates = [q for paragraph in paragraphs for q in paragraph.of_kind(Kind.PERCENT) if _POSTS.search(q.words)]
    if filled and posts:
        for rate in rates:
            _judge_posts(verdicts, rate, filled, posts)
    return verdicts.verdict()


def _judge_posts(verdicts: Verdicts, rate: Quantity, filled: list[Quantity], posts: list[Quantity]) -> None:
    if rate.figure.value is None or rate.figure.role in (Role.GROWTH, Role.CHANGE):
        return
    fits = [(percent_fit(rate.figure, one.figure, posts[0].figure), number) for number, one in enumerate(filled)]
    best, number = min(fits)
    if best is not Fit.HOLDS and (len(filled) > 1 or len(posts) > 1):
        return
    staff, approved = filled[number].figure, posts[0].figure
    exact = amount(staff) / amount(approved) * _HUNDRED
    message = f"在职{say(staff)}÷编制{say(approved)}＝{printed(exact, 4)}%，文中为{say(rate.figure)}"
    advice = f"请核对在职人数、编制数和控制率；按文中人数应为{printed(exact, rate.figure.decimals)}%。"
    where = (rate.figure, staff, approved)
    verdicts.judged(best, message, rate.figure.value, exact, where, suggestion=advice, subject="人员控制率")


def outturn_in_words(paragraph: Paragraph) -> Iterator[tuple[Quantity, str]]:
    """Rates of the budget with a comparison in words that contradicts them: 完成预算的89.53%，决算数大于预算数."""
    for rate in paragraph.of_kind(Kind.PERCENT):
        value = rate.figure.value
        if value is None or rate.figure.is_rough or not _is_execution(rate):
            continue
        found = _COMPARED.search(rate.after)
        if found and (
            (found["how"] in _MORE and value <= _HUNDRED)
            or (found["how"] in _LESS and value >= _HUNDRED)
            or (found["how"] in ("等于", "持平") and value != _HUNDRED)
        ):
            yield rate, found[0]
