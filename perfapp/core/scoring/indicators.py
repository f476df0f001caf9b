"""An indicator set as data: headings, groups and indicators with weight, target, actual and scoring rule."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.figures.facts import FactKey
from perfapp.core.figures.formula import MAX_LENGTH
from perfapp.core.scoring.rules import Judged, Rule
from perfapp.core.scoring.target import Target

Key = FactKey
Title = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Weight = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
MAX_INDICATORS = 100


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(StrEnum):
    """What an indicator stands for where a check must know it."""

    EXECUTION = "execution"  # 预算执行率: its points are held against all the others
    COST = "cost"  # 成本指标: less is better


class Exemption(_Value):
    """Full marks where all these facts are 0: there was nothing to control."""

    zero: Annotated[tuple[FactKey, ...], Field(min_length=1, max_length=10)]
    because: Annotated[str, StringConstraints(min_length=1, max_length=100)]


class Indicator(_Value):
    """A 三级指标.

    `actual` is a fact key or a formula over fact keys; empty: typed by hand. A name that ends in `-last-year` is
    last year's value of that fact. `office` is a hint of who fills it in; empty: who owns the facts. `meaning` is
    what is measured and how (口径), `goal` the target in words where no number can say it.
    """

    key: Key
    name: Title
    weight: Weight
    target: Target | None = None
    goal: Note = ""
    actual: Annotated[str, StringConstraints(max_length=MAX_LENGTH, strip_whitespace=True)] = ""
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    rule: Rule
    role: Role | None = None
    office: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = ""
    exempt: Exemption | None = None
    meaning: Note = ""
    evidence: Note = ""
    basis: Note = ""

    @property
    def unit(self) -> str:
        return self.target.unit if self.target else ""

    @property
    def is_judged(self) -> bool:
        """Points come from a person's answer, not from a measured value."""
        return isinstance(self.rule, Judged)


class Group(_Value):
    """A 二级指标."""

    name: Title
    indicators: Annotated[tuple[Indicator, ...], Field(max_length=MAX_INDICATORS)]

    @property
    def weight(self) -> Decimal:
        """What its indicators add up to."""
        return sum((indicator.weight for indicator in self.indicators), Decimal(0))


class Heading(_Value):
    """A 一级指标, with the weight that its indicators must add up to."""

    name: Title
    weight: Weight
    groups: Annotated[tuple[Group, ...], Field(max_length=MAX_INDICATORS)]


class GradeStep(_Value):
    """优 from 90 points on."""

    name: Title
    at_least: Annotated[Decimal, Field(ge=0, le=100)]


class Spending(_Value):
    """Which facts are the year's budget and what was spent of it."""

    budget: FactKey
    spent: FactKey


class Column(StrEnum):
    """The columns a score table may have."""

    HEADING = "heading"
    HEADING_WEIGHT = "heading_weight"
    GROUP = "group"
    GROUP_WEIGHT = "group_weight"
    NAME = "name"
    WEIGHT = "weight"
    TARGET = "target"
    ACTUAL = "actual"
    STANDARD = "standard"
    POINTS = "points"
    DEDUCTION = "deduction"
    REASON = "reason"


class TableColumn(_Value):
    show: Column
    title: Title


class FundsRow(_Value):
    """A row of the block of funds; the points of execution stand in the row that `is_total`."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    opening: FactKey | None = None
    adjusted: FactKey | None = None
    spent: FactKey | None = None
    is_total: bool = False


class TableForm(_Value):
    """How the score table is laid out on paper."""

    mark: Title
    title: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    orientation: Literal["portrait", "landscape"] = "landscape"
    columns: Annotated[tuple[TableColumn, ...], Field(min_length=3, max_length=12)]
    funds: Annotated[tuple[FundsRow, ...], Field(max_length=12)] = ()
    has_goals: bool = False
    notes: Annotated[tuple[Note, ...], Field(max_length=10)] = ()
    sign_offs: Annotated[tuple[Title, ...], Field(max_length=6)] = ()


class IndicatorSet(_Value):
    """A whole set. `basis` is the document it follows; a unit is to check it against its own notice."""

    key: Key
    version: int = Field(ge=1)
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    place: str = ""
    basis: Note
    to_be_checked: Note = ""
    headings: Annotated[tuple[Heading, ...], Field(min_length=1, max_length=12)]
    grades: Annotated[tuple[GradeStep, ...], Field(min_length=1, max_length=8)]
    spending: Spending | None = None
    table: TableForm

    def walk(self) -> Iterator[tuple[Heading, Group, Indicator]]:
        """Every indicator under its headings, in printed order."""
        for heading in self.headings:
            for group in heading.groups:
                for indicator in group.indicators:
                    yield heading, group, indicator

    def indicator(self, key: str) -> Indicator | None:
        return next((indicator for _, _, indicator in self.walk() if indicator.key == key), None)

    def grade(self, points: Decimal) -> str:
        """优, 良, 中, 差 by the points."""
        return next((step.name for step in self.grades if points >= step.at_least), self.grades[-1].name)
