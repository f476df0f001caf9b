"""The gate for files people bring: what a file is by its content, and whether an Office file is safe to open.

Nothing here trusts a file name, a declared size or a declared type.
"""

import io
import re
import zipfile
import zlib
from typing import Final

from docx.oxml import parse_xml
from lxml import etree  # type: ignore[import-untyped]
from PIL import Image

from perfapp.core.errors import Invalid

MAX_FILE_BYTES: Final = 20 << 20
MAX_INFLATED_BYTES: Final = 200 << 20
MAX_XML_BYTES: Final = 40 << 20
MAX_ENTRIES: Final = 2000
MAX_RATIO: Final = 200
MAX_PIXELS: Final = 50_000_000
# Small parts may well shrink 200 times; only what grows beyond this is judged by its ratio.
_RATIO_FROM_BYTES: Final = 10 << 20
_CHUNK: Final = 1 << 16

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": DOCX,
    "xlsx": XLSX,
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_NAMES: Final = {
    MEDIA_TYPES["pdf"]: "PDF",
    DOCX: "Word 文档",
    XLSX: "Excel 表格",
    "image/jpeg": "JPG 图片",
    "image/png": "PNG 图片",
}
_ALLOWED: Final = "pdf、docx、xlsx、jpg、png"
_MAIN_PART: Final = {f"{DOCX}.main+xml": DOCX, f"{XLSX}.main+xml": XLSX}
_ACTIVE_PART: Final = re.compile(r"vbaproject|vbadata|activex|oleobject|\.bin$|macrosheets", re.IGNORECASE)
_PRINTER_PART: Final = re.compile(
    r"(?:xl|word)/printerSettings/[^/]+\.bin", re.IGNORECASE
)  # Excel adds it to most files
_ACTIVE_TYPE: Final = re.compile(rb"macroEnabled|vbaProject|oleObject|activeX", re.IGNORECASE)
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def sniff(filename: str, data: bytes) -> str:
    """The media type of an evidence file by its content; Invalid if it is not allowed, unsafe, or misnamed."""
    ending = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    if not data:
        raise Invalid(f"“{filename}”是空文件，请重新选择。")
    if len(data) > MAX_FILE_BYTES:
        raise Invalid(f"“{filename}”超过 {MAX_FILE_BYTES >> 20} MB，请压缩或拆分后再上传。")
    if ending in ("doc", "xls"):
        raise Invalid(f"“{filename}”是旧版 Office 格式，请另存为 .{ending}x 后再上传。")
    if ending not in MEDIA_TYPES:
        raise Invalid(f"不能上传“{filename}”：只接受 {_ALLOWED} 文件。")
    found = _found(data)
    if found is None:
        raise Invalid(f"“{filename}”的内容不是 {_ALLOWED} 中的任何一种，或者已经损坏，请核对后重新上传。")
    if found != MEDIA_TYPES[ending]:
        name = _NAMES[found]
        gap = " " if name[0].isascii() else ""
        raise Invalid(f"“{filename}”的内容其实是{gap}{name}，与扩展名不符，请改正文件名后再上传。")
    return found


def check_ooxml(data: bytes, *, to_keep: bool = True) -> str:
    """The media type (DOCX or XLSX) of an Office file that is whole, of bearable size and without anything active.

    A file that is only read here, not kept for others to open, may name templates and pictures elsewhere.
    """
    return _checked(data, nested=False, to_keep=to_keep)


def check_picture(data: bytes) -> str:
    """The media type of a whole JPEG or PNG of at most MAX_PIXELS."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Invalid(f"图片有 {image.width} × {image.height} 个像素，太大了，请缩小后再上传。")
            kind = image.format
            image.load()
    except (OSError, SyntaxError, ValueError, zlib.error, Image.DecompressionBombError) as error:
        raise Invalid("图片已经损坏，无法打开，请重新导出后再上传。") from error
    return "image/jpeg" if kind == "JPEG" else "image/png"


def _found(data: bytes) -> str | None:
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return MEDIA_TYPES["pdf"]
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return check_picture(data)
    if data.startswith((b"PK\x03\x04", _OLE_MAGIC)):
        return check_ooxml(data)
    return None


def _check_pdf(data: bytes) -> None:
    """A head with a version, and a tail that points to a cross-reference inside the file."""
    tail = re.search(rb"startxref\s+(\d{1,10})\s+%%EOF\s*$", data[-2048:].rstrip(b"\0 \r\n\t"))
    if not re.match(rb"%PDF-[12]\.\d", data) or tail is None:
        raise Invalid("PDF 文件不完整，没有正常的结尾，请重新导出后再上传。")
    target = int(tail[1])
    if not re.match(rb"\s*(xref|\d+\s+\d+\s+obj)", data[target : target + 64]):
        raise Invalid("PDF 文件的目录已经损坏，请重新导出后再上传。")


def _checked(data: bytes, *, nested: bool, to_keep: bool) -> str:
    if len(data) > MAX_FILE_BYTES:
        raise Invalid(f"文件超过 {MAX_FILE_BYTES >> 20} MB，请压缩图片或拆分后再试。")
    if data.startswith(_OLE_MAGIC):
        raise Invalid("文件设有打开密码，或是旧版 Office 格式，请取消密码并另存为 .docx 或 .xlsx 后再试。")
    if not data.startswith(b"PK\x03\x04"):
        raise Invalid("文件不是 Word 文档（.docx）或 Excel 表格（.xlsx），请核对后再试。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _check_names(entries)
            return _check_parts(package, entries, nested=nested, to_keep=to_keep)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Invalid("文件已经损坏，无法打开，请用 Word 或 WPS 另存一份后再试。") from error


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Invalid(f"文件内部的部件超过 {MAX_ENTRIES} 个，不像正常的文档，没有接收。")
    names = [entry.filename for entry in entries]
    if len({name.casefold() for name in names}) != len(names):
        raise Invalid("文件内部有重名的部件，不像正常的文档，没有接收。")
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/"):
            raise Invalid("文件内部的部件名称指向外部，没有接收。")
        if entry.flag_bits & 0x1:
            raise Invalid("文件设有密码，请取消密码后再试。")
        if _ACTIVE_PART.search(name) and not _PRINTER_PART.fullmatch(name):
            raise Invalid("文件含有宏或嵌入的程序，请另存为不含宏的 .docx 或 .xlsx 后再试。")
    if "[Content_Types].xml" not in names:
        raise Invalid("文件不是 Word 或 Excel 文档（缺少内容清单），请核对后再试。")


def _check_parts(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo], *, nested: bool, to_keep: bool) -> str:
    left = MAX_INFLATED_BYTES
    kind: str | None = None
    for entry in entries:
        name = entry.filename
        is_xml = name.endswith((".xml", ".rels", ".vml"))
        is_package = name.lower().endswith((".docx", ".xlsx", ".pptx", ".docm", ".xlsm"))
        part, size = _inflated(package, entry, left, keep=is_xml or is_package)
        left -= size
        if is_xml:
            _check_doctype(part)
        if name.endswith(".rels"):
            _check_relations(part, to_keep=to_keep)
        elif name == "[Content_Types].xml":
            kind = _declared(part)
        elif is_package and (nested or _checked(part, nested=True, to_keep=to_keep) != XLSX):
            # A chart keeps its figures in a workbook of its own; anything else inside is a file in hiding.
            raise Invalid("文件里嵌入了另一个文档，请把它取出来单独上传。")
    if kind is None:
        raise Invalid("文件不是 Word 文档（.docx）或 Excel 表格（.xlsx），请核对后再试。")
    return kind


def _inflated(package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, *, keep: bool) -> tuple[bytes, int]:
    """The part's bytes if kept, and how many there really are; what the archive declares is not believed."""
    limit = min(left, MAX_XML_BYTES) if keep else left
    kept: list[bytes] = []
    size = 0
    with package.open(entry) as part:
        while chunk := part.read(_CHUNK):
            size += len(chunk)
            if size > limit or (size > _RATIO_FROM_BYTES and size > MAX_RATIO * max(1, entry.compress_size)):
                raise Invalid("文件解开后大得不正常，没有接收，请用 Word 或 WPS 另存一份后再试。")
            if keep:
                kept.append(chunk)
    return b"".join(kept), size


def _check_doctype(part: bytes) -> None:
    """Office never writes a document type; in any encoding it is the door to entities and outside files."""
    head = part[:_CHUNK].replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in head or b"<!ENTITY" in part.replace(b"\0", b"").upper():
        raise Invalid("文件内部含有外部实体声明（DTD），没有接收，请用 Word 或 WPS 另存一份后再试。")


def _check_relations(part: bytes, *, to_keep: bool) -> None:
    """Only hyperlinks may point outside: templates, pictures and frames by address are fetched on opening."""
    for relation in _tree(part).iter("{*}Relationship"):
        outside = (relation.get("TargetMode") or "").lower() == "external"
        if outside and to_keep and not (relation.get("Type") or "").endswith("/hyperlink"):
            raise Invalid("文件引用了外部的模板、图片或对象，请改为嵌入文件内部后再试。")


def _declared(part: bytes) -> str | None:
    if _ACTIVE_TYPE.search(part):
        raise Invalid("文件含有宏或嵌入的程序，请另存为不含宏的 .docx 或 .xlsx 后再试。")
    types = {override.get("ContentType") for override in _tree(part).iter("{*}Override")}
    kinds = {kind for declared, kind in _MAIN_PART.items() if declared in types}
    return kinds.pop() if len(kinds) == 1 else None


def _tree(part: bytes) -> etree._Element:
    try:
        return parse_xml(part)
    except etree.XMLSyntaxError as error:
        raise Invalid("文件内部的目录已经损坏，请用 Word 或 WPS 另存一份后再试。") from error
