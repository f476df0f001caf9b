"""An annex as an .xlsx file: merged as on paper, numbers as numbers, words never calculated, ready to print."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from perfapp.core.snapshot import Annex
from perfapp.documents import columns, layout, printed
from perfapp.documents.font_names import DOCX_NAMES
from perfapp.documents.packing import same_bytes
from perfapp.documents.printed import Align, Aside, Grid, GridCell
from perfapp.documents.worksheet import put

_MM_PER_CHARACTER: Final = 1.95  # the width of a digit, the unit of column widths
_SIZE_PT: Final = 9.0
_LINE_PT: Final = 13.0
_NEAR_MM: Final = 8.0
_THIN: Final = Side(style="thin")
_EDGE: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_NUMBER: Final = re.compile(r"(?!-?0\d)(?:-?\d{1,3}(?:,\d{3})*(?:\.(\d+))?(%?)|-?\d+(?:\.(\d+))?(%?))")
_SIGN_OFF_PT: Final = 24.0


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell is written."""

    face: str = DOCX_NAMES["song"]
    size_pt: float = _SIZE_PT
    is_bold: bool = False
    align: Align = "left"


def render_annex_xlsx(annex: Annex, unit_name: str, fiscal_year: int) -> bytes:
    """One sheet: mark, title, tables, notes and sign-offs. The same annex gives the same bytes."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = re.sub(r"[\[\]:*?/\\]", "", annex.title)[:31] or "附表"
    _Writer(page, printed.annex_alone(annex, unit_name).annexes[0]).write()
    out = io.BytesIO()
    book.save(out)
    facts = book.properties
    facts.creator = unit_name
    facts.title = annex.title
    facts.created = facts.modified = datetime(fiscal_year + 1, 1, 1)  # noqa: DTZ001  the library takes UTC without a zone
    return same_bytes(out.getvalue(), {"docProps/core.xml": tostring(facts.to_tree())})


class _Writer:
    """Fills one sheet from top to bottom. Its tables share the edges of all their columns, near ones made one."""

    def __init__(self, page: Worksheet, annex: printed.PrintedAnnex) -> None:
        self._page, self._annex = page, annex
        self._grids = [place.printed for place in annex.flow if isinstance(place.printed, Grid)]
        self._main = max(self._grids, key=lambda grid: grid.columns)
        self._edges = [0.0]
        own = {id(grid): self._laid(grid) for grid in sorted(self._grids, key=lambda grid: -grid.columns)}
        self._edges.sort()
        self._starts = {key: [self._edges.index(edge) + 1 for edge in edges] for key, edges in own.items()}
        self._widths_mm = [after - before for before, after in pairwise(self._edges)]
        self._row = 1

    def _laid(self, grid: Grid) -> list[float]:
        """The edges of the table's columns in mm, an edge close by taken for its own."""
        found = [0.0]
        for edge in accumulate(columns.setting(grid, self._annex.width_mm).widths_mm):
            near = [one for one in self._edges if one > found[-1] and abs(one - edge) < _NEAR_MM]
            found.append(min(near, key=lambda one: abs(one - edge)) if near else edge)
            if not near:
                self._edges.append(edge)
        return found

    def write(self) -> None:
        page = self._page
        for number, width in enumerate(self._widths_mm, start=1):
            page.column_dimensions[get_column_letter(number)].width = round(width / _MM_PER_CHARACTER, 1)
        self._line((self._annex.mark,), _Look(DOCX_NAMES["hei"], 14), 20)
        self._line((self._annex.title,), _Look(DOCX_NAMES["title"], 18, align="center"), 36)
        for place in self._annex.flow:
            part = place.printed
            if isinstance(part, Grid):
                self._grid(part)
            elif isinstance(part, Aside):
                self._line(part.parts, _Look(), _SIGN_OFF_PT if part.is_signed else None, to_edges=part.to_edges)
            elif isinstance(part, printed.Line | printed.Head):
                self._line((part.text,), _Look(), None)
        self._print_setup()

    def _line(self, parts: tuple[str, ...], look: _Look, height_pt: float | None, *, to_edges: bool = False) -> None:
        """A line without borders, its parts side by side."""
        aligns: list[Align] = [look.align] * len(parts)
        if to_edges and len(parts) > 1:
            aligns = ["left", *(["center"] * (len(parts) - 2)), "right"]  # type: ignore[list-item]
        starts = self._shared(len(parts))
        rows = 1
        for number, text in enumerate(parts):
            first, last = starts[number], starts[number + 1] - 1
            self._write(self._row, first, text, _Look(look.face, look.size_pt, look.is_bold, aligns[number]))
            self._merge(self._row, first, self._row, last)
            rows = max(rows, _rows_of(text, sum(self._widths_mm[first - 1 : last])))
        self._page.row_dimensions[self._row].height = height_pt or rows * _LINE_PT + 3
        self._row += 1

    def _shared(self, count: int) -> list[int]:
        """Where each of `count` parts of a line starts (columns from 1), and where the last one ends."""
        whole = self._edges[-1]
        starts = [1]
        for number in range(1, count):
            free = range(starts[-1] + 1, len(self._edges) - (count - 1 - number))
            starts.append(min(free, key=lambda column: abs(self._edges[column - 1] - whole * number / count)))
        return [*starts, len(self._edges)]

    def _grid(self, grid: Grid) -> None:
        if grid is self._main and grid.head_count:
            self._page.print_title_rows = f"{self._row}:{self._row + grid.head_count - 1}"
        starts = self._starts[id(grid)]
        for y, row in enumerate(grid.rows):
            top = self._row + y
            rows = 1
            for cell in row:
                first, last = starts[cell.x], starts[cell.x + cell.colspan] - 1
                self._cell(cell, top, first, last)
                if cell.rowspan == 1:
                    width = sum(self._widths_mm[first - 1 : last])
                    rows = max(rows, sum(_rows_of(text, width) for text in cell.texts))
            self._page.row_dimensions[top].height = rows * _LINE_PT + 4
        self._row += len(grid.rows)

    def _cell(self, cell: GridCell, top: int, first: int, last: int) -> None:
        look = _Look(is_bold=cell.head, align=cell.align)
        self._write(top, first, "\n".join(cell.texts), look, wants_number=cell.align in ("right", "center"))
        bottom = top + cell.rowspan - 1
        for row in range(top, bottom + 1):
            for column in range(first, last + 1):
                self._page.cell(row, column).border = _EDGE
        self._merge(top, first, bottom, last)

    def _write(self, row: int, column: int, text: str, look: _Look, *, wants_number: bool = False) -> None:
        cell = self._page.cell(row, column)
        _set(cell, text, wants_number=wants_number)
        cell.font = Font(name=look.face, size=look.size_pt, bold=look.is_bold)
        cell.alignment = Alignment(horizontal=look.align, vertical="center", wrap_text=True)

    def _merge(self, top: int, first: int, bottom: int, last: int) -> None:
        if (top, first) != (bottom, last):
            self._page.merge_cells(start_row=top, start_column=first, end_row=bottom, end_column=last)

    def _print_setup(self) -> None:
        page = self._page
        page.page_setup.paperSize = page.PAPERSIZE_A4
        page.page_setup.orientation = "landscape" if self._annex.landscape else "portrait"
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.print_options.horizontalCentered = True
        if page.HeaderFooter.oddFooter is not None:
            page.HeaderFooter.oddFooter.center.text = "— &P —"


def _set(cell: Cell | MergedCell, text: str, *, wants_number: bool) -> None:
    """A number where the table sets one (at the right, or centred as weights are), as it reads; all else is text."""
    match = _NUMBER.fullmatch(text) if wants_number else None
    if match is None:
        put(cell, text or None)
        return
    decimals = len(match[1] or match[3] or "")
    percent = bool(match[2] or match[4])
    amount = Decimal(text.replace(",", "").rstrip("%"))
    cell.value = amount / 100 if percent else amount
    point = "." + "0" * decimals if decimals else ""
    cell.number_format = f"0{point}%" if percent else f"#,##0{point}"


def _rows_of(text: str, width_mm: float) -> int:
    room = max(width_mm - 2, 4) / (_SIZE_PT * layout.MM_PER_PT)
    return max(1, -int(-layout.width_em(text) // room))
