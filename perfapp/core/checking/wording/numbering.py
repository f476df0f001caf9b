"""L1: the numbers of headings and items begin with one and leave nothing out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Passed, Verdict
from perfapp.core.checking.wording.prose import Mark, clipped, is_heading, mark, ordinal, prose, report_year, whole_line
from perfapp.core.checking.wording.siblings import odd_ones
from perfapp.core.chinese import circled, numeral
from perfapp.core.manuscript import Line, LineKind, Manuscript, Place

_ITEM = re.compile(r"(?:^|[。；;，,、：:）)\s])([一二三四五六七八九十]{1,3})是(?!否)")
_STRAY = re.compile(r"\s*是(?!否|指|由|以|对|在)")
_TOPIC = re.compile(r"情况|概况|基本|工作|管理|说明|概述|目标")
_NO_TOPIC = re.compile(r"20\d\d\s*年度?.*报告|[:：）)]\s*$")
_ITEM_LEVEL = 9
_WORTH_TELLING = 3
_NEAR = 4
_DEEPEST = 6  # lists of one style inside one another
_FEWEST_ABOVE = 2  # a title and a line or two


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number in front of something: which style (`level`), which number, where."""

    level: int
    number: int
    place: Place
    words: str


@dataclass(slots=True)
class Run:
    """Items counted on from each other, under one heading."""

    items: list[Numbered]
    is_broken: bool = False

    @property
    def last(self) -> int:
        return self.items[-1].number


def numbering(case: Case, rule: Rule) -> Verdict:
    """Missing, skipped and repeated numbers, a stray 是; runs of three and more that are complete are passed."""
    manuscript = case.manuscript
    reader = _Numbering(manuscript, rule)
    numbers = list(_all_numbers(manuscript))
    for numbered in numbers:
        reader.meet(numbered)
    reader.report_odd_ones(numbers)
    return Verdict(tuple(reader.passed()), (*reader.findings, *_stray_words(reader.runs, manuscript, rule)))


def _all_numbers(manuscript: Manuscript) -> Iterator[Numbered]:
    for line in prose(manuscript):
        found = mark(line.text)
        if found:
            start = line.text.index(found.text)
            yield Numbered(found.level, found.ordinal, Place(line.number, start, found.end), _words_of(line, found))
        for item in _ITEM.finditer(line.text):
            place = Place(line.number, item.start(1), item.end())
            yield Numbered(_ITEM_LEVEL, ordinal(item[1]), place, line.text[item.start(1) : item.end() + 20])


def _words_of(line: Line, found: Mark) -> str:
    return clipped(re.split(r"[。：:；]", line.text[found.end :])[0], 24)


class _Numbering:
    """Follows the numbers through the text: a number of a higher level opens a new context for the lower ones."""

    def __init__(self, manuscript: Manuscript, rule: Rule) -> None:
        self.manuscript, self.rule = manuscript, rule
        self._lines = manuscript.lines
        self._numbers = [line.number for line in manuscript.lines]
        self.runs: list[Run] = []
        self.findings: list[Finding] = []
        self._open: dict[int, list[Run]] = {}  # by level; runs of the same style may stand inside one another
        self._closed: dict[int, Run] = {}

    def meet(self, item: Numbered) -> None:
        self._close_below(item.level)
        stack = self._open.setdefault(item.level, [])
        while stack and item.number != stack[-1].last + 1 and any(item.number == run.last + 1 for run in stack):
            stack.pop()
        if stack and item.number == stack[-1].last + 1:
            stack[-1].items.append(item)
        elif item.number == 1 or not stack:
            self._begin(stack, item)
        else:
            self._break(stack, item)

    def _close_below(self, level: int) -> None:
        for lower in [known for known in self._open if known > level]:
            for run in self._open.pop(lower):
                self._closed[lower] = run

    def _begin(self, stack: list[Run], item: Numbered) -> None:
        run = Run([item])
        stack.append(run)
        del stack[:-_DEEPEST]
        self.runs.append(run)
        if item.number == 1:
            return
        run.is_broken = True
        before = self._closed.get(item.level)
        continues = before is not None and item.number == before.last + 1 and (item.level > 2 or item.number > 2)
        if item.level != _ITEM_LEVEL and item.number == 2 and not continues and self._follows_text(item):
            self._report_missing(item, 0)

    def _follows_text(self, item: Numbered) -> bool:
        """Under a heading with words between, or after a report's title: an excerpt may begin anywhere."""
        above = self._context_start(item)
        before = sum(1 for line in self._between(above, item.place.line) if line.text.strip())
        if above:
            return before > 0 and not self._is_cut(above)
        return item.level == 1 and before > _FEWEST_ABOVE and report_year(self.manuscript) is not None

    def _is_cut(self, above: int) -> bool:
        """Another list under that heading lacks its beginning too: the text is an excerpt."""
        return any(run.items[0].place.line > above and run.items[0].number > 1 for run in self.runs[-_NEAR:-1])

    def _break(self, stack: list[Run], item: Numbered) -> None:
        run = stack[-1]
        run.is_broken = True
        if item.number == run.last:
            self._report_repeat(run.items[-1], item)
        elif run.last + 1 < item.number <= run.last + 3:
            self._report_missing(item, run.last, run.items[-1].place)
        run.items.append(item)

    def report_odd_ones(self, numbers: Sequence[Numbered]) -> None:
        """One wrong number in a list that else counts on, where nothing else was said of the list."""
        told = {place for finding in self.findings for place in finding.places}
        for item, right, group in odd_ones(numbers):
            if item.level == _ITEM_LEVEL or any(one.place in told for one in group):
                continue
            shown, should = _shown(item.level, item.number), _shown(item.level, right)
            message = f"编号“{shown}{item.words}”排在第{right}，应为“{should}”。"
            self._report(message, (item.place,), f"把“{shown}”改为“{should}”。", shown)

    def _report_repeat(self, before: Numbered, item: Numbered) -> None:
        shown = _shown(item.level, item.number)
        if item.level == _ITEM_LEVEL and item.place.line != before.place.line:
            return  # the items of another paragraph: not surely the same list
        message = f"编号“{shown}”出现两次：前面是“{before.words}”，后面又是“{item.words}”。"
        self._report(message, (item.place, before.place), f"把后一个“{shown}”改成下一个编号，并顺改其后的编号。", shown)

    def _report_missing(self, item: Numbered, last: int, after: Place | None = None) -> None:
        missing = [_shown(item.level, number) for number in range(last + 1, item.number)]
        if any(self._stands_between(item, number, after) for number in range(last + 1, item.number)):
            return
        shown, names = _shown(item.level, item.number), "、".join(f"“{name}”" for name in missing)
        places = (item.place, after) if after else (item.place,)
        if after:
            message = f"编号从“{_shown(item.level, last)}”跳到“{shown}{item.words}”，缺{names}。"
            self._report(message, places, f"补上{names}，或把其后的编号依次提前。", names)
            return
        message = f"这一级编号从“{shown}{item.words}”开始，前面缺{names}。"
        bare = self._bare_heading(item)
        if bare:
            message += f"漏编号的可能是“{clipped(bare.text)}”这一行。"
            places = (whole_line(bare), item.place)
        self._report(message, places, f"给前面的同级标题补上{names}，或重新编号。", names)

    def _stands_between(self, item: Numbered, number: int, after: Place | None) -> bool:
        """The missing number stands inside a paragraph or in a table, or is written in another style."""
        first = after.line - 1 if after else self._context_start(item)
        pattern = re.compile(_loosely(item.level, number))
        own = self.manuscript.line(item.place.line).text[: item.place.start]
        above = self._context_rest(item) if after is None else ""
        return bool(pattern.search(own) or pattern.search(above)) or any(
            pattern.search(line.text) for line in self._between(first, item.place.line)
        )

    def _between(self, above: int, below: int) -> Sequence[Line]:
        """The lines after one number and before another."""
        return self._lines[bisect_right(self._numbers, above) : bisect_left(self._numbers, below)]

    def _context(self, item: Numbered) -> Place | None:
        """The number of the heading that the item stands under."""
        above = [run.items[-1].place for level, stack in self._open.items() if level < item.level for run in stack]
        return max(above, default=None)

    def _context_start(self, item: Numbered) -> int:
        above = self._context(item)
        return above.line if above else 0

    def _context_rest(self, item: Numbered) -> str:
        """What stands in the line of that heading behind its number: the first item may begin there."""
        above = self._context(item)
        return self.manuscript.line(above.line).text[above.end :] if above else ""

    def _bare_heading(self, item: Numbered) -> Line | None:
        """A heading without a number between the heading above and this one: where a number was forgotten."""
        return next(
            (
                line
                for line in self._between(self._context_start(item), item.place.line)
                if line.kind is not LineKind.ROW
                and mark(line.text) is None
                and is_heading(line)
                and _TOPIC.search(line.text)
                and not _NO_TOPIC.search(line.text)
            ),
            None,
        )

    def _report(self, message: str, places: tuple[Place, ...], suggestion: str, subject: str) -> None:
        self.findings.append(
            Finding(self.rule.code, self.rule.severity, message, None, None, places, suggestion, subject)
        )

    def passed(self) -> Iterator[Passed]:
        for run in self.runs:
            count = len(run.items)
            if run.is_broken or count < _WORTH_TELLING or run.items[0].level == _ITEM_LEVEL:
                continue
            level = run.items[0].level
            message = f"编号{_shown(level, 1)}至{_shown(level, count)}连续，共{count}项。"
            places = tuple(item.place for item in run.items)
            yield Passed(self.rule.code, message, Decimal(run.last), Decimal(count), places)


def _stray_words(runs: Sequence[Run], manuscript: Manuscript, rule: Rule) -> Iterator[Finding]:
    """（5）是开展… where none of the other items begins so: left over from 五是."""
    for run in runs:
        if run.items[0].level == _ITEM_LEVEL or len(run.items) < _WORTH_TELLING:
            continue
        stray = [item for item in run.items if _STRAY.match(manuscript.line(item.place.line).text, item.place.end)]
        if len(stray) * 3 > len(run.items):
            continue
        for item in stray:
            shown = _shown(item.level, item.number)
            message = f"“{shown}”后面多出一个“是”字：“{shown}{item.words}”，同一组的其他各项都没有。"
            place = Place(item.place.line, item.place.start, item.place.end + 1)
            yield Finding(rule.code, rule.severity, message, None, None, (place,), "删去“是”字。", shown)


def _shown(level: int, number: int) -> str:
    if level == _ITEM_LEVEL:
        return f"{numeral(number)}是"
    styles = ("第{}部分", "{}、", "（{}）", "{}.", "（{}）", "{}")
    names = (numeral, numeral, numeral, str, str, circled)
    return styles[level].format(names[level](number))


def _loosely(level: int, number: int) -> str:
    """How else that number may be printed."""
    if level in (0, 1):
        return rf"(?:^|[。；;：:\s])第?{numeral(number)}\s*(?:[、.．,，：:是]|部分|章)"
    if level == 2:
        return rf"[（(]?\s*{numeral(number)}\s*[)）、是]"
    if level == _ITEM_LEVEL:
        return rf"{numeral(number)}(?:是|要|、|来)|第{numeral(number)}|其{numeral(number)}"
    if level == 5:
        return f"{circled(number)}"
    return rf"(?<!\d){number}\s*[.．、)）,，]|{circled(number)}|[（(]\s*{number}|第?{numeral(number)}[是、]"
