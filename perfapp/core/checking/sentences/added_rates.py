"""Rates of several parts together: 计划40处，新建15处、改扩建27处，完成率105%."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.findings import Severity
from perfapp.core.checking.sentences.numbers import counted, misprint, say
from perfapp.core.checking.sentences.prose import Quantity
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure
from perfapp.core.figures.units import printed

_HUNDRED = Decimal(100)
_MOST = 3  # parts that are taken together
_FAR = 4  # times that one wrong digit may be off, at most
_EXACT = 2  # decimals that a rate must have before a misfit is worth a remark


def judge_added(verdicts: Verdicts, rate: Quantity, told: Sequence[Quantity], wholes: Sequence[Quantity]) -> bool:
    """Parts told one after the other are added and divided by another number of the same unit; says whether that fits.

    `wholes` are numbers before 其中, of which the parts may be.

    What fits by one other digit is a remark where the rate is exact: no word says which parts are meant.
    """
    readings = list(_readings([q.figure for q in told], [q.figure for q in (*told, *wholes)], rate.figure))
    for parts, whole in readings:
        figures = (rate.figure, whole, *parts)
        if _holds(rate.figure, [figure.value or Decimal(0) for figure in figures]):
            verdicts.holds(f"{_equation(rate, whole, parts)}，相符。", _rate(whole, parts), rate.figure.value, figures)
            return True
    if rate.figure.decimals < _EXACT:
        return False
    for parts, whole in readings:
        figures = (rate.figure, whole, *parts)
        if slip := misprint(figures, lambda values: _holds(rate.figure, values)):
            verdicts.fails(
                f"{_equation(rate, whole, parts)}，不相符。",
                rate.figure.value,
                _rate(whole, parts),
                figures,
                suggestion=f"请核对比率和这几个数：{slip}。",
                subject=rate.name,
                severity=Severity.NOTE,
            )
            return True
    return False


def _readings(
    told: Sequence[Figure], wholes: Sequence[Figure], rate: Figure
) -> Iterator[tuple[tuple[Figure, ...], Figure]]:
    for many in range(2, _MOST + 1):
        for start in range(len(told) - many + 1):
            parts = tuple(told[start : start + many])
            for whole in (one for one in wholes if one not in parts):
                if len({counted(one)[1] for one in (*parts, whole)}) == 1 and _is_likely(parts, whole, rate):
                    yield parts, whole


def _is_likely(parts: Sequence[Figure], whole: Figure, rate: Figure) -> bool:
    """Within reach of the rate by one digit: never ten times off."""
    exact = _rate(whole, parts)
    said = rate.value or Decimal(0)
    if exact == _HUNDRED and said != _HUNDRED:
        return False  # 14个，其中3个、11个: the parts of the whole itself
    return said / _FAR < exact < said * _FAR


def _holds(rate: Figure, values: Sequence[Decimal]) -> bool:
    said, whole, *parts = values
    step = Decimal(1).scaleb(-rate.decimals)
    return whole > 0 and abs(sum(parts) / whole * _HUNDRED - said) * 2 <= step


def _rate(whole: Figure, parts: Sequence[Figure]) -> Decimal:
    return sum((counted(one)[0] for one in parts), Decimal(0)) / (counted(whole)[0] or 1) * _HUNDRED


def _equation(rate: Quantity, whole: Figure, parts: Sequence[Figure]) -> str:
    added = "＋".join(say(one) for one in parts)
    return f"（{added}）÷{say(whole)}＝{printed(_rate(whole, parts), 4)}%，文中{rate.name[-12:]}为{say(rate.figure)}"
