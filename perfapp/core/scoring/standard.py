"""An indicator's scoring rule as a sentence (评价标准): written from the rule itself, so that it never says another."""

from collections.abc import Callable, Mapping
from typing import Any

from perfapp.core.scoring.amounts import plain, points_text
from perfapp.core.scoring.indicators import Indicator
from perfapp.core.scoring.rules import (
    Bands,
    ByHand,
    CheckList,
    Deduction,
    Grade,
    Graded,
    Proportional,
    band_text,
    deduction_text,
)


def standard(indicator: Indicator) -> str:
    """≤100%计5分；每高于1个百分点扣0.5分，扣完为止。"""
    text = _WRITERS[type(indicator.rule)](indicator, indicator.rule)
    exempt = f"；{indicator.exempt.because}的，计满分" if indicator.exempt else ""
    return f"{text}{exempt}。"


def _proportional(indicator: Indicator, rule: Proportional) -> str:
    ratio = "目标与实际之比" if indicator.target and indicator.target.sign == "<=" else "实际与目标之比"
    least = "" if rule.nothing_below is None else f"，完成比例不足{plain(rule.nothing_below)}%不得分"
    return f"达到{indicator.target}计{points_text(indicator.weight)}分，未达到的按{ratio}计分{least}"


def _bands(indicator: Indicator, rule: Bands) -> str:
    return "；".join(
        f"{band_text(rule, number, indicator.unit)}计{points_text(band.points)}分"
        for number, band in enumerate(rule.bands)
    )


def _deduction(indicator: Indicator, rule: Deduction) -> str:
    side = {"<=": "高于", ">=": "低于"}.get(indicator.target.sign if indicator.target else "", "偏离")
    how = deduction_text(rule, indicator.unit)
    return f"{indicator.target}计{points_text(indicator.weight)}分；{side}目标的，{how}，扣完为止"


def _checks(indicator: Indicator, rule: CheckList) -> str:
    return "；".join(
        f"（{number}）{check.name}，未做到扣{points_text(check.points)}分"
        for number, check in enumerate(rule.checks, start=1)
    )


def _graded(indicator: Indicator, rule: Graded) -> str:
    return "；".join(f"{grade.name}{_range(grade, indicator)}" for grade in rule.grades)


def _range(grade: Grade, indicator: Indicator) -> str:
    if grade.low == grade.high:
        return f"计{points_text(indicator.weight * grade.high / 100)}分"
    return f"按分值的{plain(grade.low)}%至{plain(grade.high)}%计分"


def _by_hand(_indicator: Indicator, rule: ByHand) -> str:
    return rule.standard.rstrip("。") or "由评价人在分值内评定"


_WRITERS: Mapping[type, Callable[[Indicator, Any], str]] = {
    Proportional: _proportional,
    Bands: _bands,
    Deduction: _deduction,
    CheckList: _checks,
    Graded: _graded,
    ByHand: _by_hand,
}
