"""The demo unit's facts and ledgers: entered by the offices that own them, confirmed by finance and the heads."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from perfapp.core.permissions import Actor, Role
from perfapp.data import cycles, facts, ledgers
from perfapp.data.cycles import CycleView
from perfapp.data.fact_views import FactView
from perfapp.data.facts import YEAR
from perfapp.data.ledgers import NewRow
from perfapp.data.session import transaction
from perfapp.demo.staff import Staff
from perfapp.services import facts as fact_acts
from perfapp.services import ledgers as ledger_acts
from perfapp.services import scoring, self_scores
from perfapp.services.facts import Entry
from perfapp.services.scoring import Filled

NOTE = "演示数据"


def enter_last_year(staff: Staff, cycle_id: int) -> None:
    """Every value of last year, all confirmed."""
    _enter(staff, cycle_id, _figures()["last_year"], unconfirmed=())


def enter_this_year(staff: Staff, cycle_id: int) -> None:
    """This year's values, some of them still to be confirmed, the months of the spending, and two ledgers."""
    found = _figures()
    cycle = cycles.get(cycle_id)
    _keep_ledgers(staff, cycle)
    _enter(staff, cycle_id, found["this_year"], unconfirmed=found["unconfirmed"])
    for key, answers in found["scores"].items():
        _answer(staff, cycle, key, answers)
    known = {fact.key: fact for fact in facts.of_unit(staff.unit_id)}
    for key, amounts in found["months"].items():
        for month, amount in enumerate(amounts, start=1):
            _confirm(staff, known[key], _write(staff, cycle_id, known[key], amount, f"{month:02}"))
    for key in ("reception-batches", "reception-visitors", "vehicle-trips", "long-trips"):
        present = facts.present_value(known[key].id, cycle_id)
        if present is not None:
            _confirm(staff, known[key], present.id)


@lru_cache(maxsize=1)
def _figures() -> dict[str, Any]:
    return dict(yaml.safe_load(files("perfapp.demo").joinpath("figures.yaml").read_text(encoding="utf-8")))


def _enter(staff: Staff, cycle_id: int, amounts: Mapping[str, Any], unconfirmed: Any) -> None:
    known = {fact.key: fact for fact in facts.of_unit(staff.unit_id)}
    for key, amount in amounts.items():
        value_id = _write(staff, cycle_id, known[key], amount, YEAR)
        if key not in unconfirmed:
            _confirm(staff, known[key], value_id)


def _write(staff: Staff, cycle_id: int, fact: FactView, amount: object, period: str) -> int:
    writer = staff.one(Role.WRITER, fact.office_name)
    entry = Entry(typed=str(amount), note=NOTE, period=period)
    return fact_acts.enter(writer, cycle_id, fact.key, entry, last_number=0).id


def _confirm(staff: Staff, fact: FactView, value_id: int) -> None:
    finance, head = staff.one(Role.FINANCE), Role.OFFICE_HEAD
    fact_acts.confirm(finance if fact.definition.is_money else staff.one(head, fact.office_name), value_id)


def _answer(staff: Staff, cycle: CycleView, key: str, answers: Mapping[str, Any]) -> None:
    """The office that owns the indicator answers for it."""
    present = self_scores.of_cycle(cycle)
    owner = present.owner(scoring.line_of(present, key).indicator)
    office = next(name for name, office_id in staff.offices.items() if office_id == owner)
    filled = Filled(**{**answers, "checks": tuple(answers.get("checks", ()))})
    scoring.fill(staff.one(Role.WRITER, office), cycle.id, key, filled, last_number=0)


def _keep_ledgers(staff: Staff, cycle: CycleView) -> None:
    found = _figures()
    trips = [
        NewRow(
            date(cycle.fiscal_year, month, 1 + number % 28),
            {"user": NOTE, "destination": "市外" if number < found["long_trips_a_month"] else "市内"}
            | {"long-distance": "是" if number < found["long_trips_a_month"] else "否"},
        )
        for month in range(1, 11)
        for number in range(found["trips_a_month"])
    ]
    receptions = [
        NewRow(
            date(cycle.fiscal_year, month, 15),
            {"guests": NOTE, "batches": str(batches), "persons": str(persons), "amount": str(amount)},
        )
        for month, batches, persons, amount in found["receptions"]
    ]
    for key, rows in (("vehicle-trips", trips), ("receptions", receptions)):
        with transaction():
            locked = cycles.lock(cycle.id, staff.unit_id)
            ledger = ledgers.lock(staff.unit_id, key)
            writer: Actor = staff.one(Role.WRITER, ledger.office_name)
            ledgers.add_rows(ledger.id, cycle.id, rows, person_id=writer.id)
            ledger_acts.total(writer, locked, ledger)
