"""Rates whose numbers the text itself puts beside them: 97.95%（2962件/3024件）, and 由25分钟缩短至15分钟，缩短40%."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from perfapp.core.checking.sentences.numbers import Fit, amount, counted, misprint, percent_fit, ratio_fit, say, slack
from perfapp.core.checking.sentences.prose import Paragraph, Quantity
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind
from perfapp.core.figures.units import printed, to_base

_HUNDRED = Decimal(100)
_OPENED = re.compile(r"^[（(]\s*$")
_DIVIDED = re.compile(r"^\s*[/／÷]\s*$")
_CLOSED = re.compile(r"^\s*[）)]")
_FROM = re.compile(r"(?:由|从)(?:原来|原先|上年|去年|20\d\d年)?的?$")
_RISES, _FALLS = "增加|增长|上升|提高|提升|增|升", "缩短|压缩|减少|下降|降低|压减|缩减|精简|减|降"
_TO = re.compile(rf"^(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))[^，。]{{0,3}}(?:至|到|为)[^，。\d]{{0,2}}$")
_BY = re.compile(
    rf"^[，,](?P<what>[一-鿿]{{0,2}})(?:(?P<up>{_RISES})|(?P<down>{_FALLS}))(?:了|率|幅度?|比例)?(?:为|达)?$"
)
_CHANGED = (Kind.MONEY, Kind.COUNT, Kind.MEASURE, Kind.DURATION)
_PAIR = 2


def judge_quotient(verdicts: Verdicts, paragraph: Paragraph, rate: Quantity) -> bool:
    """回复率97.95%（2962件/3024件）: the division is written out."""
    behind = paragraph.quantities[rate.rank + 1 : rate.rank + 1 + _PAIR]
    if len(behind) < _PAIR or rate.figure.value is None or any(q.figure.value is None for q in behind):
        return False
    part, whole = behind
    is_told = _OPENED.match(part.lead) and _DIVIDED.match(whole.lead) and _CLOSED.match(whole.after)
    if not is_told or counted(part.figure)[1] != counted(whole.figure)[1] or not amount(whole.figure):
        return False
    exact = counted(part.figure)[0] / counted(whole.figure)[0] * _HUNDRED
    verdicts.judged(
        percent_fit(rate.figure, part.figure, whole.figure),
        f"{say(part.figure)}÷{say(whole.figure)}＝{printed(exact, 4)}%，文中{rate.name[-12:]}为{say(rate.figure)}",
        rate.figure.value,
        exact,
        (rate.figure, part.figure, whole.figure),
        suggestion=f"请核对比率和括号里的两个数；按文中数字应为{printed(exact, rate.figure.decimals)}%。",
        subject=rate.name,
    )
    return True


def judge_from_to(verdicts: Verdicts, paragraph: Paragraph) -> None:
    """用时由25分钟缩短至15分钟，缩短40%; a misfit counts only where one other digit would mend it."""
    for rate in paragraph.of_kind(Kind.PERCENT):
        by = _BY.match(rate.lead)
        told = paragraph.quantities[max(0, rate.rank - _PAIR) : rate.rank]
        if not by or len(told) < _PAIR or rate.figure.value is None or rate.figure.is_rough:
            continue
        start, end = told
        to = _TO.match(end.lead)
        is_alike = start.figure.unit == end.figure.unit and start.figure.kind in _CHANGED
        is_told = _FROM.search(start.lead) and to and bool(to["up"]) == bool(by["up"]) and is_alike
        if is_told and start.figure.value and end.figure.value and not (start.figure.is_rough or end.figure.is_rough):
            _judge_change(verdicts, rate, start.figure, end.figure, 1 if by["up"] else -1)


def _judge_change(verdicts: Verdicts, rate: Quantity, start: Figure, end: Figure, sign: int) -> None:
    base = amount(start)
    exact = (amount(end) - base) / base * _HUNDRED
    loose = Decimal(0) if start.unit == "元" else slack(start)  # a price is told exactly
    fit = ratio_fit(rate.figure, (amount(end) - base) * sign, loose * 2, base, loose)
    figures = (rate.figure, end, start)
    slip = misprint(figures, partial(_is_change, figures, sign)) if fit is Fit.FAILS else None
    if fit is Fit.FAILS and slip is None:
        return
    verdicts.judged(
        fit,
        f"（{say(end)}－{say(start)}）÷{say(start)}＝{printed(exact, 4)}%，文中为{rate.clause}{say(rate.figure)}",
        (rate.figure.value or Decimal(0)) * sign,
        exact,
        figures,
        suggestion=f"请核对增减率和前后两个数{f'：{slip}' if slip else ''}。",
        subject=end.label or rate.name,
    )


def _is_change(figures: Sequence[Figure], sign: int, values: Sequence[Decimal]) -> bool:
    said, end, start = (to_base(value, figure.unit) for value, figure in zip(values, figures, strict=True))
    return start > 0 and abs((end - start) * sign / start * _HUNDRED - said) * 2 <= Decimal(1).scaleb(
        -figures[0].decimals
    )
