"""Looking back in mid-year (绩效运行监控): where each indicator stands, and whether its target will be reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import printed


class Period(StrEnum):
    """From January to the end of a quarter. Codes are for ever."""

    FIRST_QUARTER = "q1"
    HALF = "half"
    THIRD_QUARTER = "q3"

    @property
    def called(self) -> str:
        return {"q1": "一季度", "half": "半年", "q3": "三季度"}[self.value]

    @property
    def months(self) -> int:
        return {"q1": 3, "half": 6, "q3": 9}[self.value]

    def ends_on(self, year: int) -> date:
        return date(year, self.months, 30 if self.months != 3 else 31)


class Outlook(StrEnum):
    """What the office expects of the whole year."""

    REACH = "reach"
    RISK = "risk"
    MISS = "miss"

    @property
    def called(self) -> str:
        return {"reach": "能完成", "risk": "有风险", "miss": "完不成"}[self.value]


MAX_WORDS = 300
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office says of one indicator. `so_far` is in its own words: a number, or how far it is."""

    so_far: str = ""
    outlook: Outlook | None = None
    reason: str = ""
    measure: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.so_far or self.outlook or self.reason or self.measure)

    @property
    def lacks(self) -> str:
        """What is missing before it can be handed in, as a sentence; '' where nothing is."""
        if not self.so_far:
            return "还没有填写到期末的完成情况。"
        if self.outlook is None:
            return "还没有选择全年能否完成。"
        if self.outlook is not Outlook.REACH and len(self.reason) < SHORTEST_REASON:
            return f"预计{self.outlook.called}，请写明原因（至少 {SHORTEST_REASON} 字）。"
        if self.outlook is not Outlook.REACH and len(self.measure) < SHORTEST_REASON:
            return f"预计{self.outlook.called}，请写明下半年的措施（至少 {SHORTEST_REASON} 字）。"
        return ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A doubt that an office had in mid-year: what the year's end must answer."""

    period: Period
    outlook: Outlook
    reason: str

    @property
    def sentence(self) -> str:
        return f"{self.period.called}监控时预计{self.outlook.called}（{self.reason}）"


def foreseen(answers: Iterable[tuple[Period, str, Answer]]) -> dict[str, Foreseen]:
    """The last doubt about each indicator, by its key; `answers` are of one year, in any order."""
    last: dict[str, tuple[Period, Answer]] = {}
    for period, key, answer in sorted(answers, key=lambda one: one[0].months):
        if answer.outlook is not None:
            last[key] = period, answer
    return {
        key: Foreseen(period, answer.outlook, answer.reason)
        for key, (period, answer) in last.items()
        if answer.outlook is not None and answer.outlook is not Outlook.REACH
    }


def added_up(sheet: Sheet, months: Mapping[tuple[str, str], Decimal], period: Period) -> Sheet:
    """The facts as they are by the end of `period`: the sum of their months, where every month up to it is known.

    `months` are amounts by (fact key, '01' … '12'). A fact without months is unknown here: half a year's head count is
    not half of the year's.
    """
    wanted = [f"{month:02}" for month in range(1, period.months + 1)]
    sums = {
        key: sum((months[key, month] for month in wanted), Decimal(0))
        for key in {key for key, _ in months}
        if all((key, month) in months for month in wanted)
    }
    return Sheet(sheet.definitions.values(), sums, {})


@dataclass(frozen=True, slots=True)
class Pace:
    """双监控: how much of the year is over and how much of its budget is spent, in percent."""

    time: Decimal
    spent: Decimal | None

    @property
    def sentence(self) -> str:
        if self.spent is None:
            return f"时间已过 {printed(self.time, 0)}%，没有逐月支出，算不出预算进度。"
        gap = self.spent - self.time
        word = "快于" if gap > 0 else "慢于"
        compared = f"，{word}时间进度 {printed(abs(gap), 2)} 个百分点" if gap else "，与时间进度相同"
        return f"时间已过 {printed(self.time, 0)}%，预算支出 {printed(self.spent, 2)}%{compared}。"


def pace(period: Period, spent: Decimal | None, budget: Decimal | None) -> Pace:
    """`spent` by the end of the period and the year's budget, in the same unit."""
    share = spent / budget * 100 if spent is not None and budget else None
    return Pace(Decimal(period.months * 100) / 12, share)
