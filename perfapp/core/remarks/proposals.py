"""修改建议: other words for a passage, taken into the text exactly where they belong, with nothing else touched."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from perfapp.core.document import (
    Cell,
    Document,
    Inline,
    Item,
    Paragraph,
    Picture,
    Row,
    Table,
    Text,
    drawn,
)
from perfapp.core.errors import Invalid
from perfapp.core.remarks.anchors import Anchor, lines


class Deed(StrEnum):
    """What a remark is: words only, or a change of the text."""

    COMMENT = "comment"
    REPLACE = "replace"
    DELETE = "delete"
    INSERT = "insert"  # after the words it is about


ACROSS_CELLS = "修改建议只能针对一个单元格（或一段）之内的文字，请分开提。"

IN_PART = "“{text}”是系统带出的数字或序号，不能只改其中一部分；请整个选中。数字本身不对的，请对数据提出争议。"


def proposed(deed: Deed, words: str, replacement: str) -> str:
    """What would stand in place of `words`."""
    return {Deed.REPLACE: replacement, Deed.DELETE: "", Deed.INSERT: words + replacement}.get(deed, words)


def applied(document: Document, anchor: Anchor, deed: Deed, replacement: str) -> Document:
    """The document with the proposal taken in. Live figures and drawn ordinals are kept or go whole, never in part."""
    start, end = (anchor.end, anchor.end) if deed is Deed.INSERT else (anchor.start, anchor.end)
    new = "" if deed is Deed.DELETE else replacement
    block = document.content[anchor.block]
    if isinstance(block, Picture):
        caption = block.attrs.caption
        attrs = block.attrs.model_copy(update={"caption": (caption[:start] + new + caption[end:])[:200]})
        changed: Paragraph | Item | Table | Picture = block.model_copy(update={"attrs": attrs})
    elif isinstance(block, Table):
        changed = _in_row(block, anchor.row or 0, start, end, new)
    else:
        shown = [text for text, _ in _drawn(document, anchor.block)]
        changed = block.model_copy(update={"content": _cut(block.content, shown, start, end, new)})
    return Document(content=(*document.content[: anchor.block], changed, *document.content[anchor.block + 1 :]))


def fits(document: Document, anchor: Anchor, deed: Deed) -> None:
    """Invalid where such a change could not be taken into the text."""
    if deed is Deed.COMMENT:
        return
    line = lines(document)[anchor.spot]
    if "\t" in line[anchor.start : anchor.end]:
        raise Invalid(ACROSS_CELLS, field="quoted")
    applied(document, anchor, deed, "")


def _drawn(document: Document, block: int) -> Sequence[tuple[str, bool]]:
    """The printed runs of a block, one for each of its nodes."""
    found, runs = list(drawn(document, 1))[block]
    return runs[isinstance(found, Item) :]


def _in_row(table: Table, row: int, start: int, end: int, new: str) -> Table:
    line = table.content[row]
    cells: list[Cell] = []
    at = 0
    for cell in line.content:
        length = sum(len(shown) + 1 for shown in _cell_lines(cell)) - 1 if cell.content else 0
        inside = at <= start and end <= at + length
        cells.append(_in_cell(cell, start - at, end - at, new) if inside else cell)
        at += length + 1
    if all(one is other for one, other in zip(cells, line.content, strict=True)):
        raise Invalid(ACROSS_CELLS, field="quoted")
    changed = Row(content=tuple(cells))
    return table.model_copy(update={"content": (*table.content[:row], changed, *table.content[row + 1 :])})


def _cell_lines(cell: Cell) -> list[str]:
    return ["".join(text for text, _ in runs) for _, runs in drawn(Document(content=cell.content), 4)]


def _in_cell(cell: Cell, start: int, end: int, new: str) -> Cell:
    document = Document(content=cell.content)
    paragraphs: list[Paragraph] = []
    at = 0
    done = False
    for number, paragraph in enumerate(cell.content):
        shown = [text for text, _ in _drawn(document, number)]
        length = sum(map(len, shown))
        if not done and at <= start and end <= at + length:
            content = _cut(paragraph.content, shown, start - at, end - at, new)
            paragraph, done = paragraph.model_copy(update={"content": content}), True
        paragraphs.append(paragraph)
        at += length + 1
    if not done:
        raise Invalid(ACROSS_CELLS, field="quoted")
    return cell.model_copy(update={"content": tuple(paragraphs)})


def _cut(content: Sequence[Inline], shown: Sequence[str], start: int, end: int, new: str) -> tuple[Inline, ...]:
    """The nodes with `new` in place of the characters from `start` to `end`, looking as the first of them did."""
    before: list[Inline] = []
    after: list[Inline] = []
    marks = None
    at = 0
    for node, text in zip(content, shown, strict=True):
        first, last = at, at + len(text)
        at = last
        if last <= start:
            before.append(node)
        elif first >= end:
            after.append(node)
        elif isinstance(node, Text):
            marks = node.marks if marks is None else marks
            before += _part(node, 0, start - first)
            after += _part(node, end - first, len(text))
        elif start == end:
            before.append(node)
        elif first < start or last > end:
            raise Invalid(IN_PART.format(text=text), field="quoted")
    if marks is None:
        marks = next((node.marks for node in reversed(before) if isinstance(node, Text)), ())
    middle = [Text(text=new, marks=marks)] if new else []
    return tuple(_joined([*before, *middle, *after]))


def _part(node: Text, start: int, end: int) -> list[Inline]:
    text = node.text[max(0, start) : max(0, end)]
    return [node.model_copy(update={"text": text})] if text else []


def _joined(nodes: Sequence[Inline]) -> Iterator[Inline]:
    """Neighbouring runs that look the same are one."""
    last: Inline | None = None
    for node in nodes:
        if isinstance(node, Text) and isinstance(last, Text) and last.marks == node.marks:
            last = last.model_copy(update={"text": last.text + node.text})
            continue
        if last is not None:
            yield last
        last = node
    if last is not None:
        yield last
