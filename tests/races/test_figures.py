"""Many people at one figure, with real commits: one wins, the others are told, the history has no gap and no fork."""

import threading
from collections import Counter
from contextlib import suppress

from flask import Flask

from perfapp.core.errors import Conflict
from perfapp.core.figures.dispute_flow import DisputeAction
from perfapp.data import cycles, disputes, events, facts, reports, sections
from perfapp.data.session import transaction
from perfapp.services import disputes as contesting
from perfapp.services import facts as fact_acts
from perfapp.services.facts import Entry
from tests.making import a_cycle, a_dispute, a_unit, a_value, section_with
from tests.races.test_races import CROWD, together

CARS = "vehicle-count"


def test_twelve_entries_over_one_value_are_one(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "20")

    def enter(number: int) -> str:
        fact_acts.enter(unit.writer, cycle_id, CARS, Entry(str(100 + number)), last_number=1)
        return "entered"

    assert together(committed, enter) == {"entered": 1, "conflict": CROWD - 1}
    past = facts.history(facts.get(unit.id, CARS).id)
    assert [value.number for value in past] == [2, 1]
    assert past[0].supersedes_id == past[1].id


def test_no_entry_is_lost_however_many_enter(committed: Flask) -> None:
    """Each of 12 takes up the newest number after a conflict: all values are there, each after the one before."""
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)

    def enter(number: int) -> str:
        while True:
            present = facts.present_value(facts.get(unit.id, CARS).id, cycle_id)
            try:
                last = present.number if present else 0
                fact_acts.enter(unit.writer, cycle_id, CARS, Entry(str(number)), last_number=last)
            except Conflict:
                continue
            return "entered"

    assert together(committed, enter) == {"entered": CROWD}
    past = list(reversed(facts.history(facts.get(unit.id, CARS).id)))
    assert [value.number for value in past] == list(range(1, CROWD + 1))
    assert [value.supersedes_id for value in past[1:]] == [value.id for value in past[:-1]]
    assert {int(value.typed) for value in past} == set(range(CROWD))


def test_a_word_is_never_given_for_a_value_that_was_not_seen(committed: Flask) -> None:
    """The head confirms while the writer enters another: either comes first, the new value is never confirmed."""
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    for turn in range(6):
        seen = a_value(unit, cycle_id, CARS, str(20 + turn))

        def either(number: int, value_id: int = seen.id, last: int = seen.number) -> str:
            if number % 2:
                fact_acts.confirm(unit.head, value_id)
                return "confirmed"
            fact_acts.enter(unit.writer, cycle_id, CARS, Entry("99"), last_number=last)
            return "entered"

        ends = together(committed, either, crowd=2)
        present = facts.present_value(seen.fact_id, cycle_id)
        assert ends["entered"] == 1
        assert present
        assert not present.is_confirmed
        assert facts.value(unit.id, seen.id)[1].is_confirmed == bool(ends["confirmed"])


def test_twelve_confirmations_are_one(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "20")

    def confirm(_: int) -> str:
        return fact_acts.confirm(unit.head, value.id).key

    assert together(committed, confirm) == {CARS: 1, "conflict": CROWD - 1}


def test_twelve_verdicts_are_one_and_write_one_value(committed: Flask) -> None:
    unit = a_unit(with_seal=False)
    dispute = a_dispute(unit, a_value(unit, a_cycle(unit), CARS, "20"), "21")

    def decide(number: int) -> str:
        action = DisputeAction.REPLACE if number % 2 else DisputeAction.UPHOLD
        return contesting.act(unit.head, dispute.id, action, version=1, reason="属实。").state

    assert together(committed, decide) == {"decided": 1, "conflict": CROWD - 1}
    said = Counter(step.action for step in disputes.steps([dispute.id])[dispute.id])
    assert said["open"] == 1
    assert said["replace"] + said["uphold"] == 1
    assert len(facts.history(dispute.fact_id)) == 1 + said["replace"]


def test_a_text_and_its_figure_never_wait_for_each_other(committed: Flask) -> None:
    """Whoever holds the text names the year, whoever holds the year names the text: both come through."""
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    section_id = section_with(cycle_id, "disclosure").id
    both_hold = threading.Barrier(2)

    def either(number: int) -> str:
        with transaction():
            if number:
                reports.lock_current(cycle_id, unit.id)
                sections.lock(section_id, unit.id)
            else:
                cycles.lock(cycle_id, unit.id)
                facts.lock(unit.id, CARS)
            with suppress(threading.BrokenBarrierError):  # SQLite lets only one begin
                both_hold.wait(timeout=1)
            events.record("save_named", actor_id=None, unit_id=unit.id, cycle_id=cycle_id, section_id=section_id)
        return "done"

    assert together(committed, either, crowd=2) == {"done": 2}
