"""台账: what an office writes down through the year, a row at a time; columns and the facts it feeds are data."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import FactKey, typed_amount
from perfapp.core.figures.units import rounded, to_base

MAX_COLUMNS = 12
MAX_TEXT = 200
YES = "是"
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?")
_PLAIN = re.compile(r"(0|[1-9]\d{0,7})(?:\.(\d{1,6}))?", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


class Column(_Value):
    """One column beside the date. Numbers are kept as decimal strings, in the column's unit."""

    key: FactKey
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    aliases: tuple[str, ...] = ()  # other heads a file may use
    kind: ColumnKind = ColumnKind.TEXT
    unit: str = ""
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    required: bool = False
    choices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_choices(self) -> "Column":
        if (self.kind is ColumnKind.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a column of choices")
        return self


class Total(_Value):
    """A fact that the ledger feeds: rows counted, or a column added up, of all rows or those with a choice."""

    fact: FactKey
    column: FactKey | None = None
    where: FactKey | None = None
    equals: str = ""


class LedgerForm(_Value):
    """A ledger. `date_name` is the head of the date, `by_month` says that a month is enough."""

    key: FactKey
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    office: str = ""  # a hint of the owner
    date_name: str = "日期"
    by_month: bool = False
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MAX_COLUMNS)]
    totals: tuple[Total, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> "LedgerForm":
        keys = [column.key for column in self.columns]
        if len(keys) != len(set(keys)):
            raise ValueError("column keys must be unique")
        for total in self.totals:
            if {total.column, total.where} - {None} - set(keys):
                raise ValueError(f"the total for {total.fact} names a column that is not there")
        return self

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


class LedgerList(_Value):
    """The ledgers that ship for a place."""

    key: FactKey
    version: int = Field(ge=1)
    name: str
    basis: str
    to_be_checked: str = ""
    ledgers: tuple[LedgerForm, ...]


def read_row(form: LedgerForm, happened: str, typed: Mapping[str, str], year: int) -> tuple[date, dict[str, str]]:
    """A row as people or files give it, as a day and clean cells; Invalid, naming the column, where it does not fit."""
    day = read_day(happened, form, year)
    cells = {column.key: read_cell(column, typed.get(column.key, "")) for column in form.columns}
    return day, {key: value for key, value in cells.items() if value}


def read_day(raw: str, form: LedgerForm, year: int) -> date:
    """2018-3-1, 2018年3月1日, 2018/3/1; 2018年3月 where the ledger is kept by month. Only days of the year."""
    text = raw.strip()
    day = day_in(text, by_month=form.by_month)
    if day is None:
        example = f"{year}年3月" if form.by_month else f"{year}-3-15"
        raise Invalid(f"“{form.date_name}”写的是“{text[:20]}”，应写成{example}这样。", field="happened_on")
    if day.year != year:
        raise Invalid(f"“{form.date_name}”{text[:20]}不在{year}年，请核对。", field="happened_on")
    return day


def day_in(text: str, *, by_month: bool = False) -> date | None:
    """The day that the text is; None where it is none. With `by_month` a month is its first day."""
    match = _DAY.fullmatch(text.strip())
    parts = tuple(map(int, match.groups())) if match else ()
    if not parts and by_month and (month := _MONTH.fullmatch(text.strip())):
        parts = (*map(int, month.groups()), 1)
    try:
        return date(*parts)
    except (TypeError, ValueError):
        return None


def read_cell(column: Column, raw: str) -> str:
    """The cell's text, number (as a decimal string) or choice; '' where nothing stands and nothing must."""
    text = " ".join(raw.split())
    if not text:
        if column.required:
            raise Invalid(f"“{column.name}”没有填写。", field=column.key)
        return ""
    if column.kind is ColumnKind.NUMBER:
        return _number(column, text)
    if column.kind is ColumnKind.CHOICE:
        if text not in column.choices:
            choices = "、".join(column.choices)
            raise Invalid(f"“{column.name}”写的是“{text[:20]}”，应是{choices}之一。", field=column.key)
        return text
    if len(text) > MAX_TEXT:
        raise Invalid(f"“{column.name}”超过 {MAX_TEXT} 字。", field=column.key)
    return text


def totalled(
    form: LedgerForm, rows: Iterable[tuple[date, Mapping[str, Any]]]
) -> dict[str, dict[str, tuple[Decimal, int]]]:
    """For each fact the ledger feeds, by period ('year', '01' … '12'): the amount in base units and how many rows."""
    found: dict[str, dict[str, tuple[Decimal, int]]] = {total.fact: {} for total in form.totals}
    takers = [(total.fact, _taker(form, total)) for total in form.totals]
    for day, cells in rows:
        for fact, take in takers:
            amount = take(cells)
            if amount is None:
                continue
            for period in ("year", f"{day.month:02}"):
                before, count = found[fact].get(period, (Decimal(0), 0))
                found[fact][period] = (before + amount, count + 1)
    return found


def _taker(form: LedgerForm, total: Total) -> Callable[[Mapping[str, Any]], Decimal | None]:
    """What a row adds to the total; None where it does not count."""
    column = form.column(total.column) if total.column else None

    def take(cells: Mapping[str, Any]) -> Decimal | None:
        if total.where and cells.get(total.where) != total.equals:
            return None
        if column is None:
            return Decimal(1)
        value = cells.get(column.key)
        return to_base(Decimal(value), column.unit) if value else None

    return take


def _number(column: Column, text: str) -> str:
    plain = _PLAIN.fullmatch(text)
    if plain is not None and len(places := (plain[2] or "").rstrip("0")) <= column.decimals:
        return f"{plain[1]}.{places}" if places else plain[1]  # most numbers of a long file
    try:
        base = typed_amount(text, column.unit)
    except Invalid as error:
        raise Invalid(f"“{column.name}”写的是“{text[:20]}”，应是数字。", field=column.key) from error
    amount = base / to_base(Decimal(1), column.unit)
    if rounded(amount, column.decimals) != amount:
        raise Invalid(f"“{column.name}”{text[:20]}的小数超过 {column.decimals} 位。", field=column.key)
    if amount < 0:
        raise Invalid(f"“{column.name}”{text[:20]}是负数，请核对。", field=column.key)
    return f"{amount.normalize():f}"
