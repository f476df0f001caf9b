"""What is left: 结余, 净值, 节约 and the like are the difference of two amounts told before them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.numbers import amount, last_place, misprint, say, say_like
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.stocks import judge_stocks
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import from_base, to_base

_LEFT = re.compile(
    r"(?:结余|结转|节余|剩余|盈余|净值|净额|节约(?:资金|金额)?|在册|未完成|未整改|未结|未办结|在办|尚欠|尚缺|未付|未执行|未拨付|未兑付|尚未支付|待支付|缺口|未支出|未使用|余额|尚余)(?:资金|金额|和结余|结余|下年|数|为|共)*$"
)
_LACKING = re.compile(r"尚[欠缺]|缺口|未|节约")
_UNDONE = re.compile(r"未(?:办)?(?P<done>[结完整支付])")
_CARRIED = re.compile(r"结余|结转|盈余")
_OPENING = re.compile(r"(?:年初|上年|期初|以前年度)[^，。]{0,6}(?:结转|结余)")
_IN = re.compile(r"(?:总|本年|当年|全年)收入|收入(?:总计|合计|总额|决算)|(?:年初|调整|全年)[^，。]{0,4}预算")
_OUT = re.compile(r"(?:总|本年|当年|全年|实际|决算)支出|支出(?:总计|合计|总额|决算)|总费用|费用(?:总计|合计|总额)")
_OF_PERIOD = re.compile(r"较|比|上年末|增|减|下降|上升|率")
_NEAR = 8  # amounts before it that are looked through
_MOST = 5  # of them, those that are tried
_LONG = 3  # digits, without the noughts at the end, from which a wrong one is evidence
_LINES = 8  # paragraphs before in which income and expenditure may stand


@dataclass(frozen=True)
class _Reading:
    """`left` is `more` (and what was there at the beginning) less `less`."""

    left: Figure
    more: Figure
    less: Figure
    opening: Figure | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.left, self.more, self.less, *((self.opening,) if self.opening else ()))

    def holds(self, values: Sequence[Decimal]) -> bool:
        left, more, less, *opening = (to_base(v, f.unit) for v, f in zip(values, self.figures, strict=True))
        coarsest = max(last_place(figure) for figure in self.figures)
        finest = min(last_place(figure) for figure in self.figures)
        allowed = coarsest / 2 if coarsest > finest else Decimal(0)
        return abs(more + sum(opening, Decimal(0)) - less - left) <= allowed

    @property
    def is_so(self) -> bool:
        return self.holds([figure.value or Decimal(0) for figure in self.figures])

    @property
    def exact(self) -> Decimal:
        opening = amount(self.opening) if self.opening else Decimal(0)
        return amount(self.more) + opening - amount(self.less)


def what_is_left(case: Case, rule: Rule) -> Verdict:
    """M6: what is left is what there was less what went; silent where only a wrong digit elsewhere would tell."""
    verdicts = Verdicts(rule)
    earlier: list[Quantity] = []
    year = case.manuscript.fiscal_year
    for paragraph in case.once(prose):
        for quantity in paragraph.quantities:
            if _is_left(quantity):
                _judge(verdicts, list(_readings(paragraph, quantity, earlier, year)), quantity)
        earlier = [q for q in earlier if paragraph.line.number - q.line <= _LINES]
        earlier.extend(q for q in paragraph.quantities if q.figure.kind is Kind.MONEY and q.is_amount)
    judge_stocks(case, verdicts)
    return verdicts.verdict()


def _is_left(quantity: Quantity) -> bool:
    figure = quantity.figure
    words = quantity.clause.rstrip("为是共达约：: ")
    is_saved = figure.role is Role.CHANGE and not figure.basis and "节" in words
    is_plain = (
        (figure.role is Role.AMOUNT or is_saved) and figure.kind in (Kind.MONEY, Kind.COUNT) and not figure.is_rough
    )
    is_left = _LEFT.search(words) is not None and not _OF_PERIOD.search(words)
    return is_plain and bool(figure.value) and is_left and not _OPENING.search(words)


def _readings(
    paragraph: Paragraph, left: Quantity, earlier: Sequence[Quantity], year: int | None
) -> Iterator[_Reading]:
    """With the amounts of its own sentence; 结余 also with income and expenditure told before it."""
    told = [
        q
        for q in paragraph.quantities[max(0, left.rank - _NEAR) : left.rank]
        if q.is_amount and q.figure.value and q.figure.kind is left.figure.kind and _alike(q.figure, left.figure)
    ]
    beside = [q.figure for q in told if q.sentence == left.sentence][-_MOST:]
    for more, less in permutations(reversed(beside), 2):
        if amount(more) > amount(less):
            yield _Reading(left.figure, more, less)
    if left.figure.kind is Kind.MONEY and _CARRIED.search(left.clause):
        yield from _balances(left, [*earlier, *told], year)


def _balances(left: Quantity, told: Sequence[Quantity], year: int | None) -> Iterator[_Reading]:
    present = [q for q in reversed(told) if not q.is_prior(year)]
    income = [q.figure for q in present if _IN.search(q.figure.label) or _IN.search(q.clause)][:_MOST]
    spent = [q.figure for q in present if _OUT.search(q.figure.label) or _OUT.search(q.clause)][:_MOST]
    openings = [q.figure for q in present if _OPENING.search(q.clause)][:1]
    for more in income:
        for less in spent:
            if more is not less:
                yield from (_Reading(left.figure, more, less, opening) for opening in openings)
                yield _Reading(left.figure, more, less)


def _alike(one: Figure, other: Figure) -> bool:
    return one.kind is Kind.MONEY or one.unit == other.unit


def _judge(verdicts: Verdicts, readings: Sequence[_Reading], left: Quantity) -> None:
    fitting = next((one for one in readings if one.is_so), None)
    if fitting:
        verdicts.holds(f"{_equation(fitting)}，相符。", left.figure.value, left.figure.value, fitting.figures)
        return
    for one in readings:
        is_short = min(_digits(figure) for figure in one.figures) < _LONG and left.figure.kind is Kind.MONEY
        if is_short and not (len(readings) == 1 and _LACKING.search(left.clause)):
            continue
        slip = misprint(one.figures, one.holds)
        is_named = left.figure.kind is Kind.MONEY or len(readings) == 1 or _is_undone(left, one)
        if slip and is_named:
            verdicts.fails(
                f"{_equation(one)}，不相符。",
                left.figure.value,
                from_base(one.exact, left.figure.unit),
                one.figures,
                suggestion=f"请核对这几个数：{slip}；另有收支或调整的，请写明。",
                subject=left.name[-12:],
                severity=None if len(readings) == 1 else Severity.NOTE,
            )
            return


def _is_undone(left: Quantity, one: _Reading) -> bool:
    """受理9864件，结案9186件，未结678件: what is not 结 of what was taken in."""
    found = _UNDONE.search(left.clause)
    return found is not None and found["done"] in one.less.label and found["done"] not in one.more.label


def _digits(figure: Figure) -> int:
    return len((figure.value or Decimal(0)).normalize().as_tuple().digits)


def _equation(one: _Reading) -> str:
    opening = f"＋{say(one.opening)}" if one.opening else ""
    decimals = max(figure.decimals for figure in one.figures)
    exact = say_like(one.exact, one.left, decimals)
    return f"{say(one.more)}{opening}－{say(one.less)}＝{exact}，文中{one.left.label[-12:]}为{say(one.left)}"
