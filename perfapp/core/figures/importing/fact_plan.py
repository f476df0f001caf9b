"""What a table would write into the facts: amounts with the cells they come from, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perfapp.core.figures.facts import Definition
from perfapp.core.figures.importing import layout, words
from perfapp.core.figures.importing.amounts import is_blank, read_amount
from perfapp.core.figures.importing.layout import Slot
from perfapp.core.figures.importing.mapping import LAST, MONTHS, FactMap, TableRule
from perfapp.core.figures.importing.suggesting import all_slots, known_table
from perfapp.core.figures.importing.troubles import Trouble, Unreadable, Weight
from perfapp.core.figures.ledgers import day_in
from perfapp.core.figures.units import MONEY, unit
from perfapp.core.spreadsheet import CellKind, Grid, Workbook, address, letters

YEAR = "year"


@dataclass(frozen=True, slots=True)
class Planned:
    """An amount for a fact, of this year or last, of the whole year or a month. `amount` in base units."""

    fact: str
    is_last_year: bool
    period: str
    amount: Decimal
    typed: str
    as_of: date | None
    cell: str

    @property
    def target(self) -> tuple[str, bool, str]:
        return self.fact, self.is_last_year, self.period


@dataclass(frozen=True, slots=True)
class FactPlan:
    sheet: str
    planned: tuple[Planned, ...]
    troubles: tuple[Trouble, ...]
    blank: tuple[Slot, ...]  # mapped, and nothing stands there: nothing is written
    left_out: tuple[Slot, ...] = ()  # something stands there, and nobody has said which fact it is


def plan(
    book: Workbook, mapping: FactMap, year: int, known: Mapping[str, Definition], tables: Sequence[TableRule]
) -> FactPlan:
    """Read every mapped slot of the sheet; a cell that cannot be read is a trouble, and never a guess."""
    grid = book.grid(mapping.sheet) or Grid(mapping.sheet, {})
    table = known_table(grid, mapping.head_row, tables)
    found: dict[tuple[str, bool, str], Planned] = {}
    troubles, blank, left_out = [*_about_the_sheet(book, grid, mapping, year)], [], []
    for slot in all_slots(grid, mapping.head_row, mapping.columns, table):
        definition = known.get(mapping.facts.get(slot.slot, ""))
        if definition is None:
            left_out += [] if is_blank(grid.cells.get((slot.row, slot.column))) else [slot]
            continue
        if is_blank(grid.cells.get((slot.row, slot.column))) and (slot.row, slot.column) not in grid.merged_down:
            blank.append(slot)
            continue
        try:
            one, notes = _read(grid, slot, definition, mapping, is_typed=book.is_typed)
        except Unreadable as wrong:
            troubles.append(Trouble(Weight.STOPS, grid.name, slot.cell, definition.name, wrong.seen, wrong.expected))
            continue
        troubles += [Trouble(Weight.NOTE, grid.name, slot.cell, definition.name, "", note) for note in notes]
        twin = found.setdefault(one.target, one)
        if twin is not one:
            troubles.append(_twice(grid, definition, twin, one))
    return FactPlan(grid.name, tuple(found.values()), tuple(troubles), tuple(blank), tuple(left_out))


def _read(
    grid: Grid, slot: Slot, definition: Definition, mapping: FactMap, *, is_typed: bool
) -> tuple[Planned, tuple[str, ...]]:
    place = slot.row, slot.column
    if place in grid.merged_down:
        first = grid.covered[place]
        raise Unreadable("", f"与上面的 {address(*first)} 合并成一格，分不清是哪一行的数，请取消合并")
    cell = grid.cells[place]
    table_unit = _table_unit(slot, definition, mapping)
    read = read_amount(cell, definition.unit, table_unit, takes_shown=mapping.takes_shown, is_typed=is_typed)
    period = slot.role if slot.role in MONTHS else YEAR
    day = _day(grid, slot)
    one = Planned(definition.key, slot.role == LAST, period, read.base, read.typed, day, slot.cell)
    return one, read.notes


def _table_unit(slot: Slot, definition: Definition, mapping: FactMap) -> str:
    """The unit that stands on the line goes before the one over the table."""
    said = words.plain(slot.unit)
    if not said:
        return mapping.money_unit
    if unit(said).dimension != unit(definition.unit).dimension:
        raise Unreadable(slot.unit, f"单位应是{definition.unit}")
    return said


def _day(grid: Grid, slot: Slot) -> date | None:
    cell = grid.at(*slot.day) if slot.day else None
    if cell is None or is_blank(cell):
        return None
    if cell.kind is CellKind.DAY:
        return cell.day
    found = day_in(cell.text)
    if found is None:
        raise Unreadable(cell.text, "截止日期应写成 2018-12-31 这样")
    return found


def _twice(grid: Grid, definition: Definition, first: Planned, again: Planned) -> Trouble:
    same = first.amount == again.amount
    said = f"与 {first.cell} 是同一项数据，" + ("数也相同，只导入一次" if same else f"那里是 {first.typed}，请只留一处")
    return Trouble(Weight.NOTE if same else Weight.STOPS, grid.name, again.cell, definition.name, again.typed, said)


def _about_the_sheet(book: Workbook, grid: Grid, mapping: FactMap, year: int) -> list[Trouble]:
    """What a person should know before he looks at single cells."""
    found = sheet_notes(book, grid, mapping.head_row)
    title = words.years_in(layout.caption(grid, mapping.head_row))
    if title and year not in title:
        named = "、".join(str(one) for one in sorted(title))
        said = f"表题写的是{named}年，正在导入{year}年度的数据，请核对是否选错了文件"
        found.append(Trouble(Weight.NOTE, grid.name, "", "", "", said))
    return found


def sheet_notes(book: Workbook, grid: Grid, head_row: int) -> list[Trouble]:
    """Hidden sheets, rows and columns: what people do not see when they look at the file."""
    found = []
    if book.hidden:
        names = "、".join(book.hidden[:5])
        found.append(Trouble(Weight.NOTE, names, "", "", "", "是隐藏的工作表，没有读取"))
    rows = [row for row in sorted(grid.hidden_rows) if row > head_row and row in grid.rows]
    if rows:
        listed = "、".join(str(row) for row in rows[:10]) + ("等" if len(rows) > 10 else "")
        found.append(Trouble(Weight.NOTE, grid.name, "", "", "", f"第 {listed} 行是隐藏的，也读取了"))
    columns = [column for column in sorted(grid.hidden_columns) if column in grid.columns]
    if columns:
        listed = "、".join(letters(column) for column in columns[:10])
        found.append(Trouble(Weight.NOTE, grid.name, "", "", "", f"{listed} 列是隐藏的，也读取了"))
    return found


def needs_money_unit(mapping: FactMap, book: Workbook, known: Mapping[str, Definition]) -> bool:
    """Whether some amount of money is mapped whose unit neither the table nor its line says."""
    grid = book.grid(mapping.sheet)
    if mapping.money_unit or grid is None:
        return False
    said = {slot.slot for slot in layout.slots(grid, mapping.head_row, mapping.columns) if words.plain(slot.unit)}
    return any(
        slot not in said and key in known and unit(known[key].unit).dimension == MONEY
        for slot, key in mapping.facts.items()
    )
