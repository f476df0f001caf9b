"""Shares: 占…的95.09% against the two amounts, and the shares of one whole against 100."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import Fit, amount, last_place, percent_fit, plain, say
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.sums import Sum, sums
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed
from perfapp.core.manuscript import Place

_HUNDRED = Decimal(100)
_NEVER_OVER = re.compile(
    r"满意[度率]|合格率|覆盖率|及时率|准确率|公开率|优良率|达标率|入学率|参与率|知晓率|支付率|占比|比重"
)
_TOTAL = re.compile(r"总|合计|全部|全年|整个|本年|年度")
_NOISE = re.compile(
    r"[的为了\s“”\"、，：:（）()]|20\d\d年|本年度?|当年|全年|年度|决算数?|实际|部门|单位|总|合计|共计|金?额|数$"
)


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
    """Every share whose part is printed before it."""
    paragraphs = case.once(prose)
    totals = {part.figure.place: one for one in case.once(sums) for part in one.parts}
    found: list[Share] = []
    spoken: list[Quantity] = []
    for paragraph in paragraphs:
        for at, quantity in enumerate(paragraph.quantities):
            if is_share(quantity):
                found.extend(_share(paragraph, at, spoken, totals, case.manuscript.fiscal_year))
            elif quantity.is_amount:
                spoken.append(quantity)
    return tuple(found)


def is_share(quantity: Quantity) -> bool:
    figure = quantity.figure
    return (
        figure.kind is Kind.PERCENT and figure.role is Role.SHARE and not figure.is_rough and figure.value is not None
    )


def _share(
    paragraph: Paragraph, at: int, spoken: Sequence[Quantity], totals: dict[Place, Sum], year: int | None
) -> Iterator[Share]:
    share = paragraph.quantities[at]
    before = [q for q in paragraph.quantities[max(0, at - 3) : at] if q.sentence == share.sentence]
    part = next((q for q in reversed(before) if q.is_amount), None)
    if part is None:
        return
    same_kind = [
        q
        for q in spoken[-60:]
        if q is not part and _measured_alike(q.figure, part.figure) and q.is_prior(year) == part.is_prior(year)
    ]
    named = [q for q in reversed(same_kind) if share.figure.of and _names(share.figure.of, q)]
    total = totals.get(part.figure.place)
    wholes = named[:3]
    if total and total.total not in wholes and (not share.figure.of or not named):
        wholes.append(total.total)
    near = named and named[0].line == part.line
    is_sure = bool(near or (total and not share.figure.of) or (total and total.total in named))
    if not wholes and not share.figure.of:
        near_by = (q for q in reversed(same_kind) if q.line == part.line and q.sentence == part.sentence)
        wholes = [q for q in near_by if amount(q.figure) >= amount(part.figure) and q.figure.place not in totals][:2]
    if wholes:
        yield Share(share, part, tuple(wholes), is_sure)


def _measured_alike(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and (one.kind is Kind.MONEY or one.unit == other.unit)


def _names(of: str, quantity: Quantity) -> bool:
    """Is this quantity called what the share names as its whole? Fillers and 总 / 合计 do not matter."""
    wanted, name = _core(of), _core(quantity.name)
    if not wanted:
        return _TOTAL.search(quantity.name) is not None
    return bool(name) and (name.endswith(wanted) or (wanted.endswith(name) and len(name) * 2 >= len(wanted)))


def _core(name: str) -> str:
    return _NOISE.sub("", name)


# --- the rules -----------------------------------------------------------------------------------------------------


def share_of_whole(case: Case, rule: Rule) -> Verdict:
    """P1: a share is its part divided by its whole; the shares of one whole make 100."""
    verdicts = Verdicts(rule)
    for one in case.once(shares):
        _judge_share(verdicts, one)
    for paragraph in case.once(prose):
        for group in _groups(paragraph):
            _judge_hundred(verdicts, group)
    return verdicts.verdict()


def _judge_share(verdicts: Verdicts, one: Share) -> None:
    said, part = one.share.figure, one.part.figure
    fits = [
        (percent_fit(said, part, whole.figure), number)
        for number, whole in enumerate(one.wholes)
        if amount(whole.figure)
    ]
    if not fits:
        return
    fit, number = min(fits)
    if fit is not Fit.HOLDS and not one.is_sure:
        return
    whole = one.wholes[number if fit is not Fit.FAILS else 0]
    if not amount(whole.figure):
        return
    exact = amount(part) / amount(whole.figure) * _HUNDRED
    computed = printed(exact, max(4, said.decimals))
    names = f"{one.part.name[-16:]}{say(part)}÷{whole.name[-16:]}{say(whole.figure)}"
    message = f"{names}＝{computed}%，文中占比{say(said)}"
    advice = f"请核对占比和两个金额；按文中金额占比应为{printed(exact, said.decimals)}%。"
    verdicts.judged(
        fit,
        message,
        said.value or Decimal(0),
        exact,
        (said, part, whole.figure),
        suggestion=advice,
        subject=one.part.name,
    )


def _groups(paragraph: Paragraph) -> Iterator[tuple[Quantity, ...]]:
    """Shares that are told one after the other, of one whole."""
    group: list[Quantity] = []
    for quantity in paragraph.quantities:
        if not is_share(quantity):
            continue
        if group and (quantity.sentence > group[-1].sentence + 1 or quantity.figure.of != group[-1].figure.of):
            yield tuple(group)
            group = []
        group.append(quantity)
    if len(group) > 1:
        yield tuple(group)


def _judge_hundred(verdicts: Verdicts, group: Sequence[Quantity]) -> None:
    """Shares need not be told in full: only what is off by one digit, or comes to more than 100, is a fault."""
    if len(group) < 2:
        return
    figures = [share.figure for share in group]
    added = sum((figure.value or Decimal(0) for figure in figures), Decimal(0))
    gap = abs(added - _HUNDRED)
    unit = min(last_place(figure) for figure in figures)
    allowed = max(last_place(figure) for figure in figures) * len(figures) / 2
    listed = "＋".join(say(figure) for figure in figures)
    message = f"各项占比{listed}＝{plain(added)}%"
    if gap == 0:
        fit = Fit.HOLDS
    elif gap <= allowed:
        fit = Fit.TAIL
    elif _is_one_digit(gap / unit) and gap <= 10 and unit < Decimal("0.1"):
        fit = Fit.FAILS
    else:
        return
    verdicts.judged(
        fit,
        message,
        added,
        _HUNDRED,
        figures,
        suggestion="请核对各项占比；同一总数的各项占比合计应为100%。",
        subject="占比合计",
    )


def _is_one_digit(steps: Decimal) -> bool:
    return len(steps.normalize().as_tuple().digits) == 1


def over_hundred(case: Case, rule: Rule) -> Verdict:
    """P7: a share, and what is called a satisfaction or coverage rate, is at most 100 %."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.PERCENT):
            figure = quantity.figure
            is_bounded = figure.role is Role.SHARE or (
                figure.role is Role.RATE and _NEVER_OVER.search(quantity.words) is not None
            )
            if is_bounded and (figure.value or Decimal(0)) > _HUNDRED:
                message = f"{quantity.name[-16:] or '占比'}{say(figure)}，超过100%。"
                verdicts.fails(
                    message,
                    figure.value,
                    _HUNDRED,
                    (figure,),
                    suggestion="请核对；占比、满意度等不会超过100%。",
                    subject=quantity.name,
                )
    return verdicts.verdict()
