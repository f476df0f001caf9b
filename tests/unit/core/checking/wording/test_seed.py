"""The report of 2018 that the product grew from: what its words give away, and nothing more."""

from decimal import Decimal
from pathlib import Path

import pytest

from perfapp.core.checking.tables import TABLE_RULES
from perfapp.core.checking.wording import WORDING_RULES
from tests.unit.core.checking.examining import examined

REPORT = (Path(__file__).parents[4] / "data" / "report-2018.txt").read_text()
FOUND = {
    "X2": [("基建维修支出0万元", "提质改造")],
    "W5": [("截止当前", "全年，圆满完成了各项接待任务，共接待来宾9批")],
    "C1": [("公务接待", "公务用车")],
    "C2": [("预决算及信息公开情况。",)],
    "C3": [("2018年度部门整体支出绩效自评报告",)],
    "V1": [("近1600余",), ("90多", "80趟左右"), ("基本零反馈", "高度好评")],
    "L1": [("预算单位基本情况", "二、"), ("预决算及信息公开情况。", "（二）"), ("（5）是",)],
    "L2": [("单位名称（盖章）",), ("单位名称（盖章）",)],
}


@pytest.mark.parametrize("code", [*WORDING_RULES, *TABLE_RULES])
def test_each_rule_finds_what_is_there_and_nothing_else(code: str) -> None:
    lines = REPORT.split("\n")
    found = [
        tuple(lines[place.line - 1][place.start : place.end] for place in finding.places[:2])
        for finding in examined(code, REPORT).findings
    ]
    assert found == FOUND.get(code, [])


def test_what_holds_is_told() -> None:
    (balanced,) = examined("C4", REPORT).passed
    assert (balanced.left, balanced.right) == (Decimal(4), Decimal(4))
    assert "编号（1）至（10）连续，共10项。" in [passed.message for passed in examined("L1", REPORT).passed]
