"""Cells of .xlsx files: exact numbers from the file's own digits, what is shown, and everything that is no number."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook as Book
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from perfapp.core.errors import Invalid
from perfapp.core.spreadsheet import Cell, CellKind, Workbook
from perfapp.documents.spreadsheets.reading import read_workbook
from perfapp.documents.spreadsheets.xlsx import MAX_CELLS, MAX_COLUMNS


def saved(book: Book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_value(raw: str, number_format: str = "General") -> Cell:
    """The cell of a file that holds exactly these digits."""
    book = Book()
    cell = book.worksheets[0]["B7"]
    cell.value, cell.number_format = 987654321, number_format
    changed = changed_part(saved(book), "xl/worksheets/sheet1.xml", b"987654321", raw.encode())
    return read(changed).grids[0].cells[7, 2]


def changed_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as target:
        for entry in package.namelist():
            part = package.read(entry)
            assert entry != name or old in part
            target.writestr(entry, part.replace(old, new) if entry == name else part)
    return out.getvalue()


def read(data: bytes) -> Workbook:
    return read_workbook("表.xlsx", data)[0]


@pytest.mark.parametrize(
    ("raw", "number_format", "shown", "held"),
    [
        ("2560.21", "#,##0.00", "2,560.21", "2560.21"),
        ("2560.2100000000001", "#,##0.00", "2,560.21", "2560.21"),  # Excel writes 17 digits and keeps 15
        ("0.30000000000000004", "General", "0.3", "0.3"),
        ("1.1000000000000001", "General", "1.1", "1.1"),
        ("2560.2099999999996", "0.00", "2560.21", "2560.21"),
        ("2560.2145", "#,##0.00", "2,560.21", "2560.2145"),  # decimals nobody sees
        ("1.2345E7", "General", "12345000", "12345000"),
        ("9.5094500000000002E-1", "0.00%", "95.09%", "0.950945"),
        ("-1234.5", "#,##0.00;(#,##0.00)", "(1,234.50)", "-1234.5"),
        ("2560.21", '0.00"万元"', "2560.21万元", "2560.21"),
        ("0", "General", "0", "0"),
        ("123456789012345", "0", "123456789012345", "123456789012345"),
    ],
)
def test_numbers_are_what_the_file_says(raw: str, number_format: str, shown: str, held: str) -> None:
    cell = with_value(raw, number_format)
    assert (cell.kind, cell.text) == (CellKind.NUMBER, shown)
    assert cell.number == Decimal(held)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (date(2018, 3, 5), "yyyy-mm-dd", "2018-03-05"),
        (date(2018, 3, 1), 'yyyy"年"m"月"', "2018-03-01"),
        (datetime.fromisoformat("2018-03-05T14:30"), "yyyy-mm-dd hh:mm", "2018-03-05 14:30"),
    ],
)
def test_dates_are_dates(value: date, number_format: str, text: str) -> None:
    book = Book()
    cell = book.worksheets[0]["A1"]
    cell.value, cell.number_format = value, number_format
    found = read(saved(book)).grids[0].cells[1, 1]
    assert (found.kind, found.text) == (CellKind.DAY, text)
    assert found.day is not None
    assert found.day.isoformat() == text[:10]


def test_the_calendar_of_old_macs_is_known() -> None:
    book = Book()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"].value = date(2018, 3, 5)
    assert read(saved(book)).grids[0].cells[1, 1].text == "2018-03-05"


def test_errors_formulas_and_truth_are_named() -> None:
    book = Book()
    sheet = book.worksheets[0]
    sheet.append(["#REF!"])
    for value in ("=A1+1", True, "  两端有空格 ", ""):
        sheet.append([value])
    cells = read(saved(book)).grids[0].cells
    assert cells[1, 1] == Cell("#REF!", CellKind.ERROR)
    assert cells[2, 1] == Cell("", CellKind.UNCOMPUTED)
    assert cells[3, 1] == Cell("是")
    assert cells[4, 1] == Cell("两端有空格")
    assert (5, 1) not in cells


def test_a_formula_with_its_result_is_a_number() -> None:
    book = Book()
    book.worksheets[0]["A1"].value = "=B1*2"
    data = changed_part(saved(book), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>5120.42</v>")
    assert read(data).grids[0].cells[1, 1].number == Decimal("5120.42")


def test_runs_of_a_string_are_joined_and_its_reading_is_left_out() -> None:
    book = Book()
    book.worksheets[0]["A1"].value = "总支出"
    rich = b"<r><t>\xe6\x80\xbb</t></r><r><t>\xe6\x94\xaf\xe5\x87\xba</t></r><rPh sb='0' eb='1'><t>zong</t></rPh>"
    data = changed_part(saved(book), "xl/sharedStrings.xml", "<t>总支出</t>".encode(), rich)
    assert read(data).grids[0].cells[1, 1].text == "总支出"


def test_merges_and_what_is_hidden_are_known() -> None:
    book = Book()
    sheet = book.worksheets[0]
    sheet["A1"].value, sheet["C3"].value = "标题", 5
    sheet.merge_cells("A1:C2")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("藏起来").sheet_state = "hidden"
    book["藏起来"]["A1"].value = 1
    found = read(saved(book))
    grid = found.grids[0]
    assert found.hidden == ("藏起来",)
    assert [one.name for one in found.grids] == ["Sheet"]
    assert (grid.text(2, 3), grid.origin(2, 3)) == ("标题", (1, 1))
    assert grid.merged_down == {(2, 1), (2, 2), (2, 3)}
    assert set(grid.hidden_rows) == set(grid.hidden_columns) == {3}
    assert grid.last_row_of(1, 1) == 2


def test_a_wide_and_a_long_sheet_are_refused() -> None:
    book = Book()
    book.worksheets[0].cell(1, MAX_COLUMNS + 1, 1)
    with pytest.raises(Invalid, match="256 列"):
        read(saved(book))
    row = b"<row>" + b"<c><v>1</v></c>" * 200 + b"</row>"
    data = changed_part(saved_empty(), "xl/worksheets/sheet1.xml", b"<sheetData></sheetData>",
                        b"<sheetData>" + row * (MAX_CELLS // 200 + 1) + b"</sheetData>")  # fmt: skip
    with pytest.raises(Invalid, match="400,000 格"):
        read(data)


def saved_empty() -> bytes:
    data = saved(Book())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        part = package.read("xl/worksheets/sheet1.xml")
    short = b"<sheetData/>" if b"<sheetData/>" in part else b"<sheetData />"
    if short in part:
        return changed_part(data, "xl/worksheets/sheet1.xml", short, b"<sheetData></sheetData>")
    return data


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", b"987654321", b"x"),
        ("xl/worksheets/sheet1.xml", b"987654321", b"NaN"),
        ("xl/worksheets/sheet1.xml", b'r="B7"', b'r="7B"'),
        ("xl/worksheets/sheet1.xml", b"</worksheet>", b""),
        ("xl/worksheets/sheet1.xml", b'<row r="7"', b'<row r="x"'),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/no.xml"),
    ],
)
def test_a_broken_workbook_is_refused_in_a_sentence(part: str, old: bytes, new: bytes) -> None:
    book = Book()
    book.worksheets[0]["B7"].value = 987654321
    with pytest.raises(Invalid, match=r"[一-鿿]{4}") as refused:
        read(changed_part(saved(book), part, old, new))
    assert refused.value.field == "file"
