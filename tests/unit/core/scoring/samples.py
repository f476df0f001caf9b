"""Facts, sheets and small indicator sets to score."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from perfapp.core.figures.facts import Definition, Sheet
from perfapp.core.figures.units import to_base
from perfapp.core.scoring.indicators import IndicatorSet
from perfapp.core.scoring.problems import parse

FACTS = (
    Definition(key="opening-budget", name="年初预算", unit="万元", is_money=True),
    Definition(key="budget-added", name="追加", unit="万元", is_money=True),
    Definition(key="spent", name="总支出", unit="万元", is_money=True),
    Definition(key="adjusted", name="全年预算", unit="万元", is_money=True, formula="opening-budget + budget-added"),
    Definition(key="trips", name="派车趟数", unit="趟", decimals=0),
    Definition(key="satisfaction", name="满意度", unit="%"),
)
DEFINITIONS: Mapping[str, Definition] = {fact.key: fact for fact in FACTS}


def sheet(previous: Mapping[str, str] | None = None, **amounts: str) -> Sheet:
    """A sheet of amounts in the facts' own units; `_` in a name stands for `-`."""

    def base(given: Mapping[str, str]) -> dict[str, Decimal]:
        named = {key.replace("_", "-"): value for key, value in given.items()}
        return {key: to_base(Decimal(value), DEFINITIONS[key].unit) for key, value in named.items()}

    return Sheet(FACTS, base(amounts), base(previous or {}))


def indicator(key: str = "one", **more: Any) -> dict[str, Any]:
    """A proportional indicator of 100 points over the typed value, unless said otherwise."""
    fields: dict[str, Any] = {
        "key": key,
        "name": "预算执行率",
        "weight": "100",
        "target": {"sign": ">=", "value": "100", "unit": "%"},
        "rule": {"kind": "proportional"},
    }
    return fields | more


def raw_set(*indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A set of one heading with the weight of its indicators."""
    listed = list(indicators) or [indicator()]
    weight = str(sum(Decimal(one["weight"]) for one in listed))
    fields: dict[str, Any] = {
        "key": "small",
        "version": 1,
        "name": "小指标体系",
        "basis": "本单位规定",
        "headings": [{"name": "产出", "weight": weight, "groups": [{"name": "数量", "indicators": listed}]}],
        "grades": [{"name": "优", "at_least": 90}, {"name": "良", "at_least": 80}, {"name": "差", "at_least": 0}],
        "table": {
            "mark": "附件3",
            "title": "自评表",
            "columns": [
                {"show": "heading", "title": "一级指标"},
                {"show": "name", "title": "三级指标"},
                {"show": "weight", "title": "分值"},
                {"show": "points", "title": "得分"},
                {"show": "reason", "title": "偏差原因"},
            ],
        },
    }
    return fields | more


def small(*indicators: dict[str, Any], **more: Any) -> IndicatorSet:
    return parse(raw_set(*indicators, **more), DEFINITIONS)
