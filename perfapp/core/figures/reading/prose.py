"""Sentences: each number with its name, its subject, its year and what it is compared with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reading import phrases
from perfapp.core.figures.reading.clauses import last_clause, opening
from perfapp.core.figures.reading.labels import heading_of, label_at
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.marks import marks
from perfapp.core.figures.reading.naming import YEAR_SIGN, counted, named
from perfapp.core.figures.reading.plain import plain
from perfapp.core.figures.reading.subjects import is_of_money, is_topic
from perfapp.core.figures.reading.thread import Thread
from perfapp.core.manuscript import Line, Place

_REACH = 80  # how far back the words of a number may begin
_GAP = 400  # how far back the words between two numbers are looked at
_SENTENCE_REACH = 200
_DENSE = 1000  # numbers in one paragraph
_PURPOSE = re.compile(r" ?用于([^，,。；;、:()0-9]{2,20})")
_FLAT = re.compile(r"[，,]?(?P<words>(?:与|和|同|跟|较|比)[^，。；0-9]{1,10}?(?:基本)?持平)")
_ASIDE = re.compile(  # a year compared with, named in brackets, or of the reason: 主要是2017年开展清理
    r"(?:[较比与由从同] ?|\([^()]*|(?:主要是|原因[是为:]|由于|因为|是因) ?)$"
)
_SPACED_OUT = re.compile("[一-鿿] [一-鿿] [一-鿿]")  # 同 比 增 加: set wide to fill a line
_BETWEEN_LETTERS = re.compile("(?<=[一-鿿]) (?=[一-鿿])")
_IN_BRACKETS = re.compile(r"\([^()]*$")
_NUMBERED = re.compile(r"[0-9()、.是①-⓿]")
_JOINS = frozenset({"和", "及", "与", "、", "以及", "至", "~"})
_RATIOS = (Kind.PERCENT, Kind.POINTS, Kind.NUMBER)
_CHANGES = (Role.CHANGE, Role.GROWTH)


def figures(line: Line, year: int | None, *, start: int = 0, end: int | None = None, subject: str = "") -> list[Figure]:
    """The figures of a paragraph, or of what stands from `start` to `end` of it; `year` is the report's.

    `subject` names what the passage is about, for numbers that no word of their own names; else its heading does.
    """
    text = plain(line.text[start:end])
    found = marks(text)
    if not found:
        return []
    thread = Thread(year=year, subject=subject or _of_heading(line.section))
    reading = _Reading(line, text, found, start, thread)
    return reading.bare() if len(found) > _DENSE and len(text) < 8 * len(found) else list(reading.figures())


def _of_heading(heading: str) -> str:
    text = plain(heading)
    number = heading_of(text) or (label_at(text, 0) if text else None)
    name = named(text[number.end :] if number else text).removesuffix("情况")
    return name if is_topic(name) else ""


@dataclass(slots=True)
class _Reading:
    line: Line
    text: str
    marks: list[Mark]
    offset: int
    thread: Thread
    previous: Figure | None = None  # the quantity before
    floor: int = 0  # where the words of the next quantity may begin
    passed: list[Mark] = field(default_factory=list)  # the dates and labels since then
    bracket: tuple[int, int] | None = None  # where a year told inside brackets ends, and that year

    def bare(self) -> list[Figure]:
        """The numbers alone, of a line that is nothing but numbers: there are no words to name them."""
        return [self._bare(mark) for mark in self.marks]

    def figures(self) -> Iterator[Figure]:
        end = 0
        for mark in self.marks:
            if mark.kind is Kind.LABEL and not _NUMBERED.search(self.text, mark.start, mark.end):
                yield self._bare(mark)  # “三公”经费, 二级机构: words like any other
                continue
            self.thread.take(self.text[max(end, mark.start - _GAP) : mark.start], is_first=self.previous is None)
            end = mark.end
            if mark.is_quantity:
                self.previous = self._quantity(mark)
                yield self.previous
                self.floor, self.passed = mark.end + self._noun_before_amount(mark), []
            else:
                self.passed.append(mark)
                yield self._dated(mark) if mark.kind is Kind.DATE else self._bare(mark)

    def _noun_before_amount(self, mark: Mark) -> int:
        """How much of “8个项目985万元” the thing counted takes: it does not name the amount."""
        noun = self.previous.label if self.previous and mark.kind is Kind.COUNT else ""
        end = mark.end + len(noun)
        return len(noun) if noun and self.text.startswith(noun, mark.end) and self.text[end : end + 1].isdigit() else 0

    def _dated(self, mark: Mark) -> Figure:
        is_aside = _ASIDE.search(self.text, max(0, mark.start - 30), mark.start) is not None
        year = self.thread.date(mark, is_aside=is_aside)
        if is_aside and mark.year is not None and _IN_BRACKETS.search(self.text, max(0, mark.start - 30), mark.start):
            self.bracket = (mark.end, mark.year)
        return replace(self._bare(mark), year=year, day=_day(year, mark.month, mark.day))

    def _bare(self, mark: Mark) -> Figure:
        place = Place(self.line.number, self.offset + mark.start, self.offset + mark.end)
        return Figure(
            text=self.line.text[place.start : place.end],
            value=mark.value,
            unit=mark.unit,
            kind=mark.kind,
            place=place,
            location=self.line.section,
            decimals=mark.decimals,
            qualifiers=mark.qualifiers,
            month=mark.month,
        )

    def _words(self, mark: Mark) -> str:
        """The words before a number as far as they can name it, with a sign for each date among them."""
        start = max(self.floor, mark.start - _REACH)
        piece = list(self.text[start : mark.start])
        for passed in self.passed:
            for position in range(max(passed.start, start), min(passed.end, mark.start)):
                piece[position - start] = YEAR_SIGN if passed.kind is Kind.DATE else " "
        words = re.sub(f"{YEAR_SIGN}+", YEAR_SIGN, "".join(piece))
        return _BETWEEN_LETTERS.sub("", words) if _SPACED_OUT.search(words) else words

    def _quantity(self, mark: Mark) -> Figure:
        passage = self._words(mark)
        clause = last_clause(passage) if passage else ""
        if self.previous and clause.strip() in _JOINS and self.previous.kind is mark.kind:
            return replace(self._bare(mark), **_said_alike(self.previous))
        years = [passed.year for passed in self.passed if passed.year is not None]
        self.thread.compare(passage, years)
        told = self._told(mark, clause)
        figure = self._named(mark, told, clause)
        figure = replace(figure, year=self.thread.year_of(clause, years, figure.role))
        if (
            self.bracket
            and not years
            and figure.role is Role.AMOUNT
            and ")" not in self.text[self.bracket[0] : mark.start]
        ):
            figure = replace(figure, year=self.bracket[1])  # （2021年收入5万元、支出4万元）: both of that year
        figure = _flat(figure, self.text[mark.end : mark.end + 20])
        self.thread.hand_on(figure, told)
        return figure

    def _told(self, mark: Mark, clause: str) -> phrases.Words:
        told = phrases.before(clause, is_ratio=mark.kind in _RATIOS) if clause else phrases.Words()
        if mark.kind is not Kind.FREQUENCY or told.name:
            return told
        begun = named(opening(self.text[max(0, mark.start - _SENTENCE_REACH) : mark.start]))
        return phrases.Words(counted(self.text, mark.end, "") or (begun if 2 <= len(begun) <= 12 else ""))

    def _named(self, mark: Mark, told: phrases.Words, clause: str) -> Figure:
        thread = self.thread
        after = phrases.qualifiers_after(self.text, mark.end)
        is_result = self.text[max(0, mark.start - 3) : mark.start].rstrip().endswith("=")
        is_alike = self.previous is not None and self.previous.unit == mark.unit
        name = self._noun(mark, told, after) or told.name or self._purpose(mark)
        label = thread.label(name, mark, clause if is_alike else "", is_result=is_result)
        role = _role(mark, told, label)
        is_change = role in _CHANGES
        kind, unit = mark.kind, mark.unit
        if unit in ("万", "亿") and (is_of_money(label) or mark.decimals):
            kind, unit = Kind.MONEY, f"{unit}元"
        return replace(
            self._bare(mark),
            kind=kind,
            unit=unit,
            label=label,
            subject=thread.subject_of(label),
            role=role,
            direction=told.direction if is_change else None,
            of=told.of or (thread.of if is_change else thread.whole_of(label) if role is Role.SHARE else ""),
            basis=thread.basis if is_change else (),
            qualifiers=(*thread.period, *told.qualifiers, *mark.qualifiers, *after),
        )

    def _noun(self, mark: Mark, told: phrases.Words, after: tuple[str, ...]) -> str:
        if after or mark.kind not in (Kind.COUNT, Kind.MEASURE):
            return ""
        return counted(self.text, mark.end, told.name)

    def _purpose(self, mark: Mark) -> str:
        """“30万元用于项目审计”: named by what it is for."""
        purpose = _PURPOSE.match(self.text, mark.end) if mark.kind is Kind.MONEY else None
        return named(purpose.group(1)) if purpose else ""


def _role(mark: Mark, told: phrases.Words, label: str) -> Role:
    if told.is_share:
        return Role.SHARE
    if told.is_rate:
        return Role.RATE
    if told.direction is not None:
        return Role.GROWTH if mark.kind is Kind.PERCENT or mark.unit == "倍" else Role.CHANGE
    if told.is_average and mark.kind is not Kind.PERCENT:
        return Role.AVERAGE
    return Role.RATE if mark.kind is Kind.PERCENT and label.endswith(("率", "满意度")) else Role.AMOUNT


def _flat(figure: Figure, after: str) -> Figure:
    """“…，与上年持平”: no change, said of an amount."""
    flat = _FLAT.match(after)
    if flat is None or figure.role in _CHANGES:
        return figure
    of, words = phrases.compared_with(flat["words"])
    return replace(figure, direction=0, of=of, basis=(words,) if words else ())


def _day(year: int | None, month: int | None, day: int | None) -> date | None:
    if not (year and month and day):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 2月30日: printed, but no day


def _said_alike(figure: Figure) -> dict[str, Any]:
    """What “15%和35.49%” says of the second by the first."""
    same = ("label", "subject", "role", "direction", "of", "basis", "year")
    return {name: getattr(figure, name) for name in same}
