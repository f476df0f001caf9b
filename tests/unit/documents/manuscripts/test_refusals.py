"""What cannot be read is refused in one Chinese sentence, whatever it is."""

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from perfapp.core.errors import Invalid
from perfapp.documents.manuscripts import assemble, pdf, pdf_pages, plain, reading, sheets
from perfapp.documents.manuscripts.reading import read_manuscript
from perfapp.documents.word_import import MAX_PART_BYTES
from tests.unit.documents import samples
from tests.unit.documents.bad_files import BAD_DOCX, changed, good_docx, with_relation
from tests.unit.documents.manuscripts import files

CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def good_pdf() -> bytes:
    return files.pdf(samples.paragraph("全年支出100万元。"))


def good_xlsx() -> bytes:
    return files.bytes_of(files.workbook(("表", [("项目", "数"), ("合计", 1)])))


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return out.getvalue()


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(good_pdf()))
    writer.encrypt("secret", algorithm="AES-256")
    return files_of(writer)


def files_of(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scanned_pdf() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 850), "white").save(out, "PDF")
    return out.getvalue()


def endless_pdf() -> bytes:
    """Pages whose parent is their own child."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999/Parent 2 0 R>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def many_pages() -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pdf_pages.MAX_PAGES + 1):
        writer.add_blank_page(10, 10)
    return files_of(writer)


def wide_sheet() -> bytes:
    row = b"<row>" + b"<c/>" * (sheets.MAX_CELLS + 1) + b"</row>"
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(good_xlsx())) as package:
        part = package.read(name)
    return with_parts(good_xlsx(), {name: part.replace(b"</sheetData>", row + b"</sheetData>")})


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no ending": ("报告", good_docx, "只接受"),
    "a program": ("报告.exe", lambda: b"MZ", "只接受"),
    "old Word": ("报告.doc", lambda: OLE, "另存为 .docx"),
    "old Excel": ("表.xls", lambda: OLE, "另存为 .xlsx"),
    "a macro file": ("报告.docm", good_docx, "只接受"),
    "nothing": ("报告.txt", lambda: b"", "空文件"),
    "blank": ("报告.txt", lambda: " \n\u3000\n".encode(), "没有文字"),
    "too large": ("报告.txt", lambda: b"a" * (reading.MAX_BYTES + 1), "超过 20 MB"),
    "text too large": ("报告.txt", lambda: b"a\n" * (plain.MAX_BYTES // 2 + 1), "超过 8 MB"),
    "too many characters": ("报告.txt", lambda: "字".encode() * (assemble.MAX_CHARACTERS + 1), "请拆成"),
    "one endless line": ("报告.txt", lambda: ("其中" * 400_000 + "1," * 400_000).encode(), "请分段"),
    "too many numbers": ("报告.txt", lambda: "占1%，\n".encode() * (assemble.MAX_NUMBERS + 1), "处数字，超过"),
    "bytes as text": ("报告.txt", lambda: bytes(range(256)) * 4, "文字编码"),
    "half UTF-16": ("报告.txt", lambda: b"\xff\xfea", "文字编码"),
    "Word as text": ("报告.txt", good_docx, "与扩展名不符"),
    "PDF as text": ("报告.txt", good_pdf, "其实是 PDF"),
    "Excel as Word": ("报告.docx", good_xlsx, "Excel 表格"),
    "Word as Excel": ("表.xlsx", good_docx, "Word 文档"),
    "text as Word": ("报告.docx", lambda: "报告".encode(), "不是 .docx"),
    "text as PDF": ("报告.pdf", lambda: "报告".encode(), "不是 PDF"),
    "locked Word": ("报告.docx", lambda: OLE, "密码"),
    "locked Excel": ("表.xlsx", lambda: OLE, "密码"),
    "locked PDF": ("报告.pdf", locked_pdf, "密码"),
    "Word cut short": ("报告.docx", lambda: good_docx()[:-400], "损坏"),
    "Excel cut short": ("表.xlsx", lambda: good_xlsx()[:-200], "损坏"),
    "Word without a body": ("报告.docx", lambda: changed({"word/document.xml": b"<a/>"}), "损坏"),
    "Excel without a book": ("表.xlsx", lambda: with_parts(good_xlsx(), {"xl/workbook.xml": b"<a/>"}), "没有文字|损坏"),
    "Word too long": (
        "报告.docx",
        lambda: changed({"word/comments.xml": b"<a>" + b" " * (MAX_PART_BYTES + 1) + b"</a>"}),
        "太多|大得不正常",
    ),
    "too many cells": ("表.xlsx", wide_sheet, "格，超过"),
    "Excel with macros": ("表.xlsx", lambda: with_parts(good_xlsx(), {"xl/vbaProject.bin": b"x"}), "宏"),
    "PDF with nothing in it": ("报告.pdf", lambda: b"%PDF-1.7\nhello\nstartxref\n5\n%%EOF", "损坏"),
    "PDF cut short": ("报告.pdf", lambda: good_pdf()[:300], "损坏"),
    "PDF without end": ("报告.pdf", endless_pdf, "损坏|页|扫描"),
    "PDF with too many pages": ("报告.pdf", many_pages, "超过 600 页"),
    "scanned PDF": ("报告.pdf", scanned_pdf, "扫描件"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_one_sentence(name: str) -> None:
    filename, make, word_of_it = BAD[name]
    with pytest.raises(Invalid, match=word_of_it) as refused:
        read_manuscript(filename, make())
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize("name", sorted(set(BAD_DOCX) - {"outside template", "outside picture", "outside frame"}))
def test_a_hostile_word_file_is_refused(name: str) -> None:
    make, _ = BAD_DOCX[name]
    with pytest.raises(Invalid, match=r"。$"):
        read_manuscript("报告.docx", make())


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "frame"])
def test_what_is_named_elsewhere_is_never_fetched_and_does_no_harm(kind: str) -> None:
    assert read_manuscript("报告.docx", with_relation(kind, "http://192.0.2.1/a")).lines


def test_printer_settings_are_no_program() -> None:
    data = with_parts(good_xlsx(), {"xl/printerSettings/printerSettings1.bin": b"x"})
    assert read_manuscript("表.xlsx", data).lines


def test_a_pdf_without_legible_letters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    page = {
        "width": 600,
        "height": 800,
        "text": "\ue001" * 40,
        "boxes": [[10 * n, 10 * n + 9, 700, 10] for n in range(40)],
        "rules": [],
        "is_picture": False,
    }
    monkeypatch.setattr(pdf, "_pages", lambda _: [page])
    with pytest.raises(Invalid, match="乱码"):
        read_manuscript("报告.pdf", good_pdf())


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.001)
    with pytest.raises(Invalid, match="规定时间"):
        read_manuscript("报告.pdf", good_pdf())


def assert_read_or_refused(name: str, data: bytes) -> None:
    try:
        said = "".join(files.texts(read_manuscript(name, data)))
    except Invalid as refusal:
        said = refusal.message if CHINESE.search(refusal.message) else ""
    assert said


WHOLE = {"a.docx": good_docx(), "a.xlsx": good_xlsx(), "a.pdf": good_pdf()}


@given(st.sampled_from(["a.docx", "a.xlsx"]), st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_is_read_or_refused_and_nothing_else(name: str, data: st.DataObject) -> None:
    damaged = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(4, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert_read_or_refused(name, bytes(damaged))


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_pdf_is_read_or_refused_and_nothing_else(seed: int) -> None:
    damaged = bytearray(WHOLE["a.pdf"])
    for at in range(20 + seed, len(damaged), 97 + 31 * seed):
        damaged[at] ^= 1 << seed
    assert_read_or_refused("a.pdf", bytes(damaged))


def test_the_library_of_the_sheets_is_told_apart_from_ours() -> None:
    """A workbook that openpyxl itself wrote in another form still reads: inline strings, no styles."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.append(["项目", "数"])
    assert files.texts(read_manuscript("a.xlsx", files.bytes_of(book))) == ["项目\t数"]
