"""The words of a manuscript, cut up as the rules need them. Tables are left out unless said otherwise."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from perfapp.core.checking.book import Rule
from perfapp.core.checking.findings import Finding
from perfapp.core.chinese import numeral
from perfapp.core.manuscript import Line, LineKind, Manuscript, Place

_SENTENCE = re.compile(r"[^。；;！？!?]+[。；;！？!?]?")
_ORDINALS = {numeral(number): number for number in range(1, 100)}
_CHINESE = "[一二三四五六七八九十]{1,3}"
_MARKS = (
    (0, re.compile(rf"\s*第\s*({_CHINESE}|\d{{1,2}})\s*(?:部分|章)")),
    (1, re.compile(rf"\s*({_CHINESE})\s*、")),
    (2, re.compile(rf"\s*[（(]\s*({_CHINESE})\s*[)）]")),
    (3, re.compile(r"\s*(\d{1,2})\s*[.．、](?!\s*\d)")),
    (4, re.compile(r"\s*[（(]\s*(\d{1,2})\s*[)）]")),
    (5, re.compile(r"\s*([①-⑳])")),
)
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_INNER_QUOTES = str.maketrans("“”", "‘’")
_HAS_WIDE = re.compile("[０-９．％]")
_HEADING_LENGTH = 45
_TITLE_LINES = 15
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
_WHOLE_SPENDING = re.compile(r"整体支出|部门整体|单位整体")
_CLOSING = re.compile(r"问题|措施|建议|下一步|改进|其他需要说明")
_REPORT = re.compile(r"绩效|自评|评价|报告|决算")


class Mark(NamedTuple):
    """The number a line begins with: 第一部分 is level 0, 一、 1, （一） 2, 1. 3, （1） 4, ① 5. It ends at `end`."""

    level: int
    ordinal: int
    text: str
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line, and where it begins there."""

    line: int
    start: int
    text: str

    def place(self, start: int, end: int) -> Place:
        """Of the characters `start` to `end` of the piece."""
        return Place(self.line, self.start + start, self.start + end)

    @property
    def whole(self) -> Place:
        return self.place(0, len(self.text))


def prose(manuscript: Manuscript) -> Iterator[Line]:
    """Every line with words that is not the row of a table; full-width digits read as ASCII, in their places."""
    for line in manuscript.lines:
        if line.kind is not LineKind.ROW and line.text.strip():
            yield replace(line, text=line.text.translate(_WIDE)) if _HAS_WIDE.search(line.text) else line


def sentences(line: Line) -> Iterator[Span]:
    """Pieces that end with a full stop or a semicolon."""
    return (Span(line.number, found.start(), found.group()) for found in _SENTENCE.finditer(line.text))


def all_sentences(manuscript: Manuscript) -> tuple[Span, ...]:
    return tuple(sentence for line in prose(manuscript) for sentence in sentences(line))


def ordinal(words: str) -> int:
    """The number of 十二, 12 or ⑫; 0 for what is none."""
    if len(words) == 1 and "①" <= words <= "⑳":
        return ord(words) - ord("①") + 1
    return int(words) if words.isdecimal() else _ORDINALS.get(words, 0)


def mark(text: str) -> Mark | None:
    for level, pattern in _MARKS:
        found = pattern.match(text)
        if found and (number := ordinal(found[1])):
            return Mark(level, number, found.group().strip(), found.end())
    return None


def is_heading(line: Line) -> bool:
    """Marked as one, or as short as one and numbered or bare of a sentence."""
    if line.kind in (LineKind.HEADING, LineKind.TITLE):
        return True
    text = line.text.strip()
    if line.kind is LineKind.ROW or len(text) > _HEADING_LENGTH:
        return False
    body = text.rstrip("。：: ")
    return bool(body) and not re.search(r"[。；;，,]", body) and (mark(text) is not None or len(body) <= 25)


def whole_line(line: Line) -> Place:
    """The line without the blanks around it."""
    start = len(line.text) - len(line.text.lstrip())
    return Place(line.number, start, max(start, len(line.text.rstrip())))


def clipped(text: str, length: int = 30) -> str:
    """The words to be quoted in a message: one line, not too long, their own quotes turned into inner ones."""
    words = " ".join(text.split()).translate(_INNER_QUOTES)
    return words if len(words) <= length else words[: length - 1] + "…"


def report_year(manuscript: Manuscript) -> int | None:
    """The fiscal year reported on: as given, or as the report's own title has it."""
    if manuscript.fiscal_year:
        return manuscript.fiscal_year
    for line in list(prose(manuscript))[:_TITLE_LINES]:
        found = _YEAR.search(line.text)
        if found and len(line.text.strip()) <= 60 and _REPORT.search(line.text[found.end() :]):
            return int(found[1])
    return None


def is_whole_spending(manuscript: Manuscript) -> bool:
    """A report on the spending of a whole unit, from its title to its problems and measures; not an excerpt of one."""
    lines = list(prose(manuscript))
    if not manuscript.is_whole or not any(_WHOLE_SPENDING.search(line.text) for line in lines[:_TITLE_LINES]):
        return False
    return any(_CLOSING.search(line.text) and is_heading(line) for line in lines[len(lines) // 2 :])


def around(line: Line, start: int, end: int) -> str:
    """The characters with a few words on both sides."""
    return clipped(line.text[max(0, start - 10) : end + 8], 40)


def matches(lines: Iterable[Line], pattern: re.Pattern[str]) -> Iterator[Place]:
    return (Place(line.number, *found.span()) for line in lines for found in pattern.finditer(line.text))


def grouped(manuscript: Manuscript, rule: Rule, what: str, places: tuple[Place, ...], mend: str) -> Finding:
    """One finding for many places of the same kind; the first three are quoted."""
    quoted = (around(manuscript.line(place.line), place.start, place.end) for place in places[:3])
    shown = "；".join(f"“{words}”" for words in quoted)
    more = f"等{len(places)}处" if len(places) > 3 else ""
    return Finding(rule.code, rule.severity, f"{what}：{shown}{more}。", None, None, places, mend, what)
