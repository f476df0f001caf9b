"""PDF with text. A line is a paragraph as joined from the page's lines, or a table row; both count from 1 together."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from perfapp.core.errors import Invalid
from perfapp.documents.manuscripts import pdf_pages
from perfapp.documents.manuscripts.parts import Paragraph, Part, table
from perfapp.documents.manuscripts.pdf_flow import flow
from perfapp.documents.manuscripts.pdf_marks import PdfPage, is_unknown

SECONDS: Final = 40
_LEAST_PER_PAGE: Final = 10
_REFUSED: Final = {
    "password": "PDF 设有打开密码，请取消密码后再试。",
    "broken": "PDF 已经损坏，无法打开，请重新导出后再试。",
    "pages": f"PDF 超过 {pdf_pages.MAX_PAGES} 页，请拆成几个文件分别体检。",
    "characters": f"PDF 的文字超过 {pdf_pages.MAX_CHARACTERS:,} 个，请拆成几个文件分别体检。",
}
_READER: Final = Path(pdf_pages.__file__)


def read_pdf(data: bytes) -> list[Part]:
    """The parts of a PDF; Invalid in one sentence if it is locked, broken, endless, scanned or not legible."""
    pages = [PdfPage.of(page) for page in _pages(data)]
    letters = [mark.letter for page in pages for mark in page.marks if not mark.letter.isspace()]
    if len(letters) < _LEAST_PER_PAGE * len(pages) and (not letters or any(page.is_picture for page in pages)):
        raise Invalid(
            "这个 PDF 是扫描件或图片，里面没有文字，无法体检。请上传 Word 原稿，或有文字的 PDF。", field="file"
        )
    if sum(map(is_unknown, letters)) * 5 > len(letters):
        raise Invalid("PDF 里的字体没有文字编码，读出来是乱码。请上传 Word 原稿，或重新导出 PDF。", field="file")
    parts: list[Part] = []
    number = 1
    for held in flow(pages):
        if isinstance(held, str):
            parts.append(Paragraph(number, held))
            number += 1
        else:
            found = table(number, held)
            parts.append(found)
            number += len(found.lines)
    return parts


def _pages(data: bytes) -> list[dict[str, Any]]:
    """The pages as another process reads them; what goes wrong there cannot harm this one."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own words
            [sys.executable, "-I", str(_READER)], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("PDF 过于复杂，没能在规定时间内读完，请重新导出后再试。", field="file") from error
    if done.returncode:
        raise Invalid("PDF 过于复杂或已经损坏，无法读出文字，请重新导出后再试。", field="file")
    answer = json.loads(done.stdout)
    if word := answer.get("refused"):
        raise Invalid(_REFUSED[word], field="file")
    pages: list[dict[str, Any]] = answer["pages"]
    return pages
