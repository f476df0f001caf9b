"""A first mapping of a table, from the names of the unit's facts and from the tables that its form knows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from perfapp.core.figures.facts import Definition
from perfapp.core.figures.importing import layout, words
from perfapp.core.figures.importing.layout import Slot
from perfapp.core.figures.importing.mapping import (
    AMOUNTS,
    BUDGET,
    FINAL,
    FactMap,
    LabelRule,
    TableRule,
)
from perfapp.core.spreadsheet import Grid

_BUDGET_NAMES = ("{}预算", "{}预算数", "{}年初预算", "{}年初预算数")
_ADJUSTED_NAMES = ("{}全年预算", "{}全年预算数", "{}调整预算", "{}调整后预算")


def suggest(
    grid: Grid,
    year: int,
    definitions: Iterable[Definition],
    tables: Sequence[TableRule],
    *,
    head_row: int | None = None,
    columns: Mapping[int, str] | None = None,
) -> FactMap:
    """What the sheet most likely says; with `head_row` and `columns` where a person has said so."""
    names = by_name(definitions)
    if head_row is None:
        head_row = layout.find_head_row(grid, year, names)
        table = known_table(grid, head_row, tables)
        head_row = (table and table.head and layout.row_with(grid, table.head)) or head_row
    table = known_table(grid, head_row, tables)
    if columns is None:
        columns = layout.suggest_roles(grid, head_row, year, names, table.columns if table else {})
    keys = frozenset(names.values())
    facts = {
        slot.slot: fact
        for slot in all_slots(grid, head_row, columns, table)
        if (fact := _fact(slot, names, keys, table)) is not None
    }
    unit = words.money_unit(layout.caption(grid, head_row)) or _head_unit(grid, head_row, columns)
    return FactMap(sheet=grid.name, head_row=head_row, money_unit=unit, columns=dict(columns), facts=facts)


def all_slots(grid: Grid, head_row: int, columns: Mapping[int, str], table: TableRule | None) -> list[Slot]:
    """The slots of the lines, and those that a known table has under labels of their own."""
    under = [words.label(rule.label) for rule in table.labels if rule.below] if table else []
    return [*layout.slots(grid, head_row, columns), *layout.below(grid, under)]


def known_table(grid: Grid, head_row: int, tables: Sequence[TableRule]) -> TableRule | None:
    """The table of the form that the sheet is, by its name or title."""
    title = words.plain(layout.caption(grid, head_row))
    return next((table for table in tables if any(words.plain(mark) in title for mark in table.marks)), None)


def by_name(definitions: Iterable[Definition]) -> dict[str, str]:
    """Keys of facts by every name they go by, as labels are compared; the first fact has the name."""
    listed = list(definitions)
    found: dict[str, str] = {}
    for one in listed:
        found.setdefault(words.label(one.name), one.key)
    for one in listed:  # a name of its own goes before another's alias
        for alias in one.aliases:
            found.setdefault(words.label(alias), one.key)
    return found


def shape(grid: Grid, year: int, definitions: Iterable[Definition]) -> str:
    """A SHA-256 of the sheet's name, its row of heads and the heads, without years: that of next year's file, too."""
    head_row = layout.find_head_row(grid, year, by_name(definitions))
    heads = ["/".join(layout.head_path(grid, head_row, column)) for column in grid.columns] if head_row else []
    said = json.dumps([words.plain(grid.name), head_row, [words.plain(head) for head in heads]], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _fact(slot: Slot, names: Mapping[str, str], keys: frozenset[str], table: TableRule | None) -> str | None:
    if slot.key in keys:
        return slot.key
    rule = _rule(slot, table)
    if rule is not None:
        found = rule.part(slot.part)
        return found if found in keys else None
    name = words.label(slot.label)
    if slot.part == FINAL:
        return names.get(name)
    patterns = _BUDGET_NAMES if slot.part == BUDGET else _ADJUSTED_NAMES
    return next((names[text] for pattern in patterns if (text := pattern.format(name)) in names), None) or (
        names.get(name) if "预算" in name else None
    )


def _rule(slot: Slot, table: TableRule | None) -> LabelRule | None:
    if table is None:
        return None
    is_below = slot.name.endswith("↓")
    name = words.label(slot.label)
    count = slot.name.partition("#")[2]
    wanted = f"{name}#{count}" if count else name
    return next((one for one in table.labels if words.label(one.label) == wanted and one.below == is_below), None)


def _head_unit(grid: Grid, head_row: int, columns: Mapping[int, str]) -> str:
    """The unit of money that all heads of amounts name in brackets."""
    found = {
        words.unit_in("".join(layout.head_path(grid, head_row, column)))
        for column, role in columns.items()
        if role in AMOUNTS and head_row
    }
    unit = found.pop() if len(found) == 1 else ""
    return unit if unit in ("元", "千元", "万元", "百万元", "亿元") else ""
