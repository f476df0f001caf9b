"""遮盖: words of a report replaced by ■, wherever they stand, however the runs of the text divide them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from perfapp.core.document import Block, Cell, Document, Figure, Inline, Item, Paragraph, Picture, Row, Table, Text
from perfapp.core.snapshot import Annex, EntryMark, Snapshot, SnapshotSection

SIGN = "■"
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Mask(BaseModel):
    """Words to be covered, why, and on what ground (依据)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    words: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    reason: Short
    basis: Short


@dataclass(frozen=True, slots=True)
class Covered:
    """One covered place: where, which mask."""

    place: str
    mask: Mask


class Masker:
    """Covers the words of its masks and remembers every place."""

    def __init__(self, masks: Sequence[Mask]) -> None:
        self._masks = sorted(masks, key=lambda mask: -len(mask.words))  # the longer words first
        self.covered: list[Covered] = []

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        """The report with its words covered; live figures are plain words in it, for nothing is live outside."""
        sections = tuple(self._section(section) for section in snapshot.sections)
        annexes = tuple(self._annex(annex) for annex in snapshot.annexes)
        entries = tuple(self._entry(entry) for entry in snapshot.entries)  # the same places once more, as data
        return snapshot.model_copy(update={"sections": sections, "annexes": annexes, "entries": entries})

    def quiet(self, text: str) -> str:
        """The same for words that only name a place: covered, too, and not counted."""
        for start, end, _ in self._found(text):
            text = text[:start] + SIGN * (end - start) + text[end:]
        return text

    def text(self, text: str, place: str) -> str:
        """The text with its words covered."""
        for start, end, mask in self._found(text):
            text = text[:start] + SIGN * (end - start) + text[end:]
            self.covered.append(Covered(place, mask))
        return text

    def _section(self, section: SnapshotSection) -> SnapshotSection:
        place = section.label + self.quiet(section.title)
        return section.model_copy(
            update={
                "title": self.text(section.title, place),
                "document": self._document(section.document, place) if section.document is not None else None,
                "not_applicable": None if section.not_applicable is None else self.text(section.not_applicable, place),
            }
        )

    def _annex(self, annex: Annex) -> Annex:
        place = self.quiet(annex.title)

        def covered(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self.text(text, place) for text in texts)

        return annex.model_copy(
            update={
                "title": self.text(annex.title, place),
                "document": self._document(annex.document, place),
                "above": covered(annex.above),
                "notes": covered(annex.notes),
                "sign_offs": covered(annex.sign_offs),
            }
        )

    def _entry(self, entry: EntryMark) -> EntryMark:
        named = ("table", "group", "name", "value")
        return entry.model_copy(update={name: self.quiet(getattr(entry, name)) for name in named})

    def _document(self, document: Document, place: str) -> Document:
        return Document(content=tuple(self._block(block, place) for block in document.content))

    def _block(self, block: Block, place: str) -> Block:
        if isinstance(block, Paragraph):
            return Paragraph(content=self._inlines(block.content, place))
        if isinstance(block, Item):
            return Item(content=self._inlines(block.content, place))
        if isinstance(block, Table):
            return Table(content=tuple(self._row(row, place) for row in block.content))
        caption = self.text(block.attrs.caption, place)
        return Picture(attrs=block.attrs.model_copy(update={"caption": caption}))

    def _row(self, row: Row, place: str) -> Row:
        def cell(one: Cell) -> Cell:
            paragraphs = tuple(Paragraph(content=self._inlines(part.content, place)) for part in one.content)
            return one.model_copy(update={"content": paragraphs})

        return Row(content=tuple(cell(one) for one in row.content))

    def _inlines(self, content: tuple[Inline, ...], place: str) -> tuple[Inline, ...]:
        """What is to be covered may begin in one run and end in another; a drawn ordinal parts them."""
        plain = [Text(text=one.attrs.shown or " ") if isinstance(one, Figure) else one for one in content]
        whole = "".join(one.text if isinstance(one, Text) else "\n" for one in plain)
        covered = self.text(whole, place)
        return tuple(_cut(plain, covered))

    def _found(self, text: str) -> list[tuple[int, int, Mask]]:
        """Every place of every mask, none overlapping an earlier one."""
        taken: list[tuple[int, int, Mask]] = []
        for mask in self._masks:
            for found in _pattern(mask.words).finditer(text):
                start, end = found.span()
                if all(end <= other or start >= until for other, until, _ in taken):
                    taken.append((start, end, mask))
        return sorted(taken, key=lambda found: found[0])


def stands_in(words: str, text: str) -> bool:
    """Whether the words stand in the text, however they are spaced."""
    return _pattern(words).search(text) is not None


@cache
def _pattern(words: str) -> re.Pattern[str]:
    """The words however they are spaced: a name of two characters is often set wide, 张　三."""
    signs = "".join(words.split()) or words
    return re.compile(r"[\s\u200b]*".join(map(re.escape, signs)))


def _cut(content: Sequence[Inline], covered: str) -> Iterator[Inline]:
    """The covered characters back in the runs they came from."""
    at = 0
    for one in content:
        length = len(one.text) if isinstance(one, Text) else 1
        yield Text(text=covered[at : at + length], marks=one.marks) if isinstance(one, Text) else one
        at += length
