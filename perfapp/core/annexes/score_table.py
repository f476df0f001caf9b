"""自评表 / 评分表: the scored set as a document, laid out as the set's own form says."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from perfapp.core.annexes.base_table import amount_text
from perfapp.core.annexes.cells import Align, cell, table
from perfapp.core.document import Cell, Document, Table, parse
from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import printed
from perfapp.core.scoring.amounts import points_text
from perfapp.core.scoring.indicators import Column, FundsRow, Role
from perfapp.core.scoring.score import Line, Scored
from perfapp.core.scoring.standard import standard
from perfapp.core.snapshot import Annex, EntryMark

_NOT_FILLED = "—"
_MERGED = frozenset({Column.HEADING, Column.HEADING_WEIGHT, Column.GROUP, Column.GROUP_WEIGHT})
_FUNDS_HEADS = (
    "预算执行情况（万元）",
    "年初预算数",
    "全年预算数（A）",
    "全年执行数（B）",
    "分值",
    "执行率（B/A）",
    "得分",
)
Goals = tuple[str, str]
"""The year's goal as it was planned, and as it was reached."""


def score_table(scored: Scored, sheet: Sheet, *, unit_name: str, fiscal_year: int, goals: Goals = ("", "")) -> Annex:
    """The table with its funds and goals where the form has them; a line without a score leaves its cell empty."""
    form = scored.form.table
    blocks: list[Table] = []
    if form.funds:
        blocks.append(_funds(scored, sheet))
    if form.has_goals:
        blocks.append(_goals(goals))
    blocks.append(_indicators(scored))
    return Annex(
        mark=form.mark,
        title=form.title.replace("{year}", str(fiscal_year)),
        document=parse(Document(content=tuple(blocks)).model_dump(mode="json")),
        orientation=form.orientation,
        above=(f"预算单位：{unit_name}", f"{fiscal_year}年度", "单位：万元、分" if form.funds else "单位：分"),
        notes=form.notes,
        sign_offs=form.sign_offs,
    )


def entries(scored: Scored, title: str) -> tuple[EntryMark, ...]:
    """Each indicator as the bureau's entry screen asks for it; one without a score leaves its points empty."""
    return tuple(
        EntryMark(
            table=title,
            code=line.indicator.key,
            group=line.group.name,
            name=line.indicator.name,
            value=line.actual_text,
            unit=line.indicator.target.unit if line.indicator.target else "",
            points=_points(line),
            weight=points_text(line.indicator.weight),
        )
        for line in scored.lines
    )


def _funds(scored: Scored, sheet: Sheet) -> Table:
    rows = scored.form.table.funds
    head = [cell(text, head=True) for text in _FUNDS_HEADS]
    return table([head, *(_funds_row(row, scored, sheet) for row in rows)])


def _funds_row(row: FundsRow, scored: Scored, sheet: Sheet) -> list[Cell]:
    def shown(key: str | None) -> Cell:
        text = amount_text(sheet, key) if key else _NOT_FILLED
        return cell(text, align="right")

    budget = sheet.amount(row.adjusted) if row.adjusted else None
    spent = sheet.amount(row.spent) if row.spent else None
    rate = f"{printed(spent / budget * 100, 2)}%" if budget and spent is not None else ""
    execution = [line for line in scored.lines if line.indicator.role is Role.EXECUTION] if row.is_total else []
    weight = points_text(sum((line.indicator.weight for line in execution), Decimal(0))) if execution else _NOT_FILLED
    points = _points(execution[0]) if execution else _NOT_FILLED
    return [
        cell(row.name, align="left"),
        shown(row.opening),
        shown(row.adjusted),
        shown(row.spent),
        cell(weight, align="right"),
        cell(rate, align="right"),
        cell(points, align="right"),
    ]


def _goals(goals: Goals) -> Table:
    return table(
        [
            [cell("年度总体目标", head=True, rows=2), cell("预期目标", head=True), cell("实际完成情况", head=True)],
            [cell(goals[0], align="left"), cell(goals[1], align="left")],
        ]
    )


def _indicators(scored: Scored) -> Table:
    columns = scored.form.table.columns
    head = [cell(column.title, head=True) for column in columns]
    shown = tuple(column.show for column in columns)
    return table([head, *_lines(scored, shown), _total(scored, shown)])


def _lines(scored: Scored, columns: tuple[Column, ...]) -> Iterator[list[Cell]]:
    """The rows; a heading or group is printed once and reaches down over all its indicators."""
    heading = group = None
    for line in scored.lines:
        opens = {
            Column.HEADING: line.heading is not heading,
            Column.HEADING_WEIGHT: line.heading is not heading,
            Column.GROUP: line.group is not group,
            Column.GROUP_WEIGHT: line.group is not group,
        }
        heading, group = line.heading, line.group
        yield [_cell(line, column) for column in columns if opens.get(column, True)]


def _cell(line: Line, column: Column) -> Cell:
    text, align = _CELLS[column](line)
    rows = 1
    if column in _MERGED:
        per_group = [len(group.indicators) for group in line.heading.groups]
        rows = sum(per_group) if column in (Column.HEADING, Column.HEADING_WEIGHT) else len(line.group.indicators)
    return cell(text, rows=rows, align=align)


def _points(line: Line) -> str:
    return points_text(line.points) if line.is_scored else ""


def _target(line: Line) -> str:
    return line.indicator.goal if line.indicator.target is None else str(line.indicator.target)


def _deduction(line: Line) -> str:
    """Why points were lost, and, where the score was set by hand, both scores and the reason."""
    return "\n".join(part for part in (line.loss, _by_hand(line)) if part)


def _reason(line: Line) -> str:
    return "\n".join(part for part in (line.entry.deviation, _by_hand(line)) if part)


def _by_hand(line: Line) -> str:
    own = line.entry.own
    return f"{line.shown}：{own.reason}" if own is not None and own.is_consented else ""


_CELLS: Mapping[Column, Callable[[Line], tuple[str, Align]]] = {
    Column.HEADING: lambda line: (line.heading.name, "center"),
    Column.HEADING_WEIGHT: lambda line: (points_text(line.heading.weight), "center"),
    Column.GROUP: lambda line: (line.group.name, "center"),
    Column.GROUP_WEIGHT: lambda line: (points_text(line.group.weight), "center"),
    Column.NAME: lambda line: (line.indicator.name, "left"),
    Column.WEIGHT: lambda line: (points_text(line.indicator.weight), "right"),
    Column.TARGET: lambda line: (_target(line), "left"),
    Column.ACTUAL: lambda line: (line.actual_text, "left" if line.actual is None else "right"),
    Column.STANDARD: lambda line: (standard(line.indicator), "left"),
    Column.POINTS: lambda line: (_points(line), "right"),
    Column.DEDUCTION: lambda line: (_deduction(line), "left"),
    Column.REASON: lambda line: (_reason(line), "left"),
}


def _total(scored: Scored, columns: tuple[Column, ...]) -> list[Cell]:
    """总分, merged up to the weights; the grade stands in the last column."""
    first = next((n for n, column in enumerate(columns) if column in (Column.WEIGHT, Column.POINTS)), 0)
    row = [cell("总分", columns=first, align="center")] if first else []
    for number, column in enumerate(columns[first:], start=first):
        if column is Column.WEIGHT:
            row.append(cell("100", align="right"))
        elif column is Column.POINTS:
            row.append(cell(points_text(scored.total), align="right"))
        else:
            row.append(cell(scored.standing if number == len(columns) - 1 else "", align="left"))
    return row
