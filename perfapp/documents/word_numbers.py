"""Numbers people typed or Word drew: which paragraphs are items, and which 一是, 二是 are ordinals."""

import re
from collections.abc import Iterable
from typing import Any, Final

from perfapp.core.chinese import numeral
from perfapp.core.document import Run, heading_label

_CHINESE: Final = "[一二三四五六七八九十]{1,3}"
_LABELS: Final = (
    (1, re.compile(rf"({_CHINESE})、\s*")),
    (2, re.compile(rf"[（(]({_CHINESE})[）)]、?\s*")),
    (3, re.compile(r"(\d{1,2})(?:[.．](?!\d)|、)\s*")),
    (4, re.compile(r"[（(](\d{1,2})[）)]、?\s*")),
    (5, re.compile(r"([①-⑳])\s*")),
)
_NUMBERS: Final = {numeral(number): number for number in range(1, 100)} | {
    chr(0x2460 + number - 1): number for number in range(1, 21)
}
_ORDINAL: Final = re.compile(rf"(?:^|(?<=[。；，：、！？,;:\s]))({_CHINESE})是")


def typed_label(text: str) -> tuple[int, int, int] | None:
    """Level (1 一、 to 5 ①), number and length of a number typed at the start of `text`, or None."""
    for level, pattern in _LABELS:
        if (found := pattern.match(text)) and (number := _number(found[1])):
            return level, number, found.end()
    return None


def drawn_level(number_format: str, pattern: str) -> int | None:
    """The level (1 to 5) whose label a Word list looks most like; None for bullets and hidden numbers."""
    if number_format in ("bullet", "none"):
        return None
    if "Circle" in number_format:
        return 5
    bracketed = "（" in pattern or "(" in pattern
    if number_format.startswith(("chinese", "japanese", "ideograph", "taiwanese")):
        return 2 if bracketed else 1
    return 4 if bracketed else 3


def label_text(level: int, number: int) -> str:
    """A number as text, for a list level that stays text."""
    return heading_label(level, min(max(number, 1), 99))


def inlines(runs: Iterable[Run], counter: int, *, whole_text: str) -> tuple[list[dict[str, Any]], int]:
    """The inline nodes of a paragraph, and the ordinal counter after it.

    一是 becomes an ordinal only where the drawn number is what was typed: in order, at the start or after a stop.
    """
    nodes: list[dict[str, Any]] = []
    before = ""
    counts = "二是" in whole_text
    for text, bold in runs:
        rest = 0
        seen = before[-1:]
        for found in _ORDINAL.finditer(seen + text):
            start, end = found.start() - len(seen), found.end() - len(seen)
            number = _NUMBERS.get(found[1])
            at_start = not before and start == 0
            if start < rest or number is None:
                continue
            if (number == 1 and (counts or at_start)) or (number > 1 and number == counter + 1):
                restart = number == 1 and counter > 0
                _add(nodes, text[rest:start], bold)
                nodes.append({"type": "ordinal", "attrs": {"restart": restart}})
                counter, rest = number, end
        _add(nodes, text[rest:], bold)
        before = text or before
    return nodes, counter


def _add(nodes: list[dict[str, Any]], text: str, bold: bool) -> None:
    """Append `text`, joined to the run before it if both look the same."""
    if not text:
        return
    marks = [{"type": "bold"}] if bold else []
    last = nodes[-1] if nodes else None
    if last is not None and last["type"] == "text" and last["marks"] == marks:
        last["text"] += text
    else:
        nodes.append({"type": "text", "text": text, "marks": marks})


def _number(label: str) -> int | None:
    return int(label) if label.isdecimal() else _NUMBERS.get(label)
