"""What if a fact were other: the score without saving anything, and which facts cost most."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.figures.facts import Sheet
from perfapp.core.scoring.entries import Entry
from perfapp.core.scoring.indicators import IndicatorSet
from perfapp.core.scoring.measure import Source, title
from perfapp.core.scoring.score import Line, Scored, score


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator whose points would be others."""

    before: Line
    after: Line

    @property
    def gain(self) -> Decimal:
        return self.after.points - self.before.points


@dataclass(frozen=True, slots=True)
class Supposed:
    """The score as it is and as it would be."""

    before: Scored
    after: Scored

    @property
    def changes(self) -> tuple[Change, ...]:
        pairs = zip(self.before.lines, self.after.lines, strict=True)
        return tuple(
            Change(one, other)
            for one, other in pairs
            if (one.points, one.is_scored, one.actual) != (other.points, other.is_scored, other.actual)
        )

    @property
    def gain(self) -> Decimal:
        return self.after.total - self.before.total


@dataclass(frozen=True, slots=True)
class Cost:
    """The points lost by the indicators that rest on this fact; one loss may rest on several facts."""

    source: Source
    name: str
    points: Decimal
    indicators: tuple[str, ...]


def suppose(form: IndicatorSet, sheet: Sheet, other: Sheet, entries: Mapping[str, Entry]) -> Supposed:
    """`other` is the sheet as it would be, its formulas following."""
    return Supposed(score(form, sheet, entries), score(form, other, entries))


def costs(scored: Scored, sheet: Sheet) -> tuple[Cost, ...]:
    """The facts behind lost points, dearest first."""
    lost: dict[Source, list[Line]] = {}
    for line in scored.lines:
        if line.system is not None and line.system < line.indicator.weight:
            for source in line.sources:
                lost.setdefault(source, []).append(line)
    found = [
        Cost(
            source,
            title(source, sheet),
            sum((line.indicator.weight - (line.system or 0) for line in lines), Decimal(0)),
            tuple(line.indicator.name for line in lines),
        )
        for source, lines in lost.items()
    ]
    return tuple(sorted(found, key=lambda cost: (-cost.points, cost.name)))
