"""Stocks: what there was at the beginning, what came and what went make what there is at the end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity
from perfapp.core.checking.sentences.numbers import amount, last_place, misprint, say, say_like
from perfapp.core.checking.sentences.prose import Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import from_base, to_base

_OPENING = re.compile(r"(?:年初|期初|上年末|上年底|去年底|原有|旧存|上期|以前年度|上年度?末?累计|上年度?结存|月初)")
_CAME = re.compile(r"新增|增加|新建|新收|新入|购入|净增|新购|入库|新发展|新设|新批|新培育|本年累?计|当年累?计")
_WENT = re.compile(r"减少|处置|注销|报废|核销|退出|调出|核减|划出|出库|发放|下架|剔除")
_END = re.compile(r"年末|期末|年底|累计|现有|总量|达到?$|达到?[^，。]{0,4}$|结存|总数|总共|在册|至20\d\d年")
_COMPARED = re.compile(r"[较比同]|率$|以上|其中")
_KINDS = (Kind.MONEY, Kind.COUNT, Kind.MEASURE)
_ROLES = (Role.AMOUNT, Role.CHANGE)
_MOST = 10  # numbers of one sentence
_BUDGET = re.compile(r"(?:年初|批复|下达)[^，。]{0,6}预算|年初(?:批复|安排)")
_ADDED = re.compile(r"追加|调增|增加")
_TAKEN = re.compile(r"调减|核减|收回|追减|压减|减少")
_ADJUSTED = re.compile(r"调整后?[^，。]{0,6}预算|全年预算|可用(?:资金|财力|预算)")
_CARRIED = re.compile(r"(?:上年|年初)[^，。]{0,4}(?:结转|结余)")
_NO_MONEY_FLOWS = re.compile(r"预算|收入|支出|结转|结余|拨款")  # those are M5 and M6


@dataclass(frozen=True)
class _Stock:
    end: Figure
    opening: Figure
    came: tuple[Figure, ...]
    went: tuple[Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.end, self.opening, *self.came, *self.went)

    def holds(self, values: Sequence[Decimal]) -> bool:
        told = [to_base(value, figure.unit) for value, figure in zip(values, self.figures, strict=True)]
        end, opening, flows = told[0], told[1], told[2:]
        came, went = flows[: len(self.came)], flows[len(self.came) :]
        coarsest, finest = (pick(last_place(figure) for figure in self.figures) for pick in (max, min))
        allowed = coarsest / 2 if coarsest > finest else Decimal(0)
        return abs(opening + sum(came, Decimal(0)) - sum(went, Decimal(0)) - end) <= allowed

    @property
    def exact(self) -> Decimal:
        return amount(self.opening) + sum(map(amount, self.came), Decimal(0)) - sum(map(amount, self.went), Decimal(0))


def judge_stocks(case: Case, verdicts: Verdicts) -> None:
    for paragraph in case.once(prose):
        for sentence in dict.fromkeys(q.sentence for q in paragraph.quantities):
            told = [q for q in paragraph.quantities if q.sentence == sentence][:_MOST]
            stocks = [*_stocks(told), *_budgets(told)]
            _judge(verdicts, stocks)


def _stocks(told: Sequence[Quantity]) -> Iterator[_Stock]:
    """Every way to take one number of the beginning, one of the end, and all that came and went, of one unit."""
    plain = [q for q in told if q.figure.kind in _KINDS and q.figure.role in _ROLES and q.figure.value]
    plain = [q for q in plain if not q.figure.is_rough and not _NO_MONEY_FLOWS.search(q.clause)]
    for unit in dict.fromkeys(q.figure.unit for q in plain):
        same = [q for q in plain if q.figure.unit == unit]
        openings = [q for q in same if _OPENING.search(q.clause) and q.figure.role is Role.AMOUNT]
        flows = [q for q in same if q not in openings and not _COMPARED.search(q.clause)]
        came = [q for q in flows if _CAME.search(q.clause)]
        went = [q for q in flows if q not in came and _WENT.search(q.clause)]
        rest = [q for q in same if q not in (*openings, *came, *went) and q.figure.role is Role.AMOUNT]
        ends = [q for q in rest if _END.search(q.clause)]
        if len(openings) == 1 and came:
            for end in ends:
                yield _Stock(
                    end.figure, openings[0].figure, tuple(q.figure for q in came), tuple(q.figure for q in went)
                )


def _budgets(told: Sequence[Quantity]) -> Iterator[_Stock]:
    """年初预算…，追加…，调减…，调整后预算…."""
    money = [q for q in told if q.figure.kind is Kind.MONEY and q.figure.role in _ROLES and q.figure.value]
    openings = [q for q in money if _BUDGET.search(q.clause)]
    ends = [q for q in money if _ADJUSTED.search(q.clause)]
    has_carried = any("可用" in q.clause for q in ends)  # what was carried over can be spent too
    came = [
        q for q in money if q not in ends and (_ADDED.search(q.clause) or (has_carried and _CARRIED.search(q.clause)))
    ]
    went = [q for q in money if _TAKEN.search(q.clause) and q not in ends]
    if len(openings) == len(ends) == 1 and went:
        yield _Stock(ends[0].figure, openings[0].figure, tuple(q.figure for q in came), tuple(q.figure for q in went))


def _judge(verdicts: Verdicts, stocks: Sequence[_Stock]) -> None:
    fitting = next((one for one in stocks if one.holds([f.value or Decimal(0) for f in one.figures])), None)
    if fitting:
        verdicts.holds(
            f"{_equation(fitting)}，相符。",
            from_base(fitting.exact, fitting.end.unit),
            fitting.end.value,
            fitting.figures,
        )
        return
    for one in stocks:
        if slip := misprint(one.figures, one.holds):
            verdicts.fails(
                f"{_equation(one)}，不相符。",
                one.end.value,
                from_base(one.exact, one.end.unit),
                one.figures,
                suggestion=f"请核对年初数、本年增减和年末数：{slip}；另有增减的，请写明。",
                subject=one.end.label[-12:],
                severity=None if len(stocks) == 1 else Severity.NOTE,
            )
            return


def _equation(one: _Stock) -> str:
    came = "".join(f"＋{say(figure)}" for figure in one.came)
    went = "".join(f"－{say(figure)}" for figure in one.went)
    decimals = max(figure.decimals for figure in one.figures)
    return f"{say(one.opening)}{came}{went}＝{say_like(one.exact, one.end, decimals)}，文中期末数为{say(one.end)}"
