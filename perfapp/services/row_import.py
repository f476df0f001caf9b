"""Reading a table into a ledger: how it is read, which rows it holds, and writing them in one transaction."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.importing import row_plan
from perfapp.core.figures.importing.layout import head_path
from perfapp.core.figures.importing.mapping import RowMap
from perfapp.core.figures.importing.row_plan import RowPlan
from perfapp.core.figures.importing.troubles import stops
from perfapp.core.permissions import Actor
from perfapp.core.spreadsheet import Grid, Workbook
from perfapp.data import cycles, events, imports, ledgers
from perfapp.data.cycles import CycleView
from perfapp.data.ledgers import LedgerView, NewRow
from perfapp.data.session import transaction
from perfapp.services.importing import Upload, demand_importing, ledger_key, read
from perfapp.services.ledgers import take_rows

ADD, REPLACE = "add", "replace"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person looks at before he lets the rows in. `seen` stands for the ledger as he has seen it."""

    ledger: LedgerView
    plan: RowPlan
    imported: int  # standing rows of earlier files
    written_by_hand: int
    is_known: bool  # rows of this very file stand already
    seen: str

    @property
    def is_stopped(self) -> bool:
        return stops(self.plan.troubles)


def mapping(
    actor: Actor, upload: Upload, book: Workbook, *, sheet: str | None = None, head_row: int | None = None
) -> RowMap:
    """How the sheet is read: as last time for its shape, else by heads. Without `sheet`: of the best fitting one."""
    ledger = ledgers.get(actor.unit_id, ledger_key(upload.target))
    found = [grid for grid in book.grids if grid.cells and sheet in (None, grid.name)]
    if not found:
        raise Invalid(f"文件里没有名为“{(sheet or '')[:40]}”的工作表，或者它是空的。", field="sheet")
    if head_row is not None:
        return row_plan.suggest_rows(found[0], ledger.form, head_row=head_row)
    return max((_mapping(ledger, grid, upload.target) for grid in found), key=lambda one: len(one.columns))


def preview(actor: Actor, cycle: CycleView, upload: Upload, book: Workbook, chosen: RowMap) -> Preview:
    """The rows as they would be written; Invalid where a column that must be filled in is nowhere in the sheet."""
    ledger = ledgers.get(actor.unit_id, ledger_key(upload.target))
    _demand_columns(ledger, chosen)
    plan = row_plan.plan_rows(book, chosen, ledger.form, cycle.fiscal_year)
    standing = ledgers.imported(ledger.id, cycle.id)
    batches = {batch.id for batch in imports.of_cycle(cycle.id, upload.target) if batch.sha256 == upload.sha256}
    total, _ = ledgers.counts(cycle.id).get(ledger.id, (0, 0))
    return Preview(
        ledger=ledger,
        plan=plan,
        imported=sum(standing.values()),
        written_by_hand=total - sum(standing.values()),
        is_known=bool(batches & set(standing)),
        seen=_seen(ledger, standing),
    )


def take(actor: Actor, cycle_id: int, upload: Upload, chosen: RowMap, *, seen: str, how: str) -> tuple[int, int]:
    """Write the rows; how many came, and how many of earlier files went. `how` is ADD or REPLACE, '' where none is.

    Conflict where somebody imported meanwhile; Invalid where rows have errors or earlier files' rows need a decision.
    """
    demand_importing(actor, cycle_id, upload.target)
    book = read(upload)
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        ledger = ledgers.lock(actor.unit_id, ledger_key(upload.target))
        found = preview(actor, cycle, upload, book, chosen)
        _demand_taking(found, seen, how)
        batch_id = imports.add_batch(
            cycle.unit_id,
            cycle.id,
            upload.target,
            sha256=upload.sha256,
            filename=upload.filename,
            mapping=chosen.model_dump(mode="json"),
            row_count=len(found.plan.rows),
            person_id=actor.id,
        )
        rows = [NewRow(one.day, one.cells, f"{chosen.sheet[:40]} 第{one.row}行") for one in found.plan.rows]
        told = {"ledger": ledger.name, "file": upload.filename, "count": len(rows)}
        events.record("import_ledger", actor_id=actor.id, unit_id=cycle.unit_id, cycle_id=cycle.id, details=told)
        gone = take_rows(actor, cycle, ledger, rows, import_id=batch_id, replace=how == REPLACE)
        grid = book.grid(chosen.sheet)
        if grid is not None:
            kept = chosen.model_dump(mode="json")
            imports.keep_shape(actor.unit_id, upload.target, _shape(grid, ledger), kept, person_id=actor.id)
    return len(rows), gone


def _demand_columns(ledger: LedgerView, chosen: RowMap) -> None:
    taken = list(chosen.columns.values())
    known = {row_plan.DAY, *(column.key for column in ledger.form.columns)}
    if set(taken) - known:
        raise Invalid("台账的列刚刚改过，请重新选择每一列的含义。", field="columns")
    twice = next((key for key in taken if taken.count(key) > 1), None)
    if twice is not None:
        name = ledger.form.date_name if twice == row_plan.DAY else ledger.form.column(twice).name
        raise Invalid(f"有两列都选了“{name}”，请只留一列。", field="columns")
    missing = row_plan.missing_heads(chosen, ledger.form)
    if missing:
        raise Invalid(f"还没有指出哪一列是{'、'.join(f'“{name}”' for name in missing)}。", field="columns")


def _demand_taking(found: Preview, seen: str, how: str) -> None:
    if found.is_stopped:
        raise Invalid("表里还有错误，改正后才能导入。")
    if found.seen != seen:
        raise Conflict("刚才有人也导入了这本台账或改了它的列，请再看一遍。")
    if not found.plan.rows:
        raise Invalid("没有要导入的行。")
    if found.imported and how not in (ADD, REPLACE):
        raise Invalid(f"以前导入的 {found.imported:,} 行还在，请选择代替它们，还是追加在后面。", field="how")
    if found.is_known and how == ADD:
        raise Invalid("这个文件已经导入过，再追加就重复了；要重新导入请选择代替。", field="how")


def _seen(ledger: LedgerView, standing: Mapping[int, int]) -> str:
    said = json.dumps([ledger.version, sorted(standing.items())])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _mapping(ledger: LedgerView, grid: Grid, target: str) -> RowMap:
    fresh = row_plan.suggest_rows(grid, ledger.form)
    kept = imports.shape(ledger.unit_id, target, _shape(grid, ledger))
    try:
        remembered = RowMap.model_validate(kept) if kept else None
    except ValidationError:  # remembered by another version of the program
        remembered = None
    if remembered is None:
        return fresh
    keys = {row_plan.DAY, *(column.key for column in ledger.form.columns)}
    columns = {column: key for column, key in remembered.columns.items() if key in keys}
    return remembered.model_copy(update={"sheet": grid.name, "columns": columns})


def _shape(grid: Grid, ledger: LedgerView) -> str:
    """A SHA-256 of the sheet's heads and the row they stand in."""
    head_row = row_plan.suggest_rows(grid, ledger.form).head_row
    heads = ["/".join(head_path(grid, head_row, column)) for column in grid.columns]
    return hashlib.sha256(json.dumps([head_row, heads], ensure_ascii=False).encode()).hexdigest()
