"""A table file of either kind as a workbook of values. What it is, its content says; its name must agree."""

from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.spreadsheet import Workbook
from perfapp.documents.guard import MAX_FILE_BYTES, XLSX

ENDINGS: Final = ("xlsx", "csv")
CSV: Final = "text/csv"
MAX_BYTES: Final = MAX_FILE_BYTES
_OLD: Final = ("xls", "et", "xlsm", "ods")


def read_workbook(filename: str, data: bytes) -> tuple[Workbook, str]:
    """The workbook and its media type; Invalid, in one sentence with field `file`, where there is none to be had."""
    ending = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    if ending in _OLD:
        raise Invalid(f"“{filename}”是 .{ending} 文件，请另存为 .xlsx 后再导入。", field="file")
    if ending not in ENDINGS:
        raise Invalid(f"不能导入“{filename}”：只接受 {'、'.join(ENDINGS)} 文件。", field="file")
    if not data:
        raise Invalid(f"“{filename}”是空文件，请重新选择。", field="file")
    if len(data) > MAX_BYTES:
        raise Invalid(f"“{filename}”超过 {MAX_BYTES >> 20} MB，请只留下要导入的表格再试。", field="file")
    is_package = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    if ending == "csv" and is_package:
        raise Invalid(f"“{filename}”的内容其实是 Office 文件，请改正扩展名后再导入。", field="file")
    try:
        book = _csv(data) if ending == "csv" else _xlsx(data)
    except Invalid as refusal:
        raise Invalid(refusal.message, field="file") from refusal
    if not any(grid.cells for grid in book.grids):
        raise Invalid(f"“{filename}”里没有内容，请核对是否选错了文件。", field="file")
    return book, CSV if ending == "csv" else XLSX


def _csv(data: bytes) -> Workbook:
    from perfapp.documents.spreadsheets.separated import read_csv  # noqa: PLC0415 -- each loads only its own libraries

    return read_csv(data)


def _xlsx(data: bytes) -> Workbook:
    from perfapp.documents.spreadsheets.xlsx import read_xlsx  # noqa: PLC0415

    return read_xlsx(data)
