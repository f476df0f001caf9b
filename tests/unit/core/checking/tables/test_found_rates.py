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


SHIFTED = """项目资金 | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
 | 年度资金总额 | 64.5 | 60.0 | 51.6 | 10 | 86% | 8.6
 | 其中：财政拨款 | 64.5 | 60.0 | 51.6 | | |
"""
UNDER_MERGED = """| 预算执行情况 | 预算数 | 年初预算数 | 调整后预算数 | 执行数 | 执行率 | 得分 |
|---|---|---|---|---|---|---|
| 总额 | 0.00 | 4.20 | 4.20 | 100.00% | 10 | 10 |
"""


def test_a_row_that_begins_with_a_bar_where_the_heads_do_not_begins_with_an_empty_cell() -> None:
    assert len(examined("T3", SHIFTED).passed) == 1
    assert len(examined("T3", SHIFTED.replace("86%", "96%")).findings) == 1


def test_of_a_row_moved_by_merged_heads_nothing_is_said() -> None:
    verdict = examined("T3", UNDER_MERGED)
    assert not verdict.passed
    assert not verdict.findings
