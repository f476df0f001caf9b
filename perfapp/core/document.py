"""A section's text as blocks: what may stand in it, its digest, and how its numbers are drawn.

The JSON is what the editor in the browser speaks. Nothing but these blocks is ever stored:
paragraph, item (a numbered paragraph), ordinal (一是, 二是 …), live figure, bold, simple table, picture with caption.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from perfapp.core.chinese import circled, numeral
from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import Reference

MAX_BLOCKS = 2000
MAX_CHARACTERS = 200_000
MAX_TABLE_ROWS = 300
MAX_TABLE_COLUMNS = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _printed(text: str) -> str:
    """Line and tab characters of pasted text are spaces here; other control characters say nothing."""
    return _CONTROL.sub("", text.replace("\r\n", " ").replace("\n", " ").replace("\t", " "))


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bold(_Node):
    type: Literal["bold"] = "bold"


class Text(_Node):
    """A run of characters, bold or not."""

    type: Literal["text"] = "text"
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]
    marks: tuple[Bold, ...] = ()

    @field_validator("text")
    @classmethod
    def _printable(cls, value: str) -> str:
        return _printed(value) or " "

    @field_validator("marks")
    @classmethod
    def _once(cls, value: tuple[Bold, ...]) -> tuple[Bold, ...]:
        return value[:1]


class OrdinalAttrs(_Node):
    restart: bool = False


class Ordinal(_Node):
    """一是, 二是 …: the number is drawn by its place; it counts on through the section, anew in each item."""

    type: Literal["ordinal"] = "ordinal"
    attrs: OrdinalAttrs = OrdinalAttrs()


class FigureAttrs(Reference):
    """Which fact, in which form, and the characters that stood there when the text was last saved.

    A draft shows the fact as it is now; once submitted, `shown` stays what was decided upon.
    """

    shown: Annotated[str, StringConstraints(max_length=100)] = ""

    @field_validator("shown")
    @classmethod
    def _printable(cls, value: str) -> str:
        return _printed(value)

    @property
    def reference(self) -> Reference:
        return Reference(fact=self.fact, form=self.form, other=self.other, unit=self.unit, decimals=self.decimals)


class Figure(_Node):
    """A live figure: a fact in the sentence."""

    type: Literal["figure"] = "figure"
    attrs: FigureAttrs


Inline = Annotated[Text | Ordinal | Figure, Field(discriminator="type")]


class Paragraph(_Node):
    type: Literal["paragraph"] = "paragraph"
    content: tuple[Inline, ...] = ()


class Item(_Node):
    """A numbered paragraph; its label is one level below the section's heading."""

    type: Literal["item"] = "item"
    content: tuple[Inline, ...] = ()


class CellAttrs(_Node):
    colspan: Annotated[int, Field(ge=1, le=MAX_TABLE_COLUMNS)] = 1
    rowspan: Annotated[int, Field(ge=1, le=MAX_TABLE_ROWS)] = 1
    align: Literal["left", "center", "right"] | None = None


class Cell(_Node):
    """A table cell of plain paragraphs; `tableHeader` cells are set as a head."""

    type: Literal["tableCell", "tableHeader"]
    attrs: CellAttrs = CellAttrs()
    content: Annotated[tuple[Paragraph, ...], Field(max_length=MAX_BLOCKS)] = ()


class Row(_Node):
    type: Literal["tableRow"] = "tableRow"
    content: Annotated[tuple[Cell, ...], Field(max_length=MAX_TABLE_COLUMNS)] = ()


class Table(_Node):
    type: Literal["table"] = "table"
    content: Annotated[tuple[Row, ...], Field(min_length=1, max_length=MAX_TABLE_ROWS)]

    @property
    def head_count(self) -> int:
        """How many leading rows are head rows (every cell a `tableHeader`): repeated on each page.

        Head cells that reach down among the others make their rows no head: a page could not repeat them.
        """
        whole = reach = 0
        for number, row in enumerate(self.content[:-1]):
            if not row.content or any(cell.type != "tableHeader" for cell in row.content):
                break
            reach = max(reach, *(number + cell.attrs.rowspan for cell in row.content))
            whole = number + 1 if reach <= number + 1 else whole
        return whole


class PictureAttrs(_Node):
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    caption: Annotated[str, StringConstraints(max_length=200)] = ""
    width_mm: Annotated[int, Field(ge=20, le=156)] = 120

    @field_validator("caption")
    @classmethod
    def _printable(cls, value: str) -> str:
        return _printed(value)


class Picture(_Node):
    """A picture of the section's store, named by the SHA-256 of its bytes."""

    type: Literal["picture"] = "picture"
    attrs: PictureAttrs


Block = Annotated[Paragraph | Item | Table | Picture, Field(discriminator="type")]


class Document(_Node):
    type: Literal["doc"] = "doc"
    content: Annotated[tuple[Block, ...], Field(max_length=MAX_BLOCKS)] = ()


EMPTY = Document()


def parse(raw: object) -> Document:
    """The document in `raw` (decoded JSON); Invalid, by name and place, for anything the model does not know."""
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        raise Invalid(_refusal(error)) from error
    if sum(len(line) for line in plain_lines(document)) > MAX_CHARACTERS:
        raise Invalid(f"本节文字超过 {MAX_CHARACTERS} 字，请分成几节或改用附件。")
    for number, block in enumerate(document.content, start=1):
        if isinstance(block, Table):
            _check_grid(block, number)
    return document


def dump(document: Document) -> dict[str, Any]:
    """The document as JSON-ready values, defaults left out, so that equal documents are equal JSON."""
    return document.model_dump(mode="json", exclude_defaults=False)


def canonical(document: Document) -> bytes:
    """The one UTF-8 spelling of a document: sorted keys, no spaces, neighbouring equal runs joined."""
    return json.dumps(dump(_joined(document)), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document: Document) -> str:
    """Hex SHA-256 of `canonical(document)`."""
    return hashlib.sha256(canonical(document)).hexdigest()


def is_empty(document: Document) -> bool:
    """No character, table or picture that a reader would see."""
    return not any(isinstance(block, Table | Picture) for block in document.content) and not any(
        line.strip() for line in plain_lines(document)
    )


def pictures(document: Document) -> tuple[str, ...]:
    """The SHA-256 of every picture, in order of appearance."""
    return tuple(block.attrs.sha256 for block in document.content if isinstance(block, Picture))


# --- numbers drawn, never typed -------------------------------------------------------------------------------


def heading_label(level: int, number: int) -> str:
    """一、 （一） 1. （1） ① for levels 1 to 5 (GB/T 9704-2012, 7.3.3)."""
    labels = {
        1: lambda n: f"{numeral(n)}、",
        2: lambda n: f"（{numeral(n)}）",
        3: lambda n: f"{n}.",
        4: lambda n: f"（{n}）",
    }
    return labels.get(level, circled)(number)


Run = tuple[str, bool]
"""Characters and whether they are bold."""


class FigureText(str):
    """The characters of a live figure: to every printer a plain string, to a page also the fact behind it."""

    figure: FigureAttrs

    @classmethod
    def of(cls, figure: FigureAttrs, printed: str | None = None) -> "FigureText":
        text = cls(figure.shown if printed is None else printed)
        text.figure = figure
        return text


def drawn(document: Document, level: int) -> Iterator[tuple[Block, tuple[Run, ...]]]:
    """Each block with its printed runs: item labels and ordinals are text here.

    `level` is the level of the section's heading, 1 to 4. Tables and pictures come with no runs.
    """
    item_number = ordinal_number = 0
    for block in document.content:
        if not isinstance(block, Paragraph | Item):
            yield block, ()
            continue
        runs: list[Run] = []
        if isinstance(block, Item):
            item_number += 1
            ordinal_number = 0
            runs.append((heading_label(level + 1, item_number), False))
        for inline in block.content:
            if isinstance(inline, Ordinal):
                ordinal_number = 1 if inline.attrs.restart else ordinal_number + 1
                runs.append((f"{numeral(min(ordinal_number, 99))}是", False))
            elif isinstance(inline, Figure):
                runs.append((FigureText.of(inline.attrs), False))
            else:
                runs.append((inline.text, bool(inline.marks)))
        yield block, tuple(runs)


def cell_text(cell: Cell) -> str:
    """The cell's paragraphs, one a line; an ordinal in a cell counts from the cell's start."""
    return "\n".join("".join(text for text, _ in runs) for _, runs in drawn(Document(content=cell.content), 4))


def plain_lines(document: Document, level: int = 1) -> list[str]:
    """The document as printed, one line per paragraph, table row (cells joined by tabs) or picture caption."""
    lines: list[str] = []
    for block, runs in drawn(document, level):
        if isinstance(block, Table):
            lines.extend("\t".join(cell_text(cell) for cell in row.content) for row in block.content)
        elif isinstance(block, Picture):
            lines.append(block.attrs.caption)
        else:
            lines.append("".join(text for text, _ in runs))
    return lines


# --- inside ---------------------------------------------------------------------------------------------------


def _joined(document: Document) -> Document:
    def inline(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        joined: list[Inline] = []
        for node in content:
            last = joined[-1] if joined else None
            if isinstance(node, Text) and isinstance(last, Text) and last.marks == node.marks:
                joined[-1] = Text(text=last.text + node.text, marks=node.marks)
            else:
                joined.append(node)
        return tuple(joined)

    blocks = [
        block.model_copy(update={"content": inline(block.content)}) if isinstance(block, Paragraph | Item) else block
        for block in document.content
    ]
    return Document(content=tuple(blocks))


def _check_grid(table: Table, number: int) -> None:
    """Refuse a table whose rows do not fill one rectangle: no document format can hold it."""
    taken = _taken(table, number)
    width, height = 1 + max((x for x, _ in taken), default=-1), len(table.content)
    if not taken or len(taken) != width * height or any(y >= height for _, y in taken):
        raise Invalid(f"第 {number} 段的表格各行的格数不一致，请补齐或重新合并单元格。")


def _taken(table: Table, number: int) -> set[tuple[int, int]]:
    """The places (column, row) that the cells fill, merged ones whole."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(table.content):
        x = 0
        for cell in row.content:
            while (x, y) in taken:
                x += 1
            if x + cell.attrs.colspan > MAX_TABLE_COLUMNS:  # at once: monstrous cells would fill the memory
                raise Invalid(f"第 {number} 段的表格超过 {MAX_TABLE_COLUMNS} 列，请减少列数或拆成几张表。")
            spread = {(x + dx, y + dy) for dx in range(cell.attrs.colspan) for dy in range(cell.attrs.rowspan)}
            if taken & spread:
                raise Invalid(f"第 {number} 段的表格：第 {y + 1} 行的合并单元格互相重叠，请重新合并。")
            taken |= spread
    return taken


_KINDS = {
    "union_tag_invalid": "不支持的内容",
    "union_tag_not_found": "没有注明类型的内容",
    "extra_forbidden": "不认识的属性",
    "missing": "缺少的属性",
}


def _refusal(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = next((part + 1 for part in first["loc"] if isinstance(part, int)), None)
    where = f"正文第 {place} 段" if place else "正文"
    kind = _KINDS.get(first["type"], "格式不对的内容")
    name = first.get("ctx", {}).get("tag") or next(
        (str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "正文"
    )
    return f"{where}含有{kind}“{str(name)[:40]}”，系统没有保存。请删去这一处后再试。"
