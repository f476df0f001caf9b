"""What offices do with their ledgers: write a row, strike one out, take rows from a file. Totals become facts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.figures.facts import LIMIT
from perfapp.core.figures.ledger_change import changed, with_totals
from perfapp.core.figures.ledgers import Column, LedgerForm, Total, read_row, totalled
from perfapp.core.figures.units import from_base, printed
from perfapp.core.permissions import Actor, Permission
from perfapp.data import cycles, events, facts, ledgers, people, reports
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView, NewValue
from perfapp.data.ledgers import LedgerView, NewRow
from perfapp.data.session import transaction
from perfapp.services import sheets
from perfapp.services.facts import mark_touched
from perfapp.services.standards import OPEN

LEDGER = "ledger"


def add_row(actor: Actor, cycle_id: int, key: str, happened: str, typed: dict[str, str]) -> None:
    """Write one row down; Invalid, naming the column, where it does not fit."""
    with transaction():
        cycle, ledger = _locked(actor, cycle_id, key)
        day, cells = read_row(ledger.form, happened, typed, cycle.fiscal_year)
        ledgers.add_rows(ledger.id, cycle.id, [NewRow(day, cells)], person_id=actor.id)
        total(actor, cycle, ledger)
        _record(actor, cycle, "add_ledger_row", ledger, f"{day.month}月{day.day}日 {' '.join(cells.values())}"[:200])


def remove_row(actor: Actor, cycle_id: int, key: str, row_id: int) -> None:
    """Strike a row out: a correction is a new row."""
    with transaction():
        cycle, ledger = _locked(actor, cycle_id, key)
        row = ledgers.remove_row(ledger.id, cycle.id, row_id, actor.id)
        total(actor, cycle, ledger)
        said = f"{row.happened_on.month}月{row.happened_on.day}日 {' '.join(map(str, row.cells.values()))}"
        _record(actor, cycle, "remove_ledger_row", ledger, said[:200])


def take_rows(
    actor: Actor, cycle: CycleView, ledger: LedgerView, rows: Sequence[NewRow], *, import_id: int, replace: bool
) -> int:
    """In the open transaction: rows of a file, instead of earlier files' rows if `replace`; returns how many went."""
    gone = ledgers.remove_imported(ledger.id, cycle.id, actor.id) if replace else 0
    ledgers.add_rows(ledger.id, cycle.id, rows, person_id=actor.id, import_id=import_id)
    total(actor, cycle, ledger)
    return gone


def total(actor: Actor, cycle: CycleView, ledger: LedgerView, *, dropped: Iterable[str] = ()) -> None:
    """Bring the facts that the ledger feeds up to date, year and months; what has not changed is left alone.

    The `dropped` facts are fed no more: what the ledger wrote for them is taken back.
    """
    known = {fact.key: fact for fact in facts.of_unit(cycle.unit_id)}
    before = sheets.showing(cycle)
    present = facts.present(cycle.id, period=None)
    written: list[str] = []
    sums = totalled(ledger.form, ledgers.amounts(ledger.id, cycle.id))
    for key in (*sums, *dropped):
        periods = sums.get(key, {})
        fact = known.get(key)
        if fact is None:
            continue
        stale = {place[1] for place, value in present.items() if place[0] == fact.id and value.source_kind == LEDGER}
        for period in sorted(set(periods) | stale):
            old = present.get((fact.id, period))
            amount, count = periods.get(period, (None, 0))
            if amount is not None and abs(amount) >= LIMIT:
                raise Invalid(f"“{fact.name}”合计后太大，请核对各笔的数和单位。")
            if old is not None and old.amount == amount and old.source_kind == LEDGER:
                continue
            facts.add_value(fact.id, cycle.id, period, _value(cycle, ledger, fact, amount, count), person_id=actor.id)
            written.append(fact.name)
    if written:
        names = "、".join(dict.fromkeys(written))
        told = {"fact": names, "ledger": ledger.name}
        events.record("total_ledger", actor_id=actor.id, unit_id=cycle.unit_id, cycle_id=cycle.id, details=told)
        for year, sheet in before:
            mark_touched(actor, year, sheet, sheets.sheet(year), names)


def keeping_bar(actor: Actor, ledger: LedgerView) -> str:
    """Why the actor may not write in the ledger; '' when he may."""
    if ledger.office_id is None:
        return f"“{ledger.name}”还没有指定由哪个科室登记，请统稿人先指定。"
    if not actor.may_at(Permission.ENTER_FIGURE, ledger.office_id):
        return f"“{ledger.name}”由{ledger.office_name}登记，其他科室不能改。"
    return ""


def assign(actor: Actor, key: str, office_id: int) -> LedgerForm:
    """Say which office keeps the ledger."""
    if not actor.may(Permission.DEFINE_FIGURES):
        raise Forbidden("台账由哪个科室登记，由统稿人指定。")
    with transaction():
        ledger = ledgers.lock(actor.unit_id, key)
        if all(office.id != office_id for office in people.offices(actor.unit_id)):
            raise NotFound("没有找到这个科室。")
        ledgers.change(ledger.id, ledger.form, office_id=office_id)
        events.record("assign_ledger", actor_id=actor.id, unit_id=actor.unit_id, details={"ledger": ledger.name})
    return ledger.form


def change_columns(actor: Actor, key: str, columns: Sequence[Column], *, date_name: str, version: int) -> None:
    """Give the ledger these columns; Invalid, with the column's key as field, where what is written down forbids it."""
    if not actor.may(Permission.DEFINE_FIGURES):
        raise Forbidden("台账的列由统稿人设置。")
    with transaction():
        ledger = ledgers.lock(actor.unit_id, key)
        if ledger.version != version:
            raise Conflict("这本台账在您打开之后已有变动，请刷新页面再改。")
        held = ledgers.held_columns(ledger.id, [column.key for column in ledger.form.columns])
        form = changed(ledger.form, columns, date_name=date_name, held=held)
        ledgers.change(ledger.id, form, office_id=ledger.office_id)
        events.record("change_ledger", actor_id=actor.id, unit_id=actor.unit_id, details={"ledger": ledger.name})


def change_totals(actor: Actor, key: str, totals: Sequence[Total], *, version: int) -> None:
    """Let the ledger feed these facts, and add up anew each year whose report is not yet in review."""
    if not actor.may(Permission.DEFINE_FIGURES):
        raise Forbidden("台账汇总成哪些数据，由统稿人设置。")
    with transaction():
        open_now = [one for one in cycles.of_unit(actor.unit_id) if reports.current(one.id).state in OPEN]
        for cycle in sorted(open_now, key=lambda one: one.id):
            cycles.lock(cycle.id, actor.unit_id)
        ledger = ledgers.lock(actor.unit_id, key)
        if ledger.version != version:
            raise Conflict("这本台账在您打开之后已有变动，请刷新页面再改。")
        known = {fact.key: fact.definition for fact in facts.of_unit(actor.unit_id)}
        others = [other for other in ledgers.of_unit(actor.unit_id) if other.key != key]
        fed = {one.fact: other.name for other in others for one in other.form.totals}
        form = with_totals(ledger.form, totals, known, fed)
        dropped = {one.fact for one in ledger.form.totals} - {one.fact for one in form.totals}
        ledgers.change(ledger.id, form, office_id=ledger.office_id)
        events.record("change_ledger", actor_id=actor.id, unit_id=actor.unit_id, details={"ledger": ledger.name})
        ledger = ledgers.get(actor.unit_id, key)
        for cycle in open_now:
            total(actor, cycle, ledger, dropped=dropped)


def _value(cycle: CycleView, ledger: LedgerView, fact: FactView, amount: Decimal | None, count: int) -> NewValue:
    shown = "" if amount is None else printed(from_base(amount, fact.definition.unit), fact.definition.decimals)
    return NewValue(
        amount=amount,
        as_of=min(clock.today(), cycle.period_to),
        typed=f"{shown}{fact.definition.unit}" if shown else "",
        source_kind=LEDGER,
        source={"ledger": ledger.name, "ledger_key": ledger.key, "rows": count},
    )


def _locked(actor: Actor, cycle_id: int, key: str) -> tuple[CycleView, LedgerView]:
    """Cycle, then ledger: the order of locks."""
    cycle = cycles.lock(cycle_id, actor.unit_id)
    ledger = ledgers.lock(actor.unit_id, key)
    why = keeping_bar(actor, ledger)
    if why:
        raise Forbidden(why)
    return cycle, ledger


def _record(actor: Actor, cycle: CycleView, action: str, ledger: LedgerView, reason: str) -> None:
    events.record(
        action,
        actor_id=actor.id,
        unit_id=cycle.unit_id,
        cycle_id=cycle.id,
        reason=reason,
        details={"ledger": ledger.name},
    )
