"""A Word file taken into a section: text, numbers, tables and pictures; what was left behind is told."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]
from pydantic import ValidationError

from perfapp.core.document import Document, Run, parse
from perfapp.core.errors import Invalid
from perfapp.documents.guard import DOCX, check_ooxml
from perfapp.documents.word_numbers import drawn_level, inlines, label_text, typed_label
from perfapp.documents.word_source import FoundParagraph, FoundPicture, WordSource
from perfapp.documents.word_table import read_table

MAX_PART_BYTES: Final = 16 << 20
"""A parsed part takes about ten times its size in memory."""
_CAPTIONS: Final = ("caption", "题注")


@dataclass(frozen=True, slots=True)
class Imported:
    """The text, its pictures by SHA-256, and a Chinese sentence for each kind of thing left behind."""

    document: Document
    pictures: Mapping[str, bytes]
    dropped: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A paragraph to be: its runs without a typed number, and the number's level and value."""

    runs: list[Run]
    level: int | None = None
    number: int = 0
    label: str = ""


@dataclass(slots=True)
class _Reading:
    """What has been read so far; tables and pictures are blocks already."""

    entries: list[_Draft | dict[str, Any]] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    counters: dict[tuple[str, int], int] = field(default_factory=dict)


def read_docx(data: bytes) -> Imported:
    """The document in a .docx; Invalid in one sentence if it is broken, locked, huge, or holds anything active."""
    if not data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid("文件不是 Word 文档（.docx），请核对后再试。", field="file")
    if check_ooxml(data) != DOCX:
        raise Invalid("这是 Excel 表格，请选择 Word 文档（.docx）导入。", field="file")
    with zipfile.ZipFile(BytesIO(data)) as package:
        if any(entry.file_size > MAX_PART_BYTES for entry in package.infolist() if entry.filename.endswith(".xml")):
            raise Invalid("文档内容太多，无法一次导入，请拆成几个文件。", field="file")
    try:
        return _read(data)
    # The libraries below fail in these ways on files that are whole as archives but not as documents.
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, etree.LxmlError) as error:
        if isinstance(error, ValidationError):
            raise Invalid("文档中的表格太大或太乱，无法导入，请整理后再试。", field="file") from error
        raise Invalid("文件已经损坏，无法读出内容，请用 Word 或 WPS 另存一份后再试。", field="file") from error


def _read(data: bytes) -> Imported:
    source = WordSource(docx.Document(BytesIO(data)))
    reading = _Reading()
    for element in source.body():
        if element.tag == qn("w:tbl"):
            reading.entries.append(read_table(element, source))
        else:
            _take(source.paragraph(element), source, reading)
    document = parse({"type": "doc", "content": _blocks(reading, source)})
    return Imported(document, reading.pictures, source.told())


def _take(paragraph: FoundParagraph, source: WordSource, reading: _Reading) -> None:
    if paragraph.is_section_heading:
        return
    if paragraph.style.startswith(("toc", "目录")):
        source.left.add("contents")
        return
    for picture in paragraph.pictures:
        reading.entries.append(_picture(picture, reading))
    lines = [line for line in map(_stripped, paragraph.lines) if line]
    last = reading.entries[-1] if reading.entries else None
    if lines and paragraph.style in _CAPTIONS and isinstance(last, dict) and last["type"] == "picture":
        last["attrs"]["caption"] = "".join(text for text, _ in lines[0])[:200]
        return
    for position, line in enumerate(lines):
        reading.entries.append(_draft(line, paragraph, source, reading, first=position == 0))


def _draft(runs: list[Run], paragraph: FoundParagraph, source: WordSource, reading: _Reading, *, first: bool) -> _Draft:
    if first and paragraph.number is not None and (drawn := _drawn(paragraph.number, source, reading)):
        level, number = drawn
        return _Draft(runs, level, number, label_text(level, number))
    typed = typed_label("".join(text for text, _ in runs))
    if typed:
        level, number, length = typed
        label = "".join(text for text, _ in runs)[:length]
        return _Draft(_cut(runs, length), level, number, label)
    if paragraph.is_heading:
        source.left.add("heading")
        return _Draft([(text, True) for text, _ in runs])
    return _Draft(runs)


def _drawn(number: tuple[str, int], source: WordSource, reading: _Reading) -> tuple[int, int] | None:
    """Level and value of a number that Word draws; deeper levels of the same list start anew."""
    found = source.numbering_level(number)
    level = drawn_level(*found) if found else None
    if level is None:
        source.left.add("bullet")
        return None
    list_id, depth = number
    for key in [key for key in reading.counters if key[0] == list_id and key[1] > depth]:
        del reading.counters[key]
    reading.counters[number] = reading.counters.get(number, 0) + 1
    return level, reading.counters[number]


def _blocks(reading: _Reading, source: WordSource) -> list[dict[str, Any]]:
    drafts = [entry for entry in reading.entries if isinstance(entry, _Draft)]
    item_level = _item_level(drafts)
    items = [draft.number for draft in drafts if draft.level is not None and draft.level == item_level]
    if items != list(range(1, len(items) + 1)):
        source.left.add("renumbered")
    if any(draft.level not in (None, item_level) for draft in drafts):
        source.left.add("deeper")
    whole = "".join(text for draft in drafts for text, _ in draft.runs)
    blocks: list[dict[str, Any]] = []
    counter = 0
    for entry in reading.entries:
        if isinstance(entry, dict):
            blocks.append(entry)
            continue
        is_item = entry.level is not None and entry.level == item_level
        runs = entry.runs if is_item or not entry.label else [(entry.label, False), *entry.runs]
        content, counter = inlines(runs, 0 if is_item else counter, whole_text=whole)
        blocks.append({"type": "item" if is_item else "paragraph", "content": content})
    return blocks


def _item_level(drafts: list[_Draft]) -> int | None:
    """The level that becomes items: the highest that numbers more than one paragraph, else the highest there is."""
    levels = [draft.level for draft in drafts if draft.level is not None]
    return min((level for level in levels if levels.count(level) > 1), default=min(levels, default=None))


def _picture(picture: FoundPicture, reading: _Reading) -> dict[str, Any]:
    digest = hashlib.sha256(picture.data).hexdigest()
    reading.pictures[digest] = picture.data
    return {"type": "picture", "attrs": {"sha256": digest, "caption": "", "width_mm": picture.width_mm}}


def _stripped(runs: list[Run]) -> list[Run]:
    """The runs without the spaces people type for an indent; empty if nothing is left."""
    text = "".join(part for part, _ in runs)
    kept = _cut(runs, len(text) - len(text.lstrip()))
    while kept and not kept[-1][0].strip():
        kept.pop()
    return [*kept[:-1], (kept[-1][0].rstrip(), kept[-1][1])] if kept else []


def _cut(runs: list[Run], length: int) -> list[Run]:
    """The runs without their first `length` characters."""
    rest: list[Run] = []
    for text, bold in runs:
        if length < len(text):
            rest.append((text[length:], bold))
        length = max(0, length - len(text))
    return rest
