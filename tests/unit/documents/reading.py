"""Texts and places read back out of finished files."""

import re
from collections import Counter
from io import BytesIO
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from perfapp.core.snapshot import Snapshot, section_lines
from perfapp.documents import layout

FOOT_PT = (layout.MARGIN_BOTTOM_MM - 1) / layout.MM_PER_PT
"""Below this height stands only the page number."""


def squeezed(text: str) -> str:
    """The text without white space: line ends and indents are the page's, not the writer's."""
    return re.sub(r"\s+", "", text)


def pdf_pages(data: bytes) -> list[str]:
    """The text of each page without white space and without its page number."""
    return [
        re.sub(r"—\d+—", "", squeezed(page.extract_text(extraction_mode="plain")))
        for page in PdfReader(BytesIO(data)).pages
    ]


def pdf_lines(data: bytes, page: int) -> Counter[float]:
    """How many characters stand on each base line (pt from the foot of the sheet) of a page, its number left out."""
    lines: Counter[float] = Counter()

    def visit(text: str, matrix: list[float], text_matrix: list[float], _font: Any, _size: float) -> None:
        height = round(matrix[5] + matrix[3] * text_matrix[5], 1)
        if text.strip() and height > FOOT_PT:
            lines[height] += len(text.strip())

    PdfReader(BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return lines


def page_number(data: bytes, page: int) -> tuple[str, float]:
    """The page number as printed and where it starts (pt from the left edge); an empty text if there is none."""
    found: list[tuple[str, float]] = []

    def visit(text: str, matrix: list[float], text_matrix: list[float], _font: Any, _size: float) -> None:
        if text.strip() and matrix[5] + matrix[3] * text_matrix[5] < FOOT_PT:
            found.append((squeezed(text), matrix[4] + text_matrix[4]))

    PdfReader(BytesIO(data)).pages[page].extract_text(visitor_text=visit)
    return found[0] if found else ("", 0.0)


def docx_paragraphs(data: bytes) -> list[str]:
    """Body paragraphs and table rows (cells joined by tabs, a merged cell once), empty ones left out."""
    lines: list[str] = []
    for block in docx.Document(BytesIO(data)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            for row in block._tbl.tr_lst:
                cells = (docx.table._Cell(cell, block) for cell in row.tc_lst if cell.vMerge != "continue")
                lines.append("\t".join(cell.text for cell in cells))
    return [line for line in lines if line.strip()]


def printed_text(snapshot: Snapshot) -> str:
    """What both files must say from the first body page to the last, without white space."""
    lines = [snapshot.title]
    for section in snapshot.sections:
        lines += section_lines(section, snapshot.fiscal_year)
    return squeezed("".join(lines))
