"""The year's facts with what stands behind each: what the choice of a fact, its card and an open text show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from perfapp.core.errors import NotFound
from perfapp.core.figures.facts import MISSING, Form, Reference, Sheet
from perfapp.data import facts
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.data.facts import YEAR
from perfapp.services import sheets

_NOW, _BEFORE = 0, 1
_YEARS: Mapping[Form, tuple[int, ...]] = {
    Form.LAST_YEAR: (_BEFORE,),
    Form.GROWTH: (_NOW, _BEFORE),
    Form.CHANGE: (_NOW, _BEFORE),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How sure a shown figure is: its characters, the day its numbers are of, whether all of them are confirmed."""

    shown: str
    as_of: date | None
    is_confirmed: bool

    @property
    def is_missing(self) -> bool:
        return self.shown == MISSING


@dataclass(frozen=True)
class KnownFacts:
    """Facts by key, the present values of this year and last by key, and the sheet that works with them."""

    cycle: CycleView
    facts: Mapping[str, FactView]
    sheet: Sheet
    values: tuple[Mapping[str, ValueView], Mapping[str, ValueView]]

    @property
    def in_use(self) -> Iterable[FactView]:
        return (fact for fact in self.facts.values() if fact.retired_at is None)

    def get(self, key: str) -> FactView:
        if key not in self.facts:
            raise NotFound("没有找到这项数据。")
        return self.facts[key]

    def value(self, key: str, *, last_year: bool = False) -> ValueView | None:
        return self.values[int(last_year)].get(key)

    def standing(self, reference: Reference) -> Standing:
        years = _YEARS.get(reference.form, (_NOW,))
        keys = self.sheet.behind(reference) if reference.fact in self.facts else frozenset()
        behind = [self.values[year].get(key) for year in years for key in sorted(keys)]
        days = [value.as_of for value in behind if value is not None]
        return Standing(
            self.sheet.shown(reference),
            max(days, default=None),
            bool(behind) and all(value is not None and value.is_confirmed for value in behind),
        )


def of_cycle(cycle: CycleView) -> KnownFacts:
    """Everything known of the unit's facts in this year: four queries, however many facts there are."""
    listed = facts.of_unit(cycle.unit_id, retired=True)
    known = {fact.key: fact for fact in listed}
    names = {fact.id: key for key, fact in known.items()}
    this, last = (_by_key(cycle_id, names) for cycle_id in (cycle.id, cycle.previous_id))
    return KnownFacts(cycle, known, sheets.sheet(cycle, listed), (this, last))


def _by_key(cycle_id: int | None, names: Mapping[int, str]) -> dict[str, ValueView]:
    found = facts.present(cycle_id) if cycle_id else {}
    return {names[fact_id]: value for (fact_id, period), value in found.items() if period == YEAR and fact_id in names}
