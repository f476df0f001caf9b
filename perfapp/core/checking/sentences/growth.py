"""Growth: amounts of two years, the change and its rate; what is printed of them must agree, direction included."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.numbers import Fit, amount, half, ratio_fit, say, say_like, slack
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose, without_funding_names
from perfapp.core.checking.sentences.rates import outturn_in_words
from perfapp.core.checking.sentences.sums import sums
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed, to_base
from perfapp.core.manuscript import Place

_BUDGET = re.compile(r"预算|计划|目标|年初")
_PAIRED = re.compile(r"分别")
_COMPARING = re.compile(
    r"(?:与|同|跟|较|比|对比|相比|比较|相较|同比|环比|于)|(?:20\d\d年度?|上年度?|去年|上一年度?|同期|年初|全年|本年度?|当年)|(?:预算|决算)(?:安排|执行)?数?"
    r"|增收|减收|增支|减支|增加|增长|减少|下降|上升|提高|降低|增幅|降幅|净增|压缩|节约|按|同口径|口径|累计|收、支|收支|总体|总计|合计|压减|缩减|多|少|略有|这一数据|该数|变动|其中|支出|收入|年度|金额|数|额|了|为|的|达|共|约|实际|有所|各项?|均|[\s，,、：:；;。]"
)
_SENTENCE = re.compile(r"[。；;]")
_COMMA = re.compile(r"[，,]")
_COMPARES = re.compile(r"较|比|与|同期|上年|去年")
_SEMICOLON = re.compile(r"[；;]")
_NUMBERS = re.compile(r"(?<!\d)(?!20\d\d年)\d[\d,.]*\s*(?:万元|亿元|元|%|％)?")
_REACH, _MOST = 2, 6  # sentences that the amount may stand before, and amounts that are tried
_RISES, _FALLS = "增加", "减少"


@dataclass(frozen=True)
class Growth:
    """What is said of one change. At least two of amount, earlier amount, change and rate are there.

    `currents` are the amounts that may be meant, the likeliest first; `is_tight`: the words leave no doubt.
    """

    currents: tuple[Quantity, ...]
    prior: Quantity | None
    change: Quantity | None
    rate: Quantity | None
    sign: int
    is_tight: bool

    @property
    def figures(self) -> tuple[Figure, ...]:
        said = (self.rate, self.change, self.prior)
        return tuple(quantity.figure for quantity in said if quantity)


def growths(case: Case) -> tuple[Growth, ...]:
    """Every growth that can be computed from what is printed with it."""
    wholes = {part.figure.place: one.total for one in case.once(sums) for part in one.parts}
    year = case.manuscript.fiscal_year
    found = (_growth(paragraph, chain, year, wholes) for paragraph in case.once(prose) for chain in _chains(paragraph))
    return tuple(growth for growth in found if growth)


def _chains(paragraph: Paragraph) -> Iterator[tuple[int, ...]]:
    """A change and the rate next to it, or either alone, by their numbers in the paragraph."""
    at, quantities = 0, paragraph.quantities
    while at < len(quantities):
        if not _is_change(quantities[at]):
            at += 1
            continue
        pair = quantities[at : at + 2]
        if len(pair) == 2 and _are_one(paragraph, *pair):
            yield at, at + 1
            at += 2
        else:
            yield (at,)
            at += 1


def _is_change(quantity: Quantity) -> bool:
    figure = quantity.figure
    if figure.value is None or figure.is_rough or figure.kind is Kind.POINTS:
        return False
    return figure.role in (Role.CHANGE, Role.GROWTH)


def _are_one(paragraph: Paragraph, one: Quantity, other: Quantity) -> bool:
    roles = {one.figure.role, other.figure.role}
    if roles != {Role.CHANGE, Role.GROWTH} or not _is_change(other) or one.sentence != other.sentence:
        return False
    between = paragraph.between(one.figure, other.figure)
    return len(between) <= 12 and not _SEMICOLON.search(between) and not _left_over(between)


def _left_over(text: str) -> str:
    """What the words of comparison leave: the name of something."""
    return re.sub(r"[（()）“”\"]", "", _COMPARING.sub("", text))


def _growth(
    paragraph: Paragraph, chain: Sequence[int], year: int | None, wholes: Mapping[Place, Quantity]
) -> Growth | None:
    said = [paragraph.quantities[number] for number in chain]
    first = said[0]
    change = next((q for q in said if q.figure.role is Role.CHANGE), None)
    rate = next((q for q in said if q.figure.role is Role.GROWTH), None)
    sign = next((q.figure.direction for q in said if q.figure.direction is not None), None)
    before = [q for q in paragraph.quantities[: chain[0]] if q.is_amount and _may_change(q, change)]
    is_compared = len(said) == 2 or any(q.figure.basis or q.figure.of for q in said)
    if sign is None or not before or not is_compared or _PAIRED.search(first.lead):
        return None
    prior = _prior(paragraph, before, first, year)
    present = [q for q in before if q is not prior and not q.is_prior(year)]
    if not present or (prior is None and (change is None or rate is None)):
        return None
    currents, is_tight = _currents(paragraph, present, prior, first, wholes)
    if not currents:
        return None
    return Growth(currents, prior, change, rate, sign, is_tight)


def _may_change(quantity: Quantity, change: Quantity | None) -> bool:
    if change is None:
        return quantity.figure.kind in (Kind.MONEY, Kind.COUNT, Kind.MEASURE)
    one, other = quantity.figure, change.figure
    return one.kind is other.kind and (one.kind is Kind.MONEY or one.unit == other.unit)


def _prior(paragraph: Paragraph, before: Sequence[Quantity], first: Quantity, year: int | None) -> Quantity | None:
    """The earlier amount: the nearest of last year, or of the budget, since the last semicolon."""
    against = "".join((first.figure.of, *first.figure.basis)) or first.clause
    to_budget = _BUDGET.search(without_funding_names(against)) is not None
    for quantity in reversed(before[-3:]):
        if quantity.sentence != first.sentence or _SEMICOLON.search(paragraph.between(quantity.figure, first.figure)):
            return None
        if quantity.basis in (Basis.BUDGET, Basis.ADJUSTED) if to_budget else quantity.is_prior(year):
            return quantity
    return None


def _currents(
    paragraph: Paragraph,
    present: Sequence[Quantity],
    prior: Quantity | None,
    first: Quantity,
    wholes: Mapping[Place, Quantity],
) -> tuple[tuple[Quantity, ...], bool]:
    """The amounts that may have changed, the likeliest first, and whether the words leave no other.

    A change that begins a sentence without a subject speaks of the whole of the list before it; one that names its
    subject, of the amount of that name; any other, of the amount it follows.
    """
    named_so = [q for q in reversed(present) if _is_of(first, q)]
    present = [q for q in present if q.sentence >= first.sentence - _REACH] or named_so
    if not present:
        return (), False
    near = present[-1]
    between = _words_between(paragraph, near, prior, first)
    subject = _left_over(_comparing(between))
    whole = wholes.get(near.figure.place)
    told_together = [q for q in present if q.sentence == near.sentence]
    is_alone = len({amount(q.figure) for q in told_together}) == 1
    named = [q for q in named_so if not subject or _left_over(q.name).endswith(subject)]
    if subject:
        named = named or [q for q in told_together if is_alone and subject in _left_over(q.name)]
        main, is_sure = (named[0], True) if named else (near, False)
    elif "。" in between or (whole and _SEMICOLON.search(between)):
        main, is_sure = whole or told_together[0], whole is not None or is_alone
    elif whole and not _changes_between(paragraph, whole, first):
        main, is_sure = whole, True  # the first change after a whole list
    else:
        main, is_sure = near, "其中" not in between
    others = [q for q in (near, whole, *named, told_together[0], *reversed(present)) if q]
    return tuple(dict.fromkeys((main, *others)))[:_MOST], is_sure


def _changes_between(paragraph: Paragraph, whole: Quantity, first: Quantity) -> bool:
    places = whole.figure.place, first.figure.place
    return any(_is_change(q) and places[0] < q.figure.place < places[1] for q in paragraph.quantities)


def _comparing(between: str) -> str:
    """The clause of the change: from where the comparison begins, or else from the last comma."""
    last = _SENTENCE.split(between)[-1]
    clauses = _COMMA.split(last)
    for at in range(len(clauses) - 1, -1, -1):
        if _COMPARES.search(clauses[at]):
            return "".join(clauses[at:])
    return clauses[-1]


def _words_between(paragraph: Paragraph, near: Quantity, prior: Quantity | None, first: Quantity) -> str:
    between = paragraph.between(near.figure, first.figure)
    if prior and prior.figure.place > near.figure.place:
        between = between.replace(prior.figure.text, "")
    return _NUMBERS.sub("", between)


def _is_of(change: Quantity, current: Quantity) -> bool:
    """Does the change bear the name of the amount?"""
    one, other = change.figure.label, current.figure.label
    return bool(one) and (one == other or (len(one) > 3 and other.startswith(one)))


# --- the rules -----------------------------------------------------------------------------------------------------


def growth_rate(case: Case, rule: Rule) -> Verdict:
    """P2: the rate is (this year - last year) / last year, and its direction word says which is more."""
    verdicts = Verdicts(rule)
    for one in case.once(growths):
        if one.rate and not _is_only_turned(one):
            _judge_rate(verdicts, one, one.rate.figure)
    return verdicts.verdict()


def _is_only_turned(one: Growth) -> bool:
    """Only the direction word is wrong, and the change that is printed with the rate shows it already (P3)."""
    if not (one.change and one.prior and one.rate):
        return False
    turned = replace(one, sign=-one.sign)
    return _rate_fit(turned, one.currents[0], one.rate.figure) is Fit.HOLDS


def _judge_rate(verdicts: Verdicts, one: Growth, rate: Figure) -> None:
    judged = [(_rate_fit(one, current, rate), number) for number, current in enumerate(one.currents)]
    fit, number = min(judged)
    if fit is not Fit.HOLDS and not one.is_tight:
        return
    current = one.currents[number if fit is not Fit.FAILS else 0].figure
    base = _base(one, current)
    if base == 0 and amount(current) and one.prior and rate.value:
        _from_nothing(verdicts, rate, current, one.prior.figure)
    if base <= 0:
        return
    exact = (amount(current) - base) / base * 100
    said = (rate.value or Decimal(0)) * one.sign
    basis = one.prior.figure if one.prior else current
    where = (rate, current, *(q.figure for q in (one.prior, one.change) if q))
    word = _RISES if exact > 0 else _FALLS
    earlier = say_like(base, basis)
    message = (
        f"（{say(current)}－{earlier}）÷{earlier}＝{printed(exact, max(4, rate.decimals))}%，"
        f"文中为{_RISES if one.sign > 0 else _FALLS}{say(rate)}"
    )
    advice = f"请核对增减率、增减方向和两年的金额；按文中金额应为{word}{printed(abs(exact), rate.decimals)}%。"
    verdicts.judged(fit, message, said, exact, where, suggestion=advice, subject=one.currents[0].name)


def _from_nothing(verdicts: Verdicts, rate: Figure, current: Figure, prior: Figure) -> None:
    verdicts.fails(
        f"上年为{say(prior)}，不能计算增减率，文中写为{say(rate)}。",
        rate.value,
        None,
        (rate, current, prior),
        suggestion="上年为0的，只写增减额，不写增减率。",
        subject="上年为0",
        severity=Severity.NOTE,
    )


def _base(one: Growth, current: Figure) -> Decimal:
    """The earlier amount: as printed, or as the change implies."""
    if one.prior:
        return amount(one.prior.figure)
    assert one.change is not None  # noqa: S101  a growth has one of the two
    return amount(current) - one.sign * amount(one.change.figure)


def _rate_fit(one: Growth, current: Quantity, rate: Figure) -> Fit:
    base = _base(one, current.figure)
    difference = (amount(current.figure) - base) * one.sign
    if one.prior:
        wide = slack(current.figure) + slack(one.prior.figure)
        return ratio_fit(rate, difference, wide, base, slack(one.prior.figure))
    assert one.change is not None  # noqa: S101
    narrow = half(one.change.figure)
    return ratio_fit(rate, difference, narrow, base, narrow + slack(current.figure))


def change_amount(case: Case, rule: Rule) -> Verdict:
    """P3: the printed change is the difference of the two printed amounts."""
    verdicts = Verdicts(rule)
    for one in case.once(growths):
        if one.change and one.prior:
            _judge_change(verdicts, one, one.change.figure, one.prior.figure, case.book.tail)
    for paragraph in case.once(prose):
        for rate, words in outturn_in_words(paragraph):
            verdicts.fails(
                f"完成预算的{say(rate.figure)}，文中却写“{words}”，互相矛盾。",
                rate.figure.value,
                Decimal(100),
                (rate.figure,),
                suggestion="请核对完成比例和“大于”“小于”“持平”的说法。",
                subject=rate.name,
            )
    return verdicts.verdict()


def _judge_change(verdicts: Verdicts, one: Growth, change: Figure, prior: Figure, tail: Decimal) -> None:
    gaps = [abs((amount(current.figure) - amount(prior)) * one.sign - amount(change)) for current in one.currents]
    gap = min(gaps)
    current = one.currents[gaps.index(gap)].figure
    tails = half(change) * 3, min(to_base(tail, change.unit), amount(change) / 100)
    fit = Fit.HOLDS if gap == 0 else Fit.TAIL if change.kind is Kind.MONEY and gap <= max(tails) else Fit.FAILS
    if fit is not Fit.HOLDS and not one.is_tight:
        return
    if fit is Fit.FAILS:
        current = one.currents[0].figure
    exact = amount(current) - amount(prior)
    said = amount(change) * one.sign
    decimals = max(current.decimals, prior.decimals)
    should = say_like(abs(exact), current, decimals)
    message = (
        f"{say(current)}－{say(prior)}＝{say_like(exact, current, decimals)}，"
        f"文中为{_RISES if one.sign > 0 else _FALLS}{say(change)}"
    )
    advice = f"请核对增减额、增减方向和两年的金额；按文中金额应为{_RISES if exact > 0 else _FALLS}{should}。"
    factor = last_factor(change)
    verdicts.judged(
        fit,
        message,
        said / factor,
        exact / factor,
        (change, current, prior),
        suggestion=advice,
        subject=one.currents[0].name,
    )


def last_factor(figure: Figure) -> Decimal:
    """Base units in one printed unit."""
    value = figure.value or Decimal(0)
    return amount(figure) / value if value else Decimal(1)
