"""Excel workbooks: the used range of each sheet, every cell as it is shown.

A line is a row of a sheet, those of later sheets counted on from the last row of the one before. Hidden sheets are not
read, nor what stands right of column IV.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final, NamedTuple

from docx.oxml import parse_xml
from lxml import etree  # type: ignore[import-untyped]
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import LineKind
from perfapp.documents.guard import XLSX, check_ooxml
from perfapp.documents.manuscripts.parts import Box, Paragraph, Part, table
from perfapp.documents.manuscripts.shown import shown

MAX_CELLS: Final = 200_000
MAX_COLUMNS: Final = 256
MAX_XML_BYTES: Final = 24 << 20
_CELL: Final = re.compile(rb"<(?:\w+:)?c[ >/]")
_NOTE: Final = re.compile(
    r"(?:金额|计量)?单位\s*[:：]\s*(?:[万亿千百]?元|人|%|人次|平方米)|(?:编制|填报|公开|部门|预算)[^:：]{0,6}[:：]|公开\s*\d+\s*表"
)


class _Cell(NamedTuple):
    row: int  # from 1, as in the sheet
    column: int
    text: str


Merges = dict[tuple[int, int], tuple[int, int]]
"""Row and column of a merged cell's first, with the last row and column it fills."""


def read_sheets(data: bytes) -> list[Part]:
    """The parts of an .xlsx; Invalid in one sentence if it is broken, locked, huge, or holds anything active."""
    if check_ooxml(data, to_keep=False) != XLSX:
        raise Invalid("文件的内容是 Word 文档，与扩展名不符，请改正文件名后再试。", field="file")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_size(package)
            merges = _merges(package)
        return list(_parts(data, merges))
    # The libraries below fail in these ways on files that are whole as archives but not as workbooks.
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        etree.LxmlError,
        InvalidFileException,
    ) as error:
        raise Invalid("文件已经损坏，无法读出表格，请用 Excel 或 WPS 另存一份后再试。", field="file") from error


def _check_size(package: zipfile.ZipFile) -> None:
    cells = 0
    for entry in package.infolist():
        if entry.filename.endswith(".xml") and entry.file_size > MAX_XML_BYTES:
            raise Invalid("工作簿内容太多，无法一次体检，请拆成几个文件。", field="file")
        if "worksheets/" in entry.filename and entry.filename.endswith(".xml"):
            cells += len(_CELL.findall(package.read(entry)))
    if cells > MAX_CELLS:
        raise Invalid(f"工作簿有 {cells:,} 格，超过 {MAX_CELLS:,} 格，请只留下要体检的表格。", field="file")


def _parts(data: bytes, merges: dict[str, Merges]) -> Iterator[Part]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    try:
        above = 0
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            cells = [
                _Cell(cell.row, cell.column, text)
                for row in sheet.iter_rows(max_col=MAX_COLUMNS)
                for cell in row
                if cell.value is not None and (text := _text(cell))
            ]
            yield from _sheet(cells, merges.get(sheet.title, {}), above)
            above += max((cell.row for cell in cells), default=0)
    finally:
        book.close()


def _text(cell: Any) -> str:
    return re.sub(r"[\t\r\n]+", " ", shown(cell.value, cell.number_format or "General")).strip()


def _sheet(cells: Sequence[_Cell], merges: Merges, above: int) -> Iterator[Part]:
    """For each table the rows before its head as prose, then the table."""
    rows: dict[int, list[_Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    for numbers in _blocks(rows):
        head = next((at for at, number in enumerate(numbers) if not _stands_above(rows[number])), len(numbers))
        for number in numbers[:head]:
            text = "  ".join(cell.text for cell in rows[number])
            yield Paragraph(above + number, text, LineKind.TITLE if number == numbers[0] else LineKind.TEXT)
        if numbers[head:]:
            caption = " ".join(cell.text for number in numbers[:head] for cell in rows[number])
            yield _table(rows, numbers[head:], merges, above, caption)


def _blocks(rows: dict[int, list[_Cell]]) -> list[list[int]]:
    """The rows of each table: after an empty row, a title or a unit note begins the next."""
    blocks: list[list[int]] = []
    for number in sorted(rows):
        is_next = blocks and number - blocks[-1][-1] > 1 and _stands_above(rows[number])
        if blocks and not is_next:
            blocks[-1].append(number)
        else:
            blocks.append([number])
    return blocks


def _stands_above(row: Sequence[_Cell]) -> bool:
    """A title, or the notes of who made the table and in which unit."""
    return len(row) == 1 or (len(row) <= 4 and any(_NOTE.search(cell.text) for cell in row))


def _table(rows: dict[int, list[_Cell]], numbers: Sequence[int], merges: Merges, above: int, caption: str) -> Part:
    at = {number: position for position, number in enumerate(numbers)}
    first = min(cell.column for number in numbers for cell in rows[number])
    boxes = []
    for number in numbers:
        for cell in rows[number]:
            last_row, last_column = merges.get((cell.row, cell.column), (cell.row, cell.column))
            reached = sum(1 for other in numbers if cell.row <= other <= last_row) if last_row > cell.row else 1
            boxes.append(Box(cell.text, at[number], cell.column - first, reached, last_column - cell.column + 1))
    return replace(table(0, _filled(boxes), row_numbers=[above + number for number in numbers]), caption=caption)


def _filled(boxes: Sequence[Box]) -> list[Box]:
    """With an empty box wherever no cell stands, so that every row has a field for every column."""
    taken = {
        (row, column)
        for box in boxes
        for row in range(box.row, box.row + box.row_span)
        for column in range(box.column, box.column + box.column_span)
    }
    row_count = max(box.row + box.row_span for box in boxes)
    columns = min(max(box.column + box.column_span for box in boxes), MAX_COLUMNS)
    if row_count * columns > MAX_CELLS:  # a lonely cell far out: fields would be nothing but tabs
        return list(boxes)
    free = ((row, column) for row in range(row_count) for column in range(columns) if (row, column) not in taken)
    return [*boxes, *(Box("", row, column) for row, column in free)]


def _merges(package: zipfile.ZipFile) -> dict[str, Merges]:
    """The merged cells of each sheet by its title; the library leaves them out when it reads cell by cell."""
    targets = {
        relation.get("Id"): normpath(join("xl", (relation.get("Target") or "").removeprefix("/xl/")))
        for relation in parse_xml(package.read("xl/_rels/workbook.xml.rels")).iter("{*}Relationship")
    }
    found: dict[str, Merges] = {}
    for sheet in parse_xml(package.read("xl/workbook.xml")).iter("{*}sheet"):
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        path = targets.get(key)
        if path in package.NameToInfo:
            found[sheet.get("name") or ""] = _merged(package.read(path))
    return found


def _merged(part: bytes) -> Merges:
    merges: Merges = {}
    for element in parse_xml(part).iter("{*}mergeCell"):
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(element.get("ref") or ""))
        merges[top, left] = (bottom, min(right, MAX_COLUMNS))
    return merges
