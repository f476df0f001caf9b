"""Growth: amounts of two years, the change and its rate; what is printed of them must agree, direction included."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.changes import Growth, growths
from perfapp.core.checking.sentences.numbers import Fit, amount, half, misprint, ratio_fit, say, say_like, slack
from perfapp.core.checking.sentences.outright import judge_from_to
from perfapp.core.checking.sentences.prose import Quantity, prose
from perfapp.core.checking.sentences.rates import outturn_in_words
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind
from perfapp.core.figures.units import printed, to_base

_LIKELY = 2  # amounts that are tried where none is sure
_DETAILED = 3  # digits
_RISES, _FALLS = "增加", "减少"


def growth_rate(case: Case, rule: Rule) -> Verdict:
    """P2: the rate is (this year - last year) / last year, and its direction word says which is more."""
    verdicts = Verdicts(rule)
    for one in case.once(growths):
        if _is_both_ways(one):
            _judge_direction(verdicts, one)
        elif not one.currents:
            _judge_against_prior(verdicts, one)
        elif one.rate and not _is_only_turned(one):
            _judge_rate(verdicts, one, one.rate.figure)
    for paragraph in case.once(prose):
        judge_from_to(verdicts, paragraph)
    return verdicts.verdict()


def _is_both_ways(one: Growth) -> bool:
    """增加50万元，下降11.11%. Where both amounts are told the change itself shows it already (P3)."""
    if not (one.change and one.rate) or (one.currents and one.prior):
        return False
    ways = {one.change.figure.direction, one.rate.figure.direction}
    return ways == {1, -1} and bool(one.change.figure.value and one.rate.figure.value)


def _judge_direction(verdicts: Verdicts, one: Growth) -> None:
    assert one.change  # noqa: S101  only of both
    assert one.rate  # noqa: S101
    change, rate = one.change.figure, one.rate.figure
    change_way, rate_way = ((_RISES if figure.direction == 1 else _FALLS) for figure in (change, rate))
    verdicts.fails(
        f"增减额为{change_way}{say(change)}，增减率却为{rate_way}{say(rate)}，方向相反。",
        rate.value,
        None,
        (rate, change),
        suggestion="请核对是增加还是减少，增减额和增减率的方向应一致。",
        subject=(one.prior or one.change).name,
    )


def _judge_against_prior(verdicts: Verdicts, one: Growth) -> None:
    """The change is that part of the earlier amount; what it came to is told elsewhere."""
    assert one.prior  # noqa: S101  told of no amount of this year, a growth has the other three
    assert one.change  # noqa: S101
    assert one.rate  # noqa: S101
    rate, change, prior = one.rate.figure, one.change.figure, one.prior.figure
    base = amount(prior)
    if base <= 0:
        return
    exact = amount(change) / base * 100
    fit = ratio_fit(rate, amount(change), half(change), base, slack(prior))
    verdicts.judged(
        fit,
        f"{say(change)}÷{say(prior)}＝{printed(exact, max(4, rate.decimals))}%，文中为{say(rate)}",
        rate.value or Decimal(0),
        exact,
        (rate, change, prior),
        suggestion="请核对增减率、增减额和上年的金额。",
        subject=one.prior.name,
    )


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
        _judge_loose(verdicts, one, rate)
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


def _judge_loose(verdicts: Verdicts, one: Growth, rate: Figure) -> None:
    """No word says for sure which amount grew; that one other digit would make one of them fit is worth a remark."""
    for current in (q.figure for q in one.currents[:_LIKELY]):
        figures = (rate, current, *(q.figure for q in (one.prior, one.change) if q))
        if min(_digits(figure) for figure in figures[:2]) < _DETAILED:
            continue
        slip = misprint(figures, partial(_grows, one, figures))
        if slip:
            verdicts.fails(
                f"{say(current)}与增减率{say(rate)}似不相符。",
                rate.value,
                None,
                figures,
                suggestion=f"请核对增减率和两年的金额：{slip}。",
                subject=one.currents[0].name,
                severity=Severity.NOTE,
            )
            return


def _grows(one: Growth, figures: Sequence[Figure], values: Sequence[Decimal]) -> bool:
    """Would these values of rate, amount and earlier amount (or else change) agree?"""
    said, now, *told = (to_base(value, figure.unit) for value, figure in zip(values, figures, strict=True))
    base = told[0] if one.prior else now - one.sign * told[0]
    is_rate = base > 0 and abs((now - base) / base * 100 * one.sign - said) * 2 <= Decimal(1).scaleb(
        -figures[0].decimals
    )
    is_change = not (one.prior and one.change) or (now - base) * one.sign == told[1]
    return is_rate and is_change


def _digits(figure: Figure) -> int:
    return len((figure.value or Decimal(0)).normalize().as_tuple().digits)


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
        if one.currents and one.change and one.prior:
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
    rounding = half(change) + min(half(change) * 2, half(current) + half(prior))
    tails = rounding, min(to_base(tail, change.unit), amount(change) / 100)
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
    factor = _in_one_unit(change)
    verdicts.judged(
        fit,
        message,
        said / factor,
        exact / factor,
        (change, current, prior),
        suggestion=advice,
        subject=one.currents[0].name,
    )


def _in_one_unit(figure: Figure) -> Decimal:
    """Base units in one printed unit."""
    value = figure.value or Decimal(0)
    return amount(figure) / value if value else Decimal(1)
