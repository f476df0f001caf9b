"""Shares: 占…的95.09% against the two amounts, and the shares of one whole against 100."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.names import core
from perfapp.core.checking.sentences.numbers import (
    Fit,
    amount,
    last_place,
    percent_fit,
    plain,
    ratio_fit,
    say,
    say_like,
    slack,
)
from perfapp.core.checking.sentences.parts import Share, is_share, measured_alike, shares, whole_name
from perfapp.core.checking.sentences.prose import prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed

_HUNDRED = Decimal(100)
_BASIC = re.compile(r"基本支出(?:预算|决算)?数?$")
_PROJECTS = re.compile(r"项目支出(?:预算|决算)?数?$")
_REACH = 8  # shares between the two halves of a whole
_NEVER_OVER = re.compile(
    r"满意[度率]|合格率|覆盖率|及时率|准确率|公开率|优良率|达标率|入学率|参与率|知晓率|支付率|占比|比重"
)


def share_of_whole(case: Case, rule: Rule) -> Verdict:
    """P1: a share is its part divided by its whole; the shares of one whole make 100."""
    verdicts = Verdicts(rule)
    for group in _groups(case.once(shares)):
        together = _together(group)
        for one in group:
            _judge_share(verdicts, one, together)
        if len(group) > 1:
            _judge_hundred(verdicts, group)
    for pair in _two_halves(case.once(shares)):
        _judge_hundred(verdicts, pair)
    return verdicts.verdict()


def _groups(told: Sequence[Share]) -> Iterator[tuple[Share, ...]]:
    """Shares that are told one after the other, of one whole."""
    group: list[Share] = []
    for one in told:
        last = group[-1] if group else None
        if last and not _belongs(last, one):
            yield tuple(group)
            group = []
        group.append(one)
    if group:
        yield tuple(group)


def _belongs(last: Share, one: Share) -> bool:
    before, share = last.share, one.share
    is_near = share.line == before.line and share.sentence <= before.sentence + 1
    return is_near and measured_alike(last.part.figure, one.part.figure) and whole_name(share) == whole_name(before)


def _two_halves(told: Sequence[Share]) -> Iterator[tuple[Share, Share]]:
    """基本支出 and 项目支出 as shares of what is called the same, told in two paragraphs."""
    for at, one in enumerate(told):
        if not _BASIC.search(one.part.name):
            continue
        of = core(whole_name(one.share))
        other = next((share for share in told[at + 1 : at + 1 + _REACH] if _is_other_half(share, one, of)), None)
        if of and other:
            yield one, other


def _is_other_half(share: Share, one: Share, of: str) -> bool:
    is_apart = share.share.line != one.share.line
    return is_apart and _PROJECTS.search(share.part.name) is not None and core(whole_name(share.share)) == of


def _together(group: Sequence[Share]) -> tuple[Figure, ...]:
    """The parts of a group, if together they are the whole: the shares make 100, or all but one are shares of it."""
    if len(group) < 2 or len({one.part.figure.place for one in group}) < len(group):
        return ()
    added = sum((amount(one.part.figure) for one in group), Decimal(0))
    if added <= 0:
        return ()
    shares_added = sum((one.share.figure.value or Decimal(0) for one in group), Decimal(0))
    fitting = sum(_fits_sum(one, added) is not Fit.FAILS for one in group)
    tail = max(last_place(one.share.figure) for one in group) * len(group)
    is_whole = abs(shares_added - _HUNDRED) <= tail or fitting >= max(1, len(group) - 1)
    return tuple(one.part.figure for one in group) if is_whole else ()


def _fits_sum(one: Share, added: Decimal) -> Fit:
    return ratio_fit(one.share.figure, amount(one.part.figure), slack(one.part.figure), added, slack(one.part.figure))


def _judge_share(verdicts: Verdicts, one: Share, together: tuple[Figure, ...]) -> None:
    added = sum((amount(figure) for figure in together), Decimal(0))
    said, part = one.share.figure, one.part.figure
    fits = [
        (percent_fit(said, part, whole.figure), number)
        for number, whole in enumerate(one.wholes)
        if amount(whole.figure)
    ]
    fit, number = min(fits, default=(Fit.FAILS, -1))
    if fit is not Fit.HOLDS and together:
        fit = min(fit, _fits_sum(one, added))
        number = -1 if not fits or not one.is_sure else number
    elif fit is not Fit.HOLDS and not (one.is_sure and fits):
        return
    figures: tuple[Figure, ...] = (said, part)
    if number >= 0:
        whole = one.wholes[number if fit is not Fit.FAILS else 0]
        figures, base, name = (said, part, whole.figure), amount(whole.figure), f"{whole.name[-16:]}{say(whole.figure)}"
    else:
        figures, base, name = (said, part, *together), added, f"各项合计{say_like(added, part)}"
    if not base:
        return
    exact = amount(part) / base * _HUNDRED
    computed = printed(exact, max(4, said.decimals))
    message = f"{one.part.name[-16:]}{say(part)}÷{name}＝{computed}%，文中占比{say(said)}"
    advice = f"请核对占比和两个金额；按文中金额占比应为{printed(exact, said.decimals)}%。"
    verdicts.judged(fit, message, said.value or Decimal(0), exact, figures, suggestion=advice, subject=one.part.name)


def _judge_hundred(verdicts: Verdicts, group: Sequence[Share]) -> None:
    """Shares need not be told in full: only what is off by one digit, or comes to more than 100, is a fault."""
    figures = [one.share.figure for one in group]
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
    elif added > _HUNDRED and group[0].share.line != group[-1].share.line:
        fit = Fit.FAILS  # two halves that make more than the whole
    else:
        return
    advice = "请核对各项占比；同一总数的各项占比合计应为100%。"
    verdicts.judged(fit, message, added, _HUNDRED, figures, suggestion=advice, subject="占比合计")


def _is_one_digit(steps: Decimal) -> bool:
    return len(steps.normalize().as_tuple().digits) == 1


def over_hundred(case: Case, rule: Rule) -> Verdict:
    """P7: a share, and what is called a satisfaction or coverage rate, is at most 100 %."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.PERCENT):
            figure = quantity.figure
            is_bounded = is_share(quantity) or (
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
