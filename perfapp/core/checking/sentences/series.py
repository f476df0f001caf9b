"""Lists that tell several numbers of each kind: 受理1200件、审结1120件，其中刑事受理300件、审结280件，民事….

Each column has a total of its own before 其中. Where one of them adds up, the kinds are all told, for the others too.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.sentences.adding import INNER, Sum
from perfapp.core.checking.sentences.flows import ADDED, REACH, dimension_of
from perfapp.core.checking.sentences.numbers import Fit, sum_fit
from perfapp.core.checking.sentences.prose import Paragraph, Quantity
from perfapp.core.checking.sentences.told_lists import GENERIC, short_name

_TWO = 2  # kinds, and numbers of each, that make a series
_BLANK = " \t，,、；;（(：:"


def series(paragraph: Paragraph, year: int | None, tail: Decimal) -> Iterator[Sum]:
    told = [q for q in paragraph.quantities if q.is_amount and q.figure.kind in ADDED]
    for at, first in enumerate(told):
        if not INNER.search(first.lead):
            continue
        before = [q for q in told[max(0, at - REACH) : at] if q.sentence == first.sentence and not INNER.search(q.lead)]
        rest = [q for q in told[at:] if q.sentence == first.sentence]
        for many in range(len(before), _TWO - 1, -1):
            totals = before[-many:]
            kinds = _kinds(totals, rest, year)
            if len(kinds) >= _TWO:
                yield from _columns(totals, kinds, tail)
                break


def _kinds(totals: Sequence[Quantity], rest: Sequence[Quantity], year: int | None) -> list[Sequence[Quantity]]:
    """The numbers of each kind, as long as they are told in the order of the totals."""
    many = len(totals)
    kinds: list[Sequence[Quantity]] = []
    for start in range(0, len(rest) - many + 1, many):
        kind = rest[start : start + many]
        if not _is_like(totals, kind, year) or (start and INNER.search(kind[0].lead)):
            break
        kinds.append(kind)
    return kinds


def _is_like(totals: Sequence[Quantity], kind: Sequence[Quantity], year: int | None) -> bool:
    """Of the same things, and each but the first called as its total is: 审结, 实有, 罚款."""
    return all(
        dimension_of(one.figure) == dimension_of(total.figure) and one.is_prior(year) == total.is_prior(year)
        for one, total in zip(kind, totals, strict=True)
    ) and all(
        (words := one.lead.strip(_BLANK)) and words in total.lead
        for one, total in zip(kind[1:], totals[1:], strict=True)
    )


def _columns(totals: Sequence[Quantity], kinds: Sequence[Sequence[Quantity]], tail: Decimal) -> Iterator[Sum]:
    columns = [tuple(kind[at] for kind in kinds) for at in range(len(totals))]
    fits = [
        sum_fit(total.figure, [one.figure for one in column], tail)
        for total, column in zip(totals, columns, strict=True)
    ]
    is_whole = Fit.HOLDS in fits
    for total, column, fit in zip(totals, columns, fits, strict=True):
        yield Sum(GENERIC, total, column, tuple(short_name(one) for one in column), fit, is_whole)
