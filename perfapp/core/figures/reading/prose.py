"""Sentences: each number with its name, its subject, its year and what it is compared with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reading import phrases
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.marks import marks
from perfapp.core.figures.reading.naming import counted, named
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import Line, Place

_REACH = 80  # how far back the words of a number may begin
_DENSE = 1000  # numbers in one paragraph
_SENTENCE = re.compile(r"[。；;！？!?]")
_FULL_STOP = re.compile(r"[。！？!?]")
_BREAK = frozenset("，,。；;！？!?:\t()\n=+×*÷≈[]{}/")
_ONLY_YEAR = re.compile("(?:(?:上|去|前|今|本|当|上一)年度?(?:同期|同)?(?:数|支出数)?)?")
_LAST_YEAR = re.compile(r"上年|去年|上一年|前一年")
_THIS_YEAR = re.compile(r"今年|本年|当年")
_CUT_OFF = re.compile(r"截[至止](?:目前|当前|[^，。；\d]{0,4}(?:年底|年末|月底|月末|日))?|上半年|下半年|全年")
_ATTRIBUTE = re.compile(
    r"(?P<subject>.{2,}?)(?:(?:本年|上年|全年|当年)?(?:年初|全年|调整后?|追加)?(?:预算|决算)(?:数|安排|支出|金额|总额)?|(?:实际|累计)(?:支出|完成|执行|使用|到位)数?|执行数|支出数)$"
)
_PLAIN = re.compile(
    "(?:本年|上年|年初|全年|当年|调整后?|追加|实际|累计|支出|财政拨款|年中|完成|批复)*"
    "(?:预算|决算|支出|执行|完成|资金|金额|投入|安排|下达|到位|使用|差值|结余|费用|经费)(?:数|额|资金|安排)?"
)
_SPENT = re.compile("(?<=[费金])支出$")
_ONLY_ATTRIBUTE = re.compile(
    "本年|上年|年初|全年|当年|调整后?|追加|年末|去年|年中|一般公共|财政|部门|单位|政府性基金|其中|支出|收入"
)
_MONEY_WORDS = re.compile(r"资金|经费|收入|支出|预算|决算|拨款|费|款|投入|投资|补助|结余|结转|产值|税|金额")
_PARTS = re.compile(r"其中|包括|分别(?:是|为)|含")
_PURPOSE = re.compile(r" ?用于([^，,。；;、:()0-9]{2,20})")
_FLAT = re.compile(r"[，,]?(?P<words>(?:与|和|同|跟|较|比)[^，。；0-9]{1,10}?(?:基本)?持平)")
_RATIOS = (Kind.PERCENT, Kind.POINTS, Kind.NUMBER)
_REASON = re.compile(r"原因|由于|因为|系因|主要是")


@dataclass(slots=True)
class _Thread:
    """What earlier words of the paragraph hand on to the next number."""

    year: int | None = None  # of the report, to resolve 上年
    said_year: int | None = None  # told in this sentence
    dated_year: int | None = None  # told anywhere before in the paragraph
    head: str = ""  # what the sentence is about: its first name
    last: str = ""  # the name of the last amount
    money: str = ""  # the name of the last amount of money of this sentence
    subject: str = ""
    of: str = ""
    basis: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    whole: str = ""  # the total whose parts are being told
    has_head: bool = False
    formula: str = ""  # what stands before the first = of a formula

    def new_clause(self) -> None:
        self.of, self.basis = "", ()

    def new_sentence(self) -> None:
        self.new_clause()
        self.said_year, self.period, self.whole, self.money, self.has_head = None, (), "", "", False
        self.last = self.head or self.last


def figures(line: Line, year: int | None, *, start: int = 0, end: int | None = None, subject: str = "") -> list[Figure]:
    """The figures of a paragraph, or of what stands from `start` to `end` of it; `year` is the report's.

    `subject` names what the passage is about, for numbers that no word of their own names.
    """
    text = plain(line.text[start:end])
    found = marks(text)
    reading = _Reading(line, text, found, start, _Thread(year=year, subject=subject))
    return reading.bare() if len(found) > _DENSE and len(text) < 8 * len(found) else list(reading.figures())


@dataclass(slots=True)
class _Reading:
    line: Line
    text: str
    marks: list[Mark]
    offset: int
    thread: _Thread
    previous: Figure | None = None  # the quantity before

    def bare(self) -> list[Figure]:
        """The numbers alone, of a line that is nothing but numbers: there are no words to name them."""
        return [self._bare(mark) for mark in self.marks]

    def figures(self) -> Iterator[Figure]:
        floor = 0  # where the words of the next quantity may begin
        previous = 0
        dates: list[Mark] = []
        for mark in self.marks:
            if mark.kind is Kind.LABEL and not _NUMBERED.search(self.text, mark.start, mark.end):
                yield self._bare(mark)  # “三公”经费, 二级机构: words like any other
                continue
            self._pass(previous, mark.start)
            previous = mark.end
            if mark.kind is Kind.DATE:
                dates.append(mark)
                yield self._dated(mark)
            elif mark.kind is Kind.LABEL:
                dates.append(mark)
                yield self._bare(mark)
            else:
                self.previous = self._quantity(mark, floor, dates)
                yield self.previous
                floor, dates = mark.end + self._noun_before_amount(mark), []

    def _noun_before_amount(self, mark: Mark) -> int:
        """How much of “8个项目985万元” the thing counted takes: it does not name the amount."""
        noun = self.previous.label if self.previous and mark.kind is Kind.COUNT else ""
        end = mark.end + len(noun)
        return len(noun) if noun and self.text.startswith(noun, mark.end) and self.text[end : end + 1].isdigit() else 0

    def _pass(self, start: int, end: int) -> None:
        """Take in the words between two numbers."""
        gap = self.text[start:end]
        stops = list(_SENTENCE.finditer(gap))
        if stops:
            if _FULL_STOP.search(gap):
                self.thread.new_sentence()
            else:
                self.thread.new_clause()
            gap = gap[stops[-1].end() :]
        if self.previous is None and stops:
            self._take_opening(self.text[start:end])
        if "=" in gap and (name := named(_last_clause(gap.partition("=")[0]))):
            self.thread.formula = name
        if _PARTS.search(gap):
            self.thread.whole = self.thread.last
        self.thread.period += tuple(match.group() for match in _CUT_OFF.finditer(gap))
        topic = self._topic(gap)
        if topic:
            self.thread.subject = topic

    def _take_opening(self, gap: str) -> None:
        """“公务接待费。年初预算为…”: the short sentence before is what the next are about."""
        clause = _last_clause(_SENTENCE.split(gap)[0])
        name = named(clause).removesuffix("情况")
        if len(clause) <= 30 and (_TOPIC.search(name) or "(项)" in gap):
            self.thread.subject = name

    def _topic(self, gap: str) -> str:
        """A short noun that stands alone before the comma: “机关运转专项，年初预算…”."""
        clauses = re.split("[，,:]", gap)
        for clause in reversed(clauses[:-1]):
            name = named(clause)
            if 2 <= len(name) <= 16 and _TOPIC.search(name) and not _COMPARISON.match(clause):
                return name
        return ""

    def _dated(self, mark: Mark) -> Figure:
        year = mark.year if mark.year is not None else self.thread.said_year or self.thread.dated_year
        if mark.year is not None:
            self.thread.dated_year = mark.year
            if not _ASIDE.search(self.text, max(0, mark.start - 30), mark.start):
                self.thread.said_year = mark.year
        day = None
        if year and mark.month and mark.day:
            try:
                day = date(year, mark.month, mark.day)
            except ValueError:
                day = None
        return replace(self._bare(mark), year=year, day=day)

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

    def _words(self, mark: Mark, floor: int, dates: list[Mark]) -> str:
        """The words before a number as far as they can name it; dates become a sign, notes in brackets go."""
        start = max(floor, mark.start - _REACH)
        piece = list(self.text[start : mark.start])
        for passed in dates:
            for position in range(max(passed.start, start), min(passed.end, mark.start)):
                piece[position - start] = "\x01" if passed.kind is Kind.DATE else " "
        return re.sub("\x01+", "\x01", "".join(piece))

    def _quantity(self, mark: Mark, floor: int, dates: list[Mark]) -> Figure:
        thread = self.thread
        passage = self._words(mark, floor, dates)
        clause = _last_clause(passage) if passage else ""
        told = phrases.before(clause, is_ratio=mark.kind in _RATIOS) if clause else phrases.Words()
        if self.previous and clause.strip() in _JOINS and self.previous.kind is mark.kind:
            return replace(self._bare(mark), **_said_alike(self.previous))
        self._compare(passage, dates)
        if mark.kind is Kind.FREQUENCY and not told.name:
            told = phrases.Words(counted(self.text, mark.end, "") or self._opening(mark))
        after = phrases.qualifiers_after(self.text, mark.end)
        is_counted = mark.kind in (Kind.COUNT, Kind.MEASURE) and not after
        noun = counted(self.text, mark.end, told.name) if is_counted else ""
        name = noun or told.name
        role = self._role(mark, told)
        flat = _FLAT.match(self.text, mark.end)
        direction = told.direction if role in (Role.CHANGE, Role.GROWTH) else 0 if flat else None
        label = self._label(name or self._purpose(mark), mark)
        if mark.kind is Kind.PERCENT and role is Role.AMOUNT and label.endswith(("率", "满意度")):
            role = Role.RATE
        kind, unit = mark.kind, mark.unit
        if unit in ("万", "亿") and (_MONEY_WORDS.search(label) or mark.decimals):
            kind, unit = Kind.MONEY, f"{unit}元"
        of = told.of or (thread.of if role in (Role.CHANGE, Role.GROWTH) else "")
        basis = thread.basis if role in (Role.CHANGE, Role.GROWTH) else ()
        if flat:
            of, words = phrases.compared_with(flat["words"])
            basis = (words,) if words else ()
        if role is Role.SHARE and not of:
            of = thread.whole or (thread.head if thread.head != label else "")
        figure = replace(
            self._bare(mark),
            kind=kind,
            unit=unit,
            label=label,
            subject=self._subject(label),
            role=role,
            direction=direction,
            of=of,
            basis=basis,
            year=self._year(clause, dates, role),
            qualifiers=(
                *thread.period,
                *told.qualifiers,
                *mark.qualifiers,
                *after,
            ),
        )
        self._hand_on(figure, told)
        return figure

    def _role(self, mark: Mark, told: phrases.Words) -> Role:
        if told.is_share:
            return Role.SHARE
        if told.is_rate:
            return Role.RATE
        if told.direction is not None:
            return Role.GROWTH if mark.kind is Kind.PERCENT or mark.unit in ("倍", "‰") else Role.CHANGE
        if told.is_average and mark.kind is not Kind.PERCENT:
            return Role.AVERAGE
        return Role.AMOUNT

    def _label(self, name: str, mark: Mark) -> str:
        thread = self.thread
        carried = (thread.money if mark.kind is Kind.MONEY else "") or thread.last or thread.subject or thread.head
        if not name and thread.formula and self.text[: mark.start].rstrip().endswith("="):
            return thread.formula
        if mark.kind is Kind.SCORE and name in ("得", "扣"):
            return f"{carried.removesuffix('得分')}{name}分"
        if mark.kind is Kind.SCORE and name.endswith("得"):
            return f"{name}分"
        return carried or name if _ONLY_YEAR.fullmatch(name) else name

    def _purpose(self, mark: Mark) -> str:
        """“30万元用于项目审计”: named by what it is for."""
        purpose = _PURPOSE.match(self.text, mark.end) if mark.kind is Kind.MONEY else None
        return named(purpose.group(1)) if purpose else ""

    def _opening(self, mark: Mark) -> str:
        """What the sentence begins with (“机关食堂考核采取…，每两月一次”)."""
        before = _SENTENCE.split(self.text[max(0, mark.start - 200) : mark.start])[-1]
        name = named(_OPENING_ENDS.split(re.split("[，,:]", before)[0])[0])
        return name if 2 <= len(name) <= 12 else ""

    def _subject(self, label: str) -> str:
        """What a number that only says 年初预算 or 决算数 is of; the total of a part; else nothing."""
        thread = self.thread
        if _bearer(label):
            return _bearer(label)
        names = (thread.subject, thread.head) if _PLAIN.fullmatch(label) else (thread.whole,)
        return next((name for name in names if name and name != label), "")

    def _compare(self, passage: str, dates: list[Mark]) -> None:
        sentence = _SENTENCE.split(passage)[-1]
        years = [f"{mark.year}年" for mark in dates if mark.year is not None]
        of, basis = phrases.compared_with(sentence.replace("\x01", years[-1]) if years else sentence)
        if of:
            self.thread.of, self.thread.basis = of, (basis,)

    def _year(self, clause: str, dates: list[Mark], role: Role) -> int | None:
        """The year the words name; a change is of the year that is compared, not of the one it is compared with."""
        is_change = role in (Role.CHANGE, Role.GROWTH)
        if "\x01" in clause and not is_change:
            explicit = [mark.year for mark in dates if mark.year is not None]
            if explicit:
                return explicit[-1]
        if self.thread.year is not None and not is_change:
            if _LAST_YEAR.search(clause):
                return self.thread.year - 1
            if _THIS_YEAR.search(clause):
                return self.thread.year
        return self.thread.said_year

    def _hand_on(self, figure: Figure, told: phrases.Words) -> None:
        """What the next number may take from this one."""
        thread = self.thread
        if told.names_change or (figure.role is Role.CHANGE and figure.label == thread.money):
            thread.last = figure.label
        if figure.role in (Role.SHARE, Role.GROWTH, Role.CHANGE):
            return
        words = _COMPARISON.match(told.raw)
        if words:
            thread.of, thread.basis = told.name or figure.label, (words.group().strip() + (told.name or figure.label),)
            if _ONLY_YEAR.fullmatch(told.name):
                thread.last = figure.label
            return
        is_money = figure.kind is Kind.MONEY
        if told.name and (not thread.has_head or (is_money and not thread.money)):
            thread.head, thread.has_head = figure.label, True
        thread.last = told.name if told.name and _MONEY_WORDS.search(told.name) else figure.label
        thread.money = thread.last if is_money else thread.money
        thread.subject = _bearer(figure.label) or thread.subject


def _said_alike(figure: Figure) -> dict[str, Any]:
    """What “15%和35.49%” says of the second by the first."""
    same = ("label", "subject", "role", "direction", "of", "basis", "year")
    return {name: getattr(figure, name) for name in same}


def _bearer(label: str) -> str:
    """公务接待费 of “公务接待费年初预算”; empty where the label has no such part."""
    match = _ATTRIBUTE.match(label)
    if match is None or _ONLY_ATTRIBUTE.fullmatch(match["subject"]):
        return ""
    return _SPENT.sub("", match["subject"])


_OPENING_ENDS = re.compile("采取|采用|实行|由|对|在|通过|为|将|每|按|根据|定期|坚持|进行|均|都|要|可")
_JOINS = frozenset({"和", "及", "与", "、", "以及", "至", "~"})
_ASIDE = re.compile(r"(?:[较比与由从同] ?|\([^()]*)$")  # a year compared with, or named in brackets
_NUMBERED = re.compile(r"[0-9()、.是①-⓿]")
_TOPIC = re.compile(
    r"(?:费|费用|经费|支出|收入|专项|项目|资金|工程|预算|决算|补助|补贴|拨款|人员|编制|车辆|资产|采购|接待|购置|情况|数量|税|债券|基金|会议|培训)$"
)
_COMPARISON = re.compile(r"^.{0,8}?(?:较|比(?!例|重|率)|与)")


def _last_clause(passage: str) -> str:
    """What stands after the last break; where that is nothing (“在职人员：23人”, “培训（8次）”), the clause before."""
    end = len(passage.rstrip())
    passage = _without_notes(passage[:end])
    cut = max((position for position, mark in enumerate(passage) if mark in _BREAK), default=-1)
    if passage.startswith(("、", ",")) and cut < 0:
        cut = 0
    clause = passage[cut + 1 :]
    if clause.strip() or cut < 0 or passage[cut] not in ":(":
        return clause
    return _last_clause(passage[:cut]) if cut else ""


def _without_notes(passage: str) -> str:
    """Without what stands in brackets; the class of an account (类, 款) ends where its part begins."""
    return re.sub(r"\([^()]{0,40}\)", "", re.sub(r"\([类款]\)", "，", passage))
