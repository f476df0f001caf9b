"""X7: doubled words and punctuation, misplaced commas in numbers, brackets and quotes that do not pair."""

import re
from collections.abc import Iterator

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.wording.prose import grouped, matches, prose
from perfapp.core.manuscript import Line, Place

_MONEY = "(?:万元|亿元|千元|元)"
_DOUBLED_MARKS = re.compile(r"[，。；：、,;][ \t\u3000]*[，。；：、,;]+|[？！][，。；、]|(?<![。…])。{2}(?!。)")
_DOUBLED_ALLOWED = re.compile(r"(?<![项题条科栏书])目的的|的的确|了了解|了了之|了了结|和和[谐平睦]|与与会|与与之")
_WRONG_NUMBERS = (
    re.compile(rf"(?<![\d.,，])\d{{1,3}}(?:,\d{{1,2}}|,\d{{4,}})+(?:\.\d+)?(?=\s*{_MONEY})"),
    re.compile(r"(?<![\d.,，])\d+(?:,\d{1,2})+\.\d+(?![\d.])"),
    re.compile(rf"(?<![\d.])\d+\.\d+\.\d+(?=\s*(?:{_MONEY}|[%％]))"),
    re.compile(rf"(?<!\d)\d+[。]\d+(?=\s*(?:{_MONEY}|[%％]))"),
)
_PAIRS = (
    ("（(", "）)", "括号"),
    ("《", "》", "书名号"),
    ("“", "”", "引号"),
    ("〔", "〕", "六角括号"),
    ("【", "】", "方括号"),
)
_ENUMERATED = re.compile(r"(?:^|[^（(\d])(?:\d{1,2}|[a-zA-Z①-⑳一二三四五六七八九十])\s*[)）]")
_COMMA_AS_PUNCTUATION = re.compile(r"[\u4e00-\u9fff],[\u4e00-\u9fff]")


def typing_errors(case: Case, rule: Rule) -> Verdict:
    """Doubled words and punctuation, numbers with a comma in the wrong place, brackets and quotes that do not pair."""
    lines = list(prose(case.manuscript))
    halfwidth = sum(1 for line in lines if _COMMA_AS_PUNCTUATION.search(line.text)) > len(lines) // 8
    kinds = (
        ("字词重复", _doubled_words(lines, rule.words), "删去多余的字词。"),
        ("标点重复或连用", matches(lines, _DOUBLED_MARKS), "只留一个标点。"),
        (
            "数字的分节号或小数点位置不对",
            _wrong_numbers(lines, halfwidth),
            "核对原数，千位分节号每三位一个，小数点只有一个。",
        ),
    )
    findings = [
        grouped(case.manuscript, rule, what, places, mend) for what, found, mend in kinds if (places := tuple(found))
    ]
    for opening, closing, name in _PAIRS:
        places = tuple(_unpaired(lines, opening, closing))
        if places:
            findings.append(grouped(case.manuscript, rule, f"{name}不成对", places, f"补上缺的{name}，或删去多余的。"))
    return Verdict(findings=tuple(findings))


def _doubled_words(lines: list[Line], words: tuple[str, ...]) -> Iterator[Place]:
    if not words:
        return
    pattern = re.compile("|".join(re.escape(word) for word in words))
    for line in lines:
        allowed = [found.span() for found in _DOUBLED_ALLOWED.finditer(line.text)]
        for found in pattern.finditer(line.text):
            if not any(start < found.end() and found.start() < end for start, end in allowed):
                yield Place(line.number, found.start(), found.end())


def _wrong_numbers(lines: list[Line], halfwidth: bool) -> Iterator[Place]:
    """A text that writes its commas half width may have 2018,12万元; there the comma proves nothing."""
    for pattern in _WRONG_NUMBERS[2 if halfwidth else 0 :]:
        yield from matches(lines, pattern)


def _unpaired(lines: list[Line], opening: str, closing: str) -> Iterator[Place]:
    """Brackets left open, or closed without being open; a pair may span two lines (PDF breaks lines anywhere)."""
    left_open: Place | None = None
    for line in lines:
        opened, stray = _balance(line, opening, closing)
        if left_open is not None:
            if stray:
                stray.pop(0)
            else:
                yield left_open
        yield from stray
        yield from opened[:-1]
        left_open = opened[-1] if opened else None
    if left_open is not None:
        yield left_open


def _balance(line: Line, opening: str, closing: str) -> tuple[list[Place], list[Place]]:
    """What stays open at the end of the line, and what is closed without having been opened."""
    if not any(character in line.text for character in opening + closing):
        return [], []
    enumerated = {found.end() - 1 for found in _ENUMERATED.finditer(line.text)} if ")" in closing else set()
    opened: list[Place] = []
    stray: list[Place] = []
    for at, character in enumerate(line.text):
        if character in opening:
            opened.append(Place(line.number, at, at + 1))
        elif character in closing and opened:
            opened.pop()
        elif character in closing and at not in enumerated:
            stray.append(Place(line.number, at, at + 1))
    return opened, stray
