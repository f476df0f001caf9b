"""A report as prose: paragraphs, their sentences, and the quantities in them with the words between."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from perfapp.core.checking.case import Case
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.manuscript import Line, LineKind

_NO_QUANTITY = frozenset({Kind.LABEL, Kind.DATE, Kind.FREQUENCY})
_SENTENCE_END = re.compile(r"[。！？!?]")
_CLAUSE_START = re.compile(r"[，,；;：:。、（(）)]")
_ITEM_MARK = re.compile(
    r"\s*(?:(?P<paren>[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)])|(?P<arabic>\d{1,2}(?:[.．、](?!\d)|、(?=20\d\d年)))"
    r"|(?P<circled>[①-⑳])|(?P<chinese>[一二三四五六七八九十]{1,3}、)|(?P<saying>[一二三四五六七八九十]{1,3}是)|(?P<dash>[-—·•]))"
)
# Names in which 预算 or 支出 says where money comes from, not whether it was planned or spent.
_FUNDING_NAMES = re.compile(
    r"(?:一般)?公共预算|公共财政预算|政府性基金预算|国有资本经营预算|预算(?:单位|部门)|部门预算单位|预决算|预算[外内]"
)
_PRIOR = re.compile(r"上年|去年|上一年|同期|前年")
_AGAINST = re.compile(r"(?:较|比|同|与)20\d\d年[^，。；]{0,12}$")
_CARRIED = re.compile(r"(?:上年|年初|以前年度|20\d\d年)(?:度|年?末)?(?:的|财政拨款)*(?:结转|结余)")
_SCORED_AFTER = re.compile(r"[，,、（(]?\s*(?:实际|自评|实)?得")
_DIFFERENCE = re.compile(
    r"差[值额异](?:为|是)?$|相差$|超出$|节约$|节余$|人均|户均|月均|日均|满分|分值|权重|标准分|扣$|扣减"
)
_ADJUSTED = re.compile(r"调整后?的?预算|预算调整|调整预算|追加|调增|调减|全年预算")
_PLANNED = re.compile(r"预算|计划|批复|目标")
_SPENT = re.compile(r"决算|实际|使用|执行|支付|开支|列支|花费|已支出|支出了|共支出")
_FARTHEST = 400  # characters before and after a quantity that may say what it is
_TWO = 2  # numbered paragraphs that make a list
_YEAR = re.compile(r"(?<!\d)(20\d\d)年")


class Basis(StrEnum):
    """Is an amount planned or spent? Nothing where the words do not say."""

    UNSAID = ""
    BUDGET = "budget"
    ADJUSTED = "adjusted"
    SPENT = "spent"


@dataclass(frozen=True)
class Quantity:
    """A figure in its sentence. `lead` are the words since the quantity before it, `after` those up to the next."""

    figure: Figure
    lead: str
    after: str
    depth: int  # how many brackets it stands in
    sentence: int  # which sentence of its paragraph, from 0
    rank: int  # which quantity of its paragraph, from 0
    stretch: int  # how many semicolons of its paragraph stand before it

    @property
    def line(self) -> int:
        return self.figure.place.line

    @cached_property
    def clause(self) -> str:
        """The words of its own clause that stand before it."""
        return _CLAUSE_START.split(self.lead)[-1].strip()

    @property
    def name(self) -> str:
        """What it is called: as the reader understood it, or else the words before it."""
        return self.figure.label or self.clause

    @property
    def words(self) -> str:
        """All the words that may say what it is."""
        return f"{self.figure.label} {self.lead}"

    @property
    def is_amount(self) -> bool:
        """A plain, exact quantity of its subject: no rate, no change, no average, nothing rough."""
        figure = self.figure
        if figure.role is not Role.AMOUNT or figure.value is None or figure.is_rough:
            return False
        if figure.kind is Kind.SCORE and _SCORED_AFTER.match(self.after):
            return False  # 投入15分，得14分: the fifteen are what could be had
        return _DIFFERENCE.search(self.clause) is None

    @cached_property
    def basis(self) -> Basis:
        text = without_funding_names(f"{self.figure.label} {self.clause}")
        if _ADJUSTED.search(text):
            return Basis.ADJUSTED
        if _PLANNED.search(text):
            return Basis.BUDGET
        return Basis.SPENT if _SPENT.search(text) else Basis.UNSAID

    def is_prior(self, fiscal_year: int | None) -> bool:
        """Does it speak of an earlier year?"""
        text = f"{self.figure.label} {self.clause}"
        if _CARRIED.search(text):
            return False
        if _PRIOR.search(text) or _AGAINST.search(self.clause):
            return True
        years = [int(year) for year in _YEAR.findall(text)]
        year = years[-1] if years else self.figure.year
        return year is not None and fiscal_year is not None and year < fiscal_year


@dataclass(frozen=True)
class Paragraph:
    """A line of prose. `mark` is the style of its ordinal ("paren", "arabic" …), empty where it has none."""

    line: Line
    quantities: tuple[Quantity, ...]
    dates: tuple[Figure, ...]
    ends: tuple[int, ...]  # where its sentences end
    mark: str

    @property
    def text(self) -> str:
        return self.line.text

    def sentence_of(self, place: int) -> int:
        return bisect_right(self.ends, place)

    def sentence_text(self, number: int) -> str:
        start = self.ends[number - 1] if number else 0
        return self.text[start : self.ends[number]] if number < len(self.ends) else self.text[start:]

    def between(self, one: Figure, other: Figure) -> str:
        """The words between two figures of this paragraph."""
        return self.text[one.place.end : other.place.start]

    def of_kind(self, kind: Kind) -> tuple[Quantity, ...]:
        return tuple(quantity for quantity in self.quantities if quantity.figure.kind is kind)


def without_funding_names(text: str) -> str:
    """一般公共预算 and the like name a source of money, not a plan."""
    return _FUNDING_NAMES.sub("", text)


def prose(case: Case) -> tuple[Paragraph, ...]:
    """Every line that is not a row of a table."""
    return tuple(
        _paragraph(line, case.by_line.get(line.number, ()))
        for line in case.manuscript.lines
        if line.kind is not LineKind.ROW and line.text.strip()
    )


def lists(paragraphs: tuple[Paragraph, ...]) -> Iterator[tuple[Paragraph, tuple[Paragraph, ...]]]:
    """Every paragraph that is followed by numbered ones of one style, with them."""
    at = 0
    while at + 1 < len(paragraphs):
        style, end = paragraphs[at + 1].mark, at + 1
        if style and paragraphs[at].mark != style:
            while end < len(paragraphs) and paragraphs[end].mark == style:
                end += 1
            if end - at > _TWO:
                yield paragraphs[at], paragraphs[at + 1 : end]
        at += 1


def _paragraph(line: Line, figures: tuple[Figure, ...]) -> Paragraph:
    ends = tuple(found.end() for found in _SENTENCE_END.finditer(line.text))
    mark = _ITEM_MARK.match(line.text)
    style = (mark.lastgroup or "") if mark else ""
    dates = tuple(figure for figure in figures if figure.kind is Kind.DATE)
    counted = [figure for figure in figures if figure.kind not in _NO_QUANTITY]
    return Paragraph(line, tuple(_quantities(line.text, counted, ends)), dates, ends, style)


def _quantities(text: str, figures: list[Figure], ends: tuple[int, ...]) -> Iterator[Quantity]:
    depth = at = stretch = 0
    for number, figure in enumerate(figures):
        sentence = bisect_right(ends, figure.place.start)
        start = max(figures[number - 1].place.end if number else 0, ends[sentence - 1] if sentence else 0)
        stop = ends[sentence] if sentence < len(ends) else len(text)
        if number + 1 < len(figures):
            stop = min(stop, figures[number + 1].place.start)
        depth = max(0, depth + _opened(text[at : figure.place.start]))
        stretch += text.count("；", at, figure.place.start) + text.count(";", at, figure.place.start)
        at = figure.place.start
        lead = text[max(start, figure.place.start - _FARTHEST) : figure.place.start]
        after = text[figure.place.end : min(stop, figure.place.end + _FARTHEST)]
        yield Quantity(figure, lead, after, depth, sentence, number, stretch)


def _opened(text: str) -> int:
    return text.count("（") + text.count("(") - text.count("）") - text.count(")")
