"""The scoring rules: how a measured value or a person's judgement becomes points. Data, and pure.

Every rule gives at least 0 and at most the weight. A value is judged as it is printed: 30.004 % with two decimals
is 30.00 %, so that the table never shows a value on one side of an edge and the points of the other.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.scoring.amounts import plain, points_text
from perfapp.core.scoring.target import Target

MAX_LISTED = 20
Points = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Proportional(_Value):
    """Reached: the full weight. Not reached: the weight times actual / target (target / actual for a ceiling).

    财预〔2020〕10号. Under `nothing_below` per cent of the target there are no points.
    """

    kind: Literal["proportional"] = "proportional"
    nothing_below: Percent | None = None


class Band(_Value):
    """Values up to `up_to`, itself `included` or not, that no band before took; None takes all the rest."""

    up_to: Decimal | None = None
    included: bool = True
    points: Points


class Bands(_Value):
    """Bands from the lowest value to the highest: a band starts where the one before it ends."""

    kind: Literal["bands"] = "bands"
    bands: Annotated[tuple[Band, ...], Field(min_length=2, max_length=MAX_LISTED)]


class Deduction(_Value):
    """`points` off for every `step` on the wrong side of the target, until nothing is left.

    `counting` says what a part of a step costs: nothing (completed), a whole step (started), its share (exact).
    """

    kind: Literal["deduction"] = "deduction"
    points: Annotated[Points, Field(gt=0)]
    step: Annotated[Decimal, Field(gt=0)]
    counting: Literal["completed", "started", "exact"] = "completed"


class CheckPoint(_Value):
    """One thing that must be so; `points` are lost where it is not."""

    name: Name
    points: Annotated[Points, Field(gt=0)]


class CheckList(_Value):
    """Yes or no, point by point."""

    kind: Literal["checks"] = "checks"
    checks: Annotated[tuple[CheckPoint, ...], Field(min_length=1, max_length=MAX_LISTED)]


class Grade(_Value):
    """A judgement in words and the share of the weight it may be worth: `low` to `high` per cent, both included."""

    name: Name
    low: Percent
    high: Percent


class Graded(_Value):
    """达成, 部分达成, 未达成: a grade, and a percentage inside its range where the range leaves a choice."""

    kind: Literal["graded"] = "graded"
    grades: Annotated[tuple[Grade, ...], Field(min_length=2, max_length=MAX_LISTED)]


class ByHand(_Value):
    """A reviewer gives the points; `standard` says by what."""

    kind: Literal["by_hand"] = "by_hand"
    standard: Annotated[str, StringConstraints(max_length=500)] = ""


Measured = Proportional | Bands | Deduction
Judged = CheckList | Graded | ByHand
Rule = Annotated[Measured | Judged, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Award:
    """Points between 0 and the weight, exact, and how the rule came to them."""

    points: Decimal
    how: str


def measured(rule: Measured, weight: Decimal, target: Target, value: Decimal, decimals: int) -> Award:
    """The points for a value, given as printed with `decimals`, in the target's unit."""
    match rule:
        case Proportional():
            return _proportional(rule, weight, target, value)
        case Bands():
            return _banded(rule, weight, target, value, decimals)
        case Deduction():
            return _deducted(rule, weight, target, value, decimals)
    assert_never(rule)


def share_of(target: Target, value: Decimal) -> Decimal:
    """How much of the target is reached, 0 to 1; 1 exactly where it is reached."""
    if target.is_met(value):
        return Decimal(1)
    goal = target.value
    # A goal of 0, a value of 0 where another is wanted, or opposite signs: nothing of it is reached.
    if goal == 0 or value == 0 or (goal > 0) != (value > 0):
        return Decimal(0)
    return min(value / goal, goal / value)


def _proportional(rule: Proportional, weight: Decimal, target: Target, value: Decimal) -> Award:
    share = share_of(target, value)
    if share == 1:
        return Award(weight, f"达到目标{target}")
    if rule.nothing_below is not None and share * 100 < rule.nothing_below:
        return Award(Decimal(0), f"目标{target}，完成比例不足{plain(rule.nothing_below)}%，不得分")
    ratio = "目标与实际之比" if target.sign == "<=" else "实际与目标之比"
    return Award(weight * share, f"目标{target}，未达到，按{ratio}计分")


def band_of(rule: Bands, value: Decimal) -> int:
    """The number of the band, from 0, that takes the value."""
    for number, band in enumerate(rule.bands):
        if band.up_to is None or value < band.up_to or (band.included and value == band.up_to):
            return number
    return len(rule.bands) - 1


def band_text(rule: Bands, number: int, unit: str) -> str:
    """20%（不含）至30%, 不超过0%, 超过30%, 低于70%, 90%及以上."""
    band, below = rule.bands[number], rule.bands[number - 1] if number else None
    upper = "" if band.up_to is None else plain(band.up_to) + unit
    lower = "" if below is None or below.up_to is None else plain(below.up_to) + unit
    if below is None or not lower:
        return f"{'不超过' if band.included else '低于'}{upper}"
    if not upper:
        return f"超过{lower}" if below.included else f"{lower}及以上"
    return f"{lower}{'（不含）' if below.included else ''}至{upper}{'' if band.included else '（不含）'}"


def _banded(rule: Bands, weight: Decimal, target: Target, value: Decimal, decimals: int) -> Award:
    number = band_of(rule, value)
    return Award(min(rule.bands[number].points, weight), f"落在{band_text(rule, number, target.unit)}档")


def _deducted(rule: Deduction, weight: Decimal, target: Target, value: Decimal, decimals: int) -> Award:
    if target.is_met(value):
        return Award(weight, f"达到目标{target}")
    away = abs(value - target.value)
    steps = away / rule.step
    if rule.counting != "exact":
        steps = steps.to_integral_value(ROUND_FLOOR if rule.counting == "completed" else ROUND_CEILING)
    side = "高于" if value > target.value else "低于"
    gap = f"{away:,.{decimals}f}{unit_away(target.unit)}"
    return Award(
        max(Decimal(0), weight - steps * rule.points),
        f"{side}目标{target.amount} {gap}，{deduction_text(rule, target.unit)}",
    )


def deduction_text(rule: Deduction, unit: str) -> str:
    """每满5个百分点扣2分."""
    word = {"completed": "每满", "started": "每（不足的按满计）", "exact": "每"}[rule.counting]
    return f"{word}{plain(rule.step)}{unit_away(unit)}扣{points_text(rule.points)}分"


def unit_away(unit: str) -> str:
    """The unit of a difference: percentages differ by 个百分点."""
    return "个百分点" if unit == "%" else unit


def checked(rule: CheckList, weight: Decimal, answers: tuple[bool, ...]) -> Award:
    """The points for a list answered in full."""
    failed = [check for check, holds in zip(rule.checks, answers, strict=True) if not holds]
    if not failed:
        return Award(weight, f"{len(rule.checks)}项要求全部做到")
    named = "、".join(f"{check.name}（扣{points_text(check.points)}分）" for check in failed)
    lost = sum((check.points for check in failed), Decimal(0))
    return Award(max(Decimal(0), weight - lost), f"{len(rule.checks)}项要求中{len(failed)}项未做到：{named}")


def graded(grade: Grade, weight: Decimal, percent: Decimal) -> Award:
    """The points for a grade and a percentage inside its range."""
    return Award(weight * percent / 100, f"评为“{grade.name}”，按{plain(percent)}%计分")
