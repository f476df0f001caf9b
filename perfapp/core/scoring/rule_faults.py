"""What is wrong with a scoring rule: edges out of order, gaps, points beyond the weight."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from perfapp.core.scoring.amounts import points_text
from perfapp.core.scoring.rules import Bands, CheckList, Deduction, Graded, Rule

FULL = Decimal(100)


def faults(rule: Rule, weight: Decimal) -> Iterator[str]:
    """Clauses without a full stop: the caller says of which indicator."""
    if isinstance(rule, Bands):
        yield from _of_bands(rule, weight)
    elif isinstance(rule, Graded):
        yield from _of_grades(rule)
    elif isinstance(rule, CheckList):
        for check in rule.checks:
            if check.points > weight:
                yield f"“{check.name}”扣{points_text(check.points)}分，超过了本指标的{points_text(weight)}分"
    elif isinstance(rule, Deduction) and rule.points > weight:
        yield f"每档扣{points_text(rule.points)}分，超过了本指标的{points_text(weight)}分"


def _of_bands(rule: Bands, weight: Decimal) -> Iterator[str]:
    if rule.bands[-1].up_to is not None:
        yield "最后一档不能有上限，否则更大的数没有分"
    if any(band.up_to is None for band in rule.bands[:-1]):
        yield "只有最后一档可以没有上限"
        return
    for number, (one, other) in enumerate(pairwise(rule.bands), start=1):
        if one.up_to is None or other.up_to is None:
            continue
        # The same edge twice is one single value: below 0, and 0 itself.
        if other.up_to < one.up_to or (other.up_to == one.up_to and (one.included or not other.included)):
            yield f"第{number + 1}档的上限应当大于第{number}档的上限，各档要从小到大、首尾相接"
    highest = max(band.points for band in rule.bands)
    if highest != weight:
        yield f"最高一档{points_text(highest)}分，应当等于本指标的{points_text(weight)}分"


def _of_grades(rule: Graded) -> Iterator[str]:
    names = [grade.name for grade in rule.grades]
    if len(names) != len(set(names)):
        yield "等次的名称不能相同"
    for grade in rule.grades:
        if grade.low > grade.high:
            yield f"“{grade.name}”的下限大于上限"
    if rule.grades[0].high != FULL:
        yield f"最高的等次“{rule.grades[0].name}”应当到100%"
    for upper, lower in pairwise(rule.grades):
        is_open = upper.low != upper.high or lower.low != lower.high
        if lower.high > upper.low or (is_open and lower.high != upper.low):
            yield f"“{upper.name}”和“{lower.name}”的比例要首尾相接"
