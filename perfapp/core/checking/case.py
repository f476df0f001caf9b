"""What a rule is given: the text, its figures, the rule book and what is known from elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from perfapp.core.checking.book import Rule, RuleBook
from perfapp.core.checking.findings import Verdict
from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Manuscript, Place


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

    @cached_property
    def by_line(self) -> Mapping[int, tuple[Figure, ...]]:
        """The figures of each line, in order."""
        found: dict[int, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            found[figure.place.line].append(figure)
        return {number: tuple(listed) for number, listed in found.items()}


RuleFunction = Callable[[Case, Rule], Verdict]
"""A rule: pure, quick (a report of 200 pages in 3 s with all the others), silent where it is not sure."""
