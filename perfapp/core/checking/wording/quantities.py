"""Which figures of the prose are said of the same thing: their names without what only says that money was spent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.case import Case
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import printed, to_base, unit
from perfapp.core.manuscript import LineKind

_FRONT = re.compile(
    r"^(?:20\d\d年度?|本年度?|当年|全年|年度|其中|我(?:单位|局|中心|部门|院|校|办|委)|本(?:单位|部门)|单位|部门)+的?"
)
_BACK = re.compile(
    r"(?:支出|决算|预算|实际|发生|共计|合计|总计|金额|总额|数额|数|为|是|共|计|约|达|经费|费用|费|[：:])$"
)
_ORNAMENT = re.compile(r"（境）|\(境\)|[“”\"\s（）()《》]")
_SHORTEST = 3
_LONGEST_LIST = 200  # characters that brackets may hold
_PLAN = re.compile(r"预算(?!执行|单位|部门|财政拨款)")
_ANOTHER_YEAR = re.compile(r"上年|去年|上一年|前年|同期|以前")
_COMPARED = re.compile(r"[较比]|相比|同比|增|减|节约|结余|超|差")
_ASPECT = re.compile(
    r"(?:年初|全年|调整后?的?|实际|已|累计|本年)?(?:预算|支出|决算|执行|到位|下达|完成|使用|支付)数?(?:资金|金额)?"
)
_WHOLE = re.compile(r"收入|支出|人员|收支|单位|部门")
_ONE_OF_MANY = frozenset(
    (
        "实际支出",
        "本年支出",
        "本年收入",
        "上年结转",
        "财政拨款",
        "项目资金",
        "专项资金",
        "财政资金",
        "工作人员",
        "其他收入",
    )
)
_MONEY_KINDS = frozenset({Kind.MONEY})
_COUNTED = frozenset({Kind.COUNT, Kind.MEASURE})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with the bare name of what it measures. `is_plan`: it is budgeted, not spent."""

    figure: Figure
    name: str
    is_plan: bool
    amount: Decimal  # in base units
    holder: str = ""  # in brackets: the words before them, 办公室12人（在编8人）: the 在编 of 办公室

    @property
    def is_one_of_many(self) -> bool:
        """A name that a report has for several things."""
        return self.name in _ONE_OF_MANY

    @property
    def dimension(self) -> str:
        return unit(self.figure.unit).dimension

    @property
    def said(self) -> str:
        return f"{printed(self.figure.value or Decimal(0), self.figure.decimals)}{self.figure.unit}"


def bare_name(label: str) -> str:
    """公务接待费支出决算 and 公务接待经费 are both 公务接待; 总支出 stays, else nothing would be left of it."""
    name = _FRONT.sub("", _ORNAMENT.sub("", label))
    while (tail := _BACK.search(name)) and tail.start() >= _SHORTEST:
        name = name[: tail.start()]
    return name


def is_plan(words: str) -> bool:
    return _PLAN.search(words.replace("一般公共预算", "").replace("政府性基金预算", "")) is not None


def quantities(case: Case) -> Iterator[Quantity]:
    """Amounts and counts of this year, exactly meant, with a name of their own."""
    lines = case.manuscript.by_number
    for figure in case.figures:
        line = lines.get(figure.place.line)
        if line is None or line.kind is LineKind.ROW or figure.value is None or not figure.label:
            continue
        if figure.kind not in _MONEY_KINDS | _COUNTED or figure.role is not Role.AMOUNT or figure.is_rough:
            continue
        before = line.text[_clause_start(line.text, figure.place.start) : figure.place.start]
        name = bare_name(_full_label(figure))
        if len(name) < _SHORTEST or _ANOTHER_YEAR.search(before) or _COMPARED.search(before):
            continue
        holder = _holder(line.text, figure.place.start)
        yield Quantity(figure, name, is_plan(f"{figure.label}{before}"), to_base(figure.value, figure.unit), holder)


def _holder(text: str, end: int) -> str:
    """What the brackets are told of that are open here; empty outside of brackets. Only so far as a list runs."""
    start = max(0, end - _LONGEST_LIST)
    opened = max(text.rfind(mark, start, end) for mark in "（(")
    if opened < 0 or opened < max(text.rfind(mark, start, end) for mark in "）)。；;"):
        return ""
    return text[_clause_start(text, opened) : opened]


def _clause_start(text: str, end: int) -> int:
    """Where the clause begins that goes on to `end`; a line may hold hundreds of figures, so nothing is split."""
    return 1 + max(text.rfind(mark, 0, end) for mark in "，。；;：:、")


def _full_label(figure: Figure) -> str:
    """年初预算 alone is the unit's; under a subject of its own it is that subject's."""
    is_aspect = _ASPECT.fullmatch(figure.label) is not None and not _WHOLE.search(figure.subject)
    return f"{figure.subject}{figure.label}" if is_aspect else figure.label


def agree(one: Quantity, amount: Decimal, decimals: int, unit_name: str) -> bool:
    """Equal, or as equal as the coarser print allows."""
    coarser = max(
        to_base(Decimal("0.5").scaleb(-one.figure.decimals), one.figure.unit),
        to_base(Decimal("0.5").scaleb(-decimals), unit_name),
    )
    is_money = one.dimension == "money"
    return one.amount == amount or (
        is_money and one.figure.decimals != decimals and abs(one.amount - amount) <= coarser
    )


_FEWEST_DIGITS = 3


def is_slip(left: Decimal, right: Decimal) -> bool:
    """One digit otherwise, two neighbours changed, or the point moved: long numbers do not come so close by chance."""
    one, other = f"{left.normalize():f}", f"{right.normalize():f}"
    if min(len(one.replace(".", "").strip("0")), len(other.replace(".", "").strip("0"))) < _FEWEST_DIGITS:
        return False
    if any(left * factor == right or right * factor == left for factor in (10, 100, 1000, 10_000)):
        return True
    places = max(len(one.partition(".")[2]), len(other.partition(".")[2]))
    one, other = f"{left:.{places}f}", f"{right:.{places}f}"
    if len(one) != len(other):
        return False
    wrong = [at for at in range(len(one)) if one[at] != other[at]]
    swapped = len(wrong) == 2 and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    return len(wrong) == 1 or (swapped and wrong[1] - wrong[0] <= 2)
