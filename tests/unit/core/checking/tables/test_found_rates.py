"""Rates of any name in a table, by the columns that give them; totals beside a column of running numbers."""

from tests.unit.core.checking.examining import examined

SURVEY = """| 序号 | 对象 | 发放 | 收回 | 满意 | 满意度 |
|---|---|---|---|---|---|
| 1 | 农户 | 320 | 306 | 281 | 91.83% |
| 2 | 企业 | 30 | 30 | 28 | 93.33% |
| 3 | 干部 | 110 | 104 | 99 | 95.19% |
| 合计 | | 460 | 440 | 408 | 92.73% |
"""
PARTS = """| 项目 | 预算 | 决算 | 比重 |
|---|---|---|---|
| 材料费 | 286.00 | 279.40 | 22.00% |
| 测试费 | 342.00 | 336.55 | 26.50% |
| 设备费 | 712.00 | 654.05 | 51.50% |
| 合计 | 1340.00 | 1270.00 | 100.00% |
"""


def test_the_columns_of_a_rate_are_found_by_the_numbers() -> None:
    assert len(examined("T3", SURVEY).passed) == 4
    assert len(examined("T3", PARTS).passed) == 4


def test_a_wrong_digit_is_found_and_nothing_else_said() -> None:
    assert not examined("T3", SURVEY).findings
    assert not examined("T3", PARTS).findings
    assert len(examined("T3", SURVEY.replace("95.19%", "91.19%")).findings) == 1
    assert len(examined("T3", PARTS.replace("26.50%", "21.50%")).findings) == 1


def test_a_total_in_the_column_of_running_numbers_is_one() -> None:
    assert len(examined("T1", SURVEY).passed) == 3
    assert examined("T1", SURVEY.replace("460", "450")).findings


def test_a_rate_that_no_two_columns_give_is_left_alone() -> None:
    text = SURVEY.replace("91.83%", "88%").replace("93.33%", "90%").replace("95.19%", "97%").replace("92.73%", "91%")
    verdict = examined("T3", text)
    assert not verdict.passed
    assert not verdict.findings
