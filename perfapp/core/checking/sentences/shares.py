"""Shares: 占…的95.09% against the two amounts, and the shares of one whole against 100."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.names import core
from perfapp.core.checking.sentences.numbers import (
    Fit,
    amount,
    last_place,
    misprint,
    percent_fit,
    plain,
    ratio_fit,
    say,
    say_like,
    slack,
)
from perfapp.core.checking.sentences.parts import Share, is_share, measured_alike, row_of_percents, shares, whole_name
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed, to_base

_HUNDRED = Decimal(100)
_BASIC = re.compile(r"基本支出(?:预算|决算)?数?$")
_PROJECTS = re.compile(r"项目支出(?:预算|决算)?数?$")
_ROW = re.compile(r"季度.{0,12}(?:占比|比重|占)|各(?:类|项|级|季度).{0,12}(?:占比|比重|占)")
_ROW_LENGTH = 3
_DETAILED = 3  # digits from which a wrong one is evidence
_SPAN = re.compile(r"以上|以下")
_MOST = 6  # amounts of a sentence of which two may be the whole together
_REACH = 8  # shares between the two halves of a whole
_NEVER_OVER = re.compile(
    r"满意[度率]|合格率|覆盖率|及时率|准确率|公开率|优良率|达标率|入学率|参与率|知晓率|支付率|占比|比重"
)


def share_of_whole(case: Case, rule: Rule) -> Verdict:
    """P1: a share is its part divided by its whole; the shares of one whole make 100."""
    verdicts = Verdicts(rule)
    told = {q.figure.place: paragraph.quantities for paragraph in case.once(prose) for q in paragraph.quantities}
    for group in _groups(case.once(shares)):
        together = _together(group)
        for one in group:
            _judge_share(verdicts, one, together, told.get(one.share.figure.place, ()))
        if len(group) > 1:
            _judge_hundred(verdicts, group)
    for pair in _two_halves(case.once(shares)):
        _judge_hundred(verdicts, pair)
    _judge_rows(verdicts, case)
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


def _is_of_others(one: Share, near: Sequence[Quantity]) -> bool:
    """Other numbers of the sentence give it: then the words were taken wrongly, and no number is wrong."""
    said, part = one.share.figure, one.part.figure
    span = _SPAN.search(one.share.clause)
    if span and span[0] not in one.part.name:
        return True  # 副高以上占20.7%: of several parts
    alike = [
        q.figure
        for q in near
        if q.sentence == one.share.sentence and q.is_amount and q.figure is not part and measured_alike(q.figure, part)
    ]
    pairs = [pair for other in alike if other.value for pair in ((other, part), (part, other))]
    if said.decimals and any(percent_fit(said, *pair) is Fit.HOLDS for pair in pairs):
        return True  # 聘用47人，实际用工168人，聘用占28.0%; 在编169人，教师156人；研究生39人，占25.0%
    added = (amount(first) + amount(second) for first, second in combinations(alike[-_MOST:], 2))
    return said.decimals > 1 and any(
        ratio_fit(said, amount(part), slack(part), whole, slack(part)) is Fit.HOLDS for whole in added if whole
    )


def _judge_share(verdicts: Verdicts, one: Share, together: tuple[Figure, ...], near: Sequence[Quantity]) -> None:
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
        _judge_loose(verdicts, one)
        return
    figures: tuple[Figure, ...] = (said, part)
    if number >= 0:
        whole = one.wholes[number if fit is not Fit.FAILS else 0]
        figures, base, name = (said, part, whole.figure), amount(whole.figure), f"{whole.name[-16:]}{say(whole.figure)}"
    else:
        figures, base, name = (said, part, *together), added, f"各项合计{say_like(added, part)}"
    if not base or (fit is Fit.FAILS and _is_of_others(one, near)):
        return
    exact = amount(part) / base * _HUNDRED
    computed = printed(exact, max(4, said.decimals))
    message = f"{one.part.name[-16:]}{say(part)}÷{name}＝{computed}%，文中占比{say(said)}"
    advice = f"请核对占比和两个金额；按文中金额占比应为{printed(exact, said.decimals)}%。"
    verdicts.judged(fit, message, said.value or Decimal(0), exact, figures, suggestion=advice, subject=one.part.name)


def _judge_loose(verdicts: Verdicts, one: Share) -> None:
    """The words leave open of what it is a share; that one other digit would make it one is worth a remark."""
    said, part = one.share.figure, one.part.figure
    for whole in (q.figure for q in one.wholes):
        figures = (said, part, whole)
        if min(len((f.value or Decimal(0)).normalize().as_tuple().digits) for f in figures) < _DETAILED:
            continue
        slip = misprint(figures, partial(_is_share_of, figures))
        if slip:
            exact = amount(part) / amount(whole) * _HUNDRED
            verdicts.fails(
                f"{one.part.name[-16:]}{say(part)}÷{say(whole)}＝{printed(exact, 4)}%，文中占比{say(said)}，似不相符。",
                said.value,
                exact,
                figures,
                suggestion=f"请核对占比和两个金额：{slip}。",
                subject=one.part.name,
                severity=Severity.NOTE,
            )
            return


def _is_share_of(figures: Sequence[Figure], values: Sequence[Decimal]) -> bool:
    said, part, whole = (to_base(value, figure.unit) for value, figure in zip(values, figures, strict=True))
    return whole > 0 and abs(part / whole * _HUNDRED - said) * 2 <= Decimal(1).scaleb(-figures[0].decimals)


def _judge_rows(verdicts: Verdicts, case: Case) -> None:
    """第一至第四季度支出占比分别为12.5%、21.3%、24.8%和41.4%: the shares of the quarters, or of all kinds, make 100."""
    for paragraph in case.once(prose):
        told = paragraph.of_kind(Kind.PERCENT)
        for head in (q for q in told if _ROW.search(f"{q.figure.label}{q.lead}") and "分别" in q.lead):
            first, last = row_of_percents(paragraph.quantities, head.rank)
            row = [q.figure for q in paragraph.quantities[first : last + 1]]
            added = sum((figure.value or Decimal(0) for figure in row), Decimal(0))
            if head.rank != first or len(row) < _ROW_LENGTH:
                continue
            message = f"各项占比{'＋'.join(say(figure) for figure in row)}＝{plain(added)}%"
            if added == _HUNDRED:
                verdicts.holds(f"{message}，相符。", added, _HUNDRED, row)
            elif misprint(row, lambda values: sum(values) == _HUNDRED):
                advice = "请核对各项占比；同一总数的各项占比合计应为100%。"
                verdicts.fails(
                    f"{message}，不相符。",
                    added,
                    _HUNDRED,
                    row,
                    suggestion=advice,
                    subject="占比合计",
                    severity=Severity.NOTE,
                )


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


def _is_reckoned(paragraph: Paragraph, share: Quantity) -> bool:
    """资金109.40万元，占项目支出的107.4%（项目支出101.89万元）: what the two amounts give is no slip."""
    told = [q.figure for q in paragraph.quantities if q.sentence == share.sentence and q.is_amount and q.figure.value]
    pairs = [(one, other) for one in told for other in told if one is not other and measured_alike(one, other)]
    exact = share.figure.decimals > 0
    return exact and any(percent_fit(share.figure, *pair) is Fit.HOLDS for pair in pairs)


def over_hundred(case: Case, rule: Rule) -> Verdict:
    """P7: a share, and what is called a satisfaction or coverage rate, is at most 100 %."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for quantity in paragraph.of_kind(Kind.PERCENT):
            figure = quantity.figure
            is_bounded = is_share(quantity) or (
                figure.role is Role.RATE and _NEVER_OVER.search(quantity.words) is not None
            )
            if is_bounded and (figure.value or Decimal(0)) > _HUNDRED and not _is_reckoned(paragraph, quantity):
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
