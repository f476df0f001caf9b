"""Adding a year's notice of holidays; dates that were given in working days follow it."""

from datetime import date

from perfapp.core.deadlines import resolve
from perfapp.core.errors import Forbidden, Invalid
from perfapp.core.holiday_notice import read_notice
from perfapp.core.permissions import Actor, Permission
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar, CalendarYear
from perfapp.data import calendars, cycles, events, people
from perfapp.data.session import transaction
from perfapp.services import standing


def add_year(actor: Actor, year: int, basis: str, text: str) -> tuple[CalendarYear, list[str]]:
    """Keep the notice of a year; returns it as it was read, and the titles of the cycles whose dates have moved."""
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise Forbidden("工作日历由系统管理员维护。")
    if not 2000 <= year <= 2100:
        raise Invalid("年份应在 2000 至 2100 之间。", field="year")
    found = read_notice(year, basis, text)
    with transaction():
        people.lock_unit(actor.unit_id)
        calendars.keep(actor.unit_id, found, actor.id)
        events.record(
            "change_calendar",
            actor_id=actor.id,
            unit_id=actor.unit_id,
            details={"period": str(year), "fact": "、".join(found.basis)},
        )
        moved = _redate(actor, calendars.of_unit(actor.unit_id))
    return found, moved


def _redate(actor: Actor, calendar: Calendar) -> list[str]:
    """Reckon anew what was given in working days, in the cycles that are open."""
    moved = []
    for cycle in standing.open_cycles(actor.unit_id):
        given = {stage: day for stage, day in cycle.due.items() if stage not in cycle.after}
        due = _in_order(given, cycle.after, calendar) or cycle.due
        if due != cycle.due:
            cycles.lock(cycle.id, actor.unit_id)
            cycles.set_dates(cycle.id, due, cycle.after)
            cycles.change(cycle.id)
            changes = [f"{STAGES[stage]} {day:%Y-%m-%d}" for stage, day in due.items() if day != cycle.due.get(stage)]
            events.record(
                "redate_cycle",
                actor_id=actor.id,
                unit_id=actor.unit_id,
                cycle_id=cycle.id,
                reason="；".join(changes),
            )
            moved.append(cycle.title)
    return moved


def _in_order(given: dict[str, date], after: dict[str, int], calendar: Calendar) -> dict[str, date] | None:
    """None where a reckoned day would come after the day that was set for a later stage: people must decide that."""
    try:
        return resolve(given, after, calendar)
    except Invalid:
        return None
