"""Disclosure and measures are reminded of before, at and after their day, once a day, only to whoever must act."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from perfapp import clock
from perfapp.core.disclosing.flow import DisclosureAction
from perfapp.core.measures.flow import MeasureAction
from perfapp.data import calendars, cycles, measures, notices
from perfapp.data.session import transaction
from perfapp.services import disclosing, reminding
from perfapp.services import measures as keeping
from perfapp.services.measures import Assignment
from tests.integration.after_seal.making import a_bureau, a_passed, step
from tests.making import AUnit, a_cycle, a_unit
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")


def morning(day: date) -> datetime:
    return datetime.combine(day, time(0, 30), UTC)  # half past eight on the office wall


def told(unit: AUnit, words: str) -> set[str]:
    """Who has a digest that says so."""
    found = {role: notices.of_person(actor.id) for role, actor in unit.actors.items()}
    return {role for role, all_ in found.items() if any("到期提醒" in n.subject and words in n.body for n in all_)}


def days_of_reminders(unit: AUnit, who: int, last: date) -> list[date]:
    """The days from tomorrow on whose morning brought a digest; every morning comes twice."""
    found, day = [], clock.today()
    while day < last:
        day += timedelta(days=1)
        before = notices.count(who)
        with clock.at(morning(day)):
            reminding.remind()
            assert reminding.remind() == 0
        if notices.count(who) > before:
            found.append(day)
    return found


def working(unit: AUnit, due: date, last: date) -> list[date]:
    """The working days on which something due then is reminded of: from three working days before on."""
    calendar = calendars.of_unit(unit.id)
    span = [clock.today() + timedelta(days=n + 1) for n in range((last - clock.today()).days)]
    return [day for day in span if calendar.is_working(day) and calendar.between(day, due) <= 3]


def test_the_last_day_of_disclosure_reminds_who_is_next_until_it_is_public() -> None:
    unit = a_unit()
    delivery = a_passed(unit, a_bureau(unit), a_cycle(unit))
    due = clock.today() + timedelta(days=20)
    last = due + timedelta(days=4)
    assert days_of_reminders(unit, unit.editor.id, last) == working(unit, due, last) != []
    assert told(unit, "公开：") == {"editor"}
    assert told(unit, "个自然日）") == {"editor"}
    view = step(unit, disclosing.begin(unit.editor, delivery.report_id), "editor", DisclosureAction.SUBMIT)
    _remind_at(last + timedelta(days=7))
    assert told(unit, "公开：") == {"editor", "deputy"}  # the gate is the deputy's now
    view = step(unit, view, "deputy", DisclosureAction.CLEAR, "不涉密。")
    view = step(unit, view, "leader", DisclosureAction.APPROVE)
    step(unit, view, "editor", DisclosureAction.PUBLISH)
    before = notices.count(unit.editor.id)
    _remind_at(last + timedelta(days=14))
    assert notices.count(unit.editor.id) == before


def test_a_measure_reminds_its_owner_then_who_confirms_then_nobody() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with transaction():
        cycles.set_dates(cycle_id, {})  # nothing else to be reminded of
    (measure_id,) = keeping.enter(unit.editor, cycle_id, ["印发操作手册"])
    due = clock.today() + timedelta(days=10)
    wanted = Assignment(unit.offices["办公室"], unit.writer.id, due, "手册印发")
    keeping.assign(unit.editor, measure_id, wanted, version=measures.get(unit.id, measure_id).version)
    last = due + timedelta(days=4)
    assert days_of_reminders(unit, unit.writer.id, last) == working(unit, due, last) != []
    assert told(unit, "整改：印发操作手册") == {"writer"}
    _act(unit, measure_id, "writer", MeasureAction.CLAIM, evidence=("手册.png", _png()))
    _remind_at(last + timedelta(days=7))
    assert told(unit, "整改：印发操作手册") == {"writer", "editor", "deputy", "leader"}
    _act(unit, measure_id, "leader", MeasureAction.CONFIRM)
    before = notices.count(unit.editor.id)
    _remind_at(last + timedelta(days=14))
    assert notices.count(unit.editor.id) == before


def _remind_at(day: date) -> None:
    calendar: Callable[[date], bool] = calendars.of_unit(0).is_working
    while not calendar(day):
        day += timedelta(days=1)
    with clock.at(morning(day)):
        reminding.remind()


def _act(unit: AUnit, measure_id: int, who: str, action: MeasureAction, **more: object) -> None:
    version = measures.get(unit.id, measure_id).version
    keeping.act(unit.actors[who], measure_id, action, version=version, text="已印发。", **more)  # type: ignore[arg-type]


def _png() -> bytes:
    return drawing()[1]
