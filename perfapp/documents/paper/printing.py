"""The edition for signing by hand: the issued PDF with two QR codes on every page, in opposite corners.

Two, because a scan is laid over the printed page by their corners, and because a stamp may hide one of them.
"""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pypdfium2
import segno
from PIL import Image, ImageDraw, ImageFont

from perfapp.core.paper import PageMark, version_code

QR_MM: Final = 16.0
EDGE_MM: Final = 7.0
_MM: Final = 72 / 25.4  # points
_MODULE: Final = 8  # pixels
_FONT: Final = Path(__file__).parents[1] / "fonts" / "FandolFang-GB2312.otf"
_LINES_MM: Final = (62.0, 12.0)
_PIXELS_PER_MM: Final = 12


def print_edition(pdf: bytes, report_id: int, pdf_sha256: str) -> bytes:
    """The same pages, each with its marks and their meaning in words; nothing that was printed is touched."""
    document = pypdfium2.PdfDocument(pdf)
    mark = PageMark(report_id, version_code(pdf_sha256), 0, len(document))
    for number in range(len(document)):
        page = document[number]
        _mark_page(document, page, replace(mark, page=number + 1))
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def page_count(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _mark_page(document: Any, page: Any, mark: PageMark) -> None:
    width, height = page.get_size()
    side, edge = QR_MM * _MM, EDGE_MM * _MM
    top = height - edge - side
    _insert(document, page, _qr(mark), (edge, edge, side, side))
    _insert(document, page, _qr(replace(mark, corner="B")), (width - edge - side, top, side, side))
    wide, high = (length * _MM for length in _LINES_MM)
    _insert(document, page, _words(mark), (width - edge - side - wide - 2 * _MM, top + side - high, wide, high))


def _qr(mark: PageMark) -> Image.Image:
    out = io.BytesIO()
    segno.make_qr(mark.text(), error="m").save(out, kind="png", scale=_MODULE, border=0)
    return Image.open(out).convert("L")


def _words(mark: PageMark) -> Image.Image:
    width, height = (round(length * _PIXELS_PER_MM) for length in _LINES_MM)
    picture = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(picture)
    face = ImageFont.truetype(str(_FONT), round(3.4 * _PIXELS_PER_MM))
    code = " ".join(mark.code[at : at + 4] for at in range(0, len(mark.code), 4))
    lines = ("纸质签批件：签字、盖章后整份扫描上传", f"第 {mark.page} 页，共 {mark.count} 页", f"版本码 {code}")
    for at, line in enumerate(lines):
        draw.text((width, round(at * 4.1 * _PIXELS_PER_MM)), line, fill=0, font=face, anchor="ra")
    return picture


def _insert(document: Any, page: Any, picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    left, bottom, width, height = box
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(pypdfium2.PdfBitmap.from_pil(picture))
    image.set_matrix(pypdfium2.PdfMatrix().scale(width, height).translate(left, bottom))
    page.insert_obj(image)
