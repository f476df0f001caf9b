"""Tables: a number takes its name and unit from the heads of its row and column and from the note above the table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from perfapp.core.figures.figure import Figure, Kind
from perfapp.core.figures.reading import phrases, prose
from perfapp.core.figures.reading.cells import Cell, rows_of
from perfapp.core.figures.reading.heads import Heads, noted_unit, role_of, words_of, year_of
from perfapp.core.figures.reading.mark import Mark
from perfapp.core.figures.reading.measures import unit_named
from perfapp.core.figures.reading.plain import plain
from perfapp.core.manuscript import Line, TableText

_HEAD_WORDS = re.compile(
    "项目|指标|金额|数|率|预算|决算|得分|分值|权重|内容|名称|情况|单位|年|备注|比|次|原因|措施|目标|栏|类|规模|面积|投资|标准"
)
_REACH = 4  # rows of heads above a number, cells beside it


@dataclass(slots=True)
class _Column:
    heads: list[Cell] = field(default_factory=list)
    is_filled: bool = False  # numbers stand under the heads already


def figures(table: TableText, lines: Mapping[int, Line], year: int | None) -> Iterator[Figure]:
    """The figures of a table, row by row. `year` is the report's; cells that hold sentences are read as prose."""
    rows = rows_of(table)
    note = noted_unit(plain(table.caption)) or _note_within(rows)
    columns: dict[int, _Column] = {}
    for row in rows:
        if _is_head(row, columns):
            _take_heads(row, columns, table.column_count)
        yield from _of_row(row, columns, note, lines, year)
        if any(entry.number is not None for entry in row):
            for column in columns.values():
                column.is_filled = True


def _of_row(
    row: list[Cell], columns: Mapping[int, _Column], note: str, lines: Mapping[int, Line], year: int | None
) -> Iterator[Figure]:
    beside: list[Cell] = []
    for entry in row:
        if entry.number is not None:
            corner = _column(columns, beside[-1].cell.column).heads if beside else []
            heads = Heads(beside[-_REACH:], _column(columns, entry.cell.column).heads, corner, note)
            yield _numbered(entry, entry.number, heads, lines, year)
        elif entry.marks:
            place = entry.cell.place
            subject = words_of(beside[-1:])
            yield from prose.figures(lines[place.line], year, start=place.start, end=place.end, subject=subject)
        if entry.is_text:
            beside.append(entry)


def _is_head(row: list[Cell], columns: Mapping[int, _Column]) -> bool:
    """Only words, in two cells or more; under numbers also words that head columns (a second block of the table)."""
    words = [entry for entry in row if entry.is_text]
    if len(words) < 2 or any(entry.number is not None and entry.number.kind is not Kind.DATE for entry in row):
        return False
    if not any(column.is_filled for column in columns.values()):
        return True
    headed = [entry for entry in words if len(entry.text) <= 15 and _HEAD_WORDS.search(entry.text)]
    return len(headed) >= 2 and len(headed) == len(words)


def _take_heads(row: list[Cell], columns: dict[int, _Column], width: int) -> None:
    for entry in row:
        span = min(entry.cell.column_span, width - entry.cell.column)
        if not entry.text.strip() or (span >= width and width > 1):
            continue  # a title across the table heads no column
        for number in range(entry.cell.column, entry.cell.column + span):
            column = columns.setdefault(number, _Column())
            if column.is_filled:
                column.heads, column.is_filled = [], False
            if entry.cell not in (head.cell for head in column.heads):
                column.heads = [*column.heads, entry][-_REACH:]


def _column(columns: Mapping[int, _Column], number: int) -> _Column:
    return columns.get(number) or _Column()


def _note_within(rows: list[list[Cell]]) -> str:
    """The unit note that stands in one of the first rows of the table itself."""
    for row in rows[:4]:
        for entry in row:
            if "单位" in entry.text and (unit := noted_unit(entry.text)):
                return unit
    return ""


def _numbered(entry: Cell, mark: Mark, heads: Heads, lines: Mapping[int, Line], year: int | None) -> Figure:
    kind, unit = mark.kind, mark.unit
    if kind is Kind.DATE:
        kind, unit = (Kind.LABEL, "") if heads.is_label else (Kind.NUMBER, "")
    if kind is Kind.NUMBER and unit in ("", "万", "亿"):
        kind, unit = _measured(mark, heads)
    return Figure(
        text=_printed(entry, mark, lines),
        value=None if kind is Kind.LABEL else mark.value,
        unit="" if kind is Kind.LABEL else unit,
        kind=kind,
        place=replace(
            entry.cell.place, start=entry.cell.place.start + mark.start, end=entry.cell.place.start + mark.end
        ),
        label=heads.label,
        subject=heads.row,
        role=role_of(kind, heads),
        qualifiers=(*_lead(entry, mark), *mark.qualifiers, *phrases.qualifiers_after(entry.text, mark.end)),
        year=year_of(heads, year),
        location=lines[entry.cell.place.line].section,
        decimals=mark.decimals,
        row_head=heads.row,
        column_head=heads.column,
    )


def _measured(mark: Mark, heads: Heads) -> tuple[Kind, str]:
    if heads.is_label:
        return Kind.LABEL, ""
    if mark.unit:
        return Kind.MONEY, f"{mark.unit}元"
    name = heads.unit()
    found = unit_named(name) if name else None
    return found or (Kind.NUMBER, "")


def _printed(entry: Cell, mark: Mark, lines: Mapping[int, Line]) -> str:
    start = entry.cell.place.start
    return lines[entry.cell.place.line].text[start + mark.start : start + mark.end]


def _lead(entry: Cell, mark: Mark) -> tuple[str, ...]:
    words = entry.text[: mark.start].strip()
    return (words,) if words else ()
