"""The words a remark is about, found again after every change of the text.

Characters are counted as the checks count them (core.checking.own): block, table row, and the printed text without
its drawn number; the cells of a row are joined by tabs.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from perfapp.core.document import Document, Item, Picture, Table, cell_text, drawn
from perfapp.core.redline.aligning import CLOSE, Likeness, share

Spot = tuple[int, int | None]
"""A line of the text: its block and, in a table, its row."""

_ENOUGH = 4  # characters that are told apart from others like them where the whole line is gone
_TOKENS = re.compile(r"\d(?:[\d,.，]*\d)?|.", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Anchor:
    """A passage: a place in a line, from `start` to `end`."""

    block: int
    row: int | None
    start: int
    end: int

    @property
    def spot(self) -> Spot:
        return self.block, self.row


Lines = Mapping[Spot, str]


def lines(document: Document) -> Lines:
    """The text line by line, as it is printed without drawn numbers of items."""
    found: dict[Spot, str] = {}
    for number, (block, runs) in enumerate(drawn(document, 1)):
        if isinstance(block, Table):
            for row, line in enumerate(block.content):
                found[number, row] = "\t".join(cell_text(cell).replace("\n", " ") for cell in line.content)
        elif isinstance(block, Picture):
            found[number, None] = block.attrs.caption
        else:
            found[number, None] = "".join(text for text, _ in runs[isinstance(block, Item) :])
    return found


def quoted(text: Lines, anchor: Anchor) -> str:
    """The words at the anchor; empty where there is no such place."""
    line = text.get(anchor.spot, "")
    return line[anchor.start : anchor.end] if anchor.end <= len(line) else ""


def located(text: Lines, words: str, near: Anchor | None) -> Anchor | None:
    """Where `words` stand: at `near`, else the nearest place with them; without `near` only if there is one place."""
    if not words:
        return None
    if near is not None and quoted(text, near) == words:
        return near
    found = list(_places(text, words))
    if near is None:
        return found[0] if len(found) == 1 else None
    return min(found, key=lambda one: (abs(one.block - near.block), abs(one.start - near.start)), default=None)


def count(text: Lines, words: str) -> int:
    """At how many places the words stand."""
    return sum(1 for _ in _places(text, words)) if words else 0


def carried(anchors: Iterable[Anchor | None], words: Sequence[str], old: Lines, new: Lines) -> list[Anchor | None]:
    """Each anchor of `old` as it stands in `new`; None where its words were deleted.

    `words` are what each remark was made about: words that come back, as by undoing, are found again.
    """
    if old == new:
        return list(anchors)
    path = _Path(old, new)
    return [
        _again(new, quotation) if anchor is None else _carried(anchor, quotation, old, new, path)
        for anchor, quotation in zip(anchors, words, strict=True)
    ]


def _carried(anchor: Anchor, quotation: str, old: Lines, new: Lines, path: "_Path") -> Anchor | None:
    was = quoted(old, anchor)
    if not was:
        return _again(new, quotation)
    spot = path.to(anchor.spot, was)
    place = _moved(old[anchor.spot], new[spot], anchor.start, anchor.end) if spot is not None else None
    if spot is None or place is None:
        return _again(new, was) or _again(new, quotation)
    return Anchor(*spot, *place)


def _again(text: Lines, words: str) -> Anchor | None:
    return located(text, words, None) if len(words) >= _ENOUGH else None


def _places(text: Lines, words: str) -> Iterator[Anchor]:
    for (block, row), line in text.items():
        start = line.find(words)
        while start >= 0:
            yield Anchor(block, row, start, start + len(words))
            start = line.find(words, start + len(words))


class _Path:
    """From the lines of the old text to those of the new one."""

    def __init__(self, old: Lines, new: Lines) -> None:
        self.old: list[Spot] = list(old)
        self.new: list[Spot] = list(new)
        self._texts = list(old.values()), list(new.values())
        self._known = Likeness(self._texts[0]), Likeness(self._texts[1])
        self._same: dict[int, int] = {}
        self._gaps: list[tuple[range, range]] = []
        for tag, a, b, c, d in SequenceMatcher(None, *self._texts, autojunk=False).get_opcodes():
            if tag == "equal":
                self._same |= dict(zip(range(a, b), range(c, d), strict=True))
            else:
                self._gaps.append((range(a, b), range(c, d)))

    def to(self, spot: Spot, words: str) -> Spot | None:
        """The line that this one became: the same, one that has its words, or the likeliest where it stood."""
        at = self.old.index(spot)
        if at in self._same:
            return self.new[self._same[at]]
        lost, here = next(gap for gap in self._gaps if at in gap[0])
        others = [other for _, come in self._gaps for other in come if other not in here]
        text = self._texts[0][at]
        for places in (here, others):
            whole = next((other for other in places if text.strip() and self._texts[1][other] == text), None)
            if whole is not None:
                return self.new[whole]
        alike = here[0] if len(lost) == len(here) == 1 else self._likeliest(at, here, CLOSE)
        if alike is not None and words in self._texts[1][alike]:
            return self.new[alike]
        with_words: list[int] = [other for other in (*here, *others) if words in self._texts[1][other]]
        if with_words and len(words) >= _ENOUGH:
            return self.new[with_words[0]]
        alike = self._likeliest(at, here, CLOSE)
        if alike is None:
            alike = self._likeliest(at, others, 2 * CLOSE)
        return self.new[alike] if alike is not None else None

    def _likeliest(self, at: int, places: Iterable[int], least: float) -> int | None:
        shared = [(share(self._known[0], at, self._known[1], other), -other) for other in places]
        best = max(shared, default=(0.0, 0))
        return -best[1] if best[0] >= least else None


def _moved(old: str, new: str, start: int, end: int) -> tuple[int, int] | None:
    """The range where the words from `start` to `end` of `old` stand in `new`; None where nothing of them is left.

    What replaces a part of them is theirs; what is written before or after them is not.
    """
    found: list[tuple[int, int]] = []
    for tag, a, b, c, d in _opcodes(old, new):
        if tag == "equal":
            first, last = max(a, start), min(b, end)
            if first < last:
                found.append((first - a + c, last - a + c))
        elif d > c and (max(a, start) < min(b, end) if b > a else start < a < end):
            found.append((c, d))
    return (found[0][0], found[-1][1]) if found else None


def _opcodes(old: str, new: str) -> Iterator[tuple[str, int, int, int, int]]:
    """What became of the characters, numbers whole; what both begin and end with is set aside first."""
    mine, theirs = _TOKENS.findall(old), _TOKENS.findall(new)
    shorter = min(len(mine), len(theirs))
    head = next((at for at in range(shorter) if mine[at] != theirs[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if mine[-1 - at] != theirs[-1 - at]), rest)
    before, after = len("".join(mine[:head])), len("".join(mine[len(mine) - tail :]))
    yield "equal", 0, before, 0, before
    inner, others = mine[head : len(mine) - tail], theirs[head : len(theirs) - tail]
    places, other_places = _places_of(inner, before), _places_of(others, before)
    for tag, a, b, c, d in SequenceMatcher(None, inner, others, autojunk=False).get_opcodes():
        yield tag, places[a], places[b], other_places[c], other_places[d]
    yield "equal", len(old) - after, len(old), len(new) - after, len(new)


def _places_of(tokens: Sequence[str], start: int) -> list[int]:
    places = [start]
    for token in tokens:
        places.append(places[-1] + len(token))
    return places
