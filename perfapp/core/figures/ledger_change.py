"""Changing a ledger's columns and totals: keys stay, rows stay, and what is already written down keeps its meaning."""

from collections.abc import Mapping, Sequence

from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import Definition
from perfapp.core.figures.ledgers import MAX_COLUMNS, Column, ColumnKind, LedgerForm, Total
from perfapp.core.figures.units import MEASURED, unit


def changed(old: LedgerForm, columns: Sequence[Column], *, date_name: str, held: frozenset[str]) -> LedgerForm:
    """The ledger with these columns; Invalid, with the column's key as field, where it cannot be.

    `held` are the columns in which some row holds something: they cannot go, nor change what they hold.
    """
    _check_names(old, columns, date_name)
    before = {column.key: column for column in old.columns}
    for column in columns:
        if column.key in held and _reads_otherwise(before[column.key], column):
            raise Invalid(f"“{column.name}”已经登记过内容，填写方式和单位不能再改；请另加一列。", field=column.key)
    kept = {column.key for column in columns}
    for key, column in before.items():
        if key not in kept:
            _check_gone(old, column, held)
    _check_totals(old, columns)
    return LedgerForm(**(dict(old) | {"columns": tuple(columns), "date_name": date_name.strip()}))


def new_key(taken: frozenset[str]) -> str:
    """A key for a column that somebody adds: column-1, column-2 …"""
    number = 1
    while f"column-{number}" in taken:
        number += 1
    return f"column-{number}"


def _check_names(old: LedgerForm, columns: Sequence[Column], date_name: str) -> None:
    if not columns:
        raise Invalid("台账至少要有一列。")
    if len(columns) > MAX_COLUMNS:
        raise Invalid(f"最多 {MAX_COLUMNS} 列，现在是 {len(columns)} 列，请去掉几列。")
    if not date_name.strip():
        raise Invalid("请填写日期一列的名称。", field="date_name")
    seen = {date_name.strip()}
    for column in columns:
        for name in (column.name, *column.aliases):
            if name in seen:
                raise Invalid(f"有两列都叫“{name}”，请改成不同的名称。", field=column.key)
            seen.add(name)


def _reads_otherwise(old: Column, new: Column) -> bool:
    return (old.kind, old.unit) != (new.kind, new.unit) or new.decimals < old.decimals


def _check_gone(old: LedgerForm, column: Column, held: frozenset[str]) -> None:
    if column.key in held:
        raise Invalid(f"“{column.name}”已经登记过内容，不能删除；可以改名，或改为可不填。", field=column.key)
    if any(column.key in (total.column, total.where) for total in old.totals):
        raise Invalid(f"“{column.name}”用于汇总数据，不能删除。", field=column.key)


def _check_totals(old: LedgerForm, columns: Sequence[Column]) -> None:
    after = {column.key: column for column in columns}
    for total in old.totals:
        added = after.get(total.column or "")
        if added is not None and added.kind is not ColumnKind.NUMBER:
            raise Invalid(f"“{added.name}”用于汇总数据，必须是数字。", field=added.key)
        where = after.get(total.where or "")
        if where is not None and total.equals not in where.choices:
            raise Invalid(f"汇总要用“{where.name}”里的“{total.equals}”，不能去掉这个选项。", field=where.key)


def with_totals(
    old: LedgerForm, totals: Sequence[Total], known: Mapping[str, Definition], fed: Mapping[str, str]
) -> LedgerForm:
    """The ledger feeding these facts; Invalid, with the fact's key as field, for one that it cannot feed.

    `known` are the unit's facts in use, `fed` those that another ledger feeds, with that ledger's name.
    """
    for number, total in enumerate(totals):
        fact = known[total.fact]
        if total.fact in (other.fact for other in totals[:number]):
            raise Invalid(f"“{fact.name}”汇总了两次，请只留一行。", field=total.fact)
        if fact.formula:
            raise Invalid(f"“{fact.name}”由公式算出，不能再由台账汇总。", field=total.fact)
        if total.fact in fed:
            raise Invalid(f"“{fact.name}”已由台账“{fed[total.fact]}”汇总，请先在那里去掉。", field=total.fact)
        _check_sum(old, total, fact)
        where = old.column(total.where) if total.where else None
        if where is not None and total.equals not in where.choices:
            raise Invalid(f"“{where.name}”里没有“{total.equals[:20]}”这一项，请重新选择。", field=total.fact)
    return old.model_copy(update={"totals": tuple(totals)})


def _check_sum(ledger: LedgerForm, total: Total, fact: Definition) -> None:
    """What is added up must be a number of the fact's kind; rows are counted in a unit of things."""
    asked = unit(fact.unit).dimension
    if total.column is None:
        if asked in MEASURED:
            raise Invalid(f"“{fact.name}”的单位是{fact.unit}，不能用笔数汇总，请选一列数字。", field=total.fact)
        return
    column = ledger.column(total.column)
    if column.kind is not ColumnKind.NUMBER:
        raise Invalid(f"“{column.name}”不是数字，不能合计。", field=total.fact)
    if unit(column.unit).dimension != asked:
        raise Invalid(
            f"“{column.name}”的单位是{column.unit or '空的'}，“{fact.name}”的单位是{fact.unit}，不能合计成它。",
            field=total.fact,
        )
