"""Changes as prose tells them: which amount grew, from what, by how much and at what rate."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from perfapp.core.checking.case import Case
from perfapp.core.checking.sentences.names import Names, core, names
from perfapp.core.checking.sentences.numbers import amount
from perfapp.core.checking.sentences.prose import Basis, Paragraph, Quantity, prose, without_funding_names
from perfapp.core.checking.sentences.sums import sums
from perfapp.core.figures.figure import Kind, Role
from perfapp.core.manuscript import Place

_BUDGET = re.compile(r"预算|计划|目标|年初")
_LAST_YEARS = re.compile(r"上年|去年|上一年|同期|20\d\d年")
_MONEY_NAME = re.compile(r"[一-鿿]{2,14}(?:费|经费)(?:支出)?(?:决算|预算)?(?=比|较|与|同比|无|增|减)")
_SAME_AGAIN = re.compile(r"三公|^(?:支出|收入|经费)$")
_HAS_BASE = re.compile(r"(?:[比较]|与|同)(?:上年|去年|同期|年初|20\d\d年)|同比")
_OF_LAST_YEAR = re.compile(r"(?:比|较|与|同)?(?:上年|去年|上一年|20\d\d年).*$")
_PAIRED = re.compile(r"分别")
_COMPARING = re.compile(
    r"(?:增长|增加|上升|压减|压缩|减少|下降|降低|缩减|变动|增减)(?:比?率|比例|幅度)|名义|可比|小幅|大幅"
    r"|(?:与|同|跟|较|比|对比|相比|比较|相较|同比|环比|于)|(?:20\d\d年度?|上年度?|去年|上一年度?|同期|年初|全年|本年度?|当年)"
    r"|(?:预算|决算)(?:安排|执行)?数?|增收|减收|增支|减支|增加|增长|减少|下降|上升|提高|降低|增幅|降幅|减幅|升幅|涨幅|净增"
    r"|压缩|压减|缩减|节约|多|少|略有|有所|变动|按|同口径|口径|累计|收、支|收支|总体|总计|合计|这一数据|该数|其中|支出|收入"
    r"|年度|金额|数|额|了|为|的|达|共|约|实际|各项?|均|[\s，,、：:；;。]"
)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_BOTH_SIDES = re.compile(r"收入(?:总计)?[、和及与]支出(?:总计)?|收[、和及与]支总计")
_PRIOR = 5  # amounts before a change among which the earlier one may stand
_LINES = 6  # paragraphs before, in which the totals of both sides may stand
_OPENING = re.compile(r"年初(?!.*(?:预算|批复|安排|计划|目标)).{0,4}$")  # 较年初: a stock, not a plan
_AVERAGE_NAME = re.compile(r"[人户亩]均|平均")
_SENTENCE = re.compile(r"[。；;]")
_COMMA = re.compile(r"[，,]")
_COMPARES = re.compile(r"较|比|与|同期|上年|去年")
_SEMICOLON = re.compile(r"[；;]")
_NUMBERS = re.compile(r"(?<!\d)(?!20\d\d年)\d[\d,.]*\s*(?:万元|亿元|元|%|％)?")
_LOOK_BACK = 80  # quantities of a paragraph that are looked through before a change
_AFTER = 12  # quantities behind a change among which brackets with the earlier amounts may begin
_NEXT_BUT_ONE = 2
_SHORTEST = 3  # characters of a name that is looked for elsewhere
_REACH, _MOST = 2, 6  # sentences that the amount may stand before, and amounts that are tried


@dataclass(frozen=True)
class Growth:
    """What is said of one change. At least two of amount, earlier amount, change and rate are there.

    `currents` are the amounts that may be meant, the likeliest first; `is_tight`: the words leave no doubt.
    """

    currents: tuple[Quantity, ...]
    prior: Quantity | None
    change: Quantity | None
    rate: Quantity | None
    sign: int
    is_tight: bool


def growths(case: Case) -> tuple[Growth, ...]:
    """Every growth that can be computed from what is printed with it."""
    told = [one for one in case.once(sums) if one.total.line == one.parts[-1].line]
    wholes = {part.figure.place: one.total for one in told for part in one.parts}
    year = case.manuscript.fiscal_year
    called = case.once(names)
    found = (
        _growth(paragraph, chain, year, wholes, called) or _told_elsewhere(paragraph, chain, year, called)
        for paragraph in case.once(prose)
        for chain in _chains(paragraph)
    )
    return tuple(growth for growth in found if growth)


def _chains(paragraph: Paragraph) -> Iterator[tuple[int, ...]]:
    """A change and the rate next to it, or either alone, by their numbers in the paragraph."""
    at, quantities = 0, paragraph.quantities
    while at < len(quantities):
        if not _is_change(quantities[at]):
            at += 1
            continue
        pair = quantities[at : at + 2]
        if len(pair) == 2 and _are_one(paragraph, *pair):
            yield at, at + 1
            at += 2
        else:
            yield (at,)
            at += 1


def _is_change(quantity: Quantity) -> bool:
    figure = quantity.figure
    if figure.value is None or figure.is_rough or figure.kind is Kind.POINTS:
        return False
    return figure.role in (Role.CHANGE, Role.GROWTH)


def _are_one(paragraph: Paragraph, one: Quantity, other: Quantity) -> bool:
    roles = {one.figure.role, other.figure.role}
    if roles != {Role.CHANGE, Role.GROWTH} or not _is_change(other) or one.sentence != other.sentence:
        return False
    between = paragraph.between(one.figure, other.figure)
    return len(between) <= 12 and not _SEMICOLON.search(between) and not _left_over(between)


def _left_over(text: str) -> str:
    """What the words of comparison leave: the name of something."""
    return re.sub(r"[（()）“”\"]", "", _COMPARING.sub("", text.translate(_HALF_WIDTH)))


def _growth(
    paragraph: Paragraph, chain: Sequence[int], year: int | None, wholes: Mapping[Place, Quantity], called: Names
) -> Growth | None:
    said = [paragraph.quantities[number] for number in chain]
    first = said[0]
    change = next((q for q in said if q.figure.role is Role.CHANGE), None)
    rate = next((q for q in said if q.figure.role is Role.GROWTH), None)
    sign = next((q.figure.direction for q in said if q.figure.direction is not None), None)
    before = [
        q
        for q in paragraph.quantities[max(0, chain[0] - _LOOK_BACK) : chain[0]]
        if _is_level(q) and _may_change(q, change)
    ]
    is_compared = (
        len(said) == 2 or any(q.figure.basis or q.figure.of for q in said) or _is_after_last_years(said, before, year)
    )
    if sign is None or not is_compared or _PAIRED.search(first.lead):
        return None
    bracketed = _prior_in_brackets(paragraph, said, change, year)
    if not before:
        return Growth((), bracketed, change, rate, sign, True) if bracketed and change and rate else None
    prior = _prior(paragraph, before, first, year) or bracketed
    present = [q for q in before if q is not prior and not q.is_prior(year) and not _is_yardstick(q)]
    if not present and prior and change and rate and len(before) == 1 and _HAS_BASE.search(first.lead):
        return Growth((prior,), None, change, rate, sign, True)  # 2014年为71亿元，比去年减少8亿元: told of that year
    if not present and prior and change and rate and len(before) == 1:
        return Growth((), prior, change, rate, sign, True)  # 与上年100万元相比，增加5万元，增长5%
    if not present and prior and change:
        return _from_last_years(prior, change, rate, sign, called, year)
    if not present or (prior is None and (change is None or rate is None)):
        return None
    currents, is_tight = _currents(paragraph, present, prior, first, wholes)
    if not currents:
        return None
    return Growth(currents, prior, change, rate, sign, is_tight)


def _told_elsewhere(paragraph: Paragraph, chain: Sequence[int], year: int | None, called: Names) -> Growth | None:
    """A change of what only another paragraph prints: 公务接待费支出决算减少8.96万元，下降36.78%."""
    said = [paragraph.quantities[number] for number in chain]
    first = said[0]
    change = next((q for q in said if q.figure.role is Role.CHANGE), None)
    rate = next((q for q in said if q.figure.role is Role.GROWTH), None)
    sign = next((q.figure.direction for q in said if q.figure.direction is not None), None)
    here = [
        q
        for q in paragraph.quantities[max(0, chain[0] - _LOOK_BACK) : chain[0]]
        if q.is_amount and _may_change(q, change)
    ]
    if not sign or here or change is None or _PAIRED.search(first.lead):
        return None
    same = [q for q in called.same_thing(first) if q.line < first.line and _may_change(q, change)]
    if _BOTH_SIDES.search(first.lead):
        same = [q for q in called.totals if 0 < first.line - q.line <= _LINES]
    currents = [q for q in same if not q.is_prior(year) and first.basis in (q.basis, Basis.UNSAID)]
    priors = [q for q in same if q.is_prior(year)]
    if not currents:
        currents = [q for q in same if not q.is_prior(year) and q.basis is Basis.UNSAID]
    is_against_budget = _BUDGET.search(without_funding_names("".join((first.figure.of, *first.figure.basis))))
    prior = priors[-1] if len(_amounts(priors)) == 1 and not is_against_budget else None
    if not currents or (rate is None and prior is None):
        return None
    nearest = tuple(dict.fromkeys(reversed(currents)))[:_MOST]
    is_planned = first.basis is Basis.UNSAID and nearest[0].basis in (Basis.BUDGET, Basis.ADJUSTED)
    is_tight = len(_amounts(currents)) == 1 and not is_planned  # what came of a budget may have changed, too
    return Growth(nearest, prior, change, rate, sign, is_tight)


def _amounts(quantities: Sequence[Quantity]) -> set[Decimal]:
    return {amount(quantity.figure) for quantity in quantities}


def _is_yardstick(quantity: Quantity) -> bool:
    """完成预算29.6万元的92.8%: a budget that the outturn is held against."""
    return quantity.basis in (Basis.BUDGET, Basis.ADJUSTED) and "完成" in quantity.clause


def _may_change(quantity: Quantity, change: Quantity | None) -> bool:
    if change is None:
        return quantity.figure.kind in (Kind.MONEY, Kind.COUNT, Kind.MEASURE)
    one, other = quantity.figure, change.figure
    return one.kind is other.kind and (one.kind is Kind.MONEY or one.unit == other.unit)


def _prior(paragraph: Paragraph, before: Sequence[Quantity], first: Quantity, year: int | None) -> Quantity | None:
    """The earlier amount: the nearest of last year, or of the budget, since the last semicolon."""
    against = "".join((first.figure.of, *first.figure.basis)) or first.clause
    to_budget = _BUDGET.search(without_funding_names(against)) is not None and not _LAST_YEARS.search(against)
    from_opening = _OPENING.search(against) is not None
    for quantity in reversed(before[-_PRIOR:]):
        if quantity.sentence != first.sentence or _SEMICOLON.search(paragraph.between(quantity.figure, first.figure)):
            return None
        if from_opening:
            is_meant = _OPENING.search(quantity.clause) is not None
        elif to_budget:
            is_meant = quantity.basis in (Basis.BUDGET, Basis.ADJUSTED)
        else:
            is_meant = quantity.is_prior(year)
        if is_meant:
            return quantity
    return None


def _is_level(quantity: Quantity) -> bool:
    """What may grow: a plain amount, or an average by its own name (人均可支配收入)."""
    if quantity.is_amount:
        return True
    figure = quantity.figure
    is_exact = figure.value is not None and not figure.is_rough and figure.role in (Role.AMOUNT, Role.AVERAGE)
    return is_exact and _AVERAGE_NAME.search(figure.label) is not None


def _prior_in_brackets(
    paragraph: Paragraph, said: Sequence[Quantity], change: Quantity | None, year: int | None
) -> Quantity | None:
    """同比下降6.93%（2019年为41520起）: the earlier amount comes after, the only one, or the one of its name."""
    after = paragraph.quantities[said[-1].rank + 1 : said[-1].rank + 1 + _AFTER]
    opened = next((at for at, q in enumerate(after) if q.lead.lstrip("。；; ")[:1] in ("（", "(")), None)
    if opened is None or not _is_earlier(after[opened], year):
        return None
    listed = [q for q in takewhile(lambda q: q.depth >= after[opened].depth, after[opened:]) if q.is_amount]
    if len(listed) == 1 and opened == 0:
        return listed[0] if _may_change(listed[0], change) else None
    wanted = core(said[0].figure.label)
    same = [q for q in listed if wanted and core(q.figure.label) == wanted and q.figure.kind is listed[0].figure.kind]
    return same[0] if len(same) == 1 else None


def _is_earlier(quantity: Quantity, year: int | None) -> bool:
    return quantity.is_amount and quantity.is_prior(year)


def _is_after_last_years(said: Sequence[Quantity], before: Sequence[Quantity], year: int | None) -> bool:
    """实现86亿元，上年为81亿元，增长6.19%; also the other way round: 上年为81亿元，今年86亿元，增长6.19%."""
    near = [q for q in before[-2:] if q.sentence == said[0].sentence and said[0].rank - q.rank <= _NEXT_BUT_ONE]
    return len(near) == _NEXT_BUT_ONE and len([q for q in near if q.is_prior(year)]) == 1


def _from_last_years(
    prior: Quantity, change: Quantity, rate: Quantity | None, sign: int, called: Names, year: int | None
) -> Growth | None:
    """接待费比上年8.91万元减少1.65万元: this year's stands elsewhere, the only amount of that name."""
    name = core(_OF_LAST_YEAR.sub("", prior.figure.label)) or core(change.figure.label)
    told = [q for q in called.by_core.get(name, ()) if not q.is_prior(year) and _may_change(q, change)]
    told = [q for q in told if q.line <= change.line and q.basis not in (Basis.BUDGET, Basis.ADJUSTED)]
    if len(_amounts(told)) != 1 or len(name) < _SHORTEST:
        return None
    return Growth((told[-1],), prior, change, rate, sign, True)


def _currents(
    paragraph: Paragraph,
    present: Sequence[Quantity],
    prior: Quantity | None,
    first: Quantity,
    wholes: Mapping[Place, Quantity],
) -> tuple[tuple[Quantity, ...], bool]:
    """The amounts that may have changed, the likeliest first, and whether the words leave no other.

    A change that begins a sentence without a subject speaks of the whole of the list before it; one that names its
    subject, of the amount of that name; any other, of the amount it follows.
    """
    named_so = [q for q in reversed(present) if _is_of(first, q)]
    present = [q for q in present if q.sentence >= first.sentence - _REACH] or named_so
    if not present:
        return (), False
    near = present[-1]
    between = _words_between(paragraph, near, prior, first)
    subject = _left_over(_comparing(between))
    whole = wholes.get(near.figure.place)
    told_together = [q for q in present if q.sentence == near.sentence]
    is_alone = len({amount(q.figure) for q in told_together}) == 1
    if first.figure.label not in first.lead and _is_of_other(first, near, whole):
        return (), False
    named = [q for q in named_so if not subject or _left_over(q.name).endswith(subject)]
    if subject:
        named = named or [q for q in told_together if is_alone and subject in _left_over(q.name)]
        main, is_sure = (named[0], True) if named else (near, False)
    elif named_so and first.figure.label in first.lead and len(_amounts(named_so)) == 1:
        main, is_sure = named_so[0], True  # 与上年相比，收入增加…
    elif "。" in between or (whole and _SEMICOLON.search(between)):
        main, is_sure = whole or told_together[0], whole is not None or is_alone
    elif whole and not _changes_between(paragraph, whole, first):
        main, is_sure = whole, True  # the first change after a whole list
    else:
        main, is_sure = near, "其中" not in between
    others = [q for q in (near, whole, *named, told_together[0], *reversed(present)) if q]
    return tuple(dict.fromkeys((main, *others)))[:_MOST], is_sure


def _is_of_other(first: Quantity, near: Quantity, whole: Quantity | None) -> bool:
    """…，接待费比预算无增减变化，比上年增加0.5万元: the words since the last number name something else."""
    said = [core(found[0]) for found in _MONEY_NAME.finditer(_SENTENCE.split(first.lead)[-1])]
    known = "".join(core(q.name) for q in (near, whole) if q)
    return bool(said) and bool(said[-1]) and said[-1] not in known and not _SAME_AGAIN.search(said[-1])


def _changes_between(paragraph: Paragraph, whole: Quantity, first: Quantity) -> bool:
    places = whole.figure.place, first.figure.place
    near = paragraph.quantities[max(0, first.rank - _LOOK_BACK) : first.rank]
    return any(_is_change(q) and places[0] < q.figure.place < places[1] for q in near)


def _comparing(between: str) -> str:
    """The clause of the change: from where the comparison begins, or else from the last comma."""
    last = _SENTENCE.split(between)[-1]
    clauses = _COMMA.split(last)
    for at in range(len(clauses) - 1, -1, -1):
        if _COMPARES.search(clauses[at]):
            return "".join(clauses[at:])
    return clauses[-1]


def _words_between(paragraph: Paragraph, near: Quantity, prior: Quantity | None, first: Quantity) -> str:
    between = paragraph.between(near.figure, first.figure)
    if prior and prior.figure.place > near.figure.place:
        between = between.replace(prior.figure.text, "")
    return _NUMBERS.sub("", between)


def _is_of(change: Quantity, current: Quantity) -> bool:
    """Does the change bear the name of the amount?"""
    one, other = change.figure.label, current.figure.label
    return bool(one) and (one == other or core(one) == core(other) or (len(one) > 3 and other.startswith(one)))
