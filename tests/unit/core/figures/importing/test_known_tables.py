"""The tables that units really have are read without anybody's help."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from perfapp.core.figures.importing.fact_plan import FactPlan, plan
from perfapp.core.figures.importing.suggesting import known_table, shape, suggest
from perfapp.core.spreadsheet import Workbook
from tests.unit.core.figures.importing.sheets import (
    BASE_TABLE,
    BASE_TABLE_MERGES,
    BUDGET,
    BUDGET_MERGES,
    DEFINITIONS,
    FINAL_ACCOUNTS,
    FINAL_ACCOUNTS_MERGES,
    THREE_COSTS,
    THREE_COSTS_MERGES,
    Written,
    book,
    rules,
)


def read(found: Workbook, year: int = 2018) -> FactPlan:
    tables = rules().tables
    mapping = suggest(found.grids[0], year, DEFINITIONS.values(), tables)
    return plan(found, mapping, year, DEFINITIONS, tables)


def amounts(found: FactPlan) -> dict[str, Decimal]:
    """By cell: key, with 上年 or the month before it where it is not this year's; in the fact's base unit."""
    names = {True: "上年 ", False: ""}
    return {
        f"{one.cell} {names[one.is_last_year]}{'' if one.period == 'year' else one.period + ' '}{one.fact}": one.amount
        for one in found.planned
    }


def test_the_final_accounts_are_read_on_both_sides() -> None:
    found = read(book("财决01表", FINAL_ACCOUNTS, FINAL_ACCOUNTS_MERGES))
    assert amounts(found) == {
        "C7 fiscal-grant": Decimal(25597000),
        "C9 business-income": Decimal(0),
        "C10 other-income": Decimal(5100),
        "C11 total-income": Decimal(25602100),
        "F11 total-spending": Decimal(25602100),
        "C12 carry-over-in": Decimal(0),
        "F12 carry-over-out": Decimal(0),
    }
    assert [slot.cell for slot in found.blank] == ["C8"]
    assert found.troubles == ()


def test_facts_may_stand_in_the_heads() -> None:
    found = read(book("公开08表", THREE_COSTS, THREE_COSTS_MERGES))
    keys = ("three-public", "overseas-travel", "vehicle-cost", "vehicle-purchase", "vehicle-running", "reception")
    assert [one.fact for one in found.planned] == [*(f"{key}-budget" for key in keys), *keys]
    assert [one.amount / 10000 for one in found.planned] == list(
        map(Decimal, ("76", "0", "70", "0", "70", "6", "71.5", "0", "67.3", "0", "67.3", "4.2"))
    )
    assert found.troubles == ()


def test_the_base_table_gives_last_year_budget_and_this_year() -> None:
    found = amounts(read(book("基础数据表", BASE_TABLE, BASE_TABLE_MERGES)))
    assert found == {
        "B5 staff-quota": 24, "D5 staff-in-service": 23, "F5 staff-control-rate": Decimal("95.83"),
        "B7 上年 three-public": 725200, "D7 three-public-budget": 760000, "F7 three-public": 715000,
        "B8 上年 vehicle-cost": 684000, "D8 vehicle-cost-budget": 700000, "F8 vehicle-cost": 673000,
        "B9 上年 vehicle-purchase": 0, "D9 vehicle-purchase-budget": 0, "F9 vehicle-purchase": 0,
        "B10 上年 vehicle-running": 684000, "D10 vehicle-running-budget": 700000, "F10 vehicle-running": 673000,
        "B11 上年 reception": 41200, "D11 reception-budget": 60000, "F11 reception": 42000,
        "D12 procurement-budget": 980000, "F12 procurement": 900000,
        "D13 opening-budget": 19910400, "F13 budget-added": 5691700,
        "B15 building-approved-area": 120, "C15 building-actual-area": Decimal("118.5"),
        "E15 building-approved-cost": 300000, "F15 building-actual-cost": 295000,
    }  # fmt: skip


def test_the_budget_is_no_final_account() -> None:
    found = amounts(read(book("收支总表", BUDGET, BUDGET_MERGES)))
    assert found == {"D5 basic-budget": 18000000, "D6 project-budget": 1910400, "B7 opening-budget": 19910400}


LISTS: Sequence[tuple[Sequence[Sequence[Written]], dict[str, str]]] = (
    (
        (("名称", "数值", "单位", "截止日期"), ("在职人员", 23, "人", "2018-12-31"), ("总收入", 25602100, "元", "")),
        {"B2 staff-in-service": "23", "B3 total-income": "25602100"},
    ),
    (
        (("指标名称", "计量单位", "本年数", "上年数"), ("总支出", "万元", 2560.21, 2040.26), ("编制数", "人", 24, 23)),
        {
            "C2 total-spending": "25602100",
            "D2 上年 total-spending": "20402600",
            "C3 staff-quota": "24",
            "D3 上年 staff-quota": "23",
        },
    ),
    (
        (("支出按月（单位：万元）",), ("项目", "1月", "2月份", "十二月", "合计"), ("总支出", 100, 200.5, 9, 309.5)),
        {"B3 01 total-spending": "1000000", "C3 02 total-spending": "2005000", "D3 12 total-spending": "90000"},
    ),
    (
        (("预算（元）",), ("项目", "2018年预算数", "2018年决算数", "2017年预算数"), ("公务接待费", 60000, 42000, 1)),
        {"B3 reception-budget": "60000", "C3 reception": "42000"},
    ),
    (
        (("数据", "数值（万元）", "编码"), ("随便写的", 12.5, "procurement")),
        {"B2 procurement": "125000"},
    ),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), LISTS)
def test_plain_lists_are_read_by_their_heads(rows: Sequence[Sequence[Written]], expected: dict[str, str]) -> None:
    assert amounts(read(book("数据", rows))) == {key: Decimal(value) for key, value in expected.items()}


def test_the_title_says_which_table_it_is() -> None:
    found = book("Sheet1", FINAL_ACCOUNTS, FINAL_ACCOUNTS_MERGES).grids[0]
    table = known_table(found, 5, rules().tables)
    assert table is not None
    assert table.name.startswith("收入支出决算总表")
    assert known_table(book("Sheet1", (("某某表",), ("甲", "乙"))).grids[0], 2, rules().tables) is None


def test_next_years_file_has_the_same_shape_and_another_table_has_not() -> None:
    def shaped(rows: Sequence[Sequence[Written]], merges: Sequence[str], year: int) -> str:
        return shape(book("基础数据表", rows, merges).grids[0], year, DEFINITIONS.values())

    later = [
        [str(v).replace("2018", "2019").replace("2017", "2018") if isinstance(v, str) else v for v in row]
        for row in BASE_TABLE
    ]
    assert shaped(BASE_TABLE, BASE_TABLE_MERGES, 2018) == shaped(later, BASE_TABLE_MERGES, 2019)
    assert shaped(BASE_TABLE, BASE_TABLE_MERGES, 2018) != shaped(THREE_COSTS, THREE_COSTS_MERGES, 2018)


def test_every_fact_of_the_known_tables_is_one_of_the_form() -> None:
    named = {
        key
        for table in rules().tables
        for rule in table.labels
        for key in (rule.final, rule.budget, rule.adjusted)
        if key is not None
    }
    assert named <= set(DEFINITIONS)
    assert len(named) > 40
