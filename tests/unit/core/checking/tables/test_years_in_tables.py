"""T3: growth in a table whose rows, or whose columns, are years."""

from decimal import Decimal

import pytest

from tests.unit.core.checking.examining import examined, messages

DOWN = """近三年支出情况（单位：万元）

| 年度 | 支出合计 | 增长率 |
| --- | --- | --- |
| 2020年 | 1,000.00 | — |
| 2021年 | 1,100.00 | 10.00% |
| 2022年 | 1,320.00 | 20.00% |
"""
ACROSS = """| 项目 | 2020年 | 2021年 | 2022年 |
| --- | --- | --- | --- |
| 支出合计（万元） | 1,000.00 | 1,100.00 | 990.00 |
| 比上年增长（%） | — | 10.00 | -10.00 |
"""


def test_growth_down_the_rows_of_years() -> None:
    assert [passed.right for passed in examined("T3", DOWN).passed] == [Decimal(10), Decimal(20)]
    (finding,) = examined("T3", DOWN.replace("20.00%", "26.00%")).findings
    assert (finding.left, finding.right) == (Decimal("26.00"), Decimal(20))


def test_growth_under_the_columns_of_years() -> None:
    assert [passed.right for passed in examined("T3", ACROSS).passed] == [Decimal(10), Decimal(-10)]
    (finding,) = examined("T3", ACROSS.replace("1,100.00", "1,700.00").replace("| 10.00 |", "| 70.00 |")).findings
    assert finding.left == Decimal("-10.00")


@pytest.mark.parametrize(
    "text",
    [
        DOWN.replace("2021年", "2019年").replace("2020年", "2015年"),  # years that do not follow one another
        DOWN.replace("增长率", "预算执行率"),
        DOWN.replace("10.00%", "3.10%").replace("20.00%", "4.20%"),  # growth of something else
        ACROSS.replace("比上年增长（%）", "满意度（%）").replace("-10.00", "95.00"),
        ACROSS.replace("10.00 | -10.00", "3.00 | 4.00"),
    ],
)
def test_another_growth_is_left_alone(text: str) -> None:
    assert messages("T3", text) == []
