"""A whole and its parts: where prose says that one amount is made up of others, do they add up?

A list is held against its total in every way it may fairly be read (with or without what stands in brackets, up to
the next 其中 …). Only where no reading fits, and the list is known to be whole, is it a finding.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case, RuleFunction
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import Fit, Slip, amount, last_place, say, say_like, slips, sum_fit
from perfapp.core.checking.sentences.partitions import PARTITIONS, Partition
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, lists, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind
from perfapp.core.figures.units import from_base

GENERIC = "M8"
_OPENS = re.compile(
    r"其中|包括|包含|分别|具体(?:为|是|包括|如下|情况)|(?:用于|用在|分为)(?:以下|下列)?|构成|组成|明细|[:：]"
)
_BREAKS = re.compile(r"其中|另|同时|此外|加上|加之|结转|结余")
_SEMICOLON = re.compile(r"[；;]")
_INNER = re.compile(r"其中")
_WHOLE_LIST = re.compile(r"分别|组成|构成|分为|(?:用于|以下|下列)(?:几个)?方面")
_OTHERS = re.compile(r"(?:其他|其它|其余)[^，。；、：:]{0,10}$")
_AND_SO_ON = re.compile(r"^[^，。；、]{0,6}等")
_PEOPLE = {"名": "人", "位": "人"}
_UNIT_NAME = 4  # characters before a part's name from which on they may name another unit
_REACH = 4  # how many amounts before a list its total may stand
_DETAILED = 4  # digits that a number must have before one wrong digit is proof


@dataclass(frozen=True)
class Sum:
    """A total with the parts that ought to make it up. `names` are what the parts are called."""

    code: str
    total: Quantity
    parts: tuple[Quantity, ...]
    names: tuple[str, ...]
    fit: Fit
    is_whole: bool  # known to list every part

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part.figure for part in self.parts)

    @cached_property
    def added(self) -> Decimal:
        return sum((amount(part) for part in self.figures), Decimal(0))

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        return slips(self.total.figure, self.figures) if self.fit is Fit.FAILS else ()

    @property
    def unit_slip(self) -> Slip | None:
        return next((slip for slip in self.slips if slip.is_unit), None)

    @cached_property
    def is_sure(self) -> bool:
        """Is a difference certainly a fault? The list is whole, or one wrong digit of a long number explains it."""
        return self.is_whole or self.unit_slip is not None or self._is_slip_of_a_digit

    @property
    def _is_slip_of_a_digit(self) -> bool:
        """In a list that may leave things out a round remainder is no proof; a crooked small one is."""
        gap = abs(amount(self.total.figure) - self.added)
        place = last_place(self.total.figure)
        detailed = [f for f in (self.total.figure, *self.figures) if _digits(f) >= _DETAILED and f.decimals >= 2]
        return (
            len(detailed) > len(self.parts) // 2 + 1
            and any(not slip.is_unit for slip in self.slips)
            and gap < place * 100
            and gap * 50 < amount(self.total.figure)
        )


def sums(case: Case) -> tuple[Sum, ...]:
    """Every total with its parts, whether they add up or not."""
    found: dict[tuple[object, ...], Sum] = {}
    year = case.manuscript.fiscal_year
    tail = case.book.tail
    paragraphs = case.once(prose)
    flows = [flow for paragraph in paragraphs for flow in _flows(paragraph)]
    flows += [flow for head, items in lists(paragraphs) for flow in _list_flows(head, items)]
    for flow in flows:
        for one in (*_known(flow, year, tail), *_told(flow, year, tail)):
            key = (one.total.figure.place, one.parts[0].figure.place)
            if key not in found or _better(one, found[key]):
                found[key] = one
    return tuple(found.values())


def _better(one: Sum, other: Sum) -> bool:
    return (one.fit, one.code == GENERIC) < (other.fit, other.code == GENERIC)


@dataclass(frozen=True)
class _Flow:
    """Amounts of one dimension in reading order. `is_list`: the first ones stand in the head, each other one heads
    a numbered paragraph of its own."""

    quantities: tuple[Quantity, ...]
    is_list: bool = False


def _flows(paragraph: Paragraph) -> Iterator[_Flow]:
    by_dimension: dict[str, list[Quantity]] = {}
    for quantity in paragraph.quantities:
        if quantity.is_amount:
            by_dimension.setdefault(_dimension(quantity.figure), []).append(quantity)
    for quantities in by_dimension.values():
        if len(quantities) > 2:
            yield _Flow(tuple(quantities))


def _list_flows(head: Paragraph, items: tuple[Paragraph, ...]) -> Iterator[_Flow]:
    """The last amounts of the head, then the first of each numbered paragraph."""
    for dimension in {_dimension(q.figure) for q in head.quantities if q.is_amount}:
        totals = [q for q in head.quantities if q.is_amount and _dimension(q.figure) == dimension]
        firsts = [_first(item, dimension) for item in items]
        if all(firsts):
            yield _Flow((*totals, *(first for first in firsts if first)), is_list=True)


def _first(paragraph: Paragraph, dimension: str) -> Quantity | None:
    return next((q for q in paragraph.quantities if q.is_amount and _dimension(q.figure) == dimension), None)


def _dimension(figure: Figure) -> str:
    """Money is one dimension; of things counted only the same can be added."""
    return figure.kind if figure.kind is Kind.MONEY else _PEOPLE.get(figure.unit, figure.unit)


def _digits(figure: Figure) -> int:
    return len((figure.value or Decimal(0)).as_tuple().digits)


# --- lists whose parts are known by name ---------------------------------------------------------------------------


def _known(flow: _Flow, year: int | None, tail: Decimal) -> Iterator[Sum]:
    for partition in PARTITIONS:
        if partition.kind is not flow.quantities[0].figure.kind:
            continue
        named = [partition.part_of(quantity) for quantity in flow.quantities]
        at = 0
        while at < len(named):
            if not named[at]:
                at += 1
                continue
            chosen, is_mixed = _gather(flow, named, at, year)
            if partition.is_whole(named[number] for number in chosen):
                for one in _held(partition, flow, named, chosen, year, tail):
                    yield replace(one, is_whole=False) if is_mixed else one
                at = chosen[-1]
            at += 1


def _gather(flow: _Flow, named: Sequence[str], start: int, year: int | None) -> tuple[list[int], bool]:
    """From the first part on, the parts of one list: each name once, of one year and basis.

    The answer's second half is true where a name comes again in the same sentence: of another unit, perhaps.
    """
    first = flow.quantities[start]
    chosen, seen = [start], {named[start]}
    for at in range(start + 1, len(named)):
        quantity, last = flow.quantities[at], flow.quantities[chosen[-1]]
        if not flow.is_list and quantity.sentence > last.sentence + 1:
            break
        if not named[at] or not _alike(first, quantity, year):
            continue
        if named[at] in seen:
            return chosen, quantity.sentence == last.sentence
        chosen.append(at)
        seen.add(named[at])
    return chosen, False


def _alike(one: Quantity, other: Quantity, year: int | None) -> bool:
    """Of the same year, and not planned on one side and spent on the other."""
    bases = {one.basis, other.basis} - {Basis.UNSAID}
    return len(bases) < 2 and one.is_prior(year) == other.is_prior(year)


def _held(
    partition: Partition, flow: _Flow, named: Sequence[str], chosen: list[int], year: int | None, tail: Decimal
) -> Iterator[Sum]:
    there = {named[number] for number in chosen}
    outer = [number for number in chosen if partition.inside.get(named[number], "") not in there]
    extras = [
        number
        for number in range(chosen[0], len(named))
        if not named[number]
        and flow.quantities[number].sentence == flow.quantities[chosen[-1]].sentence
        and flow.quantities[number].depth == flow.quantities[chosen[0]].depth
    ]
    totals = [
        total
        for total in _totals(flow, chosen, year)
        if partition.is_total(total.words) and named[flow.quantities.index(total)] not in there
    ]
    if not totals:
        return
    others = {partition.before_name(flow.quantities[number]) for number in outer}
    is_one_unit = len(others) == 1 or max(map(len, others)) < _UNIT_NAME
    readings = [outer, chosen, sorted(outer + [number for number in extras if number > outer[0]])]
    best: Sum | None = None
    for total in totals:
        for reading in readings:
            parts = tuple(flow.quantities[number] for number in reading if flow.quantities[number] is not total)
            if len(parts) < 2:
                continue
            names = tuple(named[flow.quantities.index(part)] or part.name for part in parts)
            fit = sum_fit(total.figure, [part.figure for part in parts], tail)
            one = Sum(partition.code, total, parts, names, fit, is_one_unit and not partition.is_doubtful(total.words))
            if best is None or one.fit < best.fit:
                best = one
    if best:
        yield best


def _totals(flow: _Flow, chosen: list[int], year: int | None) -> list[Quantity]:
    """What may be the whole of a list: the amounts shortly before it, the nearest first, or one summed up after it."""
    first, last = flow.quantities[chosen[0]], flow.quantities[chosen[-1]]
    before = [
        quantity
        for quantity in reversed(flow.quantities[max(0, chosen[0] - _REACH) : chosen[0]])
        if (flow.is_list or quantity.sentence >= first.sentence - 1) and _alike(first, quantity, year)
    ]
    after = [
        quantity
        for quantity in flow.quantities[chosen[-1] + 1 : chosen[-1] + 2]
        if quantity.sentence == last.sentence and re.search(r"合计|共计|总计|总", quantity.clause)
    ]
    return before + after


# --- lists that say that they are lists ----------------------------------------------------------------------------


def _told(flow: _Flow, year: int | None, tail: Decimal) -> Iterator[Sum]:
    for at in range(1, len(flow.quantities)):
        first = flow.quantities[at]
        if not _OPENS.search(first.lead) and not (flow.is_list and flow.quantities[at - 1].line != first.line):
            continue
        totals = [total for total in _totals(flow, [at], year) if total.line == first.line or flow.is_list]
        parts = _members(flow, at, year)
        if totals and len(parts) > 1:
            yield _best_reading(totals, parts, flow.is_list, tail)


def _members(flow: _Flow, at: int, year: int | None) -> tuple[Quantity, ...]:
    first = flow.quantities[at]
    rest = (
        quantity
        for quantity in flow.quantities[at:]
        if (flow.is_list or quantity.sentence == first.sentence) and _alike(first, quantity, year)
    )
    return tuple(rest)


def _best_reading(totals: Sequence[Quantity], parts: tuple[Quantity, ...], is_list: bool, tail: Decimal) -> Sum:
    """The reading that fits best; where none fits, the plainest one."""
    plainest: Sum | None = None
    for total in totals:
        for reading in _readings(parts):
            fit = sum_fit(total.figure, [part.figure for part in reading], tail)
            one = Sum(GENERIC, total, reading, tuple(_short(part) for part in reading), fit, _tells_all(reading))
            if fit is Fit.HOLDS:
                return one
            if plainest is None or fit < plainest.fit:
                plainest = one
    assert plainest is not None  # noqa: S101  there is at least one total and one reading
    return plainest


def _readings(parts: tuple[Quantity, ...]) -> Iterator[tuple[Quantity, ...]]:
    """Without what is detailed inside a part, then with it, then only up to where something else begins."""
    outer = _without_details(parts)
    if len(outer) > 1:
        yield outer
    yield parts
    for many in (outer, parts):
        yield from (many[:end] for end in range(len(many) - 1, 1, -1) if _begins_anew(many, end))


def _begins_anew(parts: Sequence[Quantity], at: int) -> bool:
    """Does something else begin here: 另…, 其中…, or the first semicolon after a list with commas?"""
    if _BREAKS.search(parts[at].lead):
        return True
    return bool(_SEMICOLON.search(parts[at].lead)) and not any(_SEMICOLON.search(part.lead) for part in parts[1:at])


def _without_details(parts: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Leaves out what stands in deeper brackets, and what follows a 其中 inside the list up to the next semicolon."""
    depth = parts[0].depth
    outer: list[Quantity] = []
    is_detail = False
    for number, part in enumerate(parts):
        if number and _INNER.search(part.lead):
            is_detail = True
        elif _SEMICOLON.search(part.lead):
            is_detail = False
        if part.depth <= depth and not is_detail:
            outer.append(part)
    return tuple(outer)


def _tells_all(parts: tuple[Quantity, ...]) -> bool:
    """Does the list itself say that it is whole?"""
    last = parts[-1]
    if _AND_SO_ON.search(last.after):
        return False
    return _WHOLE_LIST.search(parts[0].lead) is not None or _OTHERS.search(last.clause) is not None


def _short(part: Quantity) -> str:
    return part.name[-12:]


# --- the rules -----------------------------------------------------------------------------------------------------


def sum_rule(code: str) -> RuleFunction:
    """The rule for all sums of one code."""

    def rule_function(case: Case, rule: Rule) -> Verdict:
        verdicts = Verdicts(rule)
        for one in case.once(sums):
            if one.code == code and one.unit_slip is None and (one.fit is not Fit.FAILS or one.is_sure):
                _judge(verdicts, one)
        return verdicts.verdict()

    return rule_function


def mixed_units(case: Case, rule: Rule) -> Verdict:
    """M12: a sum that would fit if one of its amounts were in 元 instead of 万元, or the other way round."""
    verdicts = Verdicts(rule)
    for one in case.once(sums):
        slip = one.unit_slip
        if slip:
            message = f"{_equation(one)}，相差悬殊；{slip}。"
            advice = f"请核对“{say(slip.figure)}”的计量单位，全文统一为一种金额单位。"
            figures = (slip.figure, one.total.figure, *one.figures)
            verdicts.fails(message, *_sides(one), figures, suggestion=advice, subject=one.total.name)
    return verdicts.verdict()


def part_over_total(case: Case, rule: Rule) -> Verdict:
    """M11: no part is more than its total, and a total of nothing has no parts."""
    verdicts = Verdicts(rule)
    for one in case.once(sums):
        if one.fit is not Fit.FAILS or one.is_sure or not _INNER.search(one.parts[0].lead):
            continue
        most = max(one.parts, key=lambda part: amount(part.figure))
        if amount(most.figure) > amount(one.total.figure) and most.depth == one.parts[0].depth:
            verdicts.fails(
                f"其中的{_short(most)}{say(most.figure)}大于合计{one.total.name[-16:]}{say(one.total.figure)}。",
                most.figure.value,
                one.total.figure.value,
                (most.figure, one.total.figure),
                suggestion="请核对合计与分项；分项不会大于合计。",
                subject=_short(most),
            )
    return verdicts.verdict()


def _judge(verdicts: Verdicts, one: Sum) -> None:
    left, right = _sides(one)
    hint = next((f"。如{slip}" for slip in one.slips), "")
    gap = say_like(abs(amount(one.total.figure) - one.added), one.total.figure, _decimals(one))
    message = _equation(one)
    if one.fit is Fit.FAILS:
        message += f"，相差{gap}"
    advice = f"请核对总数和各分项{hint}；如另有未列出的部分，请补列或注明。"
    where = (one.total.figure, *one.figures)
    verdicts.judged(one.fit, message, left, right, where, suggestion=advice, subject=one.total.name)


def _sides(one: Sum) -> tuple[Decimal, Decimal]:
    """The total as printed, and what the parts add up to in its unit."""
    return one.total.figure.value or Decimal(0), from_base(one.added, one.total.figure.unit)


def _equation(one: Sum) -> str:
    listed = "＋".join(f"{name}{say(figure)}" for name, figure in zip(one.names, one.figures, strict=True))
    added = say_like(one.added, one.total.figure, _decimals(one))
    return f"{one.total.name[-16:]}{say(one.total.figure)}；{listed}＝{added}"


def _decimals(one: Sum) -> int:
    return max(figure.decimals for figure in (one.total.figure, *one.figures))
