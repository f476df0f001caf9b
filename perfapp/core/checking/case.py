"""What a rule is given: the text, its figures, the rule book and what is known from elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from perfapp.core.checking.book import Rule, RuleBook
from perfapp.core.checking.findings import Verdict
from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Manuscript, Place

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Known:
    """A fact the text is held against: its names, and its value in base units (money: 元) for the fiscal year."""

    key: str
    names: tuple[str, ...]
    amount: Decimal
    unit: str
    year: int | None = None
    office: str = ""
    linked: tuple[Place, ...] = ()  # where the text takes the figure from the fact itself


@dataclass(frozen=True)
class Case:
    """One manuscript under examination."""

    manuscript: Manuscript
    figures: tuple[Figure, ...]
    book: RuleBook
    known: tuple[Known, ...] = ()
    _found: dict[Callable[["Case"], Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, analysis: Callable[["Case"], Found]) -> Found:
        """What an analysis finds in this case, worked out when the first rule asks for it."""
        if analysis not in self._found:
            self._found[analysis] = analysis(self)
        found: Found = self._found[analysis]
        return found

    @cached_property
    def by_line(self) -> Mapping[int, tuple[Figure, ...]]:
        """The figures of each line, in order."""
        found: dict[int, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            found[figure.place.line].append(figure)
        return {number: tuple(listed) for number, listed in found.items()}


RuleFunction = Callable[[Case, Rule], Verdict]
"""A rule: pure, quick (a report of 200 pages in 3 s with all the others), silent where it is not sure."""
