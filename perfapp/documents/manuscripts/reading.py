"""A file of any kind we take, read into a manuscript. What it is, its content says; its name must agree."""

from collections.abc import Callable
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import Manuscript
from perfapp.documents.manuscripts.assemble import assembled
from perfapp.documents.manuscripts.parts import Part

MAX_BYTES: Final = 20 << 20
ENDINGS: Final = ("docx", "pdf", "txt", "md", "xlsx")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_OLD: Final = {"doc": "docx", "xls": "xlsx", "wps": "docx", "et": "xlsx", "rtf": "docx", "ofd": "pdf", "csv": "xlsx"}


def read_manuscript(filename: str, data: bytes) -> Manuscript:
    """The manuscript in a .docx, .pdf, .txt, .md or .xlsx; Invalid, in one sentence, where there is none to be had.

    Lines are counted from 1: those of the file in text and Markdown; paragraphs and table rows in order, empty ones
    too, in Word; joined paragraphs and table rows in PDF; rows in order of the sheets in Excel.
    """
    ending = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    if ending in _OLD:
        raise Invalid(f"“{filename}”是 .{ending} 文件，请另存为 .{_OLD[ending]} 后再试。", field="file")
    if ending not in ENDINGS:
        raise Invalid(f"不能体检“{filename}”：只接受 {'、'.join(ENDINGS)} 文件。", field="file")
    if not data:
        raise Invalid(f"“{filename}”是空文件，请重新选择。", field="file")
    if len(data) > MAX_BYTES:
        raise Invalid(f"“{filename}”超过 {MAX_BYTES >> 20} MB，请压缩图片或拆分后再试。", field="file")
    _check_content(ending, filename, data)
    return assembled(_READERS[ending](data), filename, is_whole=ending != "xlsx")


def _check_content(ending: str, filename: str, data: bytes) -> None:
    if ending in ("docx", "xlsx"):
        if not data.startswith((_ZIP, _OLE)):
            raise Invalid(f"“{filename}”的内容不是 .{ending} 文件，或者已经损坏，请核对后再试。", field="file")
    elif data.startswith((_ZIP, _OLE)):
        raise Invalid(f"“{filename}”的内容是 Office 文件，与扩展名不符，请改正文件名后再试。", field="file")
    elif (b"%PDF-" in data[:1024]) != (ending == "pdf"):
        what = "不是 PDF" if ending == "pdf" else "其实是 PDF"
        raise Invalid(f"“{filename}”的内容{what}，与扩展名不符，请核对后再试。", field="file")


def _text(data: bytes) -> list[Part]:
    from perfapp.documents.manuscripts.plain import read_text  # noqa: PLC0415 -- each file loads only its own libraries

    return read_text(data)


def _markdown(data: bytes) -> list[Part]:
    from perfapp.documents.manuscripts.plain import read_text  # noqa: PLC0415

    return read_text(data, is_markdown=True)


def _word(data: bytes) -> list[Part]:
    from perfapp.documents.manuscripts.word import read_word  # noqa: PLC0415

    return read_word(data)


def _pdf(data: bytes) -> list[Part]:
    from perfapp.documents.manuscripts.pdf import read_pdf  # noqa: PLC0415

    return read_pdf(data)


def _sheets(data: bytes) -> list[Part]:
    from perfapp.documents.manuscripts.sheets import read_sheets  # noqa: PLC0415

    return read_sheets(data)


_READERS: Final[dict[str, Callable[[bytes], list[Part]]]] = {
    "docx": _word,
    "pdf": _pdf,
    "txt": _text,
    "md": _markdown,
    "xlsx": _sheets,
}
