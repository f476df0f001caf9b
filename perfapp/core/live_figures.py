"""The live figures of a text: found, refreshed, or turned into plain characters."""

from collections.abc import Callable, Iterator

from perfapp.core.document import Cell, Document, Figure, FigureAttrs, Inline, Item, Paragraph, Picture, Table, Text
from perfapp.core.figures.facts import MISSING, Reference


def figures(document: Document) -> tuple[FigureAttrs, ...]:
    """Every live figure, tables included, in order of appearance."""
    return tuple(inline.attrs for content in _contents(document) for inline in content if isinstance(inline, Figure))


def refreshed(document: Document, shown: Callable[[Reference], str]) -> Document:
    """The same text with each live figure showing what `shown` says now."""

    def inline(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(
            _showing(node, shown(node.attrs.reference)) if isinstance(node, Figure) else node for node in content
        )

    return _mapped(document, inline) if figures(document) else document


def without_unknown(document: Document, known: frozenset[str]) -> Document:
    """The text with the figures of facts that are not `known` turned into the characters they showed."""

    def inline(content: tuple[Inline, ...]) -> tuple[Inline, ...]:
        return tuple(
            _plain(node) if isinstance(node, Figure) and not _is_known(node, known) else node for node in content
        )

    return _mapped(document, inline)


def _contents(document: Document) -> Iterator[tuple[Inline, ...]]:
    """What stands in every paragraph, those of table cells included."""
    for block in document.content:
        if isinstance(block, Paragraph | Item):
            yield block.content
        elif isinstance(block, Table):
            yield from (
                paragraph.content for row in block.content for cell in row.content for paragraph in cell.content
            )


def _mapped(document: Document, inline: Callable[[tuple[Inline, ...]], tuple[Inline, ...]]) -> Document:
    """The document with the content of every paragraph, those of table cells included, turned by `inline`."""

    def line(block: Paragraph | Item) -> Paragraph | Item:
        return block.model_copy(update={"content": inline(block.content)})

    def cell(one: Cell) -> Cell:
        return one.model_copy(update={"content": tuple(line(paragraph) for paragraph in one.content)})

    def table(block: Table) -> Table:
        rows = tuple(row.model_copy(update={"content": tuple(map(cell, row.content))}) for row in block.content)
        return block.model_copy(update={"content": rows})

    blocks = (table(b) if isinstance(b, Table) else b if isinstance(b, Picture) else line(b) for b in document.content)
    return Document(content=tuple(blocks))


def _showing(figure: Figure, shown: str) -> Figure:
    return figure if figure.attrs.shown == shown else Figure(attrs=figure.attrs.model_copy(update={"shown": shown}))


def _is_known(figure: Figure, known: frozenset[str]) -> bool:
    return figure.attrs.fact in known and (figure.attrs.other is None or figure.attrs.other in known)


def _plain(figure: Figure) -> Text:
    return Text(text=figure.attrs.shown or MISSING)
