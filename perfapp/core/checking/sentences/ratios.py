"""Rates of any name that two numbers told with them give: 结案1345件 of 1386件 is 97.0%; and differences in points."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.added_rates import judge_added
from perfapp.core.checking.sentences.names import is_planned
from perfapp.core.checking.sentences.numbers import Fit, Slip, counted, misprint, plain, ratio_fit, say, slack
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed

_HUNDRED = Decimal(100)
_KINDS = (Kind.MONEY, Kind.COUNT, Kind.MEASURE)
_RATE = re.compile(r"(?P<stem>[一-鿿]{2,8}?)(?:率|占比|比例)$")
_OF_PLAN = re.compile(r"(?:完成|达到|占|为)[^，,。；;]{0,12}(?:目标|任务|计划|指标|预算)[^，,。；;]{0,6}$")
_OF_BUDGET = re.compile(r"执行率|完成率|使用率|支出率|支付率|预算")
_GIVEN = re.compile(r"(?:资金|到位|下达|安排|投资)(?:资金|金额|数|总额|为|共|共计|合计)*$")
_WELL_KNOWN = {
    re.compile("预算调整率$"): (
        re.compile("追加|调增|调整增加"),
        re.compile("年初[^，。]{0,4}预算|部门预算|批复"),
    ),  # by what is divided, where the name of the rate does not show it
    re.compile("资产负债率$"): (re.compile("负债"), re.compile("^(?!.*固定)(?!.*流动).*资产(?:总|合计)")),
    re.compile("结转结余率$|结余率$|结转率$"): (re.compile("结余|结转"), re.compile("预算|收入|到位|下达")),
}
_OF_CHANGE = re.compile("变动率$|调整率$|增减率$")
_IN_A_ROW = re.compile(r"分别|^\s*[、和及与]\s*$")
_BREAK = re.compile(r"[；;]|其中")
_NEAR = 12  # quantities before a rate that are looked through
_MOST = 4  # of them, those that may give it
_DETAILED = 3  # digits from which a wrong one is evidence by itself
_POINTS_OF = re.compile(r"上年|去年|同期|目标|指标值|年初|计划|基期|20\d\d年|由|从|标准|高于|低于|高出")
_SINCE_LAST_YEAR = re.compile(r"[较比](?:上年|去年)|同比")  # 占比较上年上升7.8个百分点: not of two rates of this year
_LAST_YEARS = re.compile(r"上年|去年|同期|20\d\d年|由|从")
_NOT = re.compile(r"未|不|非")
_TWO = 2


def judge_ratio(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, before: Sequence[Quantity]) -> None:
    """A rate is one of the numbers told with it divided by another. Silent where no wrong digit would explain a misfit.

    `before` are the amounts of the paragraphs before it: of a rate of execution one of them may be the budget.
    """
    if _IN_A_ROW.search(rate.lead) or _IN_A_ROW.match(rate.after):
        return  # 分别完成126%、120.5%和113.3%
    stem, told = _stem(rate), _told_with(paragraph, rate)
    is_of_plan = _is_of_plan(rate, told)
    if not stem and not is_of_plan:
        return
    fits = [(_fit(rate.figure, *pair), number) for number, pair in enumerate(_pairs(told))]
    best, number = min(fits, default=(Fit.FAILS, -1))
    if best is not Fit.FAILS:
        _say(verdicts, best, rate, *list(_pairs(told))[number])
        return
    if any(_fit(rate.figure, *pair) is Fit.HOLDS for pair in _pairs(_earlier(paragraph, rate))):
        return
    wholes = [q for q in _earlier(paragraph, rate) if told and q.rank < told[0].rank and q.sentence == rate.sentence]
    if judge_added(verdicts, rate, told, wholes[-1:]):
        return
    is_of_budget = is_of_plan or _OF_BUDGET.search(rate.figure.label + rate.clause) is not None
    if not (
        (is_of_budget and _judge_wider(verdicts, paragraph, rate, before))
        or _judge_well_known(verdicts, paragraph, rate, before)
        or _judge_change(verdicts, paragraph, rate)
    ):
        _judge_misprint(verdicts, paragraph, rate, told, stem, is_of_plan=is_of_plan)


def _stem(rate: Quantity) -> str:
    """结案 of 结案率: so the part is called too."""
    named = _RATE.search(rate.figure.label) or _RATE.search(rate.clause.rstrip("为达到约是：:"))
    return named["stem"][-2:] if named else ""


def _judge_misprint(
    verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, told: Sequence[Quantity], stem: str, *, is_of_plan: bool
) -> None:
    """None of the numbers gives the rate, but with one other digit two of them would: those are meant."""
    pairs = list(_pairs(told))
    called = [q for q in told if stem and stem in q.words and not _NOT.search(q.clause)]
    is_alone = not pairs and len(called) == 1
    if is_alone:  # 结案1345件，结案率97.0%；调解成功968件，调解成功率72.0%
        wholes = [q.figure for q in reversed(_earlier(paragraph, rate)) if q.rank < called[0].rank]
        part = called[0].figure
        pairs = [(part, whole) for whole in wholes if counted(whole)[1] == counted(part)[1]][:_TWO]
    for part, whole in pairs:
        slip = misprint((rate.figure, part, whole), _holds(rate.figure, part, whole))
        is_told = is_of_plan or is_alone or [q.figure for q in called] == [part]
        is_detailed = min(map(_digits, (part, whole))) >= _DETAILED
        if slip and (is_told or is_detailed) and _digits(rate.figure) >= _TWO:
            is_sure = is_told and len(told) == _TWO
            _say(verdicts, Fit.FAILS, rate, part, whole, slip, None if is_sure else Severity.NOTE)
            return
    _judge_called(verdicts, paragraph, rate, called)


def _judge_called(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, called: Sequence[Quantity]) -> None:
    """合格4204批次，合格率95.50%: its part is called like it; a greater number of the sentences before is the whole."""
    if len(called) != 1 or _digits(rate.figure) < _DETAILED:
        return
    part = called[0].figure
    earlier = [q.figure for q in _earlier(paragraph, rate) if q.rank < called[0].rank]
    wholes = [one for one in earlier if counted(one)[1] == counted(part)[1] and counted(one)[0] > counted(part)[0]]
    fitting = next((one for one in wholes if _fit(rate.figure, part, one) is not Fit.FAILS), None)
    if fitting:
        _say(verdicts, _fit(rate.figure, part, fitting), rate, part, fitting)
        return
    for whole in wholes:
        if slip := misprint((rate.figure, part, whole), _holds(rate.figure, part, whole)):
            _say(verdicts, Fit.FAILS, rate, part, whole, slip, Severity.NOTE)
            return


def _told_with(paragraph: Paragraph, rate: Quantity) -> list[Quantity]:
    """The numbers since the rate before, the last semicolon or 其中; and one in brackets right after the rate."""
    told: list[Quantity] = []
    for quantity in paragraph.quantities[max(0, rate.rank - _NEAR) : rate.rank]:
        if quantity.sentence != rate.sentence:
            continue
        if quantity.figure.kind is Kind.PERCENT or _BREAK.search(quantity.lead):
            told = []
        is_saved = quantity.figure.role is Role.CHANGE and "节" in quantity.clause and "节" in rate.clause
        if quantity.figure.kind in _KINDS and (quantity.is_amount or is_saved) and quantity.figure.value:
            told.append(quantity)
    if _BREAK.search(rate.lead):
        told = []
    after = paragraph.quantities[rate.rank + 1 : rate.rank + 2]
    if after and after[0].lead[:1] in ("（", "(") and after[0].is_amount and after[0].figure.kind in _KINDS:
        told.append(after[0])
    return told[-_MOST:]


def _is_of_plan(rate: Quantity, told: Sequence[Quantity]) -> bool:
    """完成任务的103%, or 完成任务1.80亿元的103%: then the words stand before the amount."""
    is_of_last = rate.lead.strip() == "的" and bool(told) and told[-1].rank == rate.rank - 1
    return _OF_PLAN.search(told[-1].clause if is_of_last else rate.clause) is not None


def _judge_wider(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, before: Sequence[Quantity]) -> bool:
    """预算执行率96.94% after several sentences: some spending and some budget told before it give it."""
    told = [q for q in (*before, *paragraph.quantities[: rate.rank]) if q.figure.kind is Kind.MONEY and q.is_amount]
    told = [q for q in told if q.figure.value]
    planned = [q.figure for q in reversed(told) if is_planned(q)][:_MOST]
    planned = planned or [q.figure for q in reversed(told) if _GIVEN.search(q.clause)][:_MOST]
    spent = [q.figure for q in reversed(told) if not is_planned(q) and q.figure not in planned][:_MOST]
    own = [q.figure for q in told if q.line == rate.line and q.sentence == rate.sentence and q.figure in spent]
    pairs = [(one, other) for one in own or spent for other in planned]
    for part, whole in pairs:
        if _fit(rate.figure, part, whole) is Fit.HOLDS:
            _say(verdicts, Fit.HOLDS, rate, part, whole)
            return True
    for part, whole in pairs:
        slip = misprint((rate.figure, part, whole), _holds(rate.figure, part, whole))
        is_exact = rate.figure.decimals >= _TWO or (slip and "100" in (rate.figure.text[:3], slip.should_read))
        if own and rate.figure.value == _HUNDRED:
            continue  # 支出98万元，完成预算的100%: its own budget is not told
        if slip and min(map(_digits, (part, whole))) > _DETAILED and is_exact:
            _say(verdicts, Fit.FAILS, rate, part, whole, slip, Severity.NOTE)
            return True
    return False


def _judge_well_known(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity, before: Sequence[Quantity]) -> bool:
    """资产负债率, 结转结余率: the nearest amounts of those names."""
    told = [q for q in (*before, *paragraph.quantities[: rate.rank]) if q.figure.kind is Kind.MONEY and q.is_amount]
    for pattern, names in _WELL_KNOWN.items():
        if not pattern.search(rate.figure.label):
            continue
        part, whole = (next((q.figure for q in reversed(told) if name.search(q.words)), None) for name in names)
        if not part or not whole or part is whole or not part.value or not whole.value:
            return False
        fit = _fit(rate.figure, part, whole)
        slip = misprint((rate.figure, part, whole), _holds(rate.figure, part, whole)) if fit is Fit.FAILS else None
        if fit is not Fit.FAILS or slip:
            _say(verdicts, fit, rate, part, whole, slip, Severity.NOTE)
        return fit is not Fit.FAILS or slip is not None
    return False


def _judge_change(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity) -> bool:
    """“三公”经费变动率为-13.90%: (8.92－10.36)÷10.36, of the amounts of its sentence."""
    if not _OF_CHANGE.search(rate.figure.label):
        return False
    told = [q.figure for q in _earlier(paragraph, rate) if q.figure.kind is Kind.MONEY and q.rank < rate.rank][-_MOST:]
    pairs = [(one, other) for one in told for other in told if one is not other and one.unit == other.unit]
    step = Decimal(1).scaleb(-rate.figure.decimals)

    def holds(values: Sequence[Decimal]) -> bool:
        said, one, other = values
        return other > 0 and abs((one - other) / other * _HUNDRED - said) * 2 <= step

    said = rate.figure.value or Decimal(0)
    fitting = next((pair for pair in pairs if holds([said, *(f.value or Decimal(0) for f in pair)])), None)
    slips = ((pair, misprint((rate.figure, *pair), holds)) for pair in ([] if fitting else pairs))
    pair, slip = (fitting, None) if fitting else next((found for found in slips if found[1]), (None, None))
    if pair is None:
        return False
    one, other = pair
    exact = (counted(one)[0] / counted(other)[0] - 1) * _HUNDRED
    reckoned = f"（{say(one)}－{say(other)}）÷{say(other)}＝{printed(exact, 4)}%"
    message, where = f"{reckoned}，文中{rate.name[-12:]}为{say(rate.figure)}", (rate.figure, one, other)
    if slip is None:
        verdicts.holds(f"{message}，相符。", exact, said, where)
    else:
        advice = f"请核对变动率和两年的金额：{slip}。"
        verdicts.fails(
            f"{message}，不相符。",
            said,
            exact,
            where,
            suggestion=advice,
            subject=rate.name,
            severity=Severity.NOTE,
        )
    return True


def _earlier(paragraph: Paragraph, rate: Quantity) -> list[Quantity]:
    """All numbers of this sentence and the one before it: one of them may be what is meant."""
    near = paragraph.quantities[max(0, rate.rank - _NEAR * 2) : rate.rank + _NEAR]
    return [
        q
        for q in near
        if rate.sentence - 1 <= q.sentence <= rate.sentence
        and q.is_amount
        and q.figure.kind in _KINDS
        and q.figure.value
    ]


def _pairs(told: Sequence[Quantity]) -> Iterator[tuple[Figure, Figure]]:
    """Part and whole, the nearest to the rate first, whichever is told first."""
    near = sorted(combinations(told, _TWO), key=lambda pair: (-pair[1].rank, -pair[0].rank))
    for one, other in near:
        if counted(one.figure)[1] == counted(other.figure)[1]:
            yield other.figure, one.figure
            yield one.figure, other.figure


def _fit(rate: Figure, part: Figure, whole: Figure) -> Fit:
    factors = [counted(figure)[0] / (figure.value or Decimal(1)) for figure in (part, whole)]
    slacks = [_slack(figure) * factor for figure, factor in zip((part, whole), factors, strict=True)]
    return ratio_fit(rate, counted(part)[0], slacks[0], counted(whole)[0], slacks[1])


def _slack(figure: Figure) -> Decimal:
    """In printed units: money as everywhere; of counts those in 万 are rounded too."""
    if figure.kind is Kind.MONEY:
        return slack(figure) / (counted(figure)[0] / (figure.value or Decimal(1)))
    return Decimal(1).scaleb(-figure.decimals) / 2 if figure.decimals else Decimal(0)


def _holds(rate: Figure, part: Figure, whole: Figure) -> Callable[[Sequence[Decimal]], bool]:
    factor = (counted(part)[0] / (part.value or Decimal(1))) / (counted(whole)[0] / (whole.value or Decimal(1)))
    step = Decimal(1).scaleb(-rate.decimals)

    def holds(values: Sequence[Decimal]) -> bool:
        said, one, other = values
        return other > 0 and abs(one * factor / other * _HUNDRED - said) * 2 <= step

    return holds


def _digits(figure: Figure) -> int:
    return len((figure.value or Decimal(0)).as_tuple().digits)


def _say(
    verdicts: Verdicts,
    fit: Fit,
    rate: Quantity,
    part: Figure,
    whole: Figure,
    slip: Slip | None = None,
    severity: Severity | None = None,
) -> None:
    exact = counted(part)[0] / counted(whole)[0] * _HUNDRED
    message = f"{say(part)}÷{say(whole)}＝{printed(exact, 4)}%，文中{rate.name[-12:]}为{say(rate.figure)}"
    where, said = (rate.figure, part, whole), rate.figure.value or Decimal(0)
    if slip is None:
        verdicts.judged(fit, message, said, exact, where, suggestion="请核对比率和两个数。", subject=rate.name)
        return
    verdicts.fails(
        f"{message}，不相符。",
        said,
        exact,
        where,
        suggestion=f"请核对比率和两个数：{slip}。",
        subject=rate.name,
        severity=severity or Severity.MUST_EXPLAIN,
    )


def difference_in_points(case: Case, rule: Rule) -> Verdict:
    """P8: a difference in 百分点 is that of the two rates told with it; one told in % there is meant in points."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.POINTS):
            rates = _rates(paragraph, quantity)
            near = [q for q in paragraph.quantities[max(0, quantity.rank - _TWO) :] if q.figure in rates]
            is_of_both = not _SINCE_LAST_YEAR.search(quantity.lead) or any(_LAST_YEARS.search(q.lead) for q in near)
            if len(rates) == _TWO and is_of_both and _POINTS_OF.search(paragraph.sentence_text(quantity.sentence)):
                _judge_points(verdicts, quantity.figure, *rates)
        for quantity in paragraph.of_kind(Kind.PERCENT):
            if quantity.figure.role is Role.GROWTH and quantity.figure.value:
                _judge_percent(verdicts, quantity, _rates(paragraph, quantity))
    return verdicts.verdict()


def _rates(paragraph: Paragraph, change: Quantity) -> list[Figure]:
    """The rates of the same sentence around a change of theirs, since the last semicolon."""
    near = paragraph.quantities[max(0, change.rank - _TWO) : change.rank + _TWO]
    return [
        q.figure
        for q in near
        if q is not change
        and q.sentence == change.sentence
        and q.figure.kind is Kind.PERCENT
        and q.figure.value is not None
        and not q.figure.is_rough
        and not _BREAK.search(paragraph.between(*sorted((q.figure, change.figure), key=lambda f: f.place)))
    ]


def _judge_points(verdicts: Verdicts, points: Figure, one: Figure, other: Figure) -> None:
    def holds(values: Sequence[Decimal]) -> bool:
        return abs(abs(values[0] - values[1]) - values[2]) * 2 <= Decimal(1).scaleb(-min(f.decimals for f in figures))

    figures = (one, other, points)
    values = [figure.value or Decimal(0) for figure in figures]
    gap = abs(values[0] - values[1])
    message = f"{say(one)}与{say(other)}相差{plain(gap)}个百分点，文中为{say(points)}"
    if abs(gap - values[2]) <= Decimal(1).scaleb(-points.decimals):
        verdicts.holds(f"{message}，相符。", gap, points.value, figures)
    elif slip := misprint(figures, holds):
        advice = f"请核对两个比率和相差的百分点：{slip}。"
        verdicts.fails(f"{message}，不相符。", points.value, gap, figures, suggestion=advice, subject="百分点")


def _judge_percent(verdicts: Verdicts, change: Quantity, rates: Sequence[Figure]) -> None:
    """结案率96.2%，上年94.1%，提高2.1%: the difference is told in %, but a rate changes in points."""
    before = [rate for rate in rates if rate.place < change.figure.place and rate.role is Role.RATE]
    if len(before) != _TWO or any(rate.value == change.figure.value for rate in before):
        return
    gap = abs((before[0].value or Decimal(0)) - (before[1].value or Decimal(0)))
    if gap == change.figure.value and change.figure.decimals:
        verdicts.fails(
            f"{say(before[0])}与{say(before[1])}相差{plain(gap)}个百分点，文中写为{say(change.figure)}。",
            change.figure.value,
            gap,
            (change.figure, *before),
            suggestion="比率的增减用“百分点”，不用“%”。",
            subject="百分点",
            severity=Severity.NOTE,
        )
