"""Word documents: paragraphs and tables in order, numbers drawn, deleted and hidden text left out.

A line is a paragraph (one that is parted by forced line ends is several lines) or a table row, counted from 1 with the
empty ones. What stands in text boxes follows the paragraph it is anchored to. Headers, footers and the table of
contents are not read.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Any, Final

import docx
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from perfapp.core.errors import Invalid
from perfapp.core.manuscript import LineKind
from perfapp.documents.guard import DOCX, check_ooxml
from perfapp.documents.manuscripts.parts import Box, Paragraph, Part, Table, joined, table
from perfapp.documents.manuscripts.word_list import WordLists
from perfapp.documents.word_import import MAX_PART_BYTES
from perfapp.documents.word_source import children_flat

MAX_CELLS: Final = 100_000
_ALTERNATE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CHARACTERS: Final = {"w:tab": " ", "w:noBreakHyphen": "-", "w:br": "\n", "w:cr": "\n", "w:ptab": " "}
_SHOWN: Final = {qn(tag): text for tag, text in _CHARACTERS.items()}
_OPENED: Final = frozenset(
    qn(f"w:{name}")
    for name in ("ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "hyperlink", "fldSimple")
)
_HEADING: Final = re.compile(r"(?:heading|标题)\s*(\d)")
_CONTENTS: Final = re.compile(r"(?:toc|目录|contents)\b|toc\d|目录\s*\d")
_OFF: Final = ("0", "false", "off")

Element = Any
"""An lxml element; the library gives it no type worth having."""


def read_word(data: bytes) -> list[Part]:
    """The parts of a .docx; Invalid in one sentence if it is broken, locked, huge, or holds anything active."""
    if check_ooxml(data, to_keep=False) != DOCX:
        raise Invalid("文件的内容是 Excel 表格，与扩展名不符，请改正文件名后再试。", field="file")
    with zipfile.ZipFile(BytesIO(data)) as package:
        if any(entry.file_size > MAX_PART_BYTES for entry in package.infolist() if entry.filename.endswith(".xml")):
            raise Invalid("文档内容太多，无法一次体检，请拆成几个文件。", field="file")
    try:
        return list(_Reader(docx.Document(BytesIO(data))).parts())
    # The libraries below fail in these ways on files that are whole as archives but not as documents.
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, etree.LxmlError) as error:
        raise Invalid("文件已经损坏，无法读出内容，请用 Word 或 WPS 另存一份后再试。", field="file") from error
    except RecursionError as error:
        raise Invalid("文件内部嵌套得不正常，没有接收，请用 Word 或 WPS 另存一份后再试。", field="file") from error


class _Reader:
    def __init__(self, document: docx.document.Document) -> None:
        self._body = document.element.body
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))}
        self._lists = WordLists(document)
        self._numbers = count(1)
        self._cells_left = MAX_CELLS
        self._default = next(
            (key for key, style in self._styles.items() if style.get(qn("w:default")) == "1" and _is_paragraph(style)),
            "",
        )

    def parts(self) -> Iterator[Part]:
        yield from self._blocks(self._body)

    def _blocks(self, parent: Element) -> Iterator[Part]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield self._table(child)
            elif child.tag in _OPENED:
                yield from self._blocks(child)

    # --- paragraphs ---

    def _paragraph(self, element: Element) -> Iterator[Part]:
        chain = self._chain(element)
        name = (_value(self._styles.get(chain[0]), "w:name") or chain[0]).lower() if chain else ""
        text = self._text(element)
        drawn = self._drawn(element, chain) if text.strip() else ""
        kind, level = self._kind(element, chain, name)
        for position, line in enumerate(text.split("\n")):
            shown = line if position else drawn + line.lstrip() if drawn else line
            number = next(self._numbers)
            if shown.strip() and not _CONTENTS.match(name):
                yield Paragraph(number, shown.rstrip(), kind, level)
        for box in _boxes(element):
            yield from self._blocks(box)

    def _chain(self, element: Element) -> list[str]:
        """The paragraph's style and those it is based on."""
        held = element.find(qn("w:pPr"))
        style_id = (_value(held, "w:pStyle") if held is not None else None) or self._default
        chain: list[str] = []
        while style_id and style_id not in chain:
            chain.append(style_id)
            style_id = _value(self._styles.get(style_id), "w:basedOn") or ""
        return chain

    def _properties(self, element: Element, chain: list[str], tag: str) -> Iterator[Element]:
        """The property called `tag` of the paragraph itself, then of its styles."""
        for holder in (element, *(self._styles.get(key) for key in chain)):
            found = None if holder is None else holder.find(f"{qn('w:pPr')}/{qn(tag)}")
            if found is not None:
                yield found

    def _kind(self, element: Element, chain: list[str], name: str) -> tuple[LineKind | None, int]:
        if name in ("title", "subtitle", "副标题"):
            return LineKind.TITLE, 0
        if found := _HEADING.match(name):
            return LineKind.HEADING, min(max(int(found[1]), 1), 4)
        depth = next((mark.get(qn("w:val")) for mark in self._properties(element, chain, "w:outlineLvl")), None)
        return (LineKind.HEADING, min(int(depth) + 1, 4)) if depth in tuple("01234567") else (None, 0)

    def _drawn(self, element: Element, chain: list[str]) -> str:
        number_id, depth = None, None
        for mark in self._properties(element, chain, "w:numPr"):
            number_id = number_id if number_id is not None else _value(mark, "w:numId")
            depth = depth if depth is not None else _value(mark, "w:ilvl")
            if number_id is not None and depth is not None:
                break
        if number_id in (None, "0"):
            return ""
        return self._lists.label(str(number_id), int(depth) if depth and depth.isdigit() else 0)

    def _text(self, element: Element) -> str:
        pieces: list[str] = []
        for child in element:
            if child.tag == qn("w:r"):
                if not self._is_hidden(child):
                    pieces.extend(_characters(child))
            elif child.tag in _OPENED:
                pieces.append(self._text(child))
        return "".join(pieces)

    def _is_hidden(self, run: Element) -> bool:
        held = run.find(qn("w:rPr"))
        if held is None:
            return False
        mark = held.find(qn("w:vanish"))
        if mark is None:
            style = self._styles.get(_value(held, "w:rStyle"))
            mark = None if style is None else style.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        return mark is not None and mark.get(qn("w:val")) not in _OFF

    # --- tables ---

    def _table(self, element: Element) -> Table:
        boxes: list[Box] = []
        above: dict[int, int] = {}  # where the cell that reaches down at this column stands in `boxes`
        row_count = 0
        for row_count, row in enumerate(
            (row for row in children_flat(element, "w:tr") if not _is_deleted(row)), start=1
        ):
            above = self._row(row, row_count - 1, boxes, above)
        return table(0, boxes, row_numbers=[next(self._numbers) for _ in range(row_count)])

    def _row(self, row: Element, at: int, boxes: list[Box], above: dict[int, int]) -> dict[int, int]:
        column = _count(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        going_on: dict[int, int] = {}
        for element in children_flat(row, "w:tc"):
            self._cells_left -= 1
            if self._cells_left < 0:
                raise Invalid(f"文档中的表格超过 {MAX_CELLS:,} 格，请拆成几个文件分别体检。", field="file")
            held = element.find(qn("w:tcPr"))
            span = 1 if held is None else _count(held.find(qn("w:gridSpan")), 1)
            merge = None if held is None else held.find(qn("w:vMerge"))
            upper = above.get(column)
            if merge is not None and merge.get(qn("w:val")) != "restart" and upper is not None:
                boxes[upper] = boxes[upper]._replace(row_span=at - boxes[upper].row + 1)
                going_on[column] = upper
            else:
                if merge is not None:
                    going_on[column] = len(boxes)
                boxes.append(Box(self._cell(element), at, column, 1, span))
            column += span
        return going_on

    def _cell(self, element: Element) -> str:
        """The cell's paragraphs in one piece; a table inside is text, too."""
        texts: list[str] = []
        for paragraph in element.iter(qn("w:p")):
            text = self._text(paragraph)
            texts += (self._drawn(paragraph, self._chain(paragraph)) + text if text.strip() else "").split("\n")
        return joined(text.replace("\t", " ") for text in texts)


def _characters(run: Element) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield (child.text or "").replace("\n", " ").replace("\t", " ")
        elif child.tag in _SHOWN:
            yield " " if child.get(qn("w:type")) in ("page", "column") else _SHOWN[child.tag]


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes anchored in the paragraph; the old form that repeats a modern one is passed over."""
    for child in element:
        if child.tag == _ALTERNATE:
            modern = [box for choice in child if choice.tag != _FALLBACK for box in _boxes(choice)]
            yield from modern or [box for choice in child for box in _boxes(choice)]
        elif child.tag == qn("w:txbxContent"):
            yield child
        elif child.tag not in (qn("w:del"), qn("w:moveFrom")):
            yield from _boxes(child)


def _is_deleted(row: Element) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _is_paragraph(style: Element) -> bool:
    return bool(style.get(qn("w:type")) == "paragraph")


def _value(parent: Element, tag: str) -> str | None:
    found = None if parent is None else parent.find(qn(tag))
    return None if found is None else found.get(qn("w:val"))


def _count(element: Element, default: int) -> int:
    value = "" if element is None else element.get(qn("w:val")) or ""
    return min(int(value), 1000) if value.isascii() and value.isdigit() and len(value) < 6 else default
