"""A Word table as a table of the block model: merged cells kept, ragged rows filled."""

from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from perfapp.core.document import Table
from perfapp.documents.printed import grid_of
from perfapp.documents.word_numbers import inlines
from perfapp.documents.word_source import Element, WordSource, blocks_of, children_flat


@dataclass(slots=True)
class _Cell:
    x: int
    colspan: int = 1
    rowspan: int = 1
    head: bool = False
    align: str | None = None
    content: list[dict[str, Any]] = field(default_factory=list)


def read_table(element: Element, source: WordSource) -> dict[str, Any]:
    """The table as a block for `core.document.parse`."""
    rows: list[list[_Cell]] = []
    open_merges: dict[int, _Cell] = {}
    for row in children_flat(element, "w:tr"):
        cells, open_merges = _read_row(row, source, open_merges)
        rows.append(cells)
    _fill(rows)
    return _without_default_aligns({"type": "table", "content": [_row(row, with_align=True) for row in rows]}, rows)


def _read_row(row: Element, source: WordSource, above: dict[int, _Cell]) -> tuple[list[_Cell], dict[int, _Cell]]:
    """The cells that start in this row, and those a later row may continue, by column."""
    is_head = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    x = _count(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
    cells = [_Cell(0, colspan=x)] if x else []
    going_on: dict[int, _Cell] = {}
    for element in children_flat(row, "w:tc"):
        held = element.find(qn("w:tcPr"))
        span = 1 if held is None else _count(held.find(qn("w:gridSpan")), 1)
        merge = None if held is None else held.find(qn("w:vMerge"))
        upper = above.get(x)
        if merge is not None and merge.get(qn("w:val")) != "restart" and upper is not None and upper.colspan == span:
            upper.rowspan += 1
            going_on[x] = upper
        else:
            cell = _Cell(x, colspan=span, head=is_head)
            _read_content(element, source, cell)
            cells.append(cell)
            if merge is not None:
                going_on[x] = cell
        x += span
    return cells, going_on


def _read_content(element: Element, source: WordSource, cell: _Cell) -> None:
    counter = 0
    for block in blocks_of(element):
        if block.tag == qn("w:tbl"):
            source.left.add("nested")
            for inner in block.iter(qn("w:tc")):
                _read_content(inner, source, cell)
            continue
        paragraph = source.paragraph(block)
        if paragraph.pictures:
            source.left.add("cell_picture")
        cell.head = cell.head or paragraph.style == "表格表头"
        cell.align = cell.align or paragraph.align
        for line in paragraph.lines:
            text = "".join(part for part, _ in line)
            nodes, counter = inlines(line, counter, whole_text=text)
            if text.strip():
                cell.content.append({"type": "paragraph", "content": nodes})


def _fill(rows: list[list[_Cell]]) -> None:
    """Give every row the same number of columns: Word allows ragged rows, documents do not."""
    taken: list[int] = [0] * len(rows)
    for y, row in enumerate(rows):
        for cell in row:
            for down in range(min(cell.rowspan, len(rows) - y)):
                taken[y + down] += cell.colspan
    width = max(taken, default=0)
    for row, count in zip(rows, taken, strict=True):
        row.extend(_Cell(count + extra) for extra in range(width - count))


def _row(cells: list[_Cell], *, with_align: bool) -> dict[str, Any]:
    return {
        "type": "tableRow",
        "content": [
            {
                "type": "tableHeader" if cell.head else "tableCell",
                "attrs": {
                    "colspan": cell.colspan,
                    "rowspan": cell.rowspan,
                    "align": cell.align if with_align else None,
                },
                "content": cell.content or [{"type": "paragraph", "content": []}],
            }
            for cell in cells
        ],
    }


def _without_default_aligns(block: dict[str, Any], rows: list[list[_Cell]]) -> dict[str, Any]:
    """Leave out an alignment that the layout would choose anyway."""
    plain = Table.model_validate({"type": "table", "content": [_row(row, with_align=False) for row in rows]})
    for row, set_row in zip(block["content"], grid_of(plain).rows, strict=True):
        for cell, chosen in zip(row["content"], set_row, strict=True):
            if cell["attrs"]["align"] == chosen.align:
                cell["attrs"]["align"] = None
    return block


def _count(element: Element, default: int) -> int:
    value = "" if element is None else element.get(qn("w:val")) or ""
    return int(value) if value.isdigit() else default
