"""Facts: what a number is (definition), what it amounts to this year and last, and how a sentence shows it."""

import re
from collections.abc import Iterable, Mapping
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from perfapp.core.errors import Invalid
from perfapp.core.figures import formula
from perfapp.core.figures.formula import Formula
from perfapp.core.figures.units import MONEY, from_base, printed, rounded, to_base, unit, units_like

FactKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
MISSING = "〔未填报〕"
"""What stands in the sentence where a fact has no value yet."""

LIMIT = Decimal(10) ** 12
"""What an amount stays below, in base units: more cannot be stored, and no unit of government has it."""

_EXACT = Context(prec=50)


class Form(StrEnum):
    """How a live figure shows its fact. `other` is the whole of a share and the denominator of a rate."""

    VALUE = "value"  # 2,560.21万元
    LAST_YEAR = "last_year"  # 2,040.26万元
    RATIO = "ratio"  # 95.09%: share of, execution rate
    GROWTH = "growth"  # 增加25.48%
    CHANGE = "change"  # 增加519.95万元


FORM_NAMES: Mapping[Form, str] = {
    Form.VALUE: "数值",
    Form.LAST_YEAR: "上年数",
    Form.RATIO: "占比或执行率",
    Form.GROWTH: "比上年增减率",
    Form.CHANGE: "比上年增减额",
}


YearFact = tuple[str, bool]
"""A fact's key, and whether last year's value is meant."""

_YEARS: Mapping[Form, tuple[bool, ...]] = {
    Form.LAST_YEAR: (True,),
    Form.GROWTH: (False, True),
    Form.CHANGE: (False, True),
}


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Definition(_Value):
    """What the number is. The key is the series over the years; `scope` is the 口径."""

    key: FactKey
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    aliases: tuple[str, ...] = ()
    group: str = ""
    scope: Annotated[str, StringConstraints(max_length=500)] = ""
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    decimals: Annotated[int, Field(ge=0, le=6)] = 2
    is_money: bool = False  # confirmed by finance; any other by the office head
    office: str = ""  # a hint of the owner, matched against the names of a unit's offices
    formula: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class Reference(_Value):
    """A live figure in a sentence: which fact, in which form."""

    fact: FactKey
    form: Form = Form.VALUE
    other: FactKey | None = None
    unit: Annotated[str, StringConstraints(max_length=20)] = ""  # empty: the fact's own
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None  # None: the fact's own, two for percentages


class Sheet:
    """All facts of a unit for one year, and last year's beside them; amounts are exact, in base units."""

    def __init__(
        self, definitions: Iterable[Definition], entered: Mapping[str, Decimal], previous: Mapping[str, Decimal]
    ) -> None:
        self.definitions = {definition.key: definition for definition in definitions}
        self._entered = (entered, previous)
        self._worked_out: dict[tuple[str, int], Decimal | None] = {}
        self._needed: dict[str, frozenset[str]] = {}

    @cached_property
    def formulas(self) -> Mapping[str, Formula]:
        return {key: formula.parse(one.formula) for key, one in self.definitions.items() if one.formula}

    def amount(self, key: str, *, last_year: bool = False) -> Decimal | None:
        """The fact's amount in base units; None where nothing is entered or a formula lacks an input."""
        year = int(last_year)
        if key not in self.formulas:
            return self._entered[year].get(key)
        if (key, year) not in self._worked_out:
            self._worked_out[key, year] = None  # a ring, refused when saved, has no value
            value = self.formulas[key].value(lambda name: self.amount(name, last_year=last_year))
            self._worked_out[key, year] = value * 100 if value is not None and self._is_percentage(key) else value
        return self._worked_out[key, year]

    @property
    def is_empty(self) -> bool:
        """Nothing has been entered for this year."""
        return not self._entered[0]

    def replaced(self, key: str, amount: Decimal | None, *, last_year: bool = False) -> "Sheet":
        """The sheet with another amount for one entered fact, of this year or last."""
        years = [dict(year) for year in self._entered]
        years[last_year].pop(key, None)
        if amount is not None:
            years[last_year][key] = amount
        return Sheet(self.definitions.values(), *years)

    def needs(self, key: str) -> frozenset[str]:
        """The entered facts that stand behind this one: itself, or a formula's inputs down to the last."""
        if key not in self.formulas:
            return frozenset({key})
        if key not in self._needed:
            self._needed[key] = frozenset()  # a ring, refused when saved, needs nothing
            self._needed[key] = frozenset(name for part in self.formulas[key].names for name in self.needs(part))
        return self._needed[key]

    def behind(self, reference: Reference) -> frozenset[str]:
        """Every entered fact that the reference shows something of."""
        return self.needs(reference.fact) | (self.needs(reference.other) if reference.other else frozenset())

    def rests_on(self, reference: Reference) -> frozenset[YearFact]:
        """The same, each of the years that the reference's form shows."""
        years = _YEARS.get(reference.form, (False,))
        return frozenset((key, is_last_year) for key in self.behind(reference) for is_last_year in years)

    def shown(self, reference: Reference) -> str:
        """The characters that stand in the sentence."""
        definition = self.definitions.get(reference.fact)
        if definition is None:
            return MISSING
        if reference.form is Form.RATIO:
            return self._ratio(reference)
        if reference.form is Form.GROWTH:
            return self._growth(reference)
        if reference.form is Form.CHANGE:
            return self._change(reference, definition)
        amount = self.amount(reference.fact, last_year=reference.form is Form.LAST_YEAR)
        return MISSING if amount is None else self._in_unit(amount, reference, definition)

    def _in_unit(self, amount: Decimal, reference: Reference, definition: Definition) -> str:
        name = reference.unit or definition.unit
        if unit(name).dimension != unit(definition.unit).dimension:
            name = definition.unit
        decimals = definition.decimals if reference.decimals is None else reference.decimals
        return printed(from_base(amount, name), decimals) + name

    def _ratio(self, reference: Reference) -> str:
        part = self.amount(reference.fact)
        whole = self.amount(reference.other) if reference.other else None
        if part is None or not whole:
            return MISSING
        return _percent(part, whole, reference.decimals)

    def _growth(self, reference: Reference) -> str:
        now, before = self.amount(reference.fact), self.amount(reference.fact, last_year=True)
        if now is None or before is None:
            return MISSING
        if before == 0:
            return "持平" if now == 0 else "上年为0"
        if now == before:
            return "持平"
        return _direction(now, before) + _percent(abs(now - before), abs(before), reference.decimals)

    def _change(self, reference: Reference, definition: Definition) -> str:
        now, before = self.amount(reference.fact), self.amount(reference.fact, last_year=True)
        if now is None or before is None:
            return MISSING
        if now == before:
            return "持平"
        return _direction(now, before) + self._in_unit(abs(now - before), reference, definition)

    def _is_percentage(self, key: str) -> bool:
        """The formula gives a plain ratio, and the fact shows it in % or ‰."""
        if unit(self.definitions[key].unit).dimension != formula.PERCENT:
            return False
        return self.formulas[key].dimension(lambda name: self.definitions[name].unit) == formula.PLAIN


def check_definitions(definitions: Iterable[Definition]) -> None:
    """Invalid, by name, when a formula names an unknown fact, mixes units, or needs itself."""
    listed = {definition.key: definition for definition in definitions}
    formulas = {key: formula.parse(one.formula) for key, one in listed.items() if one.formula}
    for key, parsed in formulas.items():
        unknown = next((name for name in parsed.names if name not in listed), None)
        if unknown:
            raise Invalid(f"“{listed[key].name}”的公式用到了没有登记的数据“{unknown}”。", field="formula")
    formula.order(formulas, {key: one.name for key, one in listed.items()})
    for key, parsed in formulas.items():
        dimension = parsed.dimension(lambda name: listed[name].unit)
        wanted = unit(listed[key].unit).dimension
        if dimension != wanted and not (dimension == formula.PLAIN and wanted == formula.PERCENT):
            raise Invalid(f"“{listed[key].name}”的公式算出来的单位不是“{listed[key].unit}”。", field="formula")


def typed_amount(raw: str, unit_name: str) -> Decimal:
    """What a person typed (2,560.21；２５６０．２１ 万元) as an exact amount in base units of the unit named."""
    if _MISPLACED.search(raw.translate(_NARROW)):
        raise Invalid(f"“{raw[:40]}”的千分位逗号位置不对，请核对这个数。", field="amount")
    text = raw.translate(_NARROW).replace(",", "").replace(" ", "").replace("\u3000", "").replace("\u00a0", "")
    for name in sorted(units_like(unit_name), key=len, reverse=True):
        if text.endswith(name):
            text, unit_name = text[: -len(name)], name
            break
    if re.fullmatch(r"[+-]?\d{19,}(?:\.\d*)?", text):
        raise Invalid(f"“{raw[:40]}”太大，请核对单位。", field="amount")
    if not _NUMBER.fullmatch(text):
        raise Invalid(f"“{raw[:40]}”不是数字，请填写如 2560.21 的数。", field="amount")
    base = to_base(Decimal(text), unit_name)
    if abs(base) >= LIMIT or base != rounded(base, 6):
        raise Invalid(f"“{raw[:40]}”太大，或小数位数太多，请核对单位。", field="amount")
    return base


def doubt(amount: Decimal, definition: Definition, known: Mapping[str, Decimal | None] = MappingProxyType({})) -> str:
    """What to ask before an amount in base units is taken; '' where nothing is odd.

    Below zero where hardly anything is, finer than shown, or many times what is `known` of it (上年数, 原来的数).
    """
    if amount < 0 and not _MAY_BE_NEGATIVE.search(definition.name + definition.scope):
        return f"“{definition.name}”填的是负数，一般不会小于 0"
    money = unit(definition.unit).dimension == MONEY
    counted = amount if money else from_base(amount, definition.unit)
    most = 2 if money else definition.decimals
    if counted != rounded(counted, most):
        where = "不到 1 分" if money else f"有 {most} 位以上小数" if most else "不是整数"
        return f"“{definition.name}”填的数{where}，正文和表里显示不出来"
    return next((asked for name, other in known.items() if (asked := _leap(amount, other, definition, name))), "")


def _leap(amount: Decimal, other: Decimal | None, definition: Definition, name: str) -> str:
    if not other or not amount:
        return ""
    times = max(abs(amount / other), abs(other / amount))
    if times < _SUSPICIOUS:
        return ""
    shown = printed(from_base(other, definition.unit), definition.decimals) + definition.unit
    return f"“{definition.name}”与{name}{shown}相差约 {times:,.0f} 倍，请先看单位"


def hidden_digits(amount: Decimal, definition: Definition) -> str:
    """What to say of an amount that texts and tables show rounded; '' where they show all of it."""
    exact = from_base(amount, definition.unit)
    if exact == rounded(exact, definition.decimals):
        return ""
    shown = printed(exact, definition.decimals)
    return f"存的是完整的 {exact.normalize():,f}{definition.unit}，正文和表里显示为 {shown}{definition.unit}"


_SUSPICIOUS = 10  # times
_MAY_BE_NEGATIVE = re.compile(r"结余|结转|差|增|减|净|变动|调整|追加|盈|亏|损益")
_MISPLACED = re.compile(r",\d{1,2}(?!\d)|,\d{4,}|\d{4,},|^\s*,")
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,12})?")
_NARROW = str.maketrans("０１２３４５６７８９．，－％＋", "0123456789.,-%+")


def _direction(now: Decimal, before: Decimal) -> str:
    return "增加" if now > before else "减少"


def _percent(part: Decimal, whole: Decimal, decimals: int | None) -> str:
    with localcontext(_EXACT):
        return printed(part / whole * 100, 2 if decimals is None else decimals) + "%"
