"""The bare engines, typst and python-docx, fed the blocks of a report as plain values."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from docx.document import Document as DocxDocument
from docx.shared import Mm

from perfapp.core.snapshot import Snapshot
from perfapp.documents import fonts, layout, printed
from perfapp.documents.docx_template import open_template

Block = dict[str, Any]

TYPST_SOURCE = Path(__file__).with_name("plain.typ").read_bytes()
STYLE_NAMES = {1: "heading 1", 2: "heading 2", 3: "heading 3", 4: "heading 4"}


def blocks(snapshot: Snapshot) -> Block:
    """Everything the report prints as plain values: numbers drawn, runs and cells as text."""
    report = printed.report(snapshot)
    return {
        "title": report.title,
        "mark": report.mark,
        "unit": layout.COVER_UNIT_LABEL + report.unit_name,
        "date": report.date,
        "flow": [_block(place.printed) for place in report.flow],
        "annexes": [
            {"mark": annex.mark, "title": annex.title, "flow": [_block(place.printed) for place in annex.flow]}
            for annex in report.annexes
        ],
    }


def _block(part: printed.Printed) -> Block:
    if isinstance(part, printed.Head):
        return {"kind": "head", "level": part.level, "depth": part.depth, "text": part.text}
    if isinstance(part, printed.Line):
        return {"kind": "line", "lead": part.lead, "level": part.lead_level, "runs": part.runs}
    if isinstance(part, printed.Grid):
        return {"kind": "grid", "columns": part.columns, "cells": [_cell(*pair) for pair in _placed(part)]}
    raise TypeError("the sample holds no pictures")


def _placed(grid: printed.Grid) -> Iterator[tuple[int, printed.GridCell]]:
    for y, cells in enumerate(grid.rows):
        for cell in cells:
            yield y, cell


def _cell(y: int, cell: printed.GridCell) -> Block:
    spans = {"colspan": cell.colspan, "rowspan": cell.rowspan}
    return {"x": cell.x, "y": y, "head": cell.head, "text": "\n".join(cell.texts), **spans}


class PlainTypst:
    """One typesetter kept warm, a straight source, the same fonts and the same PDF standards."""

    def __init__(self) -> None:
        self._set = fonts.font_set()
        self._compiler = typst.Compiler(font_paths=self._set.index, ignore_system_fonts=True)

    def pdf(self, content: Block) -> bytes:
        data = json.dumps(content | {"fonts": dict(self._set.families)}, ensure_ascii=False)
        made = self._compiler.compile(
            input=TYPST_SOURCE,
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=datetime(2019, 3, 15, tzinfo=UTC),
        )
        assert isinstance(made, bytes)  # noqa: S101 -- one PDF was asked for
        return made


def plain_docx(content: Block) -> bytes:
    """By the public interface of python-docx, into an empty file that has the styles already."""
    document = open_template(draft=False)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(layout.PAGE_WIDTH_MM), Mm(layout.PAGE_HEIGHT_MM)
    page.left_margin, page.right_margin = Mm(layout.MARGIN_LEFT_MM), Mm(layout.MARGIN_RIGHT_MM)
    for text, style in ((content["mark"], "附件标识"), (content["title"], "Title")):
        document.add_paragraph(text, style)
    for text in (content["unit"], content["date"]):
        document.add_paragraph(text, "封面文字")
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph(content["title"], "Title")
    _plain_flow(document, content["flow"])
    for annex in content["annexes"]:
        document.add_page_break()  # type: ignore[no-untyped-call]
        document.add_paragraph(annex["mark"], "附件标识")
        document.add_paragraph(annex["title"], "Title")
        _plain_flow(document, annex["flow"])
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _plain_flow(document: DocxDocument, flow: Sequence[Block]) -> None:
    for block in flow:
        if block["kind"] == "head":
            document.add_paragraph(block["text"], STYLE_NAMES[block["level"]])
        elif block["kind"] == "line":
            paragraph = document.add_paragraph(style="公文正文")
            if block["lead"]:
                paragraph.add_run(block["lead"])
            for text, bold in block["runs"]:
                paragraph.add_run(text).bold = bold or None
        else:
            _plain_table(document, block)


def _plain_table(document: DocxDocument, block: Block) -> None:
    table = document.add_table(1 + max(cell["y"] for cell in block["cells"]), block["columns"])
    table.autofit = False
    grid = [row.cells for row in table.rows]  # asking the table for one cell walks through all of them
    for cell in block["cells"]:
        first = grid[cell["y"]][cell["x"]]
        if cell["rowspan"] > 1 or cell["colspan"] > 1:
            last = grid[cell["y"] + cell["rowspan"] - 1][cell["x"] + cell["colspan"] - 1]
            first = first.merge(last)
        paragraph = first.paragraphs[0]
        paragraph.style = document.styles["表格表头" if cell["head"] else "表格文字"]
        paragraph.add_run(cell["text"])
