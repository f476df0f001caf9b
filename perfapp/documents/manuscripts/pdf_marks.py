"""Characters of a PDF page put into lines, as they stand on the paper."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

_SAME_LINE: Final = 0.45  # of the size: how far baselines of one line may stand apart
_WORD_GAP: Final = 0.2
_CLEAR_GAP: Final = 0.8


class Mark(NamedTuple):
    """A character: where it starts and ends, its baseline and its size, in points from the lower left corner."""

    letter: str
    x0: float
    x1: float
    y: float
    size: float


class Rule(NamedTuple):
    """A straight line, level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PdfPage:
    width: float
    height: float
    marks: tuple[Mark, ...]
    rules: tuple[Rule, ...]
    is_picture: bool

    @classmethod
    def of(cls, held: dict[str, Any]) -> "PdfPage":
        marks = tuple(
            Mark(usual(letter), *box) for letter, box in zip(held["text"], held["boxes"], strict=True) if box[3] > 0
        )
        rules = tuple(Rule(*rule) for rule in held["rules"])
        return cls(held["width"], held["height"], marks, rules, held["is_picture"])


@dataclass(frozen=True, slots=True)
class Row:
    """A line of characters on the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    head_width: float  # of what could not have been parted from the line's first character


def usual(letter: str) -> str:
    """The usual character for one of the look-alikes that fonts in PDF bring along (⼀ for 一)."""
    if "\u2e80" <= letter <= "\u2fdf" or "\uf900" <= letter <= "\ufaff":
        return unicodedata.normalize("NFKC", letter)
    return " " if letter == "\u00a0" else letter


def is_unknown(letter: str) -> bool:
    """A sign that the font keeps for itself: a bullet, or a letter whose code is missing."""
    return letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff"


def rows(marks: Iterable[Mark]) -> list[Row]:
    """The lines from the top, each from left to right."""
    ordered = sorted((mark for mark in marks if not is_unknown(mark.letter)), key=lambda mark: (-mark.y, mark.x0))
    groups: list[list[Mark]] = []
    for mark in ordered:
        last = groups[-1] if groups else None
        if last is not None and last[0].y - mark.y <= _SAME_LINE * max(mark.size, last[0].size):
            last.append(mark)
        else:
            groups.append([mark])
    return [row for group in groups if (row := _row(sorted(group, key=lambda mark: mark.x0))) is not None]


def _row(marks: Sequence[Mark]) -> Row | None:
    inked = [mark for mark in marks if not mark.letter.isspace()]
    if not inked:
        return None
    text = ""
    before: Mark | None = None
    for mark in marks:
        if before is not None and _is_parted(before, mark):
            text += " "
        text += mark.letter
        before = mark
    sizes = sorted(mark.size for mark in inked)
    return Row(
        text.strip(), inked[0].x0, max(mark.x1 for mark in inked), inked[0].y, sizes[len(sizes) // 2], _head(inked)
    )


def _is_parted(before: Mark, mark: Mark) -> bool:
    """Whether the gap says space: wide for Chinese, which is spread over the line; narrow between Latin words."""
    if before.letter.isspace() or mark.letter.isspace():
        return False
    is_word = before.letter.isascii() and mark.letter.isascii() and before.letter.isalpha() and mark.letter.isalpha()
    return mark.x0 - before.x1 > (_WORD_GAP if is_word else _CLEAR_GAP) * mark.size


def _head(inked: Sequence[Mark]) -> float:
    """The width of the first character with what typesetters never part from it: the word or number, a mark after."""
    end = 1
    if inked[0].letter.isascii():
        while end < len(inked) and inked[end].letter.isascii() and inked[end].x0 - inked[end - 1].x1 < 2:
            end += 1
    while (
        end < len(inked)
        and unicodedata.category(inked[end].letter)[0] == "P"
        and inked[end].letter not in "（“《〈〔【"
    ):
        end += 1
    return inked[end - 1].x1 - inked[0].x0
