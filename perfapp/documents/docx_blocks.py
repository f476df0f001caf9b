"""WordprocessingML of the printed things: one string per block, parsed once by the caller."""

from collections import defaultdict
from html import escape
from typing import Final

from perfapp.core.document import Run
from perfapp.documents import columns, layout
from perfapp.documents.docx_template import fonts_xml, twips, twips_mm
from perfapp.documents.font_names import DOCX_NAMES
from perfapp.documents.printed import Aside, Grid, GridCell, Head, Line

EMU_PER_MM: Final = 36000
SECTION_BOOKMARK: Final = "perfapp_section"
"""Marks the heading of a section exported alone, so that import does not take it for text."""

_LEAD_FACE: Final = {1: fonts_xml("hei", DOCX_NAMES["hei"]), 2: fonts_xml("kai", DOCX_NAMES["kai"])}
_ROOM, _COMPACT_ROOM = 60, 28  # over and under the text of a cell, in twentieths of a point
_KEPT: Final = "<w:keepNext/>"
_EDGE: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def run_xml(text: str, properties: str = "") -> str:
    """A run; the whole of a person's text goes through here and is escaped."""
    held = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{held}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def runs_xml(runs: tuple[Run, ...]) -> str:
    return "".join(run_xml(text, "<w:b/>" if bold else "") for text, bold in runs)


def paragraph_xml(style: str, inside: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inside}</w:p>'


def lines_xml(style: str, lines: list[str], properties: str = "") -> str:
    """A paragraph with forced line ends."""
    return paragraph_xml(style, "<w:r><w:br/></w:r>".join(map(run_xml, lines)), properties)


def head_xml(head: Head, *, bookmark: bool = False) -> str:
    inside = run_xml(head.text)
    if bookmark:
        inside = f'<w:bookmarkStart w:id="0" w:name="{SECTION_BOOKMARK}"/>{inside}<w:bookmarkEnd w:id="0"/>'
    return paragraph_xml(f"Heading{min(head.level, 4)}", inside)


def line_xml(line: Line) -> str:
    lead = run_xml(line.lead, _LEAD_FACE.get(line.lead_level, "")) if line.lead else ""
    return paragraph_xml("DocItem" if line.item else "DocBody", lead + runs_xml(line.runs))


def aside_xml(aside: Aside, width_mm: float, *, stays: bool = False) -> str:
    """The parts on tab stops: at even distances, or the last against the right edge and those between centred.

    `stays` keeps the line on the page of the next one.
    """
    last = len(aside.parts) - 1
    tabs = "".join(
        f'<w:tab w:val="{_stop(number == last, aside.to_edges)}" '
        f'w:pos="{twips_mm(width_mm * number / (last if aside.to_edges else last + 1))}"/>'
        for number in range(1, last + 1)
    )
    inside = "<w:r><w:tab/></w:r>".join(map(run_xml, aside.parts))
    pitch = f'<w:spacing w:line="{twips(layout.aside_pitch(aside.is_signed))}" w:lineRule="exact"/>'
    kept = _KEPT if stays else ""
    return paragraph_xml("DocAside", inside, kept + (f"<w:tabs>{tabs}</w:tabs>" if tabs else "") + pitch)


def _stop(is_last: bool, to_edges: bool) -> str:
    if not to_edges:
        return "left"
    return "right" if is_last else "center"


def gap_xml(section: str = "", *, stays: bool = False) -> str:
    """A thin empty paragraph: parts two tables, or carries the properties of a section that ends here."""
    thin = '<w:spacing w:line="20" w:lineRule="exact"/>' if section else ""
    return paragraph_xml("DocGap", "", (_KEPT if stays else "") + thin + section)


def grid_xml(grid: Grid, width_mm: float, *, stays: bool = False) -> str:
    """The table, its head rows repeated, short rows kept whole; a thin gap follows.

    `stays` keeps the last row on the page of what follows the table.
    """
    chosen = columns.setting(grid, width_mm)
    rows = []
    covered: defaultdict[int, dict[int, tuple[GridCell, bool]]] = defaultdict(dict)
    for y, row in enumerate(grid.rows):
        for cell in row:
            for down in range(1, cell.rowspan):
                covered[y + down][cell.x] = (cell, True)
        places = {cell.x: (cell, False) for cell in row} | covered.pop(y, {})
        kept = _KEPT if stays and y == len(grid.rows) - 1 else ""
        cells = "".join(_cell_xml(*places[x], chosen, kept) for x in sorted(places))
        whole = all(columns.keeps_whole(cell, chosen) for cell in row)
        marks = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if y < grid.head_count else "")
        rows.append(f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>")
    padding, room = twips_mm(columns.CELL_PADDING_MM), _COMPACT_ROOM if grid.is_compact else _ROOM
    grid_columns = "".join(f'<w:gridCol w:w="{twips_mm(width)}"/>' for width in chosen.widths_mm)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips_mm(width_mm)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_EDGE}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        f'<w:top w:w="{room}" w:type="dxa"/><w:left w:w="{padding}" w:type="dxa"/><w:bottom w:w="{room}" w:type="dxa"/>'
        f'<w:right w:w="{padding}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid_columns}</w:tblGrid>{''.join(rows)}</w:tbl>{gap_xml(stays=stays)}"
    )


def picture_xml(relation: str, number: int, name: str, width_mm: float, height_mm: float) -> str:
    """An inline picture; `number` is unique in the document, `name` what is read out for it."""
    size = f'cx="{round(width_mm * EMU_PER_MM)}" cy="{round(height_mm * EMU_PER_MM)}"'
    shown = escape(name, quote=True)
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr="{shown}"/><wp:cNvGraphicFramePr>'
        '<a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _cell_xml(cell: GridCell, below: bool, chosen: columns.Setting, kept: str) -> str:
    """The cell, or where it reaches down into a later row (`below`) its empty continuation."""
    width = sum(chosen.widths_mm[cell.x : cell.x + cell.colspan])
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = "" if cell.rowspan == 1 else "<w:vMerge/>" if below else '<w:vMerge w:val="restart"/>'
    small = round(chosen.size_pt * 2)
    size = "" if small == 21 else f'<w:sz w:val="{small}"/><w:szCs w:val="{small}"/>'
    line = twips(chosen.size_pt * columns.LINE_SPREAD)
    pitch = f'{kept}<w:spacing w:line="{line}" w:lineRule="exact"/><w:jc w:val="{cell.align}"/>'
    paragraphs = [
        paragraph_xml(
            "TableHead" if cell.head else "TableText",
            "".join(run_xml(text, ("<w:b/>" if bold else "") + size) for text, bold in runs),
            pitch,
        )
        for runs in (() if below else cell.lines)
    ]
    empty = paragraph_xml("TableHead" if cell.head else "TableText", "", pitch)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips_mm(width)}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{''.join(paragraphs) or empty}</w:tc>"
    )
