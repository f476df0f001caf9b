"""T1 totals, T2 empty totals, T5 the two sides, T6 三公经费, X6 empty tables."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.examining import examined, messages


def tabbed(*rows: str) -> str:
    """Fields parted by single spaces; _ is an empty field."""
    return "\n".join("\t".join("" if field == "_" else field for field in row.split(" ")) for row in rows)


FLAT = tabbed("项目 金额", "办公费 12.30", "会议费 20.00", "培训费 8.15", "合计 40.45")
TWO_COLUMNS = tabbed("项目 预算数 决算数", "合计 60.00 55.20", "办公费 20.00 18.10", "会议费 40.00 37.10")
CODES = tabbed(
    "科目编码 科目名称 合计 基本支出 项目支出",
    "_ 合计 300.00 200.00 100.00",
    "201 一般公共服务支出 250.00 170.00 80.00",
    "20103 政府办公厅及相关机构事务 250.00 170.00 80.00",
    "2010301 行政运行 170.00 170.00 0.00",
    "2010302 一般行政管理事务 80.00 0.00 80.00",
    "208 社会保障和就业支出 50.00 30.00 20.00",
    "20805 行政事业单位养老支出 50.00 30.00 20.00",
    "2080501 行政单位离退休 30.00 20.00 10.00",
    "2080505 养老保险缴费 20.00 10.00 10.00",
)
OF_WHICH = tabbed(
    "项目 年初预算 决算",
    "一、基本支出 1200.00 1500.50",
    "其中：人员经费 800.00 1000.50",
    "公用经费 400.00 500.00",
    "二、项目支出 300.00 320.00",
    "合计 1500.00 1820.50",
)
SUBTOTALS = tabbed(
    "项目 上年数 本年数",
    "一、人员经费 100.00 110.00",
    "二、公用经费 50.00 45.00",
    "小计 150.00 155.00",
    "三、专项业务费 30.00 32.00",
    "四、运行维护费 20.00 21.00",
    "小计 50.00 53.00",
    "总计 200.00 208.00",
)
BALANCE = tabbed(
    "项目 行次 金额 项目 行次 金额",
    "一、财政拨款收入 1 2559.70 一、一般公共服务支出 10 2100.21",
    "二、事业收入 2 0.00 二、社会保障和就业支出 11 300.00",
    "三、其他收入 3 0.51 三、住房保障支出 12 160.00",
    "本年收入合计 4 2560.21 本年支出合计 13 2560.21",
    "年初结转和结余 5 12.00 年末结转和结余 14 12.00",
    "总计 6 2572.21 总计 15 2572.21",
)
WHOLE = [FLAT, TWO_COLUMNS, CODES, SUBTOTALS, BALANCE, OF_WHICH]


@pytest.mark.parametrize("table", WHOLE)
def test_totals_that_hold_pass_and_nothing_is_found(table: str) -> None:
    for code in ("T1", "T2", "T5"):
        assert messages(code, table) == []
    assert examined("T1", table).passed


@pytest.mark.parametrize(
    ("table", "old", "new", "left", "right"),
    [
        (FLAT, "20.00", "26.00", "40.45", "46.45"),
        (FLAT, "40.45", "48.45", "48.45", "40.45"),
        (TWO_COLUMNS, "18.10", "81.10", "55.20", "118.20"),
        (CODES, "2010302\t一般行政管理事务\t80.00", "2010302\t一般行政管理事务\t90.00", "250.00", "260.00"),
        (SUBTOTALS, "155.00", "165.00", "165.00", "155.00"),
        (OF_WHICH, "1820.50", "1830.50", "1830.50", "1820.50"),
        (BALANCE, "\t300.00", "\t380.00", "2560.21", "2640.21"),
    ],
)
def test_one_digit_otherwise_is_found_with_both_numbers(table: str, old: str, new: str, left: str, right: str) -> None:
    found = [(finding.left, finding.right) for finding in examined("T1", table.replace(old, new)).findings]
    assert (Decimal(left), Decimal(right)) in found


@settings(deadline=None)
@given(
    parts=st.lists(st.decimals("10", "9999", places=2), min_size=2, max_size=8),
    where=st.integers(0, 7),
    change=st.decimals("1", "900", places=2),
)
def test_a_plain_table_is_judged_exactly(parts: list[Decimal], where: int, change: Decimal) -> None:
    total = sum(parts, Decimal(0))
    changed = [part + change if at == where % len(parts) else part for at, part in enumerate(parts)]
    for listed, is_right in ((parts, True), (changed, False)):
        rows = [f"第{at}项工作经费 {part}" for at, part in enumerate(listed)]
        verdict = examined("T1", tabbed("项目 金额", *rows, f"合计 {total}"))
        assert bool(verdict.passed) is is_right
        assert bool(verdict.findings) is not is_right


def test_a_tail_is_a_note() -> None:
    (finding,) = examined("T1", FLAT.replace("40.45", "40.46")).findings
    assert finding.severity is Severity.NOTE
    counted = tabbed("项目 人数", "行政人员 112人", "事业人员 20人", "合计 133人")
    assert [finding.severity for finding in examined("T1", counted).findings] == [Severity.ERROR]


UNSURE = [
    tabbed("项目 金额", "合计 100.00", "其中：办公费 20.00", "会议费 30.00"),
    tabbed("项目 人均 增长率", "甲 12.50 3.10", "乙 20.00 4.20", "合计 16.25 3.65"),
    tabbed("序号 项目 年份", "1 甲 2017", "2 乙 2018", "3 合计 2018"),
    tabbed(
        "项目 金额 备注",
        "重点项目一 120.00 部分",
        "重点项目二 80.00 部分",
        "项目支出总额 1500.00 全部",
        "小计 200.00 部分",
    ),
]


@pytest.mark.parametrize("table", UNSURE)
def test_where_the_structure_is_not_sure_nothing_is_said(table: str) -> None:
    assert messages("T1", table) == []


def test_an_empty_total_over_full_parts() -> None:
    (blank,) = examined("T2", TWO_COLUMNS.replace("60.00", "")).findings
    assert (blank.left, blank.right) == (None, Decimal("60.00"))
    (zero,) = examined("T2", TWO_COLUMNS.replace("55.20", "0")).findings
    assert (zero.left, zero.right) == (Decimal(0), Decimal("55.20"))
    assert messages("T1", TWO_COLUMNS.replace("55.20", "0")) == []


def test_a_part_is_not_more_than_its_whole() -> None:
    table = tabbed("项目 年初数 全年数", "年度资金总额： 0 0", "其中：本年财政拨款 90 89.97")
    (said,) = messages("T2", table)
    assert "“本年财政拨款”却有90" in said
    assert messages("T2", table.replace("0\t0", "90\t89.97")) == []


def test_the_two_sides_come_to_the_same() -> None:
    assert [(passed.left, passed.right) for passed in examined("T5", BALANCE).passed] == [
        (Decimal("2572.21"), Decimal("2572.21"))
    ]
    last = BALANCE.rpartition("2572.21")
    (finding,) = examined("T5", f"{last[0]}2527.21").findings
    assert (finding.left, finding.right, finding.severity) == (Decimal("2572.21"), Decimal("2527.21"), Severity.ERROR)


DOWN = tabbed(
    "项目 预算数 决算数",
    "合计 28.60 21.45",
    "因公出国（境）费 0.00 0.00",
    "公务接待费 12.60 9.25",
    "公务用车购置及运行维护费 16.00 12.20",
    "其中：公务用车运行维护费 12.00 8.20",
    "公务用车购置费 4.00 4.00",
)
ACROSS = "\n".join(
    (
        "| 合计 | 因公出国（境）费 | 公务用车购置费 | 公务用车运行维护费 | 公务接待费 |",
        "| --- | --- | --- | --- | --- |",
        "| 29.00 | 0.00 | 0.00 | 28.00 | 1.00 |",
    )
)


def test_the_three_costs_add_up_whichever_way_the_table_lies() -> None:
    assert len(examined("T6", DOWN).passed) == 4
    assert len(examined("T6", ACROSS).passed) == 1
    for table in (DOWN, ACROSS):
        assert messages("T6", table) == []


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [(DOWN, "9.25", "9.52"), (DOWN, "8.20", "3.20"), (DOWN, "28.60", "23.60"), (ACROSS, "1.00", "7.00")],
)
def test_three_costs_that_do_not_add_up(table: str, old: str, new: str) -> None:
    assert [finding.severity for finding in examined("T6", table.replace(old, new)).findings] == [Severity.ERROR]


def test_numbers_of_guests_and_cars_are_no_costs() -> None:
    table = tabbed(
        "项目 决算数", "公务接待批次 9", "公务接待人次 305", "公务用车保有量 3", "因公出国（境）团组数 0", "合计 12"
    )
    assert examined("T6", table).passed == ()


def test_an_empty_table_needs_its_sentence() -> None:
    table = "| 项目 | 年初结转 | 本年收入 |\n| --- | --- | --- |\n| 政府性基金 |  |  |\n| 土地出让 |  |  |"
    assert len(messages("X6", table)) == 1
    assert messages("X6", f"{table}\n\n说明：本年度没有政府性基金收支。") == []
    assert messages("X6", table.replace("政府性基金 |  |", "政府性基金 | 12 |")) == []
    assert messages("X6", "| 环节 | 预算审核 |\n| --- | --- |\n| 审核 |  |\n| 负责人签字 |  |") == []
