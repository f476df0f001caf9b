"""The year's self-score: the pinned indicators scored from facts and entries, and what a reviewer would doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from perfapp.core.checking.book import RuleBook
from perfapp.core.checking.findings import Finding
from perfapp.core.checkpoints import foreseen
from perfapp.core.figures.facts import Sheet
from perfapp.core.permissions import Actor, Permission
from perfapp.core.scoring.doubts import doubts
from perfapp.core.scoring.indicators import Indicator, IndicatorSet
from perfapp.core.scoring.measure import source_of
from perfapp.core.scoring.score import Line, Scored, score
from perfapp.core.scoring.what_if import Cost, costs
from perfapp.data import checkpoints, facts, forms, indicators, people, rules
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView
from perfapp.data.forms import Pinned
from perfapp.data.indicators import EntryView
from perfapp.data.people import OfficeView
from perfapp.services import sheets
from perfapp.services.forms import hinted


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as its page and the table show it. The bars say why not; '' where the person may."""

    line: Line
    view: EntryView | None
    office_id: int | None
    office_name: str
    fill_bar: str
    consent_bar: str

    @property
    def awaits_consent(self) -> bool:
        own = self.line.entry.own
        return own is not None and not own.is_consented


@dataclass(frozen=True)
class SelfScore:
    """Everything about the self-score of one cycle."""

    cycle: CycleView
    pinned: Pinned
    form: IndicatorSet
    sheet: Sheet
    facts: tuple[FactView, ...]
    views: Mapping[str, EntryView]
    scored: Scored

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        return costs(self.scored, self.sheet)

    @cached_property
    def doubts(self) -> tuple[Finding, ...]:
        """By the rules that the cycle is pinned to."""
        pinned = forms.pinned(self.cycle.id, "rules")
        book = RuleBook.model_validate(pinned.content) if pinned else rules.rule_book()
        expected = foreseen(checkpoints.answers_of_cycle(self.cycle.id))
        return doubts(self.scored, self.sheet, book, expected)

    @cached_property
    def offices(self) -> tuple[OfficeView, ...]:
        return tuple(people.offices(self.cycle.unit_id))

    def rows(self, reader: Actor) -> tuple[Row, ...]:
        return tuple(self.row(reader, line) for line in self.scored.lines)

    def row(self, reader: Actor, line: Line) -> Row:
        office_id = self.owner(line.indicator)
        name = next((office.name for office in self.offices if office.id == office_id), "")
        view = self.views.get(line.indicator.key)
        return Row(
            line=line,
            view=view,
            office_id=office_id,
            office_name=name,
            fill_bar=fill_bar(reader, office_id, name),
            consent_bar=consent_bar(reader, office_id, name, view),
        )

    def owner(self, indicator: Indicator) -> int | None:
        """Who fills it in: the office of its hint, else the owner of its first fact, else the first office."""
        if not indicator.office:
            found = self._fact_owner(indicator)
            if found is not None:
                return found
        return hinted(indicator.office, self.offices)

    def _fact_owner(self, indicator: Indicator) -> int | None:
        line = self.scored.line(indicator.key)
        owners = {fact.key: fact.office_id for fact in self.facts}
        known = (owners.get(source_of(source.key, self.sheet.definitions).key) for source in line.sources)
        return next((owner for owner in known if owner is not None), None)


def of_cycle(cycle: CycleView) -> SelfScore:
    """NotFound where the cycle's form has no indicators."""
    pinned = forms.demand(cycle.id, "indicators")
    form = IndicatorSet.model_validate(pinned.content)
    known = facts.of_unit(cycle.unit_id, retired=True)
    sheet = sheets.sheet(cycle, known)
    views = indicators.of_cycle(cycle.id)
    scored = score(form, sheet, {key: view.entry for key, view in views.items()})
    return SelfScore(cycle, pinned, form, sheet, known, views, scored)


def fill_bar(actor: Actor, office_id: int | None, office_name: str) -> str:
    """Why the actor may not fill in an indicator of this office; '' when he may."""
    if office_id is None:
        return "本单位还没有科室，请先设置科室。"
    if not actor.may_at(Permission.ENTER_FIGURE, office_id):
        return f"由{office_name}的经办人填报。"
    return ""


def consent_bar(actor: Actor, office_id: int | None, office_name: str, view: EntryView | None) -> str:
    """Why the actor may not consent to the score set by hand; '' when he may."""
    if view is None or view.entry.own is None:
        return "没有要同意的自评得分。"
    if view.consented_by is not None:
        return f"{view.consented_by_name}已经同意这个自评得分。"
    if office_id is None or not actor.may_at(Permission.CONFIRM_FIGURE, office_id):
        return f"由{office_name or '负责科室'}负责人同意。"
    return "自己填的得分须由他人同意。" if view.entered_by == actor.id else ""
