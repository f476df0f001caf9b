"""Lists whose parts are known by name: 基本支出 and 项目支出, 在职 and 退休."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from perfapp.core.checking.sentences.adding import INNER, Sum
from perfapp.core.checking.sentences.flows import ADDED_TO, Flow, alike, totals_of
from perfapp.core.checking.sentences.names import is_planned
from perfapp.core.checking.sentences.numbers import Fit, amount, sum_fit
from perfapp.core.checking.sentences.partitions import PARTITIONS, Partition
from perfapp.core.checking.sentences.prose import Basis, Quantity

_SUMS_UP = re.compile(r"共计|合计|总计|共有?$")
_OUTTURN = re.compile(r"(?:实际)?(?:支出|执行)?(?:预算|决算|支出|执行)数?")
_LONGEST = 80  # amounts that are looked through for one list
_UNIT_NAME = 4  # characters before a part's name from which on they may name another unit


Elsewhere = Mapping[Partition, Sequence[Quantity]]


def wholes_of(partition: Partition, spoken: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Every amount of the report that bears the name of the partition's whole."""
    return tuple(
        q
        for q in spoken
        if q.figure.kind is partition.kind
        and (partition.is_total(f"{q.figure.label} {q.clause}") or _is_outturn_of(partition, q))
        and not partition.part_of(q)
    )


def _is_outturn_of(partition: Partition, quantity: Quantity) -> bool:
    """“三公”经费预算为20万元，支出决算为18万元: the second is of the same thing."""
    return partition.is_total(quantity.figure.subject) and _OUTTURN.fullmatch(quantity.figure.label) is not None


def named_lists(flow: Flow, year: int | None, tail: Decimal, elsewhere: Elsewhere) -> Iterator[Sum]:
    """Lists by the names of their parts; `elsewhere` are the wholes that other paragraphs name."""
    for partition in PARTITIONS:
        if partition.kind is not flow.quantities[0].figure.kind:
            continue
        named = [partition.part_of(quantity) for quantity in flow.quantities]
        at = 0
        while at < len(named):
            if not named[at]:
                at += 1
                continue
            chosen, is_mixed = _gather(partition, flow, named, at, year)
            if partition.is_whole(named[number] for number in chosen):
                for one in _held(partition, flow, named, chosen, year, tail, elsewhere.get(partition, ())):
                    yield replace(one, is_whole=False) if is_mixed else one
                at = chosen[-1]
            at += 1


def _gather(
    partition: Partition, flow: Flow, named: Sequence[str], start: int, year: int | None
) -> tuple[list[int], bool]:
    """From the first part on, the parts of one list: each name once, of one year and basis.

    The answer's second half is true where a name comes again in the same sentence: of another unit, perhaps.
    """
    first = flow.quantities[start]
    chosen, seen = [start], {named[start]}
    for at in range(start + 1, min(len(named), start + _LONGEST)):
        quantity, last = flow.quantities[at], flow.quantities[chosen[-1]]
        is_new = not flow.is_list and quantity.sentence > last.sentence
        if is_new and len(chosen) == 1 and named[at] and INNER.search(quantity.lead):
            break  # 其中 begins a list of its own
        if is_new and (quantity.sentence > last.sentence + 1 or partition.is_whole(seen)):
            break
        is_detail = quantity.depth > first.depth  # 事业编制34名（含参公编制9名）: of the part before the bracket
        if not named[at] or is_detail or not alike(first, quantity, year, partition):
            continue
        if named[at] in seen:
            return chosen, quantity.sentence == last.sentence
        chosen.append(at)
        seen.add(named[at])
    return chosen, False


def _held(
    partition: Partition,
    flow: Flow,
    named: Sequence[str],
    chosen: list[int],
    year: int | None,
    tail: Decimal,
    elsewhere: Sequence[Quantity],
) -> Iterator[Sum]:
    there = {named[number] for number in chosen}
    outer = [number for number in chosen if partition.inside.get(named[number], "") not in there]
    at = {q.figure.place: n for n, q in enumerate(flow.quantities[: chosen[-1] + _LONGEST])}
    totals = [total for total in totals_of(flow, chosen, year, partition) if not named[at[total.figure.place]]]
    is_clear = True
    if any(ADDED_TO.search(flow.quantities[number].lead) for number in chosen[1:]):  # no part of what stands before
        totals = [total for total in totals if total.figure.place > flow.quantities[chosen[-1]].figure.place]
    if partition.crosses_plans and not (totals := _next_to(totals, flow.quantities[chosen[-1]])):
        return
    if not totals:
        first = flow.quantities[chosen[0]]
        before = [q for q in elsewhere if q.figure.place < first.figure.place and alike(first, q, year)]
        meant = [q for q in before if is_planned(q) == is_planned(first)]
        totals = (meant or before)[:-4:-1]
        is_clear = len({amount(q.figure) for q in meant}) == 1
    others = {partition.before_name(flow.quantities[number]) for number in outer}
    is_one_unit = len(others) == 1 or max(map(len, others)) < _UNIT_NAME
    found: list[Sum] = []
    for total in totals:
        extras = _unnamed(flow, named, chosen, at.get(total.figure.place, -1))
        leading = [number for number in extras if number < chosen[0]]  # parts of other names, it seems
        for reading in (outer, chosen, sorted(outer + extras)):
            parts = tuple(flow.quantities[number] for number in reading if flow.quantities[number] is not total)
            if len(parts) < 2:
                continue
            names = tuple(named[at[part.figure.place]] or part.name for part in parts)
            fit = sum_fit(total.figure, [part.figure for part in parts], tail)
            is_told = not leading or leading[0] in reading
            is_doubtful = partition.is_doubtful(total.words) or _is_spent_of_planned(total, parts)
            is_whole = is_told and is_clear and is_one_unit and not is_doubtful
            found.append(Sum(partition.code, total, parts, names, fit, is_whole))
    # Any amount may turn out to be the whole; that there is a fault takes one that is called so.
    if any(one.fit is not Fit.FAILS or _is_called_so(partition, one) for one in found):
        yield min(
            found,
            key=lambda one: (
                one.fit,
                not _is_called_so(partition, one),
                not one.is_whole,
                totals.index(one.total),
                one.gap,
            ),
        )


def _next_to(totals: Sequence[Quantity], last: Quantity) -> list[Quantity]:
    """年初预算…，追加…，调减…，调整后…: with another number between, the last is not only what was added."""
    return [one for one in totals if one.rank - last.rank == 1 or one.figure.place < last.figure.place]


def _is_spent_of_planned(total: Quantity, parts: Sequence[Quantity]) -> bool:
    """全年支出…，其中基本支出预算…，支出…: the parts that are planned are no parts of what was spent."""
    return total.basis is Basis.UNSAID and "支出" in total.name and any(is_planned(part) for part in parts)


def _is_called_so(partition: Partition, one: Sum) -> bool:
    """Does the total bear the name of the whole, or sum up what stands before it?"""
    return partition.is_total(one.total.words) or (one.is_summed_up and _SUMS_UP.search(one.total.clause) is not None)


def _unnamed(flow: Flow, named: Sequence[str], chosen: list[int], total: int) -> list[int]:
    """What else is told beside the parts, from the total on: perhaps parts of other names."""
    first, last = flow.quantities[chosen[0]], flow.quantities[chosen[-1]]
    start = 0 if total > chosen[-1] else min(total + 1, chosen[0])  # 甲1，乙2，丙3，合计6: the total is of them all
    return [
        number
        for number in range(start, min(len(named), chosen[-1] + _LONGEST))
        if not named[number]
        and number != total
        and first.sentence <= flow.quantities[number].sentence <= last.sentence
        and flow.quantities[number].depth == first.depth
    ]
