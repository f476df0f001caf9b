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
from perfapp.core.checking.findings import Severity, Verdict
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
_MOST = Decimal("0.9")  # of a total that must be listed before the rest is worth a remark
_UNIT_NAME = 4  # characters before a part's name from which on they may name another unit
_ADDED = frozenset({Kind.MONEY, Kind.COUNT, Kind.MEASURE, Kind.SCORE})
_ANNOUNCES = re.compile(r"[：:]\s*$|(?:如下|以下|其中|包括|具体|明细|分别)[^，。]{0,16}[。：:]?\s*$")
_JOINER = re.compile(r"[、，,]?[和及与]?|[、，,]")
_SUMS_UP = re.compile(r"^(?:以上)?(?:各项)?(?:共计|合计|总计|共)(?![^，。；]{2})")
_OPEN = re.compile(r"主要|部分|重点|较大|等|约")
_OVERLAPPING = re.compile(r"党员|女|本科|大专|学历|研究生|少数民族|职称|高级|岁")
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
    is_closed: bool = False  # nothing says that parts are left out

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part.figure for part in self.parts)

    @cached_property
    def added(self) -> Decimal:
        return sum((amount(part) for part in self.figures), Decimal(0))

    @property
    def gap(self) -> Decimal:
        return abs(amount(self.total.figure) - self.added)

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
    def is_summed_up(self) -> bool:
        """Does the total come last: 甲1万元；乙2万元；共计3万元?"""
        return self.total.figure.place > self.parts[-1].figure.place

    @property
    def is_surplus(self) -> bool:
        """More is listed than there is altogether."""
        whole = amount(self.total.figure)
        is_plain = _INNER.search(self.parts[0].lead) and not any(_INNER.search(part.lead) for part in self.parts[1:])
        fits = all(amount(part) <= whole for part in self.figures)
        return self.is_closed and bool(is_plain) and fits and self.added > whole

    @property
    def is_nearly_whole(self) -> bool:
        """Less is listed than there is altogether, but most of it, or so much that one wrong digit may be why."""
        whole = amount(self.total.figure)
        is_slip = any(_digits(slip.figure) >= _DETAILED for slip in self.slips)
        is_most = whole * _MOST <= self.added < whole
        return self.is_closed and (is_most or (is_slip and (self.added < whole or self.is_summed_up)))

    @property
    def _is_slip_of_a_digit(self) -> bool:
        """In a list that may leave things out a round remainder is no proof; a crooked small one is."""
        gap = self.gap
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
    flows += [
        flow for head, items in lists(paragraphs) if _ANNOUNCES.search(head.text) for flow in _list_flows(head, items)
    ]
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
    """Amounts of one dimension in reading order.

    `head`: so many of them stand in the paragraph that announces a list, each other one in a numbered paragraph of
    its own; 0 where all stand in one paragraph.
    """

    quantities: tuple[Quantity, ...]
    head: int = 0

    @property
    def is_list(self) -> bool:
        return self.head > 0


def _flows(paragraph: Paragraph) -> Iterator[_Flow]:
    by_dimension: dict[str, list[Quantity]] = {}
    for quantity in paragraph.quantities:
        if quantity.is_amount and quantity.figure.kind in _ADDED:
            by_dimension.setdefault(_dimension(quantity.figure), []).append(quantity)
    for quantities in by_dimension.values():
        if len(quantities) > 2:
            yield _Flow(tuple(quantities))


def _list_flows(head: Paragraph, items: tuple[Paragraph, ...]) -> Iterator[_Flow]:
    """The amounts of the head, then the first of each numbered paragraph."""
    for dimension in {_dimension(q.figure) for q in head.quantities if q.is_amount and q.figure.kind in _ADDED}:
        totals = [q for q in head.quantities if q.is_amount and _dimension(q.figure) == dimension]
        firsts = [first for item in items if (first := _first(item, dimension))]
        if len(firsts) == len(items):
            yield _Flow((*totals, *firsts), head=len(totals))


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
            chosen, is_mixed = _gather(partition, flow, named, at, year)
            if partition.is_whole(named[number] for number in chosen):
                for one in _held(partition, flow, named, chosen, year, tail):
                    yield replace(one, is_whole=False) if is_mixed else one
                at = chosen[-1]
            at += 1


def _gather(
    partition: Partition, flow: _Flow, named: Sequence[str], start: int, year: int | None
) -> tuple[list[int], bool]:
    """From the first part on, the parts of one list: each name once, of one year and basis.

    The answer's second half is true where a name comes again in the same sentence: of another unit, perhaps.
    """
    first = flow.quantities[start]
    chosen, seen = [start], {named[start]}
    for at in range(start + 1, len(named)):
        quantity, last = flow.quantities[at], flow.quantities[chosen[-1]]
        is_new = not flow.is_list and quantity.sentence > last.sentence
        if is_new and (quantity.sentence > last.sentence + 1 or partition.is_whole(seen)):
            break
        if not named[at] or not _alike(first, quantity, year, partition):
            continue
        if named[at] in seen:
            return chosen, quantity.sentence == last.sentence
        chosen.append(at)
        seen.add(named[at])
    return chosen, False


def _alike(one: Quantity, other: Quantity, year: int | None, partition: Partition | None = None) -> bool:
    """Of the same year, and not planned on one side and spent on the other."""
    bases = {one.basis, other.basis} - {Basis.UNSAID}
    if partition and partition.crosses_plans:
        bases = set()
    return len(bases) < 2 and one.is_prior(year) == other.is_prior(year)


def _held(
    partition: Partition, flow: _Flow, named: Sequence[str], chosen: list[int], year: int | None, tail: Decimal
) -> Iterator[Sum]:
    there = {named[number] for number in chosen}
    outer = [number for number in chosen if partition.inside.get(named[number], "") not in there]
    totals = [total for total in _totals(flow, chosen, year, partition) if not named[flow.quantities.index(total)]]
    others = {partition.before_name(flow.quantities[number]) for number in outer}
    is_one_unit = len(others) == 1 or max(map(len, others)) < _UNIT_NAME
    found: list[Sum] = []
    for total in totals:
        extras = _unnamed(flow, named, chosen, flow.quantities.index(total))
        for reading in (outer, chosen, sorted(outer + extras)):
            parts = tuple(flow.quantities[number] for number in reading if flow.quantities[number] is not total)
            if len(parts) < 2:
                continue
            names = tuple(named[flow.quantities.index(part)] or part.name for part in parts)
            fit = sum_fit(total.figure, [part.figure for part in parts], tail)
            is_whole = is_one_unit and not partition.is_doubtful(total.words)
            found.append(Sum(partition.code, total, parts, names, fit, is_whole))
    # Any amount may turn out to be the whole; that there is a fault takes one that is called so.
    if any(one.fit is not Fit.FAILS or partition.is_total(one.total.words) for one in found):
        yield min(found, key=lambda one: (one.fit, totals.index(one.total), one.gap))


def _unnamed(flow: _Flow, named: Sequence[str], chosen: list[int], total: int) -> list[int]:
    """What else is told beside the parts, from the total on: perhaps parts of other names."""
    first, last = flow.quantities[chosen[0]], flow.quantities[chosen[-1]]
    return [
        number
        for number in range(min(total + 1, chosen[0]), len(named))
        if not named[number]
        and number != total
        and first.sentence <= flow.quantities[number].sentence <= last.sentence
        and flow.quantities[number].depth == first.depth
    ]


def _totals(flow: _Flow, chosen: list[int], year: int | None, partition: Partition | None = None) -> list[Quantity]:
    """What may be the whole of a list: the amounts shortly before it, the nearest first, or one summed up after it."""
    first, last = flow.quantities[chosen[0]], flow.quantities[chosen[-1]]
    before = [
        quantity
        for quantity in reversed(flow.quantities[max(0, chosen[0] - _REACH) : chosen[0]])
        if (flow.is_list or quantity.sentence >= first.sentence - 1)
        and _alike(first, quantity, year, partition)
        and not _is_part(quantity, first)
    ]
    after = [
        quantity
        for quantity in flow.quantities[chosen[-1] + 1 : chosen[-1] + 2]
        if quantity.sentence == last.sentence
        and (
            re.search(r"合计|共计|总计|总", quantity.clause)
            or (partition and partition.has_own_name and partition.is_total(quantity.clause))
        )
    ]
    return before + after


# --- lists that say that they are lists ----------------------------------------------------------------------------


def _told(flow: _Flow, year: int | None, tail: Decimal) -> Iterator[Sum]:
    for at in range(1, len(flow.quantities)):
        first = flow.quantities[at]
        if _SUMS_UP.search(first.clause) and not flow.is_list:
            parts = tuple(q for q in flow.quantities[:at] if q.sentence == first.sentence and _alike(first, q, year))
            if len(parts) > 1:
                yield min((_best_reading([first], parts[n:], tail) for n in range(len(parts) - 1)), key=_by_fit)
        if at != flow.head if flow.is_list else not (_OPENS.search(first.lead) or _ends_with_others(flow, at)):
            continue
        totals = [total for total in _totals(flow, [at], year) if flow.is_list or not _is_member(total)]
        parts = _members(flow, at, year)
        if totals and len(parts) > 1:
            yield _best_reading(totals, parts, tail)


def _ends_with_others(flow: _Flow, at: int) -> bool:
    """甲25个，乙1个，其他24个: a list for all that nothing announces it."""
    last = flow.quantities[-1]
    is_short = at == 1 and len(flow.quantities) == 3 and last.sentence == flow.quantities[0].sentence
    is_first_most = all(amount(flow.quantities[0].figure) >= amount(q.figure) for q in flow.quantities)
    return is_short and is_first_most and _OTHERS.search(last.clause) is not None


def _is_part(quantity: Quantity, first: Quantity) -> bool:
    """其中甲1，乙2: the amount right after 其中 is no whole of what follows, unless that has a 其中 of its own."""
    return _INNER.search(quantity.lead) is not None and not (_INNER.search(first.lead) or first.depth > quantity.depth)


def _is_member(quantity: Quantity) -> bool:
    """Is it one of several in a row (分别为1、2和3), and so no whole?"""
    return _JOINER.fullmatch(quantity.lead) is not None or "分别" in quantity.lead


def _members(flow: _Flow, at: int, year: int | None) -> tuple[Quantity, ...]:
    first = flow.quantities[at]
    rest = (
        quantity
        for quantity in flow.quantities[at:]
        if (flow.is_list or quantity.sentence == first.sentence) and _alike(first, quantity, year)
    )
    return tuple(rest)


def _best_reading(totals: Sequence[Quantity], parts: tuple[Quantity, ...], tail: Decimal) -> Sum:
    """The reading that fits best; where none fits, the plainest one."""
    read = [
        Sum(
            GENERIC,
            total,
            reading,
            tuple(_short(part) for part in reading),
            sum_fit(total.figure, [part.figure for part in reading], tail),
            _tells_all(reading),
            _is_closed(reading),
        )
        for total in totals
        for reading in _readings(parts)
    ]
    return min(read, key=_by_fit)


def _by_fit(one: Sum) -> tuple[Fit, bool]:
    """The better fit; then a total that is at least as much as each of its parts."""
    return one.fit, any(amount(part) > amount(one.total.figure) for part in one.figures)


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


def _is_closed(parts: tuple[Quantity, ...]) -> bool:
    """Does nothing say that the list leaves things out, or that one thing may be counted twice?"""
    if any(_OPEN.search(part.lead) for part in parts) or _AND_SO_ON.search(parts[-1].after):
        return False
    return not any(_OVERLAPPING.search(part.name) for part in parts) and len({part.figure.unit for part in parts}) == 1


def _short(part: Quantity) -> str:
    return part.name[-12:]


# --- the rules -----------------------------------------------------------------------------------------------------


def sum_rule(code: str) -> RuleFunction:
    """The rule for all sums of one code."""

    def rule_function(case: Case, rule: Rule) -> Verdict:
        verdicts = Verdicts(rule)
        for one in case.once(sums):
            if one.code != code or one.unit_slip is not None:
                continue
            if one.fit is not Fit.FAILS or one.is_sure or one.is_surplus:
                _judge(verdicts, one)
            elif one.is_nearly_whole:
                _remark(verdicts, one)
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
        if one.fit is not Fit.FAILS or one.is_sure or one.is_surplus or not _INNER.search(one.parts[0].lead):
            continue
        most = one.parts[0]
        if amount(most.figure) > amount(one.total.figure) and most.figure.place.line == one.total.figure.place.line:
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
    gap = say_like(one.gap, one.total.figure, _decimals(one))
    message = _equation(one)
    if one.fit is Fit.FAILS:
        message += f"，相差{gap}"
    advice = f"请核对总数和各分项{hint}；如另有未列出的部分，请补列或注明。"
    where = (one.total.figure, *one.figures)
    verdicts.judged(one.fit, message, left, right, where, suggestion=advice, subject=one.total.name)


def _remark(verdicts: Verdicts, one: Sum) -> None:
    """A list that may or may not be whole: the difference is a fact, not yet a fault."""
    gap = say_like(one.gap, one.total.figure, _decimals(one))
    hint = next((f"如{slip}；" for slip in one.slips), "")
    verdicts.fails(
        f"{_equation(one)}，与合计相差{gap}。",
        *_sides(one),
        (one.total.figure, *one.figures),
        suggestion=f"{hint}如只列了主要部分，请写明“主要包括”或“等”，或补列其余部分。",
        subject=one.total.name,
        severity=Severity.NOTE,
    )


def _sides(one: Sum) -> tuple[Decimal, Decimal]:
    """The total as printed, and what the parts add up to in its unit."""
    return one.total.figure.value or Decimal(0), from_base(one.added, one.total.figure.unit)


def _equation(one: Sum) -> str:
    listed = "＋".join(f"{name}{say(figure)}" for name, figure in zip(one.names, one.figures, strict=True))
    added = say_like(one.added, one.total.figure, _decimals(one))
    return f"{one.total.name[-16:]}{say(one.total.figure)}；{listed}＝{added}"


def _decimals(one: Sum) -> int:
    return max(figure.decimals for figure in (one.total.figure, *one.figures))
