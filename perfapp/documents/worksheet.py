"""Tables as an .xlsx file: words stay words whatever they look like, dates are dates, numbers are numbers."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | date | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MAX_CELL = 32_767
_HEAD = PatternFill("solid", start_color="F4F2EC")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: columns as (title, width in characters), then the rows."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Value]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an .xlsx file, heads frozen and filterable."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title[:31]), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for number, (title, width) in enumerate(sheet.columns, start=1):
        head = page.cell(1, number)
        put(head, title)
        head.font, head.fill = Font(bold=True), _HEAD
        page.column_dimensions[get_column_letter(number)].width = width
    for line, row in enumerate(sheet.rows, start=2):
        for number, value in enumerate(row, start=1):
            put(page.cell(line, number), value)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"


def put(cell: Cell | MergedCell, value: Value) -> None:
    """Text is marked as text, so that '=1+1' in a title is never calculated, in this program or the next."""
    if isinstance(value, str):
        cell.value = _UNWRITABLE.sub("", value)[:_MAX_CELL]
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.quotePrefix = True  # the leading apostrophe that keeps it so when it is edited
        return
    cell.value = value
    cell.alignment = Alignment(vertical="top")
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if isinstance(value, Decimal):
        decimals = max(0, -int(value.as_tuple().exponent))
        cell.number_format = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
