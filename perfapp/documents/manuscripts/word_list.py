"""Numbers that Word draws, as the text a reader sees: 一、 （二） 3.1 ④."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from docx.document import Document as DocxDocument
from docx.oxml.ns import qn

from perfapp.core.chinese import circled, numeral

_PLACE: Final = re.compile(r"%([1-9])")
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_ROMAN: Final = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX: Final = 999


@dataclass(frozen=True, slots=True)
class _Level:
    number_format: str
    pattern: str
    start: int
    is_legal: bool  # all places in Arabic numerals


@dataclass(slots=True)
class _List:
    levels: dict[int, _Level]
    key: str  # lists with the same abstract list count on together
    restarts: dict[int, int] = field(default_factory=dict)


class WordLists:
    """The lists of one file and how far each has counted."""

    def __init__(self, document: DocxDocument) -> None:
        self._lists: dict[str, _List] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._begun: set[str] = set()
        part = next((r.target_part for r in document.part.rels.values() if r.reltype.endswith("/numbering")), None)
        root = getattr(part, "element", None)
        if root is not None:
            self._read(root)

    def label(self, number_id: str, depth: int) -> str:
        """What stands before the next paragraph of this list at this depth, from 0; empty for bullets."""
        found = self._lists.get(number_id)
        level = found.levels.get(depth) if found else None
        if found is None or level is None:
            return ""
        if number_id not in self._begun:
            self._begun.add(number_id)
            for at, start in found.restarts.items():
                self._counts[found.key, at] = start - 1
        counted = self._counts.get((found.key, depth), level.start - 1) + 1
        self._counts[found.key, depth] = counted
        for key in [key for key in self._counts if key[0] == found.key and key[1] > depth]:
            del self._counts[key]
        if level.number_format in ("bullet", "none"):
            return ""

        def place(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            shown = found.levels.get(at, level)
            count = self._counts.get((found.key, at), shown.start)
            return numbered(count, "decimal" if level.is_legal and at < depth else shown.number_format)

        return _PLACE.sub(place, level.pattern)

    def _read(self, root: Any) -> None:
        abstracts = {e.get(qn("w:abstractNumId")): e for e in root.iter(qn("w:abstractNum"))}
        for number in root.iter(qn("w:num")):
            key = _value(number, "w:abstractNumId") or ""
            abstract = abstracts.get(key)
            if abstract is None:
                continue
            levels = {_depth(level): _level(level) for level in abstract.iter(qn("w:lvl"))}
            held = _List(levels, key)
            for override in number.iter(qn("w:lvlOverride")):
                level = override.find(qn("w:lvl"))
                if level is not None:
                    held.levels[_depth(override)] = _level(level)
                if (start := _value(override, "w:startOverride")) is not None:
                    held.restarts[_depth(override)] = _whole(start, 1)
            self._lists[number.get(qn("w:numId")) or ""] = held


def numbered(count: int, number_format: str) -> str:
    """The count in one of Word's formats; what we do not know is drawn in Arabic numerals."""
    count = max(0, min(count, _MAX))
    if number_format in ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"):
        return _chinese(count)
    if number_format in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(count))
    if "Circle" in number_format:
        return circled(count) if count else "0"
    if number_format == "ideographTraditional" and 1 <= count <= len(_STEMS):
        return _STEMS[count - 1]
    if number_format in ("upperLetter", "lowerLetter") and count:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format in ("upperRoman", "lowerRoman"):
        return _roman(count).upper() if number_format == "upperRoman" else _roman(count)
    if number_format == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    return f"{count:02}" if number_format == "decimalZero" else str(count)


def _chinese(count: int) -> str:
    hundreds, rest = divmod(count, 100)
    if not hundreds:
        return numeral(rest) if rest else "〇"
    low = "" if not rest else f"零{numeral(rest)}" if rest < 10 else ("一" if rest < 20 else "") + numeral(rest)
    return numeral(hundreds) + "百" + low


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while count >= value:
            text, count = text + letters, count - value
    return text


def _level(element: Any) -> _Level:
    return _Level(
        _value(element, "w:numFmt") or "decimal",
        _value(element, "w:lvlText") or "",
        _whole(_value(element, "w:start"), 1),
        element.find(qn("w:isLgl")) is not None,
    )


def _depth(element: Any) -> int:
    return _whole(element.get(qn("w:ilvl")), 0)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 6 else default


def _value(parent: Any, tag: str) -> str | None:
    found = parent.find(qn(tag))
    return None if found is None else found.get(qn("w:val"))
