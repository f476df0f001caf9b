"""What comes in is judged by its content, and anything active, broken or oversized stays outside."""

import io
import struct
import zlib

import openpyxl
import pytest
from PIL import Image

from perfapp.core.errors import Invalid
from perfapp.documents import guard
from perfapp.documents.guard import DOCX, XLSX, check_ooxml, sniff
from perfapp.documents.pdf import render_section_pdf
from perfapp.documents.picture import clean_picture
from tests.unit.documents import samples
from tests.unit.documents.bad_files import BAD_DOCX, changed, good_docx, with_relation


def good_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.create_sheet("表").append(["指标", 1])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_pdf() -> bytes:
    return render_section_pdf(samples.section("甲"), samples.UNIT, 2018, {})


@pytest.mark.parametrize("name", BAD_DOCX)
def test_bad_office_files_are_refused_in_words(name: str) -> None:
    make, word = BAD_DOCX[name]
    with pytest.raises(Invalid, match=word) as refused:
        check_ooxml(make())
    assert refused.value.message.endswith("。")


def test_good_office_files_pass() -> None:
    assert check_ooxml(good_docx()) == DOCX
    assert check_ooxml(good_xlsx()) == XLSX
    assert check_ooxml(with_relation("hyperlink", "https://example.org/")) == DOCX
    assert check_ooxml(changed({"word/embeddings/chart.xlsx": good_xlsx()})) == DOCX


@pytest.mark.parametrize(
    ("filename", "make", "media_type"),
    [
        ("合同.pdf", good_pdf, "application/pdf"),
        ("自评.DOCX", good_docx, DOCX),
        ("指标.xlsx", good_xlsx, XLSX),
        ("照片.jpg", lambda: samples.drawing(image_format="JPEG")[1], "image/jpeg"),
        ("照片.jpeg", lambda: samples.drawing(image_format="JPEG")[1], "image/jpeg"),
        ("图.png", lambda: samples.drawing()[1], "image/png"),
    ],
)
def test_evidence_is_named_by_content(filename: str, make: object, media_type: str) -> None:
    assert sniff(filename, make()) == media_type  # type: ignore[operator]


def _huge_png() -> bytes:
    """A picture of 30000 x 30000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("filename", "make", "word"),
    [
        ("空.pdf", lambda: b"", "空文件"),
        ("程序.exe", lambda: b"MZ", "只接受"),
        ("网页.svg", lambda: b"<svg/>", "只接受"),
        ("没有扩展名", good_pdf, "只接受"),
        ("旧.doc", lambda: b"\xd0\xcf\x11\xe0", "旧版"),
        ("大.pdf", lambda: b"%PDF-1.7" + bytes(guard.MAX_FILE_BYTES), "超过 20 MB"),
        ("假.pdf", good_docx, "其实是 Word 文档"),
        ("假.docx", good_xlsx, "其实是 Excel 表格"),
        ("假.jpg", lambda: samples.drawing()[1], "其实是 PNG 图片"),
        ("假.png", lambda: b"GIF89a" + bytes(40), "不是"),
        ("断.pdf", lambda: good_pdf()[:-100], "不完整"),
        ("错.pdf", lambda: b"%PDF-1.7\nhello\nstartxref\n5\n%%EOF", "目录"),
        ("断.png", lambda: samples.drawing()[1][:-300], "损坏"),
        ("断.jpg", lambda: samples.drawing(image_format="JPEG")[1][:900], "损坏"),
        ("巨.png", _huge_png, "太大|损坏"),
        ("炸弹.docx", BAD_DOCX["zip bomb"][0], "大得不正常"),
    ],
)
def test_evidence_is_refused_in_words(filename: str, make: object, word: str) -> None:
    with pytest.raises(Invalid, match=word) as refused:
        sniff(filename, make())  # type: ignore[operator]
    assert refused.value.message.endswith("。")


def test_clean_picture_drops_hidden_data_and_turns_upright() -> None:
    image = Image.new("RGB", (300, 100), "navy")
    exif = image.getexif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    cleaned, media_type = clean_picture(out.getvalue())
    assert media_type == "image/jpeg"
    assert b"secret" not in cleaned
    assert Image.open(io.BytesIO(cleaned)).size == (100, 300)


def test_clean_picture_is_stable_small_and_on_white() -> None:
    image = Image.new("RGBA", (3000, 20), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    cleaned, _ = clean_picture(out.getvalue())
    result = Image.open(io.BytesIO(cleaned))
    assert result.width == 1843
    assert result.getpixel((0, 0)) == (255, 255, 255)
    assert clean_picture(cleaned)[0] == cleaned
    deep = io.BytesIO()
    Image.new("I;16", (4, 4), 65535).save(deep, "PNG")
    assert Image.open(io.BytesIO(clean_picture(deep.getvalue())[0])).getpixel((0, 0)) == 255
