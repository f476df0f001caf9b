"""A cycle's facts as people look at them: what each amounts to, where it stands, and what it asks of whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.document import FigureAttrs
from perfapp.core.figures.fact_state import FactState, fact_state
from perfapp.core.figures.facts import MISSING, Form, Reference, Sheet
from perfapp.core.figures.units import from_base, printed, unit
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import SectionState
from perfapp.data import cycles, disputes, facts, figure_uses, sections
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.data.facts import YEAR
from perfapp.data.sections import SectionView
from perfapp.services import sheets
from perfapp.services.facts import confirming_bar, entering_bar

_DRAFTS = frozenset({SectionState.NOT_STARTED, SectionState.DRAFTING})
_PERCENT = "percent"
_CONFIRMS = (Permission.CONFIRM_FIGURE, Permission.CONFIRM_MONEY)


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in a year. Texts are with their unit, and empty where nothing is known."""

    fact: FactView
    value: ValueView | None  # the year's present value, of a fact that is entered or added up
    amount: Decimal | None  # in the fact's unit
    shown: str
    last_amount: Decimal | None
    last_shown: str
    change: str  # against last year: 增加25.48%
    state: FactState
    is_mine: bool  # of the person's own office
    may_enter: bool
    may_confirm: bool
    is_disputed: bool
    has_changed: bool  # a decided text shows it as it was before

    @property
    def is_missing(self) -> bool:
        """Somebody has to enter it."""
        return self.state is FactState.EMPTY


@dataclass(frozen=True, slots=True)
class FactTable:
    cycle: CycleView
    rows: tuple[FactRow, ...]


def table(actor: Actor, cycle_id: int) -> FactTable:
    """Every fact in use of the actor's unit, in order. The number of queries does not depend on theirs."""
    cycle = cycles.visible(actor, cycle_id)
    known = facts.of_unit(actor.unit_id, retired=True)
    sheet = sheets.sheet(cycle, known)
    values = facts.present(cycle.id)
    disputed = {dispute.fact_id for dispute in disputes.undecided([cycle.id])}
    changed = changed_keys(cycle, sheet)
    rows = (
        _row(actor, fact, values.get((fact.id, YEAR)), sheet, fact.id in disputed, fact.key in changed)
        for fact in known
        if fact.retired_at is None
    )
    return FactTable(cycle, tuple(rows))


def row(actor: Actor, fact: FactView, value: ValueView | None, sheet: Sheet, *, is_disputed: bool = False) -> FactRow:
    """One fact as it would stand in the table, but for what approved texts show of it."""
    return _row(actor, fact, value, sheet, is_disputed, False)


def changed_keys(cycle: CycleView, sheet: Sheet) -> frozenset[str]:
    """The facts that read otherwise now than in a text handed in before: 数据已变."""
    outline = {section.id: section for section in sections.outline(cycle.id)}
    return frozenset(
        figure.fact for _, found in _outdated(figure_uses.uses(cycle.id), outline, sheet).items() for figure in found
    )


def places(cycle: CycleView, key: str, sheet: Sheet) -> list[tuple[SectionView, bool]]:
    """The sections that show the fact, in printed order, each with whether its decided text is out of date."""
    uses = {key: figure_uses.uses(cycle.id).get(key, ())}
    outline = {section.id: section for section in sections.outline(cycle.id)}
    old = _outdated(uses, outline, sheet)
    return [
        (section, any(key in {figure.fact, figure.other} for figure in old.get(section.id, ())))
        for section in outline.values()
        if section.id in uses[key]
    ]


def waiting(actor: Actor, cycle_ids: Iterable[int]) -> list[tuple[FactView, ValueView]]:
    """The cycles' values, of the year and of months, that wait for this person's word."""
    if not any(actor.may(permission) for permission in _CONFIRMS):
        return []
    return [
        (fact, value)
        for fact, value in facts.unconfirmed(cycle_ids, actor.unit_id)
        if not confirming_bar(actor, fact, value)
    ]


def _outdated(
    uses: Mapping[str, tuple[int, ...]], outline: Mapping[int, SectionView], sheet: Sheet
) -> dict[int, tuple[FigureAttrs, ...]]:
    ids = {section_id for found in uses.values() for section_id in found}
    decided = sorted(i for i in ids if i in outline and outline[i].state not in _DRAFTS)
    texts = sections.contents(decided) if decided else {}
    return {section_id: sheets.outdated(text.document, sheet) for section_id, text in texts.items()}


def _row(
    actor: Actor, fact: FactView, value: ValueView | None, sheet: Sheet, is_disputed: bool, has_changed: bool
) -> FactRow:
    amount, last = sheet.amount(fact.key), sheet.amount(fact.key, last_year=True)
    state = fact_state(
        fact.definition,
        has_value=value is not None and value.amount is not None,
        is_confirmed=value is not None and value.is_confirmed,
    )
    waits = value is not None and state is FactState.WAITING
    return FactRow(
        fact=fact,
        value=value,
        amount=None if amount is None else from_base(amount, fact.definition.unit),
        shown=_shown(sheet, fact.key, Form.VALUE),
        last_amount=None if last is None else from_base(last, fact.definition.unit),
        last_shown=_shown(sheet, fact.key, Form.LAST_YEAR),
        change=_change(sheet, fact, amount, last),
        state=state,
        is_mine=fact.office_id in actor.office_ids,
        may_enter=not entering_bar(actor, fact, value),
        may_confirm=waits and value is not None and not confirming_bar(actor, fact, value),
        is_disputed=is_disputed,
        has_changed=has_changed,
    )


def _shown(sheet: Sheet, key: str, form: Form) -> str:
    text = sheet.shown(Reference(fact=key, form=form))
    return "" if text == MISSING else text


def _change(sheet: Sheet, fact: FactView, amount: Decimal | None, last: Decimal | None) -> str:
    """The growth; between two percentages the difference in points."""
    if amount is None or last is None or unit(fact.definition.unit).dimension != _PERCENT:
        return _shown(sheet, fact.key, Form.GROWTH)
    if amount == last:
        return "持平"
    points = printed(abs(amount - last), fact.definition.decimals)
    return f"{'提高' if amount > last else '下降'}{points}个百分点"
