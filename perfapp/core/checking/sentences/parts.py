"""Parts of a whole as prose tells them: which amount a share is told of, and which may be its whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse

from perfapp.core.checking.case import Case
from perfapp.core.checking.sentences.names import Names, names
from perfapp.core.checking.sentences.numbers import Fit, amount, percent_fit
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.sums import sums
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.manuscript import Place

# A rate of fulfilment, whatever it is called.
_OF_PLAN = re.compile(r"年初预算|调整预算|预算数|计划|目标|任务|同期|进度|完成")
_SEVERAL = re.compile(r"分别|各占")
_OWN_NAME = re.compile(r"(?P<name>[一-鿿]{1,10}人员|[一-鿿]{1,10}干部|[一-鿿]{1,10}职工)(?:数)?占(?:比|总人数的?)?")
_NAMED = re.compile(r"(?P<name>[一-鿿]{3,10})占(?:比)?(?:为)?$")
_TWO = 2
_AMONG = re.compile(r"(?P<of>[一-鿿]{2,10})[中里](?!心|央|小|学|医|型|期|级)[，,]?")
_JOINER = re.compile(r"[、，,]?[和及与]?")
_DETAILS = 12  # quantities before a share that are looked through for its part
_MOST = 3  # wholes that are tried


@dataclass(frozen=True)
class Share:
    """A printed share with its part, and the wholes it may be a share of, the likeliest first.

    `is_sure`: the text itself says which whole is meant.
    """

    share: Quantity
    part: Quantity
    wholes: tuple[Quantity, ...]
    is_sure: bool


def shares(case: Case) -> tuple[Share, ...]:
    """Every share whose part is printed before it, with the amounts that may be its whole."""
    paragraphs = case.once(prose)
    totals = {part.figure.place: one.total for one in case.once(sums) for part in one.parts}
    year = case.manuscript.fiscal_year
    called = case.once(names)
    found = [
        _share(paragraph, at, totals, called, year)
        for paragraph in paragraphs
        for at, quantity in enumerate(paragraph.quantities)
        if _is_percent(quantity)
    ]
    return tuple(_of_the_same([share for share in found if share]))


def _of_the_same(told: Sequence[Share]) -> Iterator[Share]:
    """占总支出的51%；…，占28%: what names no whole, and has none before it, is of the whole named right before."""
    last: Share | None = None
    for one in told:
        is_next = last and one.share.line == last.share.line and one.share.sentence == last.share.sentence
        if last and is_next and last.is_sure and not one.wholes and not whole_name(one.share):
            is_alike = measured_alike(one.part.figure, last.part.figure)
            one = replace(one, wholes=last.wholes, is_sure=True) if is_alike else one
        elif last and one.part.figure is last.part.figure and one.share.figure.value != last.share.figure.value:
            is_taken = partial(
                _is_whole_of, last
            )  # 占抽查数的11.11%，占全部的8.33%: two shares of one part, two wholes
            one = replace(one, wholes=tuple(filterfalse(is_taken, one.wholes)))
        yield one
        last = one


def _is_whole_of(one: Share, whole: Quantity) -> bool:
    return bool(amount(whole.figure)) and percent_fit(one.share.figure, one.part.figure, whole.figure) is Fit.HOLDS


def is_share(quantity: Quantity) -> bool:
    """A part of a whole, exactly told; the share of a plan that is done is a rate, whatever it is called."""
    figure = quantity.figure
    if figure.kind is not Kind.PERCENT or figure.is_rough or figure.value is None:
        return False
    return figure.role is Role.SHARE and not _OF_PLAN.search(f"{whole_name(quantity)}{quantity.clause}")


def whole_name(share: Quantity) -> str:
    """The whole as the share itself names it; nothing where the reader had to supply it."""
    of = share.figure.of
    return of if of and of[-2:] in share.lead else ""


def _share(
    paragraph: Paragraph,
    at: int,
    totals: Mapping[Place, Quantity],
    called: Names,
    year: int | None,
) -> Share | None:
    quantities = paragraph.quantities
    if beside := _of_whole_beside(quantities, at):
        return beside
    first, last = row_of_percents(quantities, at)
    head, share = quantities[first], quantities[at]
    if not is_share(head):
        return None
    part = _part(quantities, at, first, last)
    if part is None or (part.figure.label and part.figure.label == head.figure.of):
        return None  # told of its whole alone: the part's amount stands elsewhere, or nowhere
    row = quantities[first - (last - first + 1)] if last > first else part  # 分别占…: the whole stands before them all
    listed = totals.get(part.figure.place) or _before_list(paragraph, row)
    of = whole_name(head) or _named_before(part)
    named = [q for q in called.of(of) if q is not part and _is_comparable(q, part, year)]
    named = [q for q in named if "累计" not in q.lead or "累计" in of]  # of several years
    if named:
        wholes = sorted(named, key=lambda q: _distance(q, part))[:_MOST]
        is_sure = listed in named or len({amount(q.figure) for q in named}) == 1 or wholes[0].line == part.line
    else:
        wholes, is_sure = [], not of
    if listed and listed not in wholes and _is_comparable(listed, part, year):
        wholes.append(listed)
    return Share(share, part, tuple(wholes), is_sure)


def _of_whole_beside(quantities: Sequence[Quantity], at: int) -> Share | None:
    """16个，占项目总数20个的80%: the whole stands right before."""
    if at < _TWO or quantities[at].lead.strip() not in ("的", "的比例为", "的比重为"):
        return None
    part, whole, share = quantities[at - _TWO : at + 1]
    is_told = whole.clause.startswith("占") and part.sentence == share.sentence and not _OF_PLAN.search(whole.clause)
    is_plain = part.is_amount and whole.is_amount and measured_alike(part.figure, whole.figure)
    is_exact = not share.figure.is_rough and share.figure.value is not None
    return Share(share, part, (whole,), True) if is_told and is_plain and is_exact else None


def _named_before(part: Quantity) -> str:
    """在编人员中专业技术人员23人，占82.14%: of those in post."""
    named = _AMONG.match(part.clause)
    return named["of"] if named else ""


def row_of_percents(quantities: Sequence[Quantity], at: int) -> tuple[int, int]:
    """The first and last of the shares in a row that this one belongs to: 占…的a%、b%和c%."""
    first = last = at
    while first and _is_percent(quantities[first - 1]) and _is_next(quantities[first]):
        first -= 1
    while last + 1 < len(quantities) and _is_percent(quantities[last + 1]) and _is_next(quantities[last + 1]):
        last += 1
    return first, last


def _part(quantities: Sequence[Quantity], at: int, first: int, last: int) -> Quantity | None:
    """The amount that a share is told of: the one before it, or in 分别为A和B，占…的a%和b% the one of the same rank."""
    sentence = quantities[at].sentence
    many = last - first + 1
    if many == 1:
        # What stands in brackets that are closed again is a detail: 甲90万元（其中乙80万元，丙10万元），占90%.
        depth = quantities[at].depth
        near = [q for q in quantities[max(0, at - _DETAILS) : at] if q.depth <= depth]
        before = [q for q in near[-3:] if q.sentence == sentence and q.is_amount]
        is_near = not re.search(r"[；;]", quantities[at].lead) and not _SEVERAL.search(quantities[at].lead)
        part = before[-1] if before and is_near else None
        part = part or _called_before(quantities, at)
        return part if part and not _is_of_another(quantities[at], part) else None
    row = quantities[max(0, first - many) : first]
    is_row = len(row) == many and all(q.is_amount and q.sentence == sentence for q in row)
    is_told = _SEVERAL.search(quantities[first].lead) is not None or all(_is_next(q) for q in row[1:])
    return row[at - first] if is_row and is_told else None


def _called_before(quantities: Sequence[Quantity], at: int) -> Quantity | None:
    """人员经费90万元，公用经费10万元。人员经费占90%: the amount of that name in the sentence before."""
    named = _NAMED.match(quantities[at].clause)
    if not named:
        return None
    near = [q for q in quantities[max(0, at - _DETAILS) : at] if q.sentence >= quantities[at].sentence - 1]
    called = [q for q in near if q.is_amount and q.figure.label == named["name"]]
    return called[0] if len(called) == 1 else None


def _is_of_another(share: Quantity, part: Quantity) -> bool:
    """卫技人员占82.92% after the amount of others: the share names its part, and this is not called so."""
    named = _OWN_NAME.fullmatch(share.clause)
    if not named or not part.figure.label:
        return False
    letters = iter(part.figure.label)
    return not all(letter in letters for letter in named["name"])


def _is_percent(quantity: Quantity) -> bool:
    return quantity.figure.kind is Kind.PERCENT and quantity.figure.value is not None


def _is_next(quantity: Quantity) -> bool:
    """One more in a row: 1、2和3."""
    return _JOINER.fullmatch(quantity.lead) is not None


def _distance(one: Quantity, other: Quantity) -> tuple[bool, int, int]:
    """What stands before counts as nearer than what comes after."""
    place, at = one.figure.place, other.figure.place
    return place > at, abs(place.line - at.line), abs(place.start - at.start)


def _before_list(paragraph: Paragraph, part: Quantity) -> Quantity | None:
    """The amount before the list that the part stands in: the nearest one that has no share of its own."""
    quantities = paragraph.quantities
    at = part.rank
    for number in range(at - 1, -1, -1):
        quantity = quantities[number]
        if quantity.sentence < part.sentence - 1:
            return None
        if quantity.is_amount and not is_share(quantities[number + 1]) and measured_alike(quantity.figure, part.figure):
            return quantity
    return None


def _is_comparable(whole: Quantity, part: Quantity, year: int | None) -> bool:
    return measured_alike(whole.figure, part.figure) and whole.is_prior(year) == part.is_prior(year)


def measured_alike(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and (one.kind is Kind.MONEY or one.unit == other.unit)
