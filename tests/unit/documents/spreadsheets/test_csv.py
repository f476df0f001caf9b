"""Comma-separated files: every encoding that offices use, every separator, every way to be wrong."""

import pytest

from perfapp.core.errors import Invalid
from perfapp.documents.spreadsheets.reading import CSV, read_workbook
from perfapp.documents.spreadsheets.separated import MAX_COLUMNS

TEXT = '名称,数值\r\n总支出,"2,560.21"\r\n'


def cells(text: str | bytes, encoding: str = "utf-8") -> dict[tuple[int, int], str]:
    data = text.encode(encoding) if isinstance(text, str) else text
    book, media_type = read_workbook("数据.csv", data)
    assert media_type == CSV
    assert not book.is_typed
    return {place: cell.text for place, cell in book.grids[0].cells.items()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_is_read(encoding: str) -> None:
    assert cells(TEXT, encoding) == {(1, 1): "名称", (1, 2): "数值", (2, 1): "总支出", (2, 2): "2,560.21"}


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", "，"])
def test_every_separator_is_found(separator: str) -> None:
    text = "".join(f"第{row}行{separator}{row * 100}.5{separator}说明\n" for row in range(1, 5))
    assert cells(text)[3, 2] == "300.5"


@pytest.mark.parametrize(
    ("field", "text"),
    [('="0012"', "0012"), ("'2560.21", "2560.21"), (" 2560.21 ", "2560.21"), ('"甲\n乙"', "甲\n乙"), ("'甲'", "'甲'")],
)
def test_what_exports_put_around_numbers_falls_away(field: str, text: str) -> None:
    assert cells(f"名称,数值\n总支出,{field}\n")[2, 2] == text


def test_places_are_the_files_lines_and_blank_lines_count() -> None:
    assert cells("甲,1\n\n乙,2\n") == {(1, 1): "甲", (1, 2): "1", (3, 1): "乙", (3, 2): "2"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空文件"),
        (b"\n\n", "没有内容"),
        (b"\x81\xff\x00\x01", "认不出文件的文字编码"),
        (("," * MAX_COLUMNS + "\n").encode(), "超过 256 列"),
        (('"' + "x" * 200_000).encode(), "读不出来"),
        (b"1," * 5_000_000, "超过 8 MB"),
        (b"\xd0\xcf\x11\xe0rest", "其实是 Office 文件"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        read_workbook("数据.csv", data)
    assert refused.value.field == "file"
