"""The amounts of a paragraph, or of a numbered list, that may be added: and which of them may be a list's total."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from perfapp.core.checking.sentences.adding import INNER
from perfapp.core.checking.sentences.partitions import Partition
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity
from perfapp.core.figures.figure import Figure, Kind, Role

ADDED_TO = re.compile(r"(?:^|[；;，,。）)])\s*加(?:上|年初|以前)")
"""What follows is added to an amount before: 地方收入8万元；加上级补助收入1万元."""
_PEOPLE = {"名": "人", "位": "人"}
ADDED = frozenset({Kind.MONEY, Kind.COUNT, Kind.MEASURE, Kind.SCORE})
_SUMMED = re.compile(r"合计|共计|总计|总")
_BY_CLASS = re.compile(
    r"(?:按(?:照)?|从)[^，,。；;：:]{0,8}(?:功能|经济|性质|结构|用途|来源|科目)(?:分类|科目|划分|来?看|分)?(?:来看|看|分类|划分)?[：:，,]"
)
_BEGINS_INNER = re.compile(r"\s*其中")
_ENDS_INNER = re.compile(r"其中\s*[：:]\s*$")
_NAMED_LIKE_CHANGE = re.compile(r"[一-鿿]{4}(?:提升|提质|扩大|节约|扩容)(?:工程|项目|行动)?$")
_MOST_BELOW, _NAME_LENGTH = 12, 30  # paragraphs that a list may run over; characters before its amount
_NEXT = 2  # lines: a blank one may stand between
REACH = 4  # how many amounts before a list its total may stand


@dataclass(frozen=True)
class Flow:
    """Amounts of one dimension in reading order.

    `head`: so many of them stand in the paragraph that announces a list, each other one in a numbered paragraph of
    its own; 0 where all stand in one paragraph.
    """

    quantities: tuple[Quantity, ...]
    head: int = 0

    @property
    def is_list(self) -> bool:
        return self.head > 0


def flows_of(paragraph: Paragraph) -> Iterator[Flow]:
    by_dimension: dict[str, list[Quantity]] = {}
    before: Quantity | None = None
    for quantity in paragraph.quantities:
        if quantity.is_amount and quantity.figure.kind in ADDED:
            told = _opened_before(quantity, before)
            by_dimension.setdefault(dimension_of(quantity.figure), []).append(told)
        before = quantity
    for quantities in by_dimension.values():
        if len(quantities) > 1:
            yield Flow(tuple(quantities))


def _opened_before(quantity: Quantity, before: Quantity | None) -> Quantity:
    """3154人次，其中：进修班6期、288人次: 其中 stands before the number of another kind."""
    if before is None or before.sentence != quantity.sentence or before.figure.unit == quantity.figure.unit:
        return quantity
    is_opened = INNER.search(before.lead) and quantity.lead.strip() in ("、", "，", ",")
    return replace(quantity, lead=before.lead + quantity.lead) if is_opened else quantity


def list_flows(head: Paragraph, items: tuple[Paragraph, ...]) -> Iterator[Flow]:
    """The amounts of the head, then the first of each numbered paragraph."""
    for dimension in {dimension_of(q.figure) for q in head.quantities if q.is_amount and q.figure.kind in ADDED}:
        totals = [q for q in head.quantities if q.is_amount and dimension_of(q.figure) == dimension]
        firsts = [first for item in items if (first := _first(item, dimension))]
        if len(firsts) == len(items):
            yield Flow((*totals, *firsts), head=len(totals))


def continued_flows(paragraphs: Sequence[Paragraph]) -> Iterator[Flow]:
    """Lists that begin with 其中 in a paragraph of their own: the whole stands in the paragraph before."""
    for before, paragraph in pairwise(paragraphs):
        is_next = paragraph.line.number - before.line.number <= _NEXT
        first = next((q for q in paragraph.quantities if q.is_amount), None)
        if not is_next or first is None or not _BEGINS_INNER.match(paragraph.text):
            continue
        same = [q for q in paragraph.quantities if q.is_amount and dimension_of(q.figure) == dimension_of(first.figure)]
        parts = [q for q in same if q.sentence == first.sentence]
        totals = [q for q in before.quantities if q.is_amount and dimension_of(q.figure) == dimension_of(first.figure)]
        if len(parts) > 1 and totals:
            yield Flow((*totals[-REACH:], *parts), head=len(totals[-REACH:]))


def told_below(paragraphs: Sequence[Paragraph]) -> Iterator[Flow]:
    """Lists under a paragraph that ends with 其中：, each part at the head of a paragraph of its own, unnumbered."""
    for at, head in enumerate(paragraphs):
        if not _ENDS_INNER.search(head.text) or not head.quantities:
            continue
        totals = [q for q in head.quantities if q.is_amount and q.sentence == head.quantities[-1].sentence]
        items: list[Quantity] = []
        for paragraph in paragraphs[at + 1 : at + 1 + _MOST_BELOW]:
            first = paragraph.quantities[0] if paragraph.quantities and not paragraph.mark else None
            if first is None or not first.is_amount or len(first.lead) > _NAME_LENGTH:
                if items and not paragraph.mark and not paragraph.quantities:
                    continue  # the rest of a part: 主要包括…
                break
            items.append(first)
        same = [q for q in totals if items and dimension_of(q.figure) == dimension_of(items[0].figure)]
        parts = [q for q in items if dimension_of(q.figure) == dimension_of(items[0].figure)]
        if same and len(parts) > 1:
            yield Flow((*same, *parts), head=len(same))


def classified(paragraphs: Sequence[Paragraph]) -> Iterator[Flow]:
    """按支出功能分类：甲…，乙…: the whole is one of the amounts told before, in this paragraph or those above."""
    before: list[Quantity] = []
    for paragraph in paragraphs:
        opened = _BY_CLASS.search(paragraph.text)
        money = [q for q in paragraph.quantities if q.figure.kind is Kind.MONEY and q.is_amount]
        if opened:
            sentence = paragraph.sentence_of(opened.end())
            parts = [q for q in money if q.figure.place.start >= opened.end() and q.sentence == sentence]
            totals = [*before, *(q for q in money if q.figure.place.start < opened.start())][-REACH:]
            if len(parts) > 1 and totals:
                yield Flow((*totals, *parts), head=len(totals))
        before = [*before, *money][-REACH * 2 :]


def _first(paragraph: Paragraph, dimension: str) -> Quantity | None:
    same = (q for q in paragraph.quantities if dimension_of(q.figure) == dimension)
    return next((q for q in same if q.is_amount or _is_named_like_change(q)), None)


def _is_named_like_change(quantity: Quantity) -> bool:
    """2.饮水安全巩固提升214.73万元: a project's name at the head of an item, for all that it ends like a change."""
    figure = quantity.figure
    is_change = figure.role is Role.CHANGE and not figure.basis and not figure.of
    return is_change and quantity.rank == 0 and _NAMED_LIKE_CHANGE.search(quantity.clause) is not None


def dimension_of(figure: Figure) -> str:
    """Money is one dimension; of things counted only the same can be added."""
    return figure.kind if figure.kind is Kind.MONEY else _PEOPLE.get(figure.unit, figure.unit)


def alike(one: Quantity, other: Quantity, year: int | None, partition: Partition | None = None) -> bool:
    """Of the same year, and not planned on one side and spent on the other."""
    bases = {one.basis, other.basis} - {Basis.UNSAID}
    if partition and partition.crosses_plans:
        bases = set()
    if bases == {Basis.BUDGET, Basis.ADJUSTED} and not any("年初" in q.words for q in (one, other)):
        bases = set()  # 全年预算数…，其中基本支出预算数…
    return len(bases) < 2 and one.is_prior(year) == other.is_prior(year)


def totals_of(flow: Flow, chosen: list[int], year: int | None, partition: Partition | None = None) -> list[Quantity]:
    """What may be the whole of a list: the amounts shortly before it, the nearest first, or one summed up after it."""
    first, last = flow.quantities[chosen[0]], flow.quantities[chosen[-1]]
    before = [
        quantity
        for quantity in reversed(flow.quantities[max(0, chosen[0] - REACH) : chosen[0]])
        if (flow.is_list or quantity.sentence >= first.sentence - 1)
        and alike(first, quantity, year, partition)
        and not _is_part(quantity, first)
    ]
    after = [
        quantity
        for quantity in flow.quantities[chosen[-1] + 1 : chosen[-1] + 2]
        if quantity.sentence == last.sentence
        and (
            _SUMMED.search(quantity.clause)
            or (partition and partition.has_own_name and partition.is_total(quantity.clause))
        )
    ]
    return before + after


def _is_part(quantity: Quantity, first: Quantity) -> bool:
    """其中甲1，乙2: the amount right after 其中 is no whole of what follows, unless that has a 其中 of its own.

    甲中，丙1，丁2 names its whole again.
    """
    is_inside = INNER.search(first.lead) or first.depth > quantity.depth
    is_named = len(quantity.name) > 1 and f"{quantity.name}中" in first.lead
    return INNER.search(quantity.lead) is not None and not is_inside and not is_named
