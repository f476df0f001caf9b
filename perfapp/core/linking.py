"""Typed numbers of a text turned into live figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfapp.core.document import (
    Block,
    Cell,
    Document,
    Figure,
    FigureAttrs,
    Inline,
    Item,
    Paragraph,
    Run,
    Table,
    Text,
    cell_text,
    drawn,
)
from perfapp.core.figures.facts import Reference


@dataclass(frozen=True, slots=True)
class Link:
    """Characters `start` to `end` of a block's printed text (without an item's label) that a fact is to show.

    In a table the characters are those of the row's text, cells joined by tabs, and `row` is the row's number.
    """

    block: int
    row: int | None
    start: int
    end: int
    reference: Reference


def linked(document: Document, links: Iterable[Link], level: int = 1) -> Document:
    """The document with the digits and units of the links as live figures that show the same characters."""
    wanted: dict[tuple[int, int | None], list[Link]] = {}
    for link in links:
        wanted.setdefault((link.block, link.row), []).append(link)
    blocks = [_block(block, runs, index, wanted) for index, (block, runs) in enumerate(drawn(document, level))]
    return Document(content=tuple(blocks))


def _block(block: Block, runs: Sequence[Run], index: int, wanted: Mapping[tuple[int, int | None], list[Link]]) -> Block:
    if isinstance(block, Table):
        rows = tuple(
            row.model_copy(update={"content": _cells(row.content, wanted.get((index, number), []))})
            for number, row in enumerate(block.content)
        )
        return block.model_copy(update={"content": rows})
    links = wanted.get((index, None), [])
    if not links or not isinstance(block, Paragraph | Item):
        return block
    own = runs[1:] if isinstance(block, Item) else runs
    return block.model_copy(update={"content": _inlines(block.content, own, 0, links)})


def _cells(cells: Sequence[Cell], links: list[Link]) -> tuple[Cell, ...]:
    found, start = [], 0
    for cell in cells:
        found.append(_cell(cell, start, links) if links else cell)
        start += len(cell_text(cell)) + 1
    return tuple(found)


def _cell(cell: Cell, start: int, links: list[Link]) -> Cell:
    paragraphs = []
    for paragraph, runs in drawn(Document(content=cell.content), 4):
        if isinstance(paragraph, Paragraph):
            content = _inlines(paragraph.content, runs, start, links)
            paragraphs.append(paragraph.model_copy(update={"content": content}))
        start += sum(len(words) for words, _ in runs) + 1
    return cell.model_copy(update={"content": tuple(paragraphs)})


def _inlines(content: Sequence[Inline], runs: Sequence[Run], start: int, links: list[Link]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for node, (words, _) in zip(content, runs, strict=True):
        end = start + len(words)
        inside = sorted((link for link in links if start <= link.start and link.end <= end), key=lambda one: one.start)
        found.extend(_divided(node, inside, start) if isinstance(node, Text) else [node])
        start = end
    return tuple(found)


def _divided(node: Text, links: list[Link], start: int) -> list[Inline]:
    parts: list[Inline] = []
    at = 0
    for link in links:
        begin, end = link.start - start, link.end - start
        if begin < at:
            continue
        if node.text[at:begin]:
            parts.append(Text(text=node.text[at:begin], marks=node.marks))
        attrs = FigureAttrs(**link.reference.model_dump(), shown=node.text[begin:end])
        parts.append(Figure(attrs=attrs))
        at = end
    if node.text[at:]:
        parts.append(Text(text=node.text[at:], marks=node.marks))
    return parts
