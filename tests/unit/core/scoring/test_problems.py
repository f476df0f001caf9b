"""What is wrong with a set is said in sentences, all at once, with the place."""

from typing import Any

import pytest

from perfapp.core.errors import Invalid
from perfapp.core.scoring.problems import parse
from perfapp.core.scoring.standard import standard
from tests.unit.core.scoring.samples import DEFINITIONS, indicator, raw_set, small


def refusal(raw: object) -> str:
    with pytest.raises(Invalid) as refused:
        parse(raw, DEFINITIONS)
    return refused.value.message


def bands(*steps: tuple[str | None, bool, str]) -> dict[str, Any]:
    listed = [{"up_to": edge, "included": included, "points": points} for edge, included, points in steps]
    return {"kind": "bands", "bands": listed}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight": "60"}, "各一级指标合计60分，应为100分，少40分，请调整分值。"),
        ({"actual": "nothing / spent"}, "用到了没有登记的数据“nothing”"),
        ({"actual": "trips"}, "公式算出来的单位不是“%”"),
        ({"actual": "spent +"}, "公式在末尾有误"),
        ({"actual": "spent + trips"}, "公式把不同单位的数据相加或相减了"),
        ({"target": None}, "按数计分的指标要有目标值和单位"),
        ({"rule": {"kind": "by_hand"}, "actual": "spent"}, "由人评定的指标不取数"),
        ({"exempt": {"zero": ["nothing"], "because": "没有"}}, "免扣条件用到了没有登记的数据“nothing”"),
        ({"rule": bands(("10", True, "100"), ("5", True, "50"), (None, True, "0"))}, "第2档的上限应当大于第1档的上限"),
        ({"rule": bands(("10", True, "100"), ("10", True, "50"), (None, True, "0"))}, "第2档的上限应当大于第1档的上限"),
        ({"rule": bands(("10", True, "100"), ("20", True, "0"))}, "最后一档不能有上限"),
        ({"rule": bands((None, True, "100"), (None, True, "0"))}, "只有最后一档可以没有上限"),
        ({"rule": bands(("10", True, "90"), (None, True, "0"))}, "最高一档90分，应当等于本指标的100分"),
        (
            {
                "rule": {
                    "kind": "graded",
                    "grades": [{"name": "好", "low": "80", "high": "100"}, {"name": "差", "low": "0", "high": "60"}],
                }
            },
            "“好”和“差”的比例要首尾相接",
        ),
        ({"weight": "abc"}, "“分值”应当是数字"),
        ({"name": ""}, "“名称”没有填写"),
        ({"rule": {"kind": "magic"}}, "是不认识的计分方法"),
        ({"key": "Not A Key"}, "“编码”只能用小写字母、数字和连字符"),
    ],
)
def test_a_faulty_indicator_is_refused(change: dict[str, Any], says: str) -> None:
    one = indicator(**change)
    assert says in refusal(
        raw_set(one)
        if one["weight"] != "abc"
        else raw_set()
        | {"headings": [{"name": "产出", "weight": "100", "groups": [{"name": "数量", "indicators": [one]}]}]}
    )


def test_a_heading_must_add_up() -> None:
    raw = raw_set(indicator(weight="98"))
    raw["headings"][0]["weight"] = "100"
    assert refusal(raw) == "一级指标“产出”定为100分，下面的三级指标合计98分，少2分，请调整分值。"


def test_keys_are_unique_and_every_fault_is_said_at_once() -> None:
    said = refusal(raw_set(indicator(weight="50"), indicator(weight="40", target=None))).split("\n")
    assert len(said) == 3
    assert "编码“one”用了2次" in said[1]


def test_grades_descend_to_nothing() -> None:
    steps = [{"name": "优", "at_least": 80}, {"name": "良", "at_least": 90}]
    assert refusal(raw_set(grades=steps)) == (
        "等次“优”的起点应当高于“良”，请从高到低排列。\n最低的等次“良”应当从0分起，否则低分没有等次。"
    )


@pytest.mark.parametrize("raw", [None, [], "x", 7, {}, {"headings": []}, {"headings": [{"groups": 3}]}])
def test_anything_at_all_is_refused_in_a_sentence(raw: object) -> None:
    assert refusal(raw).endswith("。")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "达到≥100%计100分，未达到的按实际与目标之比计分。"),
        (
            {"rule": {"kind": "deduction", "points": "2", "step": "5"}},
            "≥100%计100分；低于目标的，每满5个百分点扣2分，扣完为止。",
        ),
        (
            {"rule": bands(("10", True, "100"), (None, True, "0"))},
            "不超过10%计100分；超过10%计0分。",
        ),
        ({"rule": {"kind": "by_hand"}, "target": None}, "由评价人在分值内评定。"),
    ],
)
def test_the_standard_is_written_from_the_rule(change: dict[str, Any], says: str) -> None:
    assert standard(small(indicator(**change)).headings[0].groups[0].indicators[0]) == says
