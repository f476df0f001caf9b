"""What an indicator measures: its formula over the facts of the year, and that formula in words and numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.errors import Invalid
from perfapp.core.figures import formula
from perfapp.core.figures.facts import Definition, Sheet
from perfapp.core.figures.formula import Formula
from perfapp.core.figures.units import from_base, printed, rounded, unit
from perfapp.core.scoring.indicators import Indicator

LAST_YEAR = "-last-year"
"""At the end of a name in an indicator's formula: last year's value of the fact."""

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_SIGNS = str.maketrans({"*": "×", "/": "÷", "+": "＋", "-": "－", "(": "（", ")": "）", " ": None})


@dataclass(frozen=True, slots=True)
class Source:
    """A fact of one year: its key, and whether last year's value is meant."""

    key: str
    is_last_year: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The value as judged, in the indicator's unit; None with the names of what is missing, or what hinders it."""

    value: Decimal | None
    working: str = ""  # 追加预算569.17万元÷年初预算1,991.04万元
    sources: tuple[Source, ...] = ()
    missing: tuple[str, ...] = ()
    hindrance: str = ""


def source_of(name: str, definitions: Mapping[str, Definition]) -> Source:
    """The fact a name in a formula means."""
    if name not in definitions and name.endswith(LAST_YEAR):
        return Source(name.removesuffix(LAST_YEAR), is_last_year=True)
    return Source(name)


def measure(indicator: Indicator, sheet: Sheet) -> Measured:
    """The indicator's formula worked out on the sheet, rounded to its decimals."""
    parsed = formula.parse(indicator.actual)
    named = {name: source_of(name, sheet.definitions) for name in parsed.names}
    sources = tuple(named.values())
    if hindrance := dimension_problem(indicator, sheet.definitions):  # a fact's unit may have changed since
        return Measured(None, sources=sources, hindrance=hindrance)
    amounts = {name: amount(source, sheet) for name, source in named.items()}
    missing = tuple(title(named[name], sheet) for name, found in amounts.items() if found is None)
    working = written(parsed, named, sheet)
    if missing:
        return Measured(None, working, sources, missing)
    exact = parsed.value(amounts.get)
    if exact is None:
        return Measured(None, working, sources, hindrance="除数为0，算不出来")
    return Measured(_in_unit(exact, parsed, indicator, named, sheet), working, sources)


def amount(source: Source, sheet: Sheet) -> Decimal | None:
    """In base units."""
    return sheet.amount(source.key, last_year=source.is_last_year) if source.key in sheet.definitions else None


def title(source: Source, sheet: Sheet) -> str:
    name = sheet.definitions[source.key].name
    return f"上年{name}" if source.is_last_year else name


def written(parsed: Formula, named: Mapping[str, Source], sheet: Sheet) -> str:
    """The formula as people write it, each name with its value."""
    parts: list[str] = []
    end = 0
    for match in _NAME.finditer(parsed.text):
        parts.append(parsed.text[end : match.start()].translate(_SIGNS))
        parts.append(_valued(named[match.group()], sheet))
        end = match.end()
    return "".join(parts) + parsed.text[end:].translate(_SIGNS)


def dimension_problem(indicator: Indicator, definitions: Mapping[str, Definition]) -> str:
    """Why the formula cannot give the target's unit; empty when it can."""
    try:
        parsed = formula.parse(indicator.actual)
        named = {name: source_of(name, definitions) for name in parsed.names}
        unknown = [source.key for source in named.values() if source.key not in definitions]
        if unknown:
            return f"用到了没有登记的数据“{'、'.join(unknown)}”"
        found = parsed.dimension(lambda name: definitions[named[name].key].unit)
    except Invalid as refusal:
        return refusal.message.rstrip("。")
    wanted = unit(indicator.unit).dimension
    fits = not indicator.unit or found == wanted or (found == formula.PLAIN and wanted == formula.PERCENT)
    return "" if fits else f"公式算出来的单位不是“{indicator.unit}”"


def _valued(source: Source, sheet: Sheet) -> str:
    definition, found = sheet.definitions[source.key], amount(source, sheet)
    if found is None:
        return f"{title(source, sheet)}〔未填报〕"
    return title(source, sheet) + in_words(found, definition)


def in_words(base: Decimal, definition: Definition) -> str:
    """A fact's amount as printed, with its unit."""
    return printed(from_base(base, definition.unit), definition.decimals) + definition.unit


def _in_unit(
    exact: Decimal, parsed: Formula, indicator: Indicator, named: Mapping[str, Source], sheet: Sheet
) -> Decimal:
    """As the facts do it: a plain ratio stands for a percentage where the target is one."""
    found = parsed.dimension(lambda name: sheet.definitions[named[name].key].unit)
    if found == formula.PLAIN and unit(indicator.unit).dimension == formula.PERCENT:
        exact *= 100
    return rounded(from_base(exact, indicator.unit), indicator.decimals)
