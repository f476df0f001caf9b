"""What a table would write into a ledger: its rows, and what is wrong with them by cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.figures.importing import words
from perfapp.core.figures.importing.amounts import is_blank, read_amount
from perfapp.core.figures.importing.fact_plan import sheet_notes
from perfapp.core.figures.importing.layout import HEAD_ROWS, head_path
from perfapp.core.figures.importing.mapping import RowMap
from perfapp.core.figures.importing.troubles import Trouble, Unreadable, Weight
from perfapp.core.figures.ledgers import Column, ColumnKind, LedgerForm, read_row
from perfapp.core.figures.units import from_base, unit
from perfapp.core.spreadsheet import Cell, CellKind, Grid, Workbook, address

DAY: Final = "happened_on"
MAX_ROWS: Final = 20_000
MAX_TROUBLES: Final = 200
_TOTALS: Final = frozenset({"合计", "总计", "小计", "累计", "本月合计", "全年合计", "本页合计", "本年累计"})


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the ledger, with the sheet's row it comes from."""

    day: date
    cells: dict[str, str]
    row: int


@dataclass(slots=True)
class RowPlan:
    """`wrong` counts all rows that cannot be taken; of their troubles only the first MAX_TROUBLES are kept."""

    sheet: str
    rows: list[PlannedRow] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    wrong: int = 0


def suggest_rows(grid: Grid, form: LedgerForm, *, head_row: int | None = None) -> RowMap:
    """The columns by their heads; the row of heads is the one in which most of the ledger's columns are named."""
    names = _names(form)
    if head_row is None:
        candidates = [row for row in grid.rows if row <= HEAD_ROWS]
        head_row = max(candidates, key=lambda row: len(_named(grid, row, names)), default=1)
    return RowMap(sheet=grid.name, head_row=head_row, columns=_named(grid, head_row, names))


def plan_rows(book: Workbook, mapping: RowMap, form: LedgerForm, year: int) -> RowPlan:
    """Read every row under the heads; blank rows, totals and heads that come again are left out."""
    grid = book.grid(mapping.sheet) or Grid(mapping.sheet, {})
    found = RowPlan(grid.name, troubles=list(sheet_notes(book, grid, mapping.head_row)))
    reader = _Reader(grid, mapping, form, year)
    for row in _rows(grid, mapping, found):
        try:
            found.rows.append(reader.read(row))
        except _Wrong as wrong:
            found.wrong += 1
            if found.wrong <= MAX_TROUBLES:
                found.troubles.append(wrong.trouble)
    found.troubles += reader.notes[:MAX_TROUBLES]
    return found


class _Wrong(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.sentence)
        self.trouble = trouble


class _Reader:
    """Reads rows of one sheet; `notes` gathers what is worth knowing about them."""

    def __init__(self, grid: Grid, mapping: RowMap, form: LedgerForm, year: int) -> None:
        self._grid, self._form, self._year, self._takes_shown = grid, form, year, mapping.takes_shown
        self._place = {key: column for column, key in mapping.columns.items()}
        self._columns = [column for column in form.columns if column.key in self._place]
        heads = {key: "".join(head_path(grid, mapping.head_row, at)) for key, at in self._place.items()}
        self._units = {key: words.unit_in(head) for key, head in heads.items()}
        self.notes: list[Trouble] = []

    def read(self, row: int) -> PlannedRow:
        typed = {column.key: self._typed(row, column) for column in self._columns}
        try:
            day, cells = read_row(self._form, self._day(row), typed, self._year)
        except Invalid as refusal:
            raise self._wrong(row, refusal.field or DAY, "", refusal.message) from refusal
        return PlannedRow(day, cells, row)

    def _day(self, row: int) -> str:
        cell = self._cell(row, DAY)
        if cell is not None and cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED):
            raise self._wrong(row, DAY, cell.text, "不是日期，请改正后重新保存")
        return cell.text if cell else ""

    def _typed(self, row: int, column: Column) -> str:
        """The cell as somebody would type it into the form."""
        cell = self._cell(row, column.key)
        if cell is None:
            return ""
        if column.kind is not ColumnKind.NUMBER:
            if cell.kind in (CellKind.ERROR, CellKind.UNCOMPUTED):
                raise self._wrong(row, column.key, cell.text, "是没有结果的公式或错误值，请改正后重新保存")
            return cell.text
        if is_blank(cell):
            return ""
        if (row, self._place[column.key]) in self._grid.merged_down:
            raise self._wrong(row, column.key, "", "与上面的格合并成一格，分不清是哪一行的数，请取消合并")
        return self._number(row, column, cell)

    def _number(self, row: int, column: Column, cell: Cell) -> str:
        if cell.number is not None and cell.text == str(cell.number) and not self._units[column.key]:
            return cell.text  # shown as it is held, in the column's own unit
        name = column.unit or "个"
        head = self._units[column.key]  # 金额（万元） over a column that is kept in 元
        told = head if head and unit(head).dimension == unit(name).dimension else name
        try:
            read = read_amount(cell, told, takes_shown=self._takes_shown, is_typed=False)
        except Unreadable as wrong:
            raise self._wrong(row, column.key, wrong.seen, wrong.expected) from wrong
        for note in read.notes:
            self.notes.append(self._trouble(Weight.NOTE, row, column.key, "", note))
        return f"{from_base(read.base, name).normalize():f}"

    def _cell(self, row: int, key: str) -> Cell | None:
        """Words and days that are merged over several rows belong to each of them."""
        column = self._place.get(key)
        return None if column is None else self._grid.at(row, column)

    def _wrong(self, row: int, key: str, seen: str, expected: str) -> _Wrong:
        return _Wrong(self._trouble(Weight.STOPS, row, key, seen, expected))

    def _trouble(self, weight: Weight, row: int, key: str, seen: str, said: str) -> Trouble:
        name = self._form.date_name if key == DAY else self._form.column(key).name
        about = "" if said.startswith("“") else name
        cell = address(row, self._place[key]) if key in self._place else f"第{row}行"
        return Trouble(weight, self._grid.name, cell, about, seen, said)


def _rows(grid: Grid, mapping: RowMap, found: RowPlan) -> Iterator[int]:
    heads = {column: grid.text(mapping.head_row, column) for column in mapping.columns}
    count = 0
    for row, cells in grid.rows.items():
        if row <= mapping.head_row or all(is_blank(cells.get(column)) for column in mapping.columns):
            continue
        first = next((words.label(cell.text) for cell in cells.values() if not is_blank(cell)), "")
        if first in _TOTALS:
            said = f"第 {row} 行是{first}，没有导入；合计由系统计算"
            found.troubles.append(Trouble(Weight.NOTE, grid.name, "", "", "", said))
        elif all(grid.text(row, column) == text for column, text in heads.items()):
            continue
        else:
            count += 1
            if count > MAX_ROWS:
                raise Invalid(f"超过 {MAX_ROWS:,} 行，请拆成几个文件分别导入。", field="file")
            yield row


def _names(form: LedgerForm) -> Mapping[str, str]:
    """Keys of columns by the heads they go by."""
    found = {words.label(form.date_name): DAY, "日期": DAY, "时间": DAY}
    if form.by_month:
        found["月份"] = DAY
    for names in ([(one.name, one.key) for one in form.columns], _aliases(form.columns)):
        for name, key in names:
            found.setdefault(words.label(name), key)
    return found


def _aliases(columns: Iterable[Column]) -> list[tuple[str, str]]:
    return [(alias, column.key) for column in columns for alias in column.aliases]


def _named(grid: Grid, row: int, names: Mapping[str, str]) -> dict[int, str]:
    """The columns whose head is known, each column of the ledger once."""
    found: dict[int, str] = {}
    for column in grid.columns:
        key = names.get(words.label(grid.text(row, column)))
        if key is not None and key not in found.values() and grid.origin(row, column)[1] == column:
            found[column] = key
    return found


def missing_heads(mapping: RowMap, form: LedgerForm) -> list[str]:
    """The columns that must be filled in and that no column of the sheet is taken for."""
    taken = set(mapping.columns.values())
    wanted = [(DAY, form.date_name), *((one.key, one.name) for one in form.columns if one.required)]
    return [name for key, name in wanted if key not in taken]
