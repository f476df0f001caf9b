"""The number in a cell, however somebody wrote it; and what is no number, named by what was seen and expected."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.figures.importing.amounts import is_blank, is_number, read_amount
from perfapp.core.figures.importing.troubles import Trouble, Unreadable, Weight
from perfapp.core.spreadsheet import Cell, CellKind


def number(shown: str, held: str) -> Cell:
    return Cell(shown, CellKind.NUMBER, number=Decimal(held))


@pytest.mark.parametrize(
    ("text", "unit", "table_unit", "base"),
    [
        ("2560.21", "万元", "", "25602100"),
        ("2,560.21", "万元", "", "25602100"),
        ("２，５６０．２１", "万元", "", "25602100"),
        (" 2 560.21 ", "万元", "", "25602100"),
        ("25,602,100", "万元", "元", "25602100"),
        ("2560.21万元", "万元", "元", "25602100"),  # the cell's own word goes before the table's
        ("0.256021亿元", "万元", "", "25602100"),
        ("25602100元", "万元", "万元", "25602100"),
        ("¥1,860.50", "元", "", "1860.5"),
        ("（120.00）", "万元", "", "-1200000"),
        ("－120", "万元", "", "-1200000"),
        ("−120", "万元", "", "-1200000"),
        ("'0012", "人", "", "12"),
        ("41人", "人", "元", "41"),
        ("95.09%", "%", "", "95.09"),
        ("９５．０９％", "%", "", "95.09"),
        ("0", "万元", "", "0"),
    ],
)
def test_text_is_read_as_a_person_reads_it(text: str, unit: str, table_unit: str, base: str) -> None:
    found = read_amount(Cell(text), unit, table_unit)
    assert found.base == Decimal(base)
    assert found.notes == ("是文本格式的数字，已按数字读取",)
    assert read_amount(Cell(text), unit, table_unit, is_typed=False).notes == ()


@pytest.mark.parametrize(
    ("cell", "seen", "expected"),
    [
        (Cell("两千万"), "两千万", "应是数字"),
        (Cell("12abc"), "12abc", "应是以万元为单位的数"),
        (Cell("41人"), "41人", "应是以万元为单位的数"),
        (Cell("95%"), "95%", "应是以万元为单位的数"),
        (Cell("12,34.5"), "12,34.5", "千分位的逗号不对"),
        (Cell("1,23"), "1,23", "千分位的逗号不对"),
        (Cell("1.2.3"), "1.2.3", "应是"),
        (Cell("#DIV/0!", CellKind.ERROR), "#DIV/0!", "错误值"),
        (Cell("", CellKind.UNCOMPUTED), "", "没有算出结果的公式"),
        (Cell("2018-12-31", CellKind.DAY), "2018-12-31", "是日期，应是数字"),
        (Cell("999999999"), "999999999", "太大"),
        (number("2,560.2", "25602145"), "2,560.2", "不一致"),  # a format that shows thousands or ten thousands
    ],
)
def test_what_is_no_amount_is_named(cell: Cell, seen: str, expected: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        read_amount(cell, "万元")
    assert wrong.value.seen == seen
    assert expected in wrong.value.expected


def test_decimals_nobody_sees_are_named_and_taken_as_asked() -> None:
    cell = number("2,560.21", "2560.2145")
    held = read_amount(cell, "万元")
    shown = read_amount(cell, "万元", takes_shown=True)
    assert (held.base, held.notes) == (
        Decimal(25602145),
        ("单元格只显示 2,560.21，完整的数是 2560.2145（后面的小数没有显示），按完整的数导入",),
    )
    assert (shown.base, shown.notes) == (
        Decimal(25602100),
        ("单元格只显示 2,560.21，完整的数是 2560.2145（后面的小数没有显示），按显示的数导入",),
    )


def test_a_percentage_is_what_it_shows() -> None:
    assert read_amount(number("95.09%", "0.9509"), "%") == read_amount(Cell("95.09%"), "%", is_typed=False)
    assert "95.094" in read_amount(number("95.09%", "0.95094"), "%").notes[0]
    doubt = read_amount(number("0.9509", "0.9509"), "%")
    assert doubt.notes == ("没有写成百分数；若是比率，请核对是否差 100 倍",)


def test_a_number_whose_format_is_no_number_is_what_the_file_holds() -> None:
    assert read_amount(number("壹仟", "1000"), "元").base == 1000


def test_money_is_whole_to_the_cent() -> None:
    assert read_amount(number("0.33", "0.333333333333333"), "万元").base == Decimal("3333.33")


@pytest.mark.parametrize("text", ["", "-", "—", "——", "－", "/", "／", "无", "　"])
def test_a_dash_is_nothing(text: str) -> None:
    assert is_blank(Cell(text))
    assert not is_number(Cell(text))


@pytest.mark.parametrize(("text", "is_one"), [("12.5", True), ("９批次", True), ("1月", False), ("说明1", False)])
def test_a_number_is_told_from_a_head(text: str, is_one: bool) -> None:
    assert is_number(Cell(text)) is is_one


@given(st.decimals(min_value=-(10**8), max_value=10**8, places=2, allow_nan=False))
def test_what_was_printed_is_read_back_exactly(amount: Decimal) -> None:
    wide = f"{amount:,.2f}".translate(str.maketrans("0123456789.,-", "０１２３４５６７８９．，－"))
    for text in (f"{amount:,.2f}", f"{amount:.2f}元", wide):
        assert read_amount(Cell(text), "元").base == amount


@pytest.mark.parametrize(
    ("sheet", "cell", "place"),
    [
        ("收支表", "C6", "收支表!C6"),
        ("收支表", "", "收支表"),
        ("csv", "C6", "第 6 行第 3 列"),
        ("csv", "AB12", "第 12 行第 28 列"),
        ("csv", "", ""),
    ],
)
def test_a_place_is_said_as_the_file_shows_it(sheet: str, cell: str, place: str) -> None:
    said = Trouble(Weight.NOTE, sheet, cell, "支出", "abc", "应是数字").sentence
    assert said == f"{place} “支出”写的是“abc”，应是数字".strip()
