"""The score of a set: for every indicator the points, what was taken off, why, and from which facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import printed, rounded
from perfapp.core.scoring import rules
from perfapp.core.scoring.amounts import in_points, points_text
from perfapp.core.scoring.entries import NOTHING, Entry
from perfapp.core.scoring.indicators import Group, Heading, Indicator, IndicatorSet
from perfapp.core.scoring.measure import Measured, Source, amount, measure, source_of
from perfapp.core.scoring.rules import Award, ByHand, CheckList, Graded


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator scored. `system` is None while something is `missing`; then it counts as 0.

    `why` is the whole sentence; `loss` only what was taken off and why, for a table that shows the rest beside it.
    """

    heading: Heading
    group: Group
    indicator: Indicator
    entry: Entry
    actual: Decimal | None
    actual_text: str
    system: Decimal | None
    why: str
    loss: str
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def points(self) -> Decimal:
        """What counts: the score of one's own once the office head has consented, else the system's."""
        own = self.entry.own
        if own is not None and own.is_consented:
            return min(in_points(own.points), self.indicator.weight)
        return self.system or Decimal(0)

    @property
    def deduction(self) -> Decimal:
        return self.indicator.weight - self.points

    @property
    def is_scored(self) -> bool:
        own = self.entry.own
        return self.system is not None or (own is not None and own.is_consented)

    @property
    def shown(self) -> str:
        """系统 2 分 / 自评 5 分 where a score was set by hand, else the system's alone."""
        system = "未能计算" if self.system is None else f"{points_text(self.system)} 分"
        own = self.entry.own
        if own is None:
            return system
        return f"系统 {system} / 自评 {points_text(own.points)} 分" + (
            "" if own.is_consented else "（待科室负责人同意）"
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """A set scored: its lines in printed order."""

    form: IndicatorSet
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def system_total(self) -> Decimal:
        return sum((line.system or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def is_complete(self) -> bool:
        return all(line.is_scored for line in self.lines)

    @property
    def grade(self) -> str:
        return self.form.grade(self.total)

    @property
    def standing(self) -> str:
        """The grade in words; none is given before every indicator has its points."""
        waiting = sum(not line.is_scored for line in self.lines)
        return f"等次：{self.grade}" if not waiting else f"有{waiting}项未能计分，暂不定等次"

    def of_heading(self, heading: Heading) -> Decimal:
        return sum((line.points for line in self.lines if line.heading is heading), Decimal(0))

    def line(self, key: str) -> Line:
        return next(line for line in self.lines if line.indicator.key == key)


def score(form: IndicatorSet, sheet: Sheet, entries: Mapping[str, Entry]) -> Scored:
    """Every indicator scored by its rule; `entries` by the indicator's key."""
    return Scored(
        form,
        tuple(
            _line(heading, group, indicator, sheet, entries.get(indicator.key, NOTHING))
            for heading, group, indicator in form.walk()
        ),
    )


@dataclass(frozen=True, slots=True)
class _Result:
    """An award, or what stands in its way."""

    award: Award | None
    measured: Measured
    missing: tuple[str, ...] = ()
    hindrance: str = ""


def _line(heading: Heading, group: Group, indicator: Indicator, sheet: Sheet, entry: Entry) -> Line:
    result = _judged(indicator, entry) if indicator.is_judged else _valued(indicator, sheet, entry)
    if reason := _exempt(indicator, sheet):
        result = _Result(Award(indicator.weight, reason), result.measured)
    system = None if result.award is None else in_points(result.award.points)
    value = result.measured.value
    why, loss = _sentences(indicator, result, system)
    return Line(
        heading=heading,
        group=group,
        indicator=indicator,
        entry=entry,
        actual=value,
        actual_text=_answer(indicator, entry) if value is None else printed(value, indicator.decimals) + indicator.unit,
        system=system,
        why=why,
        loss=loss,
        sources=result.measured.sources,
        missing=result.missing,
    )


def _answer(indicator: Indicator, entry: Entry) -> str:
    """The result in words, where no number was measured."""
    if entry.said or indicator.actual:
        return entry.said
    if isinstance(indicator.rule, CheckList) and entry.checks:
        return f"{len(indicator.rule.checks)}项做到{sum(map(bool, entry.checks))}项"
    return entry.grade


def _exempt(indicator: Indicator, sheet: Sheet) -> str:
    """Why there was nothing to control, if so."""
    exempt = indicator.exempt
    if exempt is None or any(amount(source_of(key, sheet.definitions), sheet) != 0 for key in exempt.zero):
        return ""
    return exempt.because


def _valued(indicator: Indicator, sheet: Sheet, entry: Entry) -> _Result:
    rule, target = indicator.rule, indicator.target
    if indicator.actual:
        found = measure(indicator, sheet)
    else:
        typed = None if entry.actual is None else rounded(entry.actual, indicator.decimals)
        found = Measured(typed, missing=() if typed is not None else (f"{indicator.name}的实际完成值",))
    if target is None or isinstance(rule, rules.Judged):
        return _Result(None, found, (f"{indicator.name}的目标值",))
    if found.value is None:
        return _Result(None, found, found.missing, found.hindrance)
    return _Result(rules.measured(rule, indicator.weight, target, found.value, indicator.decimals), found)


def _judged(indicator: Indicator, entry: Entry) -> _Result:
    rule, weight, nothing = indicator.rule, indicator.weight, Measured(None)
    if isinstance(rule, CheckList):
        answers = tuple(answer for answer in entry.checks if answer is not None)
        if len(answers) != len(rule.checks):
            open_count = len(rule.checks) - min(len(answers), len(rule.checks))
            return _Result(None, nothing, (f"{len(rule.checks)}项要求中{open_count}项的回答",))
        return _Result(rules.checked(rule, weight, answers), nothing)
    if isinstance(rule, Graded):
        return _graded(rule, weight, entry, nothing)
    if isinstance(rule, ByHand) and entry.points is not None:
        return _Result(Award(min(entry.points, weight), "由评价人评定"), nothing)
    return _Result(None, nothing, ("评价人的评分",))


def _graded(rule: Graded, weight: Decimal, entry: Entry, nothing: Measured) -> _Result:
    grade = next((grade for grade in rule.grades if grade.name == entry.grade), None)
    if grade is None:
        return _Result(None, nothing, ("评定的等次",))
    percent = grade.high if grade.low == grade.high else entry.percent
    if percent is None:
        return _Result(None, nothing, (f"“{grade.name}”的完成比例",))
    return _Result(rules.graded(grade, weight, min(max(percent, grade.low), grade.high)), nothing)


def _sentences(indicator: Indicator, result: _Result, system: Decimal | None) -> tuple[str, str]:
    """Whole and short: 预算控制率28.59%，落在20%（不含）至30%档，得2分，扣3分：追加569.17万元÷年初预算1,991.04万元."""
    if result.award is None or system is None:
        lack = f"缺少：{'、'.join(result.missing)}" if result.missing else result.hindrance
        return f"{indicator.name}未能计分，{lack}。", f"{lack}。"
    value, how = result.measured.value, result.award.how
    head = indicator.name + ("" if value is None else printed(value, indicator.decimals) + indicator.unit)
    lost = f"，扣{points_text(indicator.weight - system)}分" if system < indicator.weight else ""
    working = f"：{result.measured.working}" if result.measured.working and value is not None else ""
    return f"{head}，{how}，得{points_text(system)}分{lost}{working}。", f"{how}{lost}{working}。" if lost else ""
