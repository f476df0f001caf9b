"""Reports as files of every kind, built here."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
import openpyxl
from docx.document import Document as DocxDocument
from docx.oxml import parse_xml

from perfapp.core.manuscript import Manuscript
from perfapp.documents.pdf import render_pdf
from tests.unit.documents import samples

LINES = (
    "附件1",
    "某某市水利局2021年度部门整体支出绩效自评报告",
    "单位名称（盖章）：某某市水利局",
    "2022年3月15日",
    "一、部门基本情况",
    "（一）人员情况。",
    "2021年末在职人员41人，其中公务员23人，事业人员18人，全部在编在岗，没有超编的情况，也没有长期借用的人员。",
    "二、资金使用情况",
    "全年支出1,200.50万元，其中基本支出1,000.25万元，占83.32%；项目支出200.25万元，占16.68%。",
)

_NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)


def bytes_of(document: Any) -> bytes:
    """What `save` writes."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def word(lines: Sequence[str] = LINES) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return bytes_of(document)


def raw_word(*paragraphs: str) -> bytes:
    """A document of paragraphs and tables written as WordprocessingML, its usual prefixes declared."""
    document: DocxDocument = docx.Document()
    body = document.element.body
    for paragraph in paragraphs:
        tag = paragraph.split(">", 1)[0].split()[0].lstrip("<")
        element = parse_xml(paragraph.replace(f"<{tag}", f"<{tag} {_NAMES}", 1))
        body.insert(len(body) - 1, element)
    return bytes_of(document)


def pdf(*blocks: dict[str, Any]) -> bytes:
    return render_pdf(samples.snapshot(samples.section(samples.document(*blocks))), {})


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def told(manuscript: Manuscript) -> list[tuple[int, str, int, str]]:
    """Number, kind, level and text of each line."""
    return [(line.number, line.kind.value, line.level, line.text) for line in manuscript.lines]


def texts(manuscript: Manuscript) -> list[str]:
    return [line.text for line in manuscript.lines]


def grid(manuscript: Manuscript, number: int = 0) -> list[list[str | None]]:
    """The table's texts by row and column; a merged cell fills all its places."""
    table = manuscript.tables[number]
    cells = [[table.at(row, column) for column in range(table.column_count)] for row in range(table.row_count)]
    return [[None if cell is None else cell.text for cell in row] for row in cells]


def assert_places_hold(manuscript: Manuscript) -> None:
    """Every cell stands where it says in its row's line."""
    for table in manuscript.tables:
        for cell in table.cells:
            assert manuscript.quoted(cell.place) == cell.text
