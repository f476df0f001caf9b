"""The thread of a paragraph: what earlier words and numbers hand on to the next number."""

import re
from dataclasses import dataclass

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reading.clauses import FULL_STOP, SENTENCE, last_clause, last_sentence
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.naming import YEAR_SIGN, named
from perfapp.core.figures.reading.phrases import Words, compared_with
from perfapp.core.figures.reading.subjects import (
    bearer,
    is_of_money,
    is_topic,
    tells_only_its_kind,
    tells_only_its_year,
)

_LAST_YEAR = re.compile(r"上年|去年|上一年|前一年")
_THIS_YEAR = re.compile(r"今年|本年|当年")
_CUT_OFF = re.compile(
    r"截[至止](?:目前|当前|[^，。；\d]{0,4}(?:年底|年末|月底|月末|日))?|上半年|下半年|全年(?!预算|目标|任务|计划)"
)
_PARTS = re.compile(r"其中|包括|分别(?:是|为)|含")
_TOTAL = re.compile("合计|共计|总计|小计")
_COMPARING = re.compile(r"^.{0,8}?(?:较|比(?!例|重|率)|与)")
_CHANGES = (Role.CHANGE, Role.GROWTH)


@dataclass(slots=True)
class Thread:
    """Names and years as they stand when the next number comes."""

    year: int | None = None  # of the report, to resolve 上年
    subject: str = ""  # what the passage is about
    said_year: int | None = None  # told in this sentence
    dated_year: int | None = None  # told anywhere before in the paragraph
    head: str = ""  # the first name of the sentence
    has_head: bool = False
    head_year: int | None = None
    last: str = ""  # the name of the last amount
    money: str = ""  # the name of the last amount of money of this sentence
    whole: str = ""  # the total whose parts are being told
    formula: str = ""  # what stands before the first = of a formula
    of: str = ""  # what is compared with
    basis: tuple[str, ...] = ()
    period: tuple[str, ...] = ()

    def take(self, gap: str, *, is_first: bool) -> None:
        """Take in the words between two numbers."""
        if is_first and SENTENCE.search(gap):
            self._take_opening(gap)
        if FULL_STOP.search(gap):
            self._new_sentence()
        elif SENTENCE.search(gap):
            self.of, self.basis = "", ()
        gap = last_sentence(gap)
        if "=" in gap and (name := named(last_clause(gap.partition("=")[0]))):
            self.formula = name
        if _PARTS.search(gap):
            self.whole = self.last
        periods = tuple(match.group() for match in _CUT_OFF.finditer(gap))
        self.period = periods or self.period
        self.subject = _topic(gap) or self.subject

    def date(self, mark: Mark, *, is_aside: bool) -> int | None:
        """Take in a date; the year it is of. One that is only compared with or of a reason stands aside."""
        year = mark.year if mark.year is not None else self.said_year or self.dated_year
        if mark.year is not None:
            self.dated_year = mark.year
            self.said_year = self.said_year if is_aside else mark.year
        if mark.month is not None:
            self.period = tuple(words for words in self.period if words.startswith("截"))  # 1-9月 ends 上半年
        return year

    def compare(self, passage: str, years: list[int]) -> None:
        """Take in what the words before a number compare with; `years` are those of the dates among them."""
        words = last_sentence(passage)
        of, basis = compared_with(words.replace(YEAR_SIGN, f"{years[-1]}年") if years else words)
        if of:
            self.of, self.basis = of, (basis,)

    def label(self, name: str, mark: Mark, clause: str, *, is_result: bool) -> str:
        """What the number is of: its own name, or one carried on.

        `clause` holds the words before it where a number of the same unit went before; `is_result` says that it
        stands right after the = of a formula.
        """
        total = _TOTAL.search(clause) if not name and self.last else None
        if total:
            return total.group()  # “办公费5万元、印刷费3万元，合计8万元”
        carried = (self.money if mark.kind is Kind.MONEY else "") or self.last or self.subject or self.head
        if is_result and self.formula and not name:
            return self.formula
        if mark.kind is Kind.SCORE and name in ("得", "扣"):
            return f"{carried.removesuffix('得分')}{name}分"
        if mark.kind is Kind.SCORE and name.endswith("得"):
            return f"{name}分"
        return carried or name if tells_only_its_year(name) else name

    def subject_of(self, label: str) -> str:
        """What a number that only says 年初预算 or 决算数 is of; the total of a part; else nothing."""
        own = bearer(label)
        if own:
            return own
        names = (self.subject, self.head) if tells_only_its_kind(label) else (self.whole,)
        return next((name for name in names if name and name != label), "")

    def whole_of(self, label: str) -> str:
        """Of what a share is that does not say it."""
        return self.whole or (self.head if self.head != label else "")

    def year_of(self, clause: str, years: list[int], role: Role) -> int | None:
        """The year the words name; a change is of the year that is compared, not of the one it is compared with."""
        if role in _CHANGES:
            return max((year for year in (self.head_year, self.said_year) if year is not None), default=None)
        if YEAR_SIGN in clause and years:
            return years[-1]
        if self.year is not None and _LAST_YEAR.search(clause):
            return self.year - 1
        if self.year is not None and _THIS_YEAR.search(clause):
            return self.year
        return self.said_year

    def hand_on(self, figure: Figure, told: Words) -> None:
        """What the next number may take from this one."""
        if told.names_change or (figure.role is Role.CHANGE and figure.label == self.money):
            self.last = figure.label
        if figure.role in _CHANGES or figure.role is Role.SHARE:
            return
        comparing = _COMPARING.match(told.raw)
        if comparing:
            self.of = told.name or figure.label
            self.basis = (comparing.group().strip() + self.of,)
            self.last = figure.label if tells_only_its_year(told.name) else self.last
            return
        is_money = figure.kind is Kind.MONEY
        if told.name and (not self.has_head or (is_money and not self.money)):
            self.head, self.has_head, self.head_year = figure.label, True, self.said_year
        self.last = told.name if is_of_money(told.name) else figure.label
        self.money = self.last if is_money else self.money
        self.subject = bearer(figure.label) or self.subject

    def _new_sentence(self) -> None:
        self.of, self.basis, self.period = "", (), ()
        self.said_year, self.head_year, self.whole, self.money, self.has_head = None, None, "", "", False
        self.last = self.head or self.last

    def _take_opening(self, gap: str) -> None:
        """“公务接待费。年初预算为…”: the short sentence before is what the next are about."""
        clause = last_clause(SENTENCE.split(gap)[0])
        name = named(clause).removesuffix("情况")
        if len(clause) <= 30 and (is_topic(name) or "(项)" in gap):
            self.subject = name


def _topic(gap: str) -> str:
    """A short noun that stands alone before the comma: “机关运转专项，年初预算…”."""
    for clause in reversed(re.split("[，,:]", gap)[:-1]):
        name = named(clause)
        if len(name) <= 16 and is_topic(name) and not _COMPARING.match(clause):
            return name
    return ""
