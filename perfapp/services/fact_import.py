"""Reading a table into facts: how it is read, what it would change, and the change itself in one transaction."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from pydantic import ValidationError

from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.facts import Definition, Sheet, doubt, hidden_digits
from perfapp.core.figures.importing import fact_plan, layout, suggesting
from perfapp.core.figures.importing.fact_plan import FactPlan, Planned
from perfapp.core.figures.importing.mapping import MAX_LINES, FactMap
from perfapp.core.figures.importing.troubles import stops
from perfapp.core.figures.units import from_base, printed
from perfapp.core.permissions import Actor
from perfapp.core.spreadsheet import Grid, Workbook, spoken_place
from perfapp.data import cycles, events, facts, imports
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, NewValue, ValueView
from perfapp.data.facts import LAST, YEAR
from perfapp.data.imports import FACTS
from perfapp.data.session import transaction
from perfapp.services import sheets
from perfapp.services.facts import entering_bar, mark_touched
from perfapp.services.importing import Upload, demand_importing, read, tables

_SUSPICIOUS = 1000


class State(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BARRED = "barred"  # another office's, or nobody's to enter
    COMPUTED = "computed"  # a formula says it: compared, and not written


@dataclass(frozen=True, slots=True)
class Change:
    """What an amount of the table means for its fact. Texts are with their unit."""

    planned: Planned
    fact: FactView
    cycle: CycleView  # where it is written: this year's, or last year's
    period: str
    old: ValueView | None
    state: State
    old_shown: str
    new_shown: str
    difference: str
    bar: str
    note: str

    @property
    def is_written(self) -> bool:
        return self.state in (State.NEW, State.CHANGED)

    @property
    def supersedes_confirmed(self) -> bool:
        return self.is_written and self.old is not None and self.old.is_confirmed


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a person looks at before he lets a table in. `seen` stands for the present values he has seen."""

    plan: FactPlan
    changes: tuple[Change, ...]
    seen: str

    @property
    def is_stopped(self) -> bool:
        return stops(self.plan.troubles)

    @property
    def written(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_written)

    @property
    def confirmed(self) -> int:
        """How many confirmed values would be superseded."""
        return sum(1 for change in self.changes if change.supersedes_confirmed)


def mapping(
    actor: Actor,
    cycle: CycleView,
    book: Workbook,
    *,
    sheet: str | None = None,
    head_row: int | None = None,
    columns: Mapping[int, str] | None = None,
) -> FactMap:
    """How the sheet is read: as last time for its shape, else by names. Without `sheet`: of the one that says most."""
    definitions = _definitions(actor)
    found = [grid for grid in book.grids if grid.cells and sheet in (None, grid.name)]
    if not found:
        raise Invalid(f"文件里没有名为“{(sheet or '')[:40]}”的工作表，或者它是空的。", field="sheet")
    if head_row is not None or columns is not None:
        return _suggested(cycle, found[0], definitions, head_row=head_row, columns=columns)
    return max((_mapping(actor, cycle, grid, definitions) for grid in found), key=lambda one: len(one.facts))


def check_size(book: Workbook, chosen: FactMap) -> None:
    """Invalid where the sheet has more lines than anybody would go through."""
    grid = book.grid(chosen.sheet)
    if grid and len({slot.row for slot in layout.slots(grid, chosen.head_row, chosen.columns)}) > MAX_LINES:
        raise Invalid(f"工作表“{chosen.sheet}”有太多行（超过 {MAX_LINES} 行），这里只导入汇总表。", field="sheet")


def preview(actor: Actor, cycle: CycleView, book: Workbook, chosen: FactMap) -> Preview:
    """What would be written, and what stands against it."""
    known = {fact.key: fact for fact in facts.of_unit(actor.unit_id)}
    definitions = {key: fact.definition for key, fact in known.items()}
    if fact_plan.needs_money_unit(chosen, book, definitions):
        raise Invalid("表里没有写明金额的单位，请选择是元还是万元。", field="money_unit")
    plan = fact_plan.plan(book, chosen, cycle.fiscal_year, definitions, tables(cycle))
    last = cycles.get(cycle.previous_id) if cycle.previous_id else None
    found: dict[int, dict[tuple[int, str], ValueView]] = {}
    changes = []
    for one in plan.planned:
        into = last if one.is_last_year and last is not None else cycle
        # a unit's first year has no task before it: last year's numbers stand beside this year's
        period = LAST if one.is_last_year and last is None else one.period
        if into.id not in found:
            found[into.id] = facts.present(into.id, period=None)
        changes.append(_change(actor, known[one.fact], one, into, period, found[into.id]))
    changes = _with_computed(cycle, changes)
    return Preview(plan, tuple(changes), _seen(changes))


def take(
    actor: Actor, cycle_id: int, upload: Upload, chosen: FactMap, *, seen: str, supersede: bool
) -> tuple[int, list[str]]:
    """Write what the preview showed; how many values, and the names of the facts that were left to other offices.

    Conflict where a value has changed since; Invalid where the table has errors, or confirmed values would be
    superseded without `supersede`.
    """
    demand_importing(actor, cycle_id, upload.target)
    book = read(upload)
    with transaction():
        cycle = _locked(actor, cycle_id)
        found = preview(actor, cycle, book, chosen)
        _demand_taking(found, seen, supersede=supersede)
        batch_id = imports.add_batch(
            cycle.unit_id,
            cycle.id,
            FACTS,
            sha256=upload.sha256,
            filename=upload.filename,
            mapping=chosen.model_dump(mode="json"),
            row_count=len(found.written),
            person_id=actor.id,
        )
        grid = book.grid(chosen.sheet)
        if grid is not None:
            _remember(actor, cycle, grid, chosen)
        _write(actor, cycle, upload, chosen.sheet, batch_id, found.written)
    return len(found.written), [change.fact.name for change in found.changes if change.state is State.BARRED]


def _write(
    actor: Actor, cycle: CycleView, upload: Upload, sheet: str, batch_id: int, changes: Sequence[Change]
) -> None:
    """Write the values, and say so in each year that shows one: last year's numbers stand in this year's texts, too."""
    years = {change.cycle.id: change.cycle for change in changes} | {cycle.id: cycle}
    before = {one.id: (one, old) for year in years.values() for one, old in sheets.showing(year)}
    for change in changes:
        new = _value(change, upload, sheet, batch_id)
        facts.add_value(change.fact.id, change.cycle.id, change.period, new, person_id=actor.id)
    names = "、".join(dict.fromkeys(change.fact.name for change in changes))
    told = {"file": upload.filename, "count": len(changes), "fact": names[:200]}
    for year in years.values():
        events.record("import_facts", actor_id=actor.id, unit_id=year.unit_id, cycle_id=year.id, details=told)
    for year, old in before.values():
        mark_touched(actor, year, old, sheets.sheet(year), names[:80])


def _value(change: Change, upload: Upload, sheet: str, batch_id: int) -> NewValue:
    """The value with the cell it comes from, and the file as its evidence."""
    one = change.planned
    return NewValue(
        amount=one.amount,
        as_of=one.as_of or change.cycle.period_to,
        typed=one.typed[:40],
        source_kind="import",
        source={"filename": upload.filename, "sheet": sheet, "cell": one.cell, "import": batch_id},
        evidence_sha256=upload.sha256,
        evidence_filename=upload.filename,
        evidence_page=spoken_place(sheet, one.cell)[-40:],
    )


def _locked(actor: Actor, cycle_id: int) -> CycleView:
    """The cycle, locked after the year before it: in the order of years, whoever imports."""
    previous = cycles.visible(actor, cycle_id).previous_id
    if previous:
        cycles.lock(previous, actor.unit_id)
    return cycles.lock(cycle_id, actor.unit_id)


def _demand_taking(found: Preview, seen: str, *, supersede: bool) -> None:
    if found.is_stopped:
        raise Invalid("表里还有错误，改正后才能导入。")
    if found.seen != seen:
        raise Conflict("刚才有数据变动，下面是按最新数值重新比较的结果，请再看一遍。")
    if not found.written:
        raise Invalid("没有要写入的数据。")
    if found.confirmed and not supersede:
        raise Invalid(f"有 {found.confirmed} 个已确认的数会被代替，同意的请勾选。", field="supersede")


def _change(
    actor: Actor,
    fact: FactView,
    one: Planned,
    cycle: CycleView,
    period: str,
    present: Mapping[tuple[int, str], ValueView],
) -> Change:
    old = present.get((fact.id, period))
    before = old.amount if old else None
    bar = entering_bar(actor, fact, old)
    if fact.definition.formula:
        state = State.COMPUTED
    elif before == one.amount:
        state = State.SAME
    elif bar:
        state = State.BARRED
    else:
        state = State.NEW if before is None else State.CHANGED
    return Change(
        planned=one,
        fact=fact,
        cycle=cycle,
        period=period,
        old=old,
        state=state,
        old_shown=_shown(fact.definition, before),
        new_shown=_shown(fact.definition, one.amount),
        difference=_difference(fact.definition, before, one.amount),
        bar=bar,
        note=_doubts(fact.definition, before, one.amount, one.typed),
    )


def _with_computed(cycle: CycleView, changes: list[Change]) -> list[Change]:
    """With what formulas say once the table is in, beside what the table says: the two should agree."""
    if all(change.state is not State.COMPUTED for change in changes):
        return changes
    now = {change.fact.key: change.planned.amount for change in changes if change.is_written and _is_this_year(change)}
    present = sheets.sheet(cycle)
    entered = {
        key: amount
        for key in present.definitions
        if key not in present.formulas and (amount := present.amount(key)) is not None
    }
    after = Sheet(present.definitions.values(), entered | now, {})
    return [
        _compared(change, after.amount(change.fact.key)) if change.state is State.COMPUTED else change
        for change in changes
    ]


def _compared(change: Change, computed: Decimal | None) -> Change:
    definition = change.fact.definition
    if not _is_this_year(change) or computed is None:
        said = "由公式算出，不导入；公式用到的数据还不全，没有比较" if computed is None else "由公式算出，不导入"
        return replace(change, old_shown="", difference="", bar="", note=said)
    agrees = _shown(definition, computed) == _shown(definition, change.planned.amount)
    said = "由公式算出，与表里的数相同" if agrees else "由公式算出，与表里的数不同，请核对各组成部分"
    difference = "" if agrees else _difference(definition, computed, change.planned.amount)
    return replace(change, old_shown=_shown(definition, computed), difference=difference, bar="", note=said)


def _is_this_year(change: Change) -> bool:
    return not change.planned.is_last_year and change.planned.period == YEAR


def _shown(definition: Definition, amount: Decimal | None) -> str:
    if amount is None:
        return ""
    return printed(from_base(amount, definition.unit), definition.decimals) + definition.unit


def _difference(definition: Definition, old: Decimal | None, new: Decimal) -> str:
    """How much more or less, in the fact's unit; exactly where rounding would hide it."""
    if old is None or old == new:
        return ""
    gap = from_base(new - old, definition.unit)
    shown = printed(gap, definition.decimals)
    if Decimal(shown.replace(",", "")) == 0:
        shown = f"{gap.normalize():f}"
    return ("+" if gap > 0 else "") + shown


def _doubts(definition: Definition, old: Decimal | None, new: Decimal, typed: str) -> str:
    """What to look at before the number is let in; the unit first."""
    asked = "" if old == new else doubt(new, definition)
    hidden = hidden_digits(new, definition) if typed.endswith(definition.unit) else ""  # 元 in a table of 元: no news
    return "；".join(part for part in (_leap(old, new), asked, hidden) if part)


def _leap(old: Decimal | None, new: Decimal) -> str:
    if not old or not new:
        return ""
    times = max(abs(new / old), abs(old / new))
    return f"与原来的数相差约 {times:,.0f} 倍，请核对单位" if times >= _SUSPICIOUS else ""


def _seen(changes: Iterable[Change]) -> str:
    """A digest of the values that the changes were compared with."""
    numbers = [
        f"{change.cycle.id}/{change.fact.key}/{change.period}/{change.old.number if change.old else 0}"
        for change in changes
    ]
    return hashlib.sha256("\n".join(sorted(numbers)).encode()).hexdigest()[:32]


def _definitions(actor: Actor) -> list[Definition]:
    return [fact.definition for fact in facts.of_unit(actor.unit_id)]


def _mapping(actor: Actor, cycle: CycleView, grid: Grid, definitions: list[Definition]) -> FactMap:
    fresh = _suggested(cycle, grid, definitions)
    kept = imports.shape(actor.unit_id, FACTS, suggesting.shape(grid, cycle.fiscal_year, definitions))
    if kept is None:
        return fresh
    try:
        remembered = FactMap.model_validate(kept)
    except ValidationError:  # remembered by another version of the program
        return fresh
    keys = {one.key for one in definitions}
    known = {slot: key for slot, key in remembered.facts.items() if key in keys}
    unit = fresh.money_unit or remembered.money_unit  # what the file says goes before what the last one said
    return remembered.model_copy(update={"sheet": grid.name, "facts": known, "money_unit": unit})


def _suggested(
    cycle: CycleView,
    grid: Grid,
    definitions: list[Definition],
    *,
    head_row: int | None = None,
    columns: Mapping[int, str] | None = None,
) -> FactMap:
    return suggesting.suggest(grid, cycle.fiscal_year, definitions, tables(cycle), head_row=head_row, columns=columns)


def _remember(actor: Actor, cycle: CycleView, grid: Grid, chosen: FactMap) -> None:
    shape = suggesting.shape(grid, cycle.fiscal_year, _definitions(actor))
    imports.keep_shape(actor.unit_id, FACTS, shape, chosen.model_dump(mode="json"), person_id=actor.id)
