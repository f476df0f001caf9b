"""A whole and its parts: where prose says that one amount is made up of others, do they add up?

A list is held against its total in every way it may fairly be read (with or without what stands in brackets, up to
the next 其中 …). Only where no reading fits, and the list is known to be whole, is it a finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case, RuleFunction
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.adding import INNER, Sum
from perfapp.core.checking.sentences.apart import told_apart
from perfapp.core.checking.sentences.closings import closings
from perfapp.core.checking.sentences.flows import Flow, classified, continued_flows, flows_of, list_flows, told_below
from perfapp.core.checking.sentences.named_lists import named_lists, wholes_of
from perfapp.core.checking.sentences.names import core
from perfapp.core.checking.sentences.numbers import Fit, amount, say, say_like
from perfapp.core.checking.sentences.partitions import PARTITIONS
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, lists, prose
from perfapp.core.checking.sentences.scored import scored
from perfapp.core.checking.sentences.series import series
from perfapp.core.checking.sentences.told_lists import GENERIC, short_name, summed_below, told_lists
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.units import from_base
from perfapp.core.manuscript import Place

_FULL = Decimal(100)
_ANNOUNCES = re.compile(r"[：:]\s*$|(?:如下|以下|其中|包括|具体|明细|分别)[^，。]{0,16}[。：:]?\s*$")


def sums(case: Case) -> tuple[Sum, ...]:
    """Every total with its parts, whether they add up or not."""
    year, tail, paragraphs = case.manuscript.fiscal_year, case.book.tail, case.once(prose)
    spoken = [q for paragraph in paragraphs for q in paragraph.quantities if q.is_amount]
    elsewhere = {partition: wholes_of(partition, spoken) for partition in PARTITIONS if partition.is_called_by_name}
    found = {_key(one): one for paragraph in paragraphs for one in series(paragraph, year, tail)}
    told = {figure.place for one in found.values() for figure in one.figures}
    found |= {_key(one): one for one in (*scored(paragraphs, tail), *summed_below(paragraphs, tail))}
    for flow in _announced(paragraphs):
        for one in (*named_lists(flow, year, tail, elsewhere), *told_lists(flow, year, tail)):
            if not _mixes(one, found, told) and _is_better(one, found.get(_key(one))):
                found[_key(one)] = one
    held = {one.total.figure.place for one in found.values() if one.fit is Fit.HOLDS}
    unsaid = (one for flow in _unannounced(paragraphs) for one in named_lists(flow, year, tail, elsewhere))
    closed = [one for paragraph in paragraphs for one in closings(paragraph, year, tail)]
    found |= {_key(one): one for one in closed if one.total.figure.place not in held and _key(one) not in found}
    apart = (one for one in told_apart(spoken, year, tail) if one.total.figure.place not in held)
    for one in (*(one for one in unsaid if one.fit is Fit.HOLDS), *apart):  # unsaid: a misfit proves nothing
        found.setdefault(_key(one), one)
    return tuple(one for one in found.values() if not _is_of_itself(one))


def _is_of_itself(one: Sum) -> bool:
    """公务接待费2万元；出国费0万元＋公务接待费2万元: the same amount told again, and nothing."""
    told = [part for part in one.parts if part.figure.value]
    return one.code == GENERIC and len(told) == 1 and core(told[0].name) == core(one.total.name)


def _announced(paragraphs: tuple[Paragraph, ...]) -> Iterator[Flow]:
    for paragraph in paragraphs:
        yield from flows_of(paragraph)
    for head, items in lists(paragraphs):
        if _ANNOUNCES.search(head.text):
            yield from list_flows(head, items)
    yield from (*continued_flows(paragraphs), *told_below(paragraphs), *classified(paragraphs))


def _unannounced(paragraphs: tuple[Paragraph, ...]) -> Iterator[Flow]:
    for head, items in lists(paragraphs):
        if not _ANNOUNCES.search(head.text):
            yield from list_flows(head, items)


def _key(one: Sum) -> tuple[Place, Place]:
    return one.total.figure.place, one.parts[0].figure.place


def _mixes(one: Sum, found: Mapping[tuple[Place, Place], Sum], told: set[Place]) -> bool:
    """Does it add up what a series tells of different things: 受理 and 审结?"""
    is_guess = one.code == GENERIC and one.fit is not Fit.HOLDS and _key(one) not in found
    return is_guess and any(figure.place in told for figure in one.figures)


def _is_better(one: Sum, other: Sum | None) -> bool:
    return other is None or (one.fit, one.code == GENERIC) < (other.fit, other.code == GENERIC)


def sum_rule(code: str) -> RuleFunction:
    """The rule for all sums of one code."""

    def rule_function(case: Case, rule: Rule) -> Verdict:
        verdicts = Verdicts(rule)
        for one in case.once(sums):
            if one.code != code or one.unit_slip is not None or _is_of_another(case, one):
                continue
            if one.fit is not Fit.FAILS or one.is_sure or one.is_surplus:
                _judge(verdicts, one)
            elif one.is_nearly_whole or one.is_digit_off:
                _remark(verdicts, one)
        return verdicts.verdict()

    return rule_function


def _is_of_another(case: Case, one: Sum) -> bool:
    """The parts exactly make up another amount told nearer before them, or are more than this total could hold.

    Of scores: 投入（20分）, 过程（30分） … that make a hundred are what could be had, not what was got.
    """
    whole = amount(one.total.figure)
    if one.fit is not Fit.FAILS:
        return False
    if one.code == "G9" and one.added == _FULL:
        return True
    told, first = one.total.figure.place, one.figures[0].place
    is_too_much = any(amount(figure) > whole for figure in one.figures)
    lines = {first.line, *((told.line,) if is_too_much else ())}
    near = [q for paragraph in case.once(prose) for q in paragraph.quantities if q.line in lines and q.is_amount]
    others = [q.figure for q in near if amount(q.figure) == one.added and q.figure.place < first]
    return any(is_too_much or other.place.line > told.line for other in others)


def mixed_units(case: Case, rule: Rule) -> Verdict:
    """M12: a sum that would fit if one of its amounts were in 元 instead of 万元, or the other way round."""
    verdicts = Verdicts(rule)
    for one in case.once(sums):
        slip = one.unit_slip
        if slip:
            message = f"{_equation(one)}，相差悬殊；{slip}。"
            advice = f"请核对“{say(slip.figure)}”的计量单位，全文统一为一种金额单位。"
            figures = (slip.figure, one.total.figure, *one.figures)
            verdicts.fails(message, *_sides(one), figures, suggestion=advice, subject=one.total.name)
    return verdicts.verdict()


def part_over_total(case: Case, rule: Rule) -> Verdict:
    """M11: no part is more than its total, and a total of nothing has no parts."""
    verdicts = Verdicts(rule)
    for one in case.once(sums):
        if "净" in one.total.clause:
            continue  # 净资产100万元。其中固定资产原值200万元: more than what is left of it
        if one.fit is not Fit.FAILS or one.is_sure or one.is_surplus or not INNER.search(one.parts[0].lead):
            continue
        most = max(_in_one_breath(one.parts), key=lambda part: amount(part.figure))
        if amount(most.figure) > amount(one.total.figure) and most.figure.place.line == one.total.figure.place.line:
            verdicts.fails(
                f"其中的{short_name(most)}{say(most.figure)}大于合计{one.total.name[-16:]}{say(one.total.figure)}。",
                most.figure.value,
                one.total.figure.value,
                (most.figure, one.total.figure),
                suggestion="请核对合计与分项；分项不会大于合计。",
                subject=short_name(most),
            )
    return verdicts.verdict()


def _in_one_breath(parts: Sequence[Quantity]) -> Iterator[Quantity]:
    """The first part and those that a 、 joins to it; after a comma something else may begin."""
    yield parts[0]
    for part in parts[1:]:
        if not part.lead.startswith("、"):
            break
        yield part


def _judge(verdicts: Verdicts, one: Sum) -> None:
    left, right = _sides(one)
    hint = next((f"。如{slip}" for slip in one.slips), "")
    gap = say_like(one.gap, one.total.figure, _decimals(one))
    message = _equation(one)
    if one.fit is Fit.FAILS:
        message += f"，相差{gap}"
    advice = f"请核对总数和各分项{hint}；如另有未列出的部分，请补列或注明。"
    where = (one.total.figure, *one.figures)
    verdicts.judged(one.fit, message, left, right, where, suggestion=advice, subject=one.total.name)


def _remark(verdicts: Verdicts, one: Sum) -> None:
    """A list that may or may not be whole: the difference is a fact, not yet a fault."""
    gap = say_like(one.gap, one.total.figure, _decimals(one))
    hint = next((f"如{slip}；" for slip in one.slips), "")
    verdicts.fails(
        f"{_equation(one)}，与合计相差{gap}。",
        *_sides(one),
        (one.total.figure, *one.figures),
        suggestion=f"{hint}如只列了主要部分，请写明“主要包括”或“等”，或补列其余部分。",
        subject=one.total.name,
        severity=Severity.NOTE,
    )


def _sides(one: Sum) -> tuple[Decimal, Decimal]:
    """The total as printed, and what the parts add up to in its unit."""
    return one.total.figure.value or Decimal(0), from_base(one.added, one.total.figure.unit)


def _equation(one: Sum) -> str:
    listed = "＋".join(f"{name}{say(figure)}" for name, figure in zip(one.names, one.figures, strict=True))
    added = say_like(one.added, one.total.figure, _decimals(one))
    return f"{one.total.name[-16:]}{say(one.total.figure)}；{listed}＝{added}"


def _decimals(one: Sum) -> int:
    return max(figure.decimals for figure in (one.total.figure, *one.figures))
