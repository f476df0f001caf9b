"""What opening a cycle pins and plants: the form's parts as they are today, the unit's facts as it has made them."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from perfapp import clock
from perfapp.core.figures.facts import Definition, typed_amount
from perfapp.data import catalog, cycles, facts, forms
from perfapp.data.fact_views import NewValue
from perfapp.data.models import UnitForm
from perfapp.data.session import transaction
from perfapp.extensions import db
from perfapp.services import facts as fact_acts
from perfapp.services import forms as form_acts
from perfapp.services import sheets
from tests.making import AUnit, a_cycle, a_unit

pytestmark = pytest.mark.usefixtures("rolled_back")


def own_copy(unit: AUnit, part: str, version: int, **changed: Any) -> UnitForm:
    """The unit's own copy of the shipped part, with something changed in it."""
    shipped = next(one for one in catalog.shipped_parts("hunan-2018") if one.part == part)
    content = {**shipped.content, **changed}
    row = UnitForm(
        unit_id=unit.id,
        part=part,
        key=shipped.key,
        version=version,
        name="本单位的",
        content=content,
        sha256=hashlib.sha256(json.dumps(content).encode()).hexdigest(),
        saved_at=clock.now(),
    )
    with transaction():
        db.session.add(row)
    return row


def test_a_cycle_is_pinned_to_every_part_that_ships() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    shipped = catalog.shipped_parts("hunan-2018")
    assert {part.part for part in shipped} >= {"facts", "indicators", "base-table", "rules"}
    for part in shipped:
        pinned = forms.demand(cycle_id, part.part)
        assert (pinned.key, pinned.version, pinned.sha256) == (part.key, part.version, part.sha256)
        assert pinned.content == part.content
    assert set(forms.of_cycle(cycle_id)) == {part.part for part in shipped}
    assert forms.pinned(cycle_id + 1, "facts") is None


def test_a_part_that_a_form_lacks_is_the_national_one() -> None:
    found = {part.part: part for part in catalog.shipped_parts("hunan-2018")}
    assert found["facts"].key == "hunan-2018"
    assert found["rules"].key == "national"
    assert {part.key for part in catalog.shipped_parts("nowhere")} == {"national"}


def test_the_units_own_copy_goes_before_and_the_newest_of_them() -> None:
    unit, other = a_unit(with_seal=False), a_unit(with_seal=False)
    own_copy(unit, "indicators", 1, name="旧的")
    newest = own_copy(unit, "indicators", 2, name="新的")
    assert forms.demand(a_cycle(unit), "indicators").sha256 == newest.sha256
    assert forms.demand(a_cycle(other), "indicators").content["name"] != "新的"


def test_what_is_saved_later_does_not_reach_an_open_cycle() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    before = forms.demand(cycle_id, "indicators")
    own_copy(unit, "indicators", 2, name="后来的")
    assert forms.demand(cycle_id, "indicators") == before


def test_the_facts_of_the_form_are_planted_with_their_owners() -> None:
    unit = a_unit(with_seal=False)
    a_cycle(unit)
    planted = {fact.key: fact for fact in facts.of_unit(unit.id)}
    assert list(planted) == [fact.key for fact in catalog.fact_list("hunan-2018").content.facts]
    assert planted["total-spending"].office_name == "财务室"
    assert planted["staff-quota"].office_name == "办公室"
    assert planted["vehicle-trips"].office_name == "办公室"  # no office of that name: the first one
    assert planted["staff-total"].definition.formula
    assert planted["total-spending"].definition.names[:2] == ("总支出", "年度总支出")


def test_what_the_unit_has_made_of_its_facts_stays() -> None:
    unit = a_unit(with_seal=False)
    with transaction():
        own = Definition(key="staff-quota", name="核定编制总数", unit="人", decimals=0, scope="本单位口径")
        facts.add(unit.id, own, office_id=unit.offices["财务室"], position=1)
        facts.add(unit.id, Definition(key="gone", name="旧数据", unit="个"), office_id=None, position=2)
    fact_acts.retire(unit.editor, "gone", version=1)
    a_cycle(unit)
    kept = facts.get(unit.id, "staff-quota")
    assert (kept.name, kept.office_name, kept.version) == ("核定编制总数", "财务室", 1)
    assert facts.get(unit.id, "gone").retired_at is not None
    count = len(facts.of_unit(unit.id, retired=True))
    a_cycle(unit, 2019)
    assert len(facts.of_unit(unit.id, retired=True)) == count


def test_two_facts_never_read_the_same() -> None:
    unit = a_unit(with_seal=False)
    with transaction():
        facts.add(unit.id, Definition(key="own-total", name="总支出", unit="元"), office_id=None, position=1)
    a_cycle(unit)
    names = [fact.name for fact in facts.of_unit(unit.id)]
    assert len(names) == len(set(names))
    assert facts.get(unit.id, "total-spending").name == "总支出（报告格式）"


def test_opening_costs_few_queries_more(queries: Any) -> None:
    """Some hundred facts and five parts are not some hundred statements."""
    unit = a_unit(with_seal=False)
    with queries() as seen, transaction():
        form_acts.plant(unit.id, catalog.fact_list("hunan-2018").content.facts)
    assert len(seen) <= 8, "\n".join(seen)


def test_the_year_begins_empty_with_last_year_beside_it() -> None:
    unit = a_unit(with_seal=False)
    before = a_cycle(unit, 2017)
    with transaction():
        fact = facts.get(unit.id, "total-spending")
        new = NewValue(typed_amount("2040.26", "万元"), date(2017, 12, 31))
        facts.add_value(fact.id, before, "year", new, person_id=unit.money_writer.id)
    sheet = sheets.sheet(cycles.get(a_cycle(unit, 2018)))
    assert sheet.amount("total-spending") is None
    assert sheet.amount("total-spending", last_year=True) == 20402600
