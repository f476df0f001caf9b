"""Excel workbooks, cell by cell: numbers from the file's own digits, and what a cell shows beside what it holds.

Excel keeps 15 digits of a number and writes up to 17 (1.1 as 1.1000000000000001): what goes beyond 15 is noise.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final

from docx.oxml import parse_xml
from lxml import etree  # type: ignore[import-untyped]
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from perfapp.core.errors import Invalid
from perfapp.core.spreadsheet import Cell, CellKind, Grid, Place, Workbook
from perfapp.documents.guard import XLSX, check_ooxml
from perfapp.documents.manuscripts.shown import shown

MAX_CELLS: Final = 400_000
MAX_COLUMNS: Final = 256
MAX_MERGED: Final = 100_000
_SHORT: Final = 11
_DIGITS: Final = Context(prec=15, rounding=ROUND_HALF_UP)
_BROKEN: Final = "文件已经损坏，无法读出表格，请用 Excel 或 WPS 另存一份后再试。"


@dataclass(frozen=True, slots=True)
class _Style:
    """How a cell shows its number."""

    number_format: str = "General"
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the cells of every sheet refer to."""

    strings: list[Cell | None]
    styles: list[_Style]
    epoch: datetime
    seen: dict[tuple[str, int], Cell]  # numbers by their digits and style: a sheet says the same ones again and again


def read_xlsx(data: bytes) -> Workbook:
    """The shown sheets; Invalid in one sentence if it is broken, locked, huge, or holds anything active."""
    if check_ooxml(data) != XLSX:
        raise Invalid("文件的内容是 Word 文档，与扩展名不符，请改正文件名后再试。")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _workbook(package)
    # These are the ways in which a file fails that is whole as an archive but not as a workbook.
    except (KeyError, ValueError, IndexError, OverflowError, etree.LxmlError) as error:
        raise Invalid(_BROKEN) from error


def _workbook(package: zipfile.ZipFile) -> Workbook:
    root = parse_xml(package.read("xl/workbook.xml"))
    targets = {
        relation.get("Id"): normpath(join("xl", (relation.get("Target") or "").removeprefix("/xl/")))
        for relation in parse_xml(package.read("xl/_rels/workbook.xml.rels")).iter("{*}Relationship")
    }
    is_1904 = any(one.get("date1904") in ("1", "true") for one in root.iter("{*}workbookPr"))
    epoch = CALENDAR_MAC_1904 if is_1904 else CALENDAR_WINDOWS_1900
    around = _Surroundings(_strings(package), _styles(package), epoch, {})
    grids, hidden, left = [], [], MAX_CELLS
    for sheet in root.iter("{*}sheet"):
        name = sheet.get("name") or ""
        path = targets.get(next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None))
        if path not in package.NameToInfo or "worksheets/" not in path:
            continue
        if sheet.get("state", "visible") != "visible":
            hidden.append(name)
            continue
        grid = _grid(name, package.read(path), around, left)
        left -= len(grid.cells)
        grids.append(grid)
    return Workbook(tuple(grids), tuple(hidden))


def _grid(name: str, part: bytes, around: _Surroundings, left: int) -> Grid:
    cells: dict[Place, Cell] = {}
    covered: dict[Place, Place] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    row = 0
    for element in _elements(part):
        is_hidden = element.get("hidden") in ("1", "true")
        if element.tag.endswith("}row"):
            row = int(element.get("r") or row + 1)
            hidden_rows.update([row] if is_hidden else [])
            cells.update(((row, column), cell) for column, cell in _row(element, around))
        elif element.tag.endswith("}mergeCell"):
            covered.update(_covered(element.get("ref") or ""))
        elif is_hidden:
            first, last = int(element.get("min") or 1), int(element.get("max") or 1)
            hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
        element.clear()
        _check_size(name, len(cells), len(covered), left)
    return Grid(name, cells, covered, frozenset(hidden_rows), frozenset(hidden_columns))


def _check_size(name: str, cells: int, covered: int, left: int) -> None:
    if cells > left:
        raise Invalid(f"工作簿超过 {MAX_CELLS:,} 格，请只留下要导入的表格。")
    if covered > MAX_MERGED:
        raise Invalid(f"工作表“{name}”合并的单元格太多，请取消不需要的合并后再导入。")


def _elements(part: bytes) -> Iterator[Any]:
    """The rows, merges and column widths of a sheet, one after the other; `guard` has seen that no DTD is there."""
    tags = ("{*}row", "{*}mergeCell", "{*}col")
    for _, element in etree.iterparse(BytesIO(part), tag=tags, resolve_entities=False, no_network=True):
        yield element


def _row(element: Any, around: _Surroundings) -> Iterator[tuple[int, Cell]]:
    column = 0
    for found in element:
        if not found.tag.endswith("}c"):
            continue
        reference = found.get("r")
        column = _column(reference.rstrip("0123456789")) if reference else column + 1
        cell = _cell(found, around)
        if cell is None:
            continue
        if column > MAX_COLUMNS:
            raise Invalid(f"表格超过 {MAX_COLUMNS} 列（{reference}），请只留下要导入的部分。")
        yield column, cell


@lru_cache(maxsize=1024)
def _column(name: str) -> int:
    return column_index_from_string(name)


def _cell(element: Any, around: _Surroundings) -> Cell | None:
    kind, value, has_formula = element.get("t", "n"), "", False
    for child in element:
        if child.tag.endswith("}v"):
            value = (child.text or "").strip()
        elif child.tag.endswith("}f"):
            has_formula = True
        elif child.tag.endswith("}is"):
            value = _joined(child).strip()
    if not value:
        return Cell("", CellKind.UNCOMPUTED) if has_formula and kind != "str" else None
    if kind != "n":
        return _other(kind, value, around)
    style = int(element.get("s") or 0)
    cell = around.seen.get((value, style))
    if cell is None:
        known = around.styles[style] if style < len(around.styles) else _Style()
        cell = around.seen[value, style] = _number(value, known, around.epoch)
    return cell


def _other(kind: str, value: str, around: _Surroundings) -> Cell | None:
    """A cell that holds no number."""
    if kind == "s":
        return around.strings[int(value)]
    if kind == "e":
        return Cell(value, CellKind.ERROR)
    if kind == "b":
        return Cell("是" if value == "1" else "否")
    if kind == "d":
        return _day(datetime.fromisoformat(value.removesuffix("Z")))
    return Cell(value)


def _number(value: str, style: _Style, epoch: datetime) -> Cell:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not number.is_finite():
        raise ValueError(value)
    if style.is_date:
        moment = from_excel(float(value), epoch)
        if isinstance(moment, datetime | date):
            return _day(moment)
    if len(value) <= _SHORT and style.number_format == "General" and "E" not in value.upper():
        return Cell(value, CellKind.NUMBER, number=number)  # so many digits are shown as they stand
    if len(number.as_tuple().digits) > _DIGITS.prec:
        number = _DIGITS.plus(number)
    return Cell(shown(number, style.number_format).strip(), CellKind.NUMBER, number=number)


def _day(moment: datetime | date) -> Cell:
    if isinstance(moment, datetime):
        text = moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")
        return Cell(text, CellKind.DAY, day=moment.date())
    return Cell(moment.isoformat(), CellKind.DAY, day=moment)


def _covered(reference: str) -> Iterator[tuple[Place, Place]]:
    left, top, right, bottom = (edge or 1 for edge in range_boundaries(reference))
    if (bottom - top + 1) * (min(right, MAX_COLUMNS) - left + 1) > MAX_MERGED:
        raise Invalid(f"合并的单元格 {reference} 太大，请取消合并后再导入。")
    for row in range(top, bottom + 1):
        for column in range(left, min(right, MAX_COLUMNS) + 1):
            if (row, column) != (top, left):
                yield (row, column), (top, left)


def _strings(package: zipfile.ZipFile) -> list[Cell | None]:
    if "xl/sharedStrings.xml" not in package.NameToInfo:
        return []
    found: list[Cell | None] = []
    part = BytesIO(package.read("xl/sharedStrings.xml"))
    for _, element in etree.iterparse(part, tag="{*}si", resolve_entities=False, no_network=True):
        text = _joined(element).strip()
        found.append(Cell(text) if text else None)
        element.clear()
    return found


def _joined(element: Any) -> str:
    """The text of a string and of its runs; how it is read aloud may stand beside them, and is not text."""
    found = []
    for child in element:
        if child.tag.endswith("}t"):
            found.append(child.text or "")
        elif child.tag.endswith("}r"):
            found.append(_joined(child))
    return "".join(found)


def _styles(package: zipfile.ZipFile) -> list[_Style]:
    """How each style of cells shows numbers."""
    if "xl/styles.xml" not in package.NameToInfo:
        return []
    root = parse_xml(package.read("xl/styles.xml"))
    own = {int(one.get("numFmtId") or 0): one.get("formatCode") or "General" for one in root.iter("{*}numFmt")}
    ids = [int(style.get("numFmtId") or 0) for style in next(root.iter("{*}cellXfs"), ())]
    formats = [own.get(number) or BUILTIN_FORMATS.get(number) or "General" for number in ids]
    return [_Style(one, bool(is_date_format(one))) for one in formats]
