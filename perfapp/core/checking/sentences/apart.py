"""Parts that other paragraphs tell: 人员经费、公用经费共计…, or 总支出 where 基本支出 and 项目支出 have their own ones.

What stands so far apart may be of another base. It is held against each other only where a name has one amount in the
whole report, and a misfit counts only where one other digit would mend it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfapp.core.checking.sentences.adding import Sum
from perfapp.core.checking.sentences.names import core, is_planned
from perfapp.core.checking.sentences.numbers import Fit, amount, misprint, sum_fit
from perfapp.core.checking.sentences.partitions import PARTITIONS, Partition
from perfapp.core.checking.sentences.prose import Quantity
from perfapp.core.checking.sentences.told_lists import GENERIC
from perfapp.core.figures.figure import Figure, Kind

_SUMMED = re.compile(
    r"(?P<names>[^，,。；;：:]+?)(?:等)?(?:[两二三四五六]项|之和)?(?:支出|收入|经费)?(?:共计|合计|总计)(?:为|是|达)?\s*$"
)
_JOINED = re.compile(r"[、和及与]")
_FILLER = re.compile(r"^(?:以上|上述|全年|本年|当年|其中)+|(?:支出|收入|决算数?|金额|数)$")
_WHOLES = {  # the whole of a partition, under a name that nothing else has
    "M1": re.compile(r"(?:本年|全年|年度|部门|单位)*(?:总支出|支出合计|支出总额|支出总计)"),
    "M2": re.compile(r"(?:本年|全年|年度|部门|单位)*基本支出"),
    "M3": re.compile(r"(?:本年|全年|年度|部门|单位)*(?:总收入|收入合计|收入总额)"),
}
_TWO = 2

Named = Mapping[str, Sequence[Quantity]]


def told_apart(spoken: Sequence[Quantity], year: int | None, tail: Decimal) -> Iterator[Sum]:
    money = [q for q in spoken if q.figure.kind is Kind.MONEY and not q.is_prior(year) and q.figure.value]
    named: dict[str, list[Quantity]] = defaultdict(list)
    for quantity in money:
        named[_bare(quantity.name)].append(quantity)
    for total in money:
        summed = _SUMMED.search(total.lead)
        if summed and "等" not in summed[0]:
            yield from _sum(
                GENERIC, total, [named.get(_bare(name), ()) for name in _JOINED.split(summed["names"])], tail
            )
    for partition in PARTITIONS:
        yield from _of_partition(partition, money, named, tail)


def _of_partition(partition: Partition, money: Sequence[Quantity], named: Named, tail: Decimal) -> Iterator[Sum]:
    pattern = _WHOLES.get(partition.code)
    totals = [q for q in money if pattern and pattern.fullmatch(q.figure.label)]
    if not totals or len({amount(q.figure) for q in totals}) > 1:
        return
    there = {name: listed for name in partition.parts if (listed := named.get(_bare(name)))}
    outer = [listed for name, listed in there.items() if partition.inside.get(name, "") not in there]
    if partition.is_whole(there):
        yield from _sum(partition.code, totals[0], outer, tail)


def _sum(code: str, total: Quantity, told: Sequence[Sequence[Quantity]], tail: Decimal) -> Iterator[Sum]:
    parts = tuple(sorted((listed[0] for listed in told if listed), key=lambda q: q.figure.place))
    is_clear = all(len({amount(q.figure) for q in listed}) == 1 for listed in told) and len(parts) >= _TWO
    is_planned_alike = len({is_planned(q) for q in (total, *parts)}) == 1
    if not is_clear or not is_planned_alike or total in parts or all(q.line == total.line for q in parts):
        return
    figures = [part.figure for part in parts]
    fit = sum_fit(total.figure, figures, tail)
    if fit is Fit.HOLDS or misprint(
        (total.figure, *figures), lambda values: _adds_up(values, (total.figure, *figures))
    ):
        yield Sum(code, total, parts, tuple(part.name[-12:] for part in parts), fit, is_whole=True)


def _adds_up(values: Sequence[Decimal], figures: Sequence[Figure]) -> bool:
    whole, *parts = (
        value * (amount(figure) / (figure.value or Decimal(1))) for value, figure in zip(values, figures, strict=True)
    )
    return whole == sum(parts)


def _bare(name: str) -> str:
    return _FILLER.sub("", core(name)) or name
