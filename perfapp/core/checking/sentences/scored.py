"""Scores told one by one, 满分20分，得19.39分, against the score that is told as their total."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from perfapp.core.checking.sentences.adding import Sum
from perfapp.core.checking.sentences.numbers import Fit, amount, sum_fit
from perfapp.core.checking.sentences.prose import Paragraph, Quantity
from perfapp.core.figures.figure import Kind

_FULL = re.compile(r"满分|分值|权重|标准分|应得")
_LEADS_ON = re.compile(r"^[）)，,、；;：:\s]{0,2}(?:自评|自评价|评价|实际|实)?(?:得分?|评分|自评分?)(?:为|是)?\s*$")
_TOTAL = re.compile(r"(?:综合|总|自评|评价|合计|整体|最终|绩效)(?:自评|评价|评)?(?:总)?(?:得分|评分|分)|总分|合计")
_PART = re.compile(r"指标|[一二三]级|管理|满分|扣")
_OFF = re.compile(r"扣(?:减|除|掉|分|了)*(?:为|共)?$")
_ALL_OFF = re.compile(r"(?:合计|共计?|小计|累计)扣(?:减|除|掉|分|了)*$")
_TAKEN = re.compile(r"^[，,、）)]\s*(?:合计|共计?|小计)?扣(?:减|除|掉|分|了)*$")
_GOT = re.compile(r"^[，,、]\s*(?:自评|评价|实际|实)?得分?(?:为)?$")
_HUNDRED = Decimal(100)
_TWO = 2


@dataclass(frozen=True)
class _Scored:
    """What could be had, and what was got."""

    full: Quantity
    got: Quantity

    @property
    def most(self) -> Decimal:
        return self.full.figure.value or Decimal(0)


def scored(paragraphs: Sequence[Paragraph], tail: Decimal) -> Iterator[Sum]:
    """Where the scores told could bring a hundred none is left out: they are held against each total of the report."""
    spoken = [q for paragraph in paragraphs for q in paragraph.of_kind(Kind.SCORE)]
    yield from (*_deducted(spoken), *_all_deducted(spoken))
    told = [q for q in spoken if not _OFF.search(q.clause)]
    pairs = list(_pairs(told))
    outer = _without_details(pairs)
    places = {pair.got.figure.place for pair in pairs}
    totals = [q for q in told if _is_total(q) and q.figure.place not in places and q.figure.value != _HUNDRED]
    for total in totals:
        read = [_sum(total, parts, tail) for reading in (outer, pairs) if (parts := _whole(reading))]
        best = min(read, key=lambda one: one.fit, default=None)
        if best and (best.fit is Fit.HOLDS or _whole(outer)):
            yield best


def _deducted(told: Sequence[Quantity]) -> Iterator[Sum]:
    """过程25分，扣0.8分，得24.2分: what was taken off and what was got are what could be had."""
    for full, one, other in zip(told, told[1:], told[2:], strict=False):
        off, got = (one, other) if _OFF.search(one.clause) else (other, one)
        is_told = _TAKEN.match(off.lead) and _GOT.match(got.lead) and not re.search("[扣得]", full.clause)
        is_beside = full.line == other.line and full.sentence == other.sentence
        if (
            is_told
            and is_beside
            and all(q.figure.value is not None and not q.figure.is_rough for q in (full, off, got))
        ):
            names = (f"{full.name[-8:]}扣", "得")
            left = amount(full.figure) - amount(off.figure) - amount(got.figure)
            fit = Fit.FAILS if left else Fit.HOLDS  # points are told exactly
            yield Sum("G9", full, (off, got), names, fit, is_whole=True)


def _all_deducted(told: Sequence[Quantity]) -> Iterator[Sum]:
    """甲扣1分，乙扣0.5分，合计扣1.5分: those of its paragraph since the total before it."""
    off: list[Quantity] = []
    for quantity in (q for q in told if _OFF.search(q.clause) and q.figure.value is not None):
        off = [q for q in off if q.line == quantity.line]
        if not _ALL_OFF.search(quantity.clause):
            off.append(quantity)
            continue
        if len(off) >= _TWO:
            added = sum((amount(q.figure) for q in off), Decimal(0))
            fit = Fit.HOLDS if added == amount(quantity.figure) else Fit.FAILS
            names = tuple(q.clause[-12:] for q in off)
            yield Sum("G9", quantity, tuple(off), names, fit, is_whole=False, is_closed=True)
        off = []


def _sum(total: Quantity, parts: tuple[Quantity, ...], tail: Decimal) -> Sum:
    names = tuple((part.figure.subject or part.name)[-12:] for part in parts)
    return Sum("G9", total, parts, names, sum_fit(total.figure, [part.figure for part in parts], tail), is_whole=True)


def _pairs(told: Sequence[Quantity]) -> Iterator[_Scored]:
    for full, got in pairwise(told):
        is_beside = full.line == got.line and full.sentence == got.sentence
        is_told = _LEADS_ON.search(got.lead) is not None and (_FULL.search(full.clause) or _is_bare(full, got))
        if is_beside and is_told and full.figure.value is not None and got.figure.value is not None:
            yield _Scored(full, got)


def _is_bare(full: Quantity, got: Quantity) -> bool:
    """决策20分，得19分."""
    return "得" in got.lead and "得" not in full.clause and (full.figure.value or 0) >= (got.figure.value or 0)


def _without_details(pairs: Sequence[_Scored]) -> list[_Scored]:
    """Without what is told of a score before it: those after it that could bring exactly as much."""
    outer: list[_Scored] = []
    at = 0
    while at < len(pairs):
        outer.append(pairs[at])
        end = _end_of(pairs, at + 1, pairs[at].most)
        at = end if end - at > _TWO else at + 1
    return outer


def _whole(pairs: Sequence[_Scored]) -> tuple[Quantity, ...]:
    """The first of them that could bring a hundred together."""
    for start in range(len(pairs)):
        end = _end_of(pairs, start, _HUNDRED)
        if end - start >= _TWO:
            return tuple(pair.got for pair in pairs[start:end])
    return ()


def _end_of(pairs: Sequence[_Scored], start: int, most: Decimal) -> int:
    """Where those from `start` on that could bring so much end; `start` if none do."""
    could = Decimal(0)
    for at in range(start, len(pairs)):
        could += pairs[at].most
        if could >= most:
            return at + 1 if could == most else start
    return start


def _is_total(quantity: Quantity) -> bool:
    words = f"{quantity.figure.label} {quantity.clause}"
    return quantity.is_amount and _TOTAL.search(words) is not None and _PART.search(words) is None
