"""The steps of importing facts: how the sheet is read, what it would change, the change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor
from perfapp.blueprints.importing.tokens import Step, sign
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.importing import layout, suggesting
from perfapp.core.figures.importing.layout import Slot
from perfapp.core.figures.importing.mapping import MAX_COLUMNS, MAX_ROW, PARTS, ROLE_NAMES, FactMap
from perfapp.core.spreadsheet import Grid, Workbook, letters
from perfapp.data import facts
from perfapp.data.cycles import CycleView
from perfapp.services import fact_import, importing
from perfapp.services.fact_import import Change, Preview, State

_SAMPLES = 3
STATES = {
    State.NEW: ("新填", "active"),
    State.CHANGED: ("改变", "waiting"),
    State.SAME: ("不变", "idle"),
    State.BARRED: ("不写入", "late"),
    State.COMPUTED: ("只比较", "idle"),
}
MONEY_UNITS = ("元", "千元", "万元", "百万元", "亿元")


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of the sheet as the page asks about it."""

    column: int
    name: str
    head: str
    samples: tuple[str, ...]
    role: str

    @property
    def field(self) -> str:
        return f"role-{self.column}"


@dataclass(slots=True)
class LineChoice:
    """A line of the sheet: its amounts, and for each kind of amount the fact it is."""

    label: str
    amounts: list[tuple[str, str, str]]  # cell, what stands there, what kind of amount
    facts: dict[str, str]  # by part: the name of the fact
    errors: dict[str, str]
    name: str


def mapping_page(cycle: CycleView, step: Step) -> ResponseReturnValue:
    book = importing.read(step.upload)
    sheet = request.args.get("sheet")
    head_row = request.args.get("head", type=incoming.number)
    chosen = fact_import.mapping(actor(), cycle, book, sheet=sheet, head_row=head_row and _row(head_row))
    return _mapping_page(cycle, step, book, chosen), 200


def preview(cycle: CycleView, step: Step) -> ResponseReturnValue:
    book = importing.read(step.upload)
    columns = _columns_sent()
    head_row = request.form.get("head_row", 0, type=incoming.number)
    sheet = request.form.get("sheet", "")
    drawn = fact_import.mapping(actor(), cycle, book, sheet=sheet, head_row=_row(head_row), columns=columns)
    chosen, typed, errors = _chosen(drawn, book, cycle)
    if request.form.get("drawn") != _drawn(columns):
        note = "列的含义改了，下面各行已按新的含义重新列出，请核对后再预览。"
        return _mapping_page(cycle, step, book, chosen, note=note), 200
    try:
        if errors:
            raise Invalid(f"有 {len(errors)} 处写的不是本单位的数据名称，请从提示中选择，或清空不导入。")
        found = fact_import.preview(actor(), cycle, book, chosen)
    except Invalid as refusal:
        page = _mapping_page(cycle, step, book, chosen, refusal=refusal, typed=typed, errors=errors)
        return page, refusal.status
    return _preview_page(cycle, step, book, chosen, found), 200


def take(cycle: CycleView, step: Step) -> ResponseReturnValue:
    chosen = FactMap.model_validate(step.mapping)
    supersede = "supersede" in request.form
    try:
        count, barred = fact_import.take(actor(), cycle.id, step.upload, chosen, seen=step.seen, supersede=supersede)
    except (Conflict, Invalid) as refusal:
        book = importing.read(step.upload)
        found = fact_import.preview(actor(), cycle, book, chosen)
        return _preview_page(cycle, step, book, chosen, found, refusal=refusal.message), refusal.status
    left = f"；{'、'.join(barred[:5])}等 {len(barred)} 项由其他科室填报，没有写入" if barred else ""
    flash(f"已从“{step.upload.filename}”导入 {count} 个数{left}。", "done")
    return redirect(url_for("figures.index", cycle=cycle.id), code=303)


def _mapping_page(
    cycle: CycleView,
    step: Step,
    book: Workbook,
    chosen: FactMap,
    *,
    refusal: Invalid | None = None,
    note: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    grid = book.grid(chosen.sheet) or Grid(chosen.sheet, {})
    fact_import.check_size(book, chosen)
    names = {fact.key: fact.name for fact in facts.of_unit(actor().unit_id)}
    token = sign(actor(), cycle.id, Step(step.upload))
    table = suggesting.known_table(grid, chosen.head_row, importing.tables(cycle))
    slots = suggesting.all_slots(grid, chosen.head_row, chosen.columns, table)
    wanted = {slot: names[key] for slot, key in chosen.facts.items() if key in names} | dict(typed or {})
    return render_template(
        "importing/facts_mapping.html",
        cycle=cycle,
        upload=step.upload,
        token=token,
        mapping=chosen,
        table=table.name if table else "",
        sheets=[
            (one.name, url_for("importing.mapping", cycle_id=cycle.id, file=token, sheet=one.name), one is grid, None)
            for one in book.grids
            if one.cells
        ],
        hidden=book.hidden,
        columns=_column_choices(grid, chosen),
        drawn=_drawn(chosen.columns),
        lines=_lines(grid, slots, wanted, errors or {}),
        parts=[(part, words) for part, words in PARTS.items() if any(slot.part == part for slot in slots)],
        roles=ROLE_NAMES,
        money_units=MONEY_UNITS,
        names=sorted(names.values()),
        refusal=refusal,
        note=note,
    )


def _preview_page(
    cycle: CycleView, step: Step, book: Workbook, chosen: FactMap, found: Preview, *, refusal: str = ""
) -> str:
    next_step = Step(step.upload, chosen.model_dump(mode="json"), found.seen)
    return render_template(
        "importing/facts_preview.html",
        cycle=cycle,
        upload=step.upload,
        token=sign(actor(), cycle.id, Step(step.upload)),
        step=sign(actor(), cycle.id, next_step),
        mapping=chosen,
        preview=found,
        groups=_grouped(found.changes),
        states=STATES,
        refusal=refusal,
    )


def _grouped(changes: Iterable[Change]) -> list[tuple[str, list[Change]]]:
    """What will be written, what will not, and why."""
    listed = list(changes)
    groups = (
        ("要写入的", (State.NEW, State.CHANGED)),
        ("不由您填报，不会写入", (State.BARRED,)),
        ("由公式算出，只作比较", (State.COMPUTED,)),
        ("与现在的数相同", (State.SAME,)),
    )
    found = [(title, [one for one in listed if one.state in states]) for title, states in groups]
    return [(title, rows) for title, rows in found if rows]


def _columns_sent() -> dict[int, str]:
    found = {}
    for field, role in request.form.items():
        number = field.removeprefix("role-")
        is_column = field != number and number.isdecimal() and len(number) <= 3 and int(number) <= MAX_COLUMNS
        if is_column and role and role in ROLE_NAMES:
            found[int(number)] = role
    return found


def _row(number: int) -> int:
    """A row that a sheet may have; 0 is before the first."""
    return min(max(0, number), MAX_ROW)


def _drawn(columns: Mapping[int, str]) -> str:
    """The columns as the page was drawn with them: whether somebody has changed one."""
    return ",".join(f"{column}={columns[column]}" for column in sorted(columns))


def _chosen(drawn: FactMap, book: Workbook, cycle: CycleView) -> tuple[FactMap, dict[str, str], dict[str, str]]:
    """The mapping as it was sent, what was typed for each slot, and the slots whose name no fact has."""
    grid = book.grid(drawn.sheet) or Grid(drawn.sheet, {})
    keys = {fact.name: fact.key for fact in facts.of_unit(actor().unit_id)}
    table = suggesting.known_table(grid, drawn.head_row, importing.tables(cycle))
    found, typed, errors = {}, {}, {}
    for slot in suggesting.all_slots(grid, drawn.head_row, drawn.columns, table):
        field = f"fact-{slot.slot}"
        if field not in request.form:
            name_key = drawn.facts.get(slot.slot)
            found.update({slot.slot: name_key} if name_key else {})
            continue
        name = request.form[field].strip()
        typed[slot.slot] = name
        if name in keys:
            found[slot.slot] = keys[name]
        elif name:
            errors[slot.slot] = f"没有名为“{name[:30]}”的数据。"
    unit = request.form.get("money_unit", "")
    chosen = drawn.model_copy(
        update={
            "facts": found,
            "money_unit": unit if unit in MONEY_UNITS else "",
            "takes_shown": "takes_shown" in request.form,
        }
    )
    return chosen, typed, errors


def _column_choices(grid: Grid, chosen: FactMap) -> list[ColumnChoice]:
    shown = []
    for column in grid.columns:
        head = " / ".join(layout.head_path(grid, chosen.head_row, column)) if chosen.head_row else ""
        samples = [cells[column].text for row, cells in grid.rows.items() if row > chosen.head_row and column in cells]
        texts = tuple(text[:16] for text in samples if text)[:_SAMPLES]
        shown.append(ColumnChoice(column, letters(column), head, texts, chosen.columns.get(column, "")))
    return shown


def _lines(grid: Grid, slots: Iterable[Slot], wanted: Mapping[str, str], errors: Mapping[str, str]) -> list[LineChoice]:
    """A line for each label; those on which nothing stands, and that nobody has named, are left out."""
    lines: dict[str, LineChoice] = {}
    for slot in slots:
        cell = grid.at(slot.row, slot.column)
        line = lines.setdefault(slot.name, LineChoice(slot.label, [], {}, {}, slot.name))
        if cell is not None and (cell.text or cell.kind != "text"):
            line.amounts.append((slot.cell, cell.text or "（没有结果的公式）", ROLE_NAMES[slot.role]))
        line.facts[slot.part] = wanted.get(slot.slot, "")
        if slot.slot in errors:
            line.errors[slot.part] = errors[slot.slot]
    return [line for line in lines.values() if line.amounts or any(line.facts.values())]
