"""Totals against what each has on average: 12864人次，人均1000元，共1286.40万元."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.numbers import Slip, counted, misprint, say
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import from_base, printed, rounded

_UNITS = (
    *(
        "平方米",
        "平方公里",
        "公里",
        "批次",
        "人次",
        "卷次",
        "艘次",
        "亩",
        "人",
        "户",
        "车",
        "辆",
        "件",
        "笔",
        "座",
        "船",
        "艘",
    ),
    *(
        "册",
        "台",
        "套",
        "次",
        "家",
        "村",
        "个",
        "生",
        "师",
        "例",
        "枚",
        "盏",
        "株",
        "棵",
        "人份",
        "头",
        "只",
        "羽",
        "块",
        "台次",
        "床",
        "条",
        "栋",
        "所",
        "名",
        "位",
        "期",
        "场",
        "批",
        "页",
        "份",
        "间",
        "项",
        "班",
        "万册",
    ),
)
_EACH = re.compile(
    rf"(?P<each>{'|'.join(_UNITS)})均|每(?P<one>{'|'.join(_UNITS)})(?:[（(][^（）()]{{1,3}}[）)])?(?P<rest>[^，,。；;]{{0,12}})$"
)
# The units in which what is counted by a name may be printed.
_SAME = {
    "人": ("人", "名", "位", "人次"),
    "人次": ("人次", "人"),
    "名": ("人",),
    "生": ("人", "名"),
    "师": ("人", "名"),
    "件": ("件", "起", "宗"),
    "个": ("个", "家", "处"),
    "位": ("人",),
    "车": ("辆", "台"),
    "船": ("艘",),
    "台": ("台", "台（套）", "台(套)"),
    "次": ("次", "人次", "场次", "车次"),
    "批": ("批", "批次"),
    "场": ("场", "场次"),
    "期": ("期", "班次"),
}
_BY_TIME = re.compile(r"每个?(?:天|日|周)|日均|周均|(?:万元|元)?[/／]")
_YEARLY = re.compile(r"[/／]年")
_MONTHS = re.compile(r"每个?月|月均|/月")
_LIMIT = re.compile(
    r"不超过|不高于|不低于|以内|控制在|上限|标准为?[^，。]{0,4}至|最高|最低|起|以上|收入|增收|GDP|消费|费用"
)
_KINDS = (Kind.MONEY, Kind.COUNT, Kind.MEASURE)
_BEFORE = 60  # amounts of the paragraphs before that are looked through
_NAME = 2  # characters that two names must share
_NAME_NOISE = re.compile(
    r"[一-鿿]均|平均|每[一-鿿]|支出|费用?|资金|金额|全年|本年|经费|实际|决算|预算|合计|共计|万元|[，,、。：:（）()\s\d.％%]"
)
_FEW = 10
_MOST = 4  # candidates of either kind that are tried
_NEAR = 40  # quantities around an average that are looked through
_OF_THINGS = re.compile(r"每个(?P<what>村|社区|乡镇|街道|行政村|自然村|学校|企业|单位|项目|站点|班级|家庭)")
_COMMA = re.compile(r"[，,；;：:。]")
_SEMICOLON = re.compile(r"[；;]")


@dataclass(frozen=True)
class _Each:
    """So much each: the average, of what things, and how many times a year it is given."""

    average: Quantity
    units: tuple[str, ...]
    times: int


@dataclass(frozen=True)
class _Reading:
    """One way to read it: so many things, so much together."""

    count: Figure
    total: Figure
    average: Figure
    times: int

    @property
    def figures(self) -> tuple[Figure, Figure, Figure]:
        return self.total, self.count, self.average

    @property
    def reckoned(self) -> Decimal:
        """What the total should be, in base units."""
        return counted(self.count)[0] * counted(self.average)[0] * self.times

    def holds(self, values: Sequence[Decimal]) -> bool:
        """Do these values of total, count and average agree, as exactly as they are printed?"""
        total, count, average = (value * _factor(figure) for value, figure in zip(values, self.figures, strict=True))
        if count <= 0:
            return False
        step = _factor(self.average) * Decimal(1).scaleb(-self.average.decimals)
        last = _factor(self.total) * Decimal(1).scaleb(-self.total.decimals)
        is_near = abs(total / (count * self.times) - average) * 2 <= step
        return is_near or abs(count * average * self.times - total) * 2 <= last


def _factor(figure: Figure) -> Decimal:
    return counted(figure)[0] / figure.value if figure.value else Decimal(1)


def average_times_count(case: Case, rule: Rule) -> Verdict:
    """W4: what all have together is what each has on average, times how many there are."""
    verdicts = Verdicts(rule)
    before: list[Quantity] = []
    for paragraph in case.once(prose):
        for each in _averages(paragraph):
            _judge(verdicts, each, [*_scopes(paragraph, each), list(_far(paragraph, each, before))])
        before = [*before, *(q for q in paragraph.quantities if q.is_amount and q.figure.value)][-_BEFORE:]
    return verdicts.verdict()


def _averages(paragraph: Paragraph) -> Iterator[_Each]:
    for quantity in paragraph.quantities:
        figure = quantity.figure
        words = _COMMA.split(quantity.lead)[-1]
        found = _EACH.search(words)
        if not found or figure.kind not in _KINDS or not figure.value or figure.is_rough:
            continue
        said = words + quantity.after[:3]
        is_by_time = _BY_TIME.search(said) and not _YEARLY.search(f"{figure.unit}{quantity.after[:3]}")
        if figure.role not in (Role.AVERAGE, Role.AMOUNT) or is_by_time:
            continue
        name = found["each"] or found["one"]
        times = 12 if _MONTHS.search(words) else 1
        yearly = figure.unit.removesuffix("/年")
        average = quantity if yearly == figure.unit else replace(quantity, figure=replace(figure, unit=yearly))
        yield _Each(average, _SAME.get(name, (name,)), times)


def _scopes(paragraph: Paragraph, each: _Each) -> Iterator[list[_Reading]]:
    """The ways to read it: with what stands between the same semicolons, with the sentence, with the one before."""
    average = each.average
    near = paragraph.quantities[max(0, average.rank - _NEAR) : average.rank + _NEAR]
    for reach in (0, 1):
        told = [q for q in near if average.sentence - reach <= q.sentence <= average.sentence and _is_plain(q, average)]
        if not reach:
            yield list(_readings([q for q in told if _is_beside(paragraph, q, average)], each))
        yield list(_readings(told, each))


def _far(paragraph: Paragraph, each: _Each, before: Sequence[Quantity]) -> Iterator[_Reading]:
    """With what other sentences and the paragraphs before tell: a total that shares its name with the average."""
    average = each.average
    told = [
        q for q in (*before, *paragraph.quantities[: average.rank]) if _is_plain(q, average) or q.line != average.line
    ]
    words = _NAME_NOISE.sub("", f"{average.figure.label}{average.clause}")
    sentence = _NAME_NOISE.sub("", paragraph.sentence_text(average.sentence))
    dimension = counted(average.figure)[1]
    totals = [
        q.figure for q in reversed(told) if counted(q.figure)[1] == dimension and _shares_name(q, words, sentence)
    ]
    counts = [q.figure for q in reversed(told) if _is_counted(q, each) and q.line == average.line]
    for count, total in product(counts[:_MOST], totals[:_MOST]):
        if count is not total:
            yield _Reading(count, total, average.figure, each.times)


def _shares_name(total: Quantity, words: str, sentence: str) -> bool:
    """公务用车运行维护费 of 车均运行维护费; where the average is called nothing (人均), of its sentence."""
    name = _NAME_NOISE.sub("", total.figure.label)
    wanted = words if len(words) >= _NAME else sentence
    return any(name[at : at + _NAME] in wanted for at in range(len(name) - _NAME + 1))


def _is_plain(quantity: Quantity, average: Quantity) -> bool:
    return (
        quantity.rank != average.rank
        and quantity.is_amount
        and not _EACH.search(_COMMA.split(quantity.lead)[-1])
        and bool(quantity.figure.value)
    )


def _is_beside(paragraph: Paragraph, quantity: Quantity, average: Quantity) -> bool:
    first, last = sorted((quantity.figure, average.figure), key=lambda figure: figure.place)
    return not _SEMICOLON.search(paragraph.between(first, last))


def _readings(told: Sequence[Quantity], each: _Each) -> Iterator[_Reading]:
    average = each.average.figure
    dimension = counted(average)[1]
    by_distance = sorted(told, key=lambda q: abs(q.rank - each.average.rank))
    counts = [q.figure for q in by_distance if _is_counted(q, each)]
    if each.average.lead.lstrip()[:1] in ("（", "("):  # 轿车2辆（每辆25万元）、客车1辆（每辆27万元）: each of its own
        counts = [q.figure for q in by_distance if q.rank == each.average.rank - 1 and q.figure in counts]
    totals = [q.figure for q in by_distance if counted(q.figure)[1] == dimension]
    farther = sorted(counts[_MOST:], key=lambda figure: -counted(figure)[0])[:1]  # of which the nearest are the parts
    for count, total in product((*counts[:_MOST], *farther), totals[:_MOST]):
        if count is not total:
            yield _Reading(count, total, average, each.times)


def _is_counted(quantity: Quantity, each: _Each) -> bool:
    """Is it so many of what each is told of? 每个村 is told of 8个村, not of 48个岗位."""
    named = _OF_THINGS.search(each.average.clause)
    is_called = named is None or quantity.after.startswith(named["what"]) or named["what"] in quantity.name
    is_other = quantity.figure.unit == "个" and not is_called
    return quantity.figure.unit.lstrip("万亿") in each.units and not is_other


def _judge(verdicts: Verdicts, each: _Each, scopes: list[list[_Reading]]) -> None:
    beside = next((readings for readings in scopes if readings), [])
    is_beside = len(beside) == 1 and misprint(beside[0].figures, beside[0].holds) is not None
    for readings in (
        (beside,) if is_beside else scopes
    ):  # what stands right beside it, and misses by one digit, is meant
        fitting = next((one for one in readings if one.holds([f.value or Decimal(0) for f in one.figures])), None)
        if fitting:
            verdicts.holds(f"{_equation(fitting)}，相符。", *_sides(fitting), fitting.figures)
            return
    told = [
        (readings, one, slip)
        for readings in scopes
        for one in readings
        if (slip := misprint(one.figures, one.holds)) is not None and not _is_weak(one, slip)
    ]
    if not told:
        return
    readings, one, slip = told[0]
    is_far = readings is scopes[-1]
    is_sure = (
        not is_far
        and len(readings) == 1
        and each.times == 1
        and not _LIMIT.search(each.average.clause + each.average.after[:6])
    )
    verdicts.fails(
        f"{_equation(one)}，不相符。",
        one.total.value,
        from_base(one.reckoned, one.total.unit),
        one.figures,
        suggestion=f"请核对总额、数量和平均数：{slip}。",
        subject=f"{each.average.name[-12:]}平均",
        severity=None if is_sure else Severity.NOTE,
    )


def _is_weak(one: _Reading, slip: Slip) -> bool:
    """Of one to nine things some number fits many totals."""
    return slip.figure is one.count and (one.count.value or 0) < _FEW


def _sides(one: _Reading) -> tuple[Decimal, Decimal | None]:
    return from_base(one.reckoned, one.total.unit), one.total.value


def _equation(one: _Reading) -> str:
    times = f"×{one.times}个月" if one.times > 1 else ""
    reckoned = _like_total(one)
    return f"{say(one.average)}×{say(one.count)}{times}＝{reckoned}，文中总数为{say(one.total)}"


def _like_total(one: _Reading) -> str:
    factor = _factor(one.total)
    value = one.reckoned / factor
    decimals = max(one.total.decimals, 2 if value != rounded(value, one.total.decimals) else 0)
    return f"{printed(value, decimals)}{one.total.unit}"
