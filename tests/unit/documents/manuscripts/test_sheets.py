"""Excel workbooks: what the sheet shows, tables with their titles and unit notes, merged cells."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.documents.manuscripts.reading import read_manuscript
from perfapp.documents.manuscripts.shown import Value, shown
from tests.unit.documents.manuscripts import files

ROWS = (
    ("2021年度部门整体支出绩效自评基础数据表",),
    ("编制单位：某某市水利局", None, "单位：万元"),
    ("项目", "年初预算", "决算"),
    ("基本支出", 1000.126, 999.999),
    ("合计", 1000.126, 999.999),
)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        ("文字", "@", "文字"),
        (True, "General", "是"),
        (1200, "General", "1200"),
        (0.1 + 0.2, "General", "0.3"),
        (2560.21, "General", "2560.21"),
        (12345678.95, "General", "12345678.95"),
        (1e-7, "General", "0.0000001"),
        (1000.125, "#,##0.00", "1,000.13"),
        (1000.126, "0.0_ ", "1000.1"),
        (-5, "#,##0.00;[Red]#,##0.00", "-5.00"),
        (-5, "#,##0.00_);(#,##0.00)", "(5.00)"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0.00"),
        (2560.21, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "2,560.21"),
        (0.9509, "0.00%", "95.09%"),
        (1, "0%", "100%"),
        (25602100, "#,##0.00,", "25,602.10"),
        (12, '0"人"', "12人"),
        (1.5, "0.##", "1.5"),
        (-0.001, "0.00", "0.00"),
        (date(2021, 12, 31), "yyyy-mm-dd", "2021-12-31"),
        (datetime(2021, 12, 31, 8, 30), "General", "2021-12-31 08:30"),  # noqa: DTZ001 -- a cell has no time zone
    ],
)
def test_a_value_is_shown_as_in_its_cell(value: Value, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_keeps_its_digits(amount: Decimal) -> None:
    assert Decimal(shown(float(amount), "#,##0.00").replace(",", "")) == amount
    assert Decimal(shown(float(amount), "General")) == amount


def test_a_sheet_is_a_title_a_unit_note_and_a_table() -> None:
    book = files.workbook(("基础数据表", ROWS))
    for row in book["基础数据表"].iter_rows(min_row=4, min_col=2):
        for cell in row:
            cell.number_format = "#,##0.00_ "
    manuscript = read_manuscript("表.xlsx", files.bytes_of(book))
    assert files.told(manuscript)[:3] == [
        (1, "title", 0, "2021年度部门整体支出绩效自评基础数据表"),
        (2, "text", 0, "编制单位：某某市水利局  单位：万元"),
        (3, "row", 0, "项目\t年初预算\t决算"),
    ]
    assert files.grid(manuscript)[1] == ["基本支出", "1,000.13", "1,000.00"]
    assert manuscript.tables[0].caption.endswith("单位：万元")
    assert (manuscript.fiscal_year, manuscript.unit_name, manuscript.is_whole) == (2021, "某某市水利局", False)
    files.assert_places_hold(manuscript)


def test_rows_count_over_the_sheets_and_hidden_ones_are_left_out() -> None:
    book = files.workbook(("甲", [("项目", "数"), (), ("合计", 1)]), ("隐", [("不见", 9)]), ("乙", [("项目", "数")]))
    book["隐"].sheet_state = "hidden"
    manuscript = read_manuscript("表.xlsx", files.bytes_of(book))
    assert [(line.number, line.text) for line in manuscript.lines] == [(1, "项目\t数"), (3, "合计\t1"), (4, "项目\t数")]


def test_merged_cells_and_a_second_table_below() -> None:
    rows = [
        ("三公", "接待", 1.5),
        (None, "用车", 2),
        ("甲", "乙"),
        (),
        ("附表",),
        ("单位：元", None),
        ("项目", "数"),
    ]
    book = files.workbook(("表", rows))
    sheet = book["表"]
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B3:C3")
    manuscript = read_manuscript("表.xlsx", files.bytes_of(book))
    assert files.grid(manuscript) == [["三公", "接待", "1.5"], ["三公", "用车", "2"], ["甲", "乙", "乙"]]
    assert manuscript.tables[1].caption == "附表 单位：元"
    files.assert_places_hold(manuscript)


def test_a_cell_far_out_costs_nothing() -> None:
    book = files.workbook(("表", [("项目", "数"), ("甲", 1)]))
    book["表"]["ZZZ1000000"] = "远"
    book["表"]["A1000000"] = "下"
    manuscript = read_manuscript("表.xlsx", files.bytes_of(book))
    assert [line.number for line in manuscript.lines] == [1, 2, 1_000_000]
