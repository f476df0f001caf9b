"""The year's facts with what stands behind each: what the choice of a fact, its card and an open text show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from perfapp.core.errors import NotFound
from perfapp.core.figures.facts import MISSING, Reference, Sheet
from perfapp.data import facts
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.data.facts import LAST
from perfapp.services import sheets


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
        behind = [self.value(key, last_year=is_last) for key, is_last in self.sheet.rests_on(reference)]
        days = [value.as_of for value in behind if value is not None]
        return Standing(
            self.sheet.shown(reference),
            max(days, default=None),
            all(value is not None and value.is_confirmed for value in behind),
        )


def of_cycle(cycle: CycleView) -> KnownFacts:
    """Everything known of the unit's facts in this year: four queries, however many facts there are."""
    listed = facts.of_unit(cycle.unit_id, retired=True)
    known = {fact.key: fact for fact in listed}
    names = {fact.id: key for key, fact in known.items()}
    now = facts.present(cycle.id)
    before = facts.present(cycle.previous_id) if cycle.previous_id else facts.present(cycle.id, period=LAST)
    return KnownFacts(cycle, known, sheets.sheet(cycle, listed), (_by_key(now, names), _by_key(before, names)))


def _by_key(found: Mapping[tuple[int, str], ValueView], names: Mapping[int, str]) -> dict[str, ValueView]:
    return {names[fact_id]: value for (fact_id, _), value in found.items() if fact_id in names}
