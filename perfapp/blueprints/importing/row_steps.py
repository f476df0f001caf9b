"""The steps of importing rows of a ledger: how the sheet is read, which rows it holds, writing them."""

from collections import Counter

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor
from perfapp.blueprints.importing.tokens import Step, sign
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.importing.mapping import MAX_COLUMNS, MAX_ROW, RowMap
from perfapp.core.figures.importing.row_plan import DAY, MAX_TROUBLES
from perfapp.core.spreadsheet import Grid, Workbook, letters
from perfapp.data import ledgers
from perfapp.data.cycles import CycleView
from perfapp.services import importing, row_import
from perfapp.services.ledger_export import head
from perfapp.services.ledger_table import cell_text
from perfapp.services.row_import import ADD, REPLACE, Preview

_SAMPLES, _SHOWN_ROWS = 3, 20


def mapping_page(cycle: CycleView, step: Step) -> ResponseReturnValue:
    book = importing.read(step.upload)
    head_row = request.args.get("head", type=incoming.number)
    chosen = row_import.mapping(
        actor(), step.upload, book, sheet=request.args.get("sheet"), head_row=head_row and _row(head_row)
    )
    return _mapping_page(cycle, step, book, chosen), 200


def preview(cycle: CycleView, step: Step) -> ResponseReturnValue:
    book = importing.read(step.upload)
    chosen = RowMap(
        sheet=request.form.get("sheet", "")[:120],
        head_row=_row(request.form.get("head_row", 1, type=incoming.number)),
        takes_shown="takes_shown" in request.form,
        columns=_columns_sent(),
    )
    try:
        found = row_import.preview(actor(), cycle, step.upload, book, chosen)
    except Invalid as refusal:
        return _mapping_page(cycle, step, book, chosen, refusal.message), refusal.status
    return _preview_page(cycle, step, chosen, found), 200


def take(cycle: CycleView, step: Step) -> ResponseReturnValue:
    chosen = RowMap.model_validate(step.mapping)
    how = request.form.get("how", "")
    try:
        came, gone = row_import.take(actor(), cycle.id, step.upload, chosen, seen=step.seen, how=how)
    except (Conflict, Invalid) as refusal:
        book = importing.read(step.upload)
        try:
            found = row_import.preview(actor(), cycle, step.upload, book, chosen)
        except Invalid as changed:  # somebody has changed the ledger's columns meanwhile
            return _mapping_page(cycle, step, book, chosen, changed.message), changed.status
        return _preview_page(cycle, step, chosen, found, refusal=refusal.message), refusal.status
    instead = f"，代替了以前导入的 {gone:,} 笔" if gone else ""
    flash(f"已从“{step.upload.filename}”导入 {came:,} 笔{instead}，合计已重新计算。", "done")
    key = importing.ledger_key(step.upload.target)
    return redirect(url_for("ledgers.ledger", cycle_id=cycle.id, key=key), code=303)


def _mapping_page(cycle: CycleView, step: Step, book: Workbook, chosen: RowMap, refusal: str = "") -> str:
    grid = book.grid(chosen.sheet) or Grid(chosen.sheet, {})
    ledger = ledgers.get(actor().unit_id, importing.ledger_key(step.upload.target))
    token = sign(actor(), cycle.id, Step(step.upload))
    meanings = [
        ("", "不导入"),
        (DAY, ledger.form.date_name),
        *((column.key, head(column)) for column in ledger.form.columns),
    ]
    return render_template(
        "importing/rows_mapping.html",
        cycle=cycle,
        upload=step.upload,
        token=token,
        mapping=chosen,
        ledger=ledger,
        sheets=[
            (one.name, url_for("importing.mapping", cycle_id=cycle.id, file=token, sheet=one.name), one is grid, None)
            for one in book.grids
            if one.cells
        ],
        hidden=book.hidden,
        columns=[_column(grid, chosen, column) for column in grid.columns],
        meanings=meanings,
        refusal=refusal,
    )


def _preview_page(cycle: CycleView, step: Step, chosen: RowMap, found: Preview, *, refusal: str = "") -> str:
    next_step = Step(step.upload, chosen.model_dump(mode="json"), found.seen)
    months = Counter(row.day.month for row in found.plan.rows)
    return render_template(
        "importing/rows_preview.html",
        cycle=cycle,
        upload=step.upload,
        token=sign(actor(), cycle.id, Step(step.upload)),
        step=sign(actor(), cycle.id, next_step),
        mapping=chosen,
        preview=found,
        rows=found.plan.rows[:_SHOWN_ROWS],
        months=sorted(months.items()),
        head=head,
        cell_text=cell_text,
        max_troubles=MAX_TROUBLES,
        add=ADD,
        replace=REPLACE,
        refusal=refusal,
    )


def _column(grid: Grid, chosen: RowMap, column: int) -> tuple[int, str, str, tuple[str, ...], str]:
    """Number, letter, head, the first values, and what it is taken for."""
    samples = (cells[column].text for row, cells in grid.rows.items() if row > chosen.head_row and column in cells)
    first = tuple(text[:16] for _, text in zip(range(_SAMPLES), samples, strict=False))
    return column, letters(column), grid.text(chosen.head_row, column), first, chosen.columns.get(column, "")


def _columns_sent() -> dict[int, str]:
    found = {}
    for field, key in request.form.items():
        number = field.removeprefix("column-")
        is_column = field != number and number.isdecimal() and len(number) <= 3 and int(number) <= MAX_COLUMNS
        if is_column and key:
            found[int(number)] = key[:60]
    return found


def _row(number: int) -> int:
    """A row that a sheet may have."""
    return min(max(1, number), MAX_ROW)
