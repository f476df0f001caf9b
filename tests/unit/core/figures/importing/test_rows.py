"""Rows of a ledger read from a sheet: heads, what is left out, and what is said about what nobody sees."""

from dataclasses import replace

import pytest

from perfapp.core.errors import Invalid
from perfapp.core.figures.importing import row_plan
from perfapp.core.figures.importing.row_plan import missing_heads, plan_rows, suggest_rows
from perfapp.core.figures.ledgers import LedgerForm, LedgerList
from perfapp.core.spreadsheet import Workbook
from perfapp.data import catalog
from tests.unit.core.figures.importing.sheets import Written, book, grid


def form(key: str) -> LedgerForm:
    part = next(part for part in catalog.shipped_parts("hunan-2018") if part.part == "ledgers")
    return next(one for one in LedgerList.model_validate(part.content).ledgers if one.key == key)


HEADS = ("派车日期", "用车单位", "目的地", "长途", "里程（公里）")


def trips(*rows: tuple[Written, ...]) -> Workbook:
    return book("派车", (HEADS, *rows))


def test_heads_are_known_by_names_aliases_and_units() -> None:
    found = suggest_rows(grid("派车", (("派车登记表",), HEADS)), form("vehicle-trips"))
    assert (found.head_row, list(found.columns.values())) == (
        2, ["happened_on", "user", "destination", "long-distance", "distance"],
    )  # fmt: skip
    short = suggest_rows(grid("派车", (("日期", "目的地"), ("2018-1-1", "某县"))), form("vehicle-trips"))
    assert missing_heads(short, form("vehicle-trips")) == ["用车单位"]


def test_blank_rows_totals_and_heads_that_come_again_are_left_out() -> None:
    sheet = trips(
        ("2018-1-1", "某局", "某县", "是", 120.5),
        ("", "", "", "", ""),
        HEADS,
        ("2018-1-2", "某局", "某县", "否", "—"),
        ("合 计", "", "", "", 120.5),
    )
    found = plan_rows(sheet, suggest_rows(sheet.grids[0], form("vehicle-trips")), form("vehicle-trips"), 2018)
    assert [(one.row, one.cells.get("distance")) for one in found.rows] == [(2, "120.5"), (5, None)]
    assert [one.sentence for one in found.troubles] == ["派车 第 6 行是合计，没有导入；合计由系统计算"]


def test_a_ledger_by_month_takes_months() -> None:
    sheet = book("能耗", (("月份", "用电量（千瓦时）", "水"), ("2018年3月", "１，０２３．５", 200), ("2018-04", 1, 2)))
    found = plan_rows(sheet, suggest_rows(sheet.grids[0], form("energy")), form("energy"), 2018)
    assert [(one.day.isoformat(), one.cells["electricity"]) for one in found.rows] == [
        ("2018-03-01", "1023.5"),
        ("2018-04-01", "1"),
    ]


def test_what_is_hidden_is_named() -> None:
    sheet = trips(("2018-1-1", "某局", "某县", "是", 1), ("2018-1-2", "某局", "某县", "是", 1))
    hidden = replace(sheet.grids[0], hidden_rows=frozenset({3}), hidden_columns=frozenset({5}))
    file = Workbook((hidden,), hidden=("底稿",))
    found = plan_rows(file, suggest_rows(hidden, form("vehicle-trips")), form("vehicle-trips"), 2018)
    assert [one.sentence for one in found.troubles] == [
        "底稿 是隐藏的工作表，没有读取",
        "派车 第 3 行是隐藏的，也读取了",
        "派车 E 列是隐藏的，也读取了",
    ]
    assert len(found.rows) == 2


def test_every_wrong_row_counts_and_the_right_ones_are_kept() -> None:
    sheet = trips(("2018-1-1", "某局", "某县", "不详", 1), ("2018-1-2", "某局", "某县", "是", 1))
    found = plan_rows(sheet, suggest_rows(sheet.grids[0], form("vehicle-trips")), form("vehicle-trips"), 2018)
    assert (found.wrong, len(found.rows)) == (1, 1)
    assert found.troubles[0].cell == "D2"
    assert "应是是、否之一" in found.troubles[0].sentence


def test_a_file_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_plan, "MAX_ROWS", 2)
    sheet = trips(*[("2018-1-1", "某局", "某县", "是", 1)] * 3)
    with pytest.raises(Invalid, match="超过 2 行"):
        plan_rows(sheet, suggest_rows(sheet.grids[0], form("vehicle-trips")), form("vehicle-trips"), 2018)
