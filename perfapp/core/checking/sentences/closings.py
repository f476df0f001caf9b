"""Totals that come last: 甲96人次，乙1864人次，全年累计1960人次; 三项合计1097.52万元; 编制合计438人，实有合计417人."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.sentences.adding import Sum
from perfapp.core.checking.sentences.flows import ADDED, alike, dimension_of
from perfapp.core.checking.sentences.numbers import Fit, sum_fit
from perfapp.core.checking.sentences.prose import Paragraph, Quantity
from perfapp.core.checking.sentences.told_lists import GENERIC, NUMERALS, short_name

_CLOSES = re.compile(
    r"(?P<stem>[一-鿿“”\"]{0,12}?)(?:以上|上述)?(?P<many>[两二三四五六七八九十]{1,2}[项类者])?"
    r"(?:合计|共计|总计|累计)(?P<rest>[一-鿿]{0,8})$"
)
_ABOUT = re.compile(r"以上|上述|全年|全镇|全[市县区院校局]|年末|常住|现有|实有|人口|人员|资金")
_OF_ALL_TIME = re.compile(r"历年|截[至止]|以来|上年|年初|开工|建成|自")  # 累计 since some earlier day
_LONGEST = 8
_TWO = 2


def closings(paragraph: Paragraph, year: int | None, tail: Decimal) -> Iterator[Sum]:
    for total in paragraph.quantities:
        found = _CLOSES.search(total.clause) if total.is_amount and total.figure.kind in ADDED else None
        if not found or not total.figure.value or _is_since_long(found, total):
            continue
        before = [q for q in paragraph.quantities[: total.rank] if _may_be_part(q, total, year)]
        if one := _best(total, list(_readings(found, total, before)), tail):
            yield one


def _is_since_long(found: re.Match[str], total: Quantity) -> bool:
    return "累计" in found[0] and _OF_ALL_TIME.search(total.lead) is not None


def _may_be_part(quantity: Quantity, total: Quantity, year: int | None) -> bool:
    is_near = quantity.sentence >= total.sentence - 1
    return (
        is_near
        and quantity.is_amount
        and dimension_of(quantity.figure) == dimension_of(total.figure)
        and alike(total, quantity, year)
    )


def _readings(
    found: re.Match[str], total: Quantity, before: Sequence[Quantity]
) -> Iterator[tuple[tuple[Quantity, ...], bool]]:
    """Which amounts are meant, and whether the words say so for sure."""
    many = NUMERALS.get((found["many"] or "")[:-1], 0)
    if many:
        if len(before) >= many:
            yield tuple(before[-many:]), True
        return
    stem = _ABOUT.sub("", found["stem"])
    called = tuple(q for q in before if stem and stem in q.name and not _CLOSES.search(q.clause))
    if len(called) >= _TWO:
        yield called, len(stem) >= _TWO
    told = [q for q in before if not _CLOSES.search(q.clause)]
    beside = [q for q in told if q.sentence == total.sentence] or told
    for one in (beside, told):
        yield from ((tuple(one[-many:]), False) for many in range(min(len(one), _LONGEST), 1, -1))
    # 甲编制352人，实际338人；乙编制86人，实际79人。编制合计…，实有合计…: every other one
    yield from ((tuple(told[start::_TWO]), False) for start in (0, 1) if len(told[start::_TWO]) >= _TWO)


def _best(total: Quantity, readings: Sequence[tuple[tuple[Quantity, ...], bool]], tail: Decimal) -> Sum | None:
    """The first reading that adds up; else the one the words name, or that one wrong digit would explain."""
    sums = [
        Sum(
            GENERIC,
            total,
            parts,
            tuple(short_name(part) for part in parts),
            sum_fit(total.figure, [part.figure for part in parts], tail),
            is_whole=is_sure,
            is_closed=True,
        )
        for parts, is_sure in readings
    ]
    fitting = next((one for one in sums if one.fit is not Fit.FAILS), None)
    return fitting or next((one for one in sums if one.slips), None)
