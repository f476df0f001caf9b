"""Who may enter and confirm a value, and what stays of it: everything."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.data import events, facts
from perfapp.data.fact_views import NewValue, ValueView
from perfapp.data.session import transaction
from perfapp.services import facts as fact_acts
from perfapp.services.facts import Entry
from tests.making import POSTS, AUnit, a_confirmed_value, a_cycle, a_unit, a_value
from tests.unit.documents.samples import drawing

pytestmark = pytest.mark.usefixtures("rolled_back")
CARS, SPENDING = "vehicle-count", "total-spending"


def enterers(unit: AUnit, key: str) -> set[str]:
    fact = facts.get(unit.id, key)
    return {who for who, actor in unit.actors.items() if not fact_acts.entering_bar(actor, fact)}


def confirmers(unit: AUnit, value: ValueView) -> set[str]:
    fact, _ = facts.value(unit.id, value.id)
    return {who for who, actor in unit.actors.items() if not fact_acts.confirming_bar(actor, fact, value)}


def test_only_the_owner_office_enters_and_each_word_has_its_person() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    assert enterers(unit, CARS) == {"writer"}
    assert enterers(unit, SPENDING) == {"money_writer"}
    assert enterers(unit, "staff-total") == set()  # worked out by a formula
    assert confirmers(unit, a_value(unit, cycle_id, CARS, "21")) == {"head"}
    assert confirmers(unit, a_value(unit, cycle_id, SPENDING, "2560.21")) == {"finance"}


@pytest.mark.parametrize("who", [key for key, _, _ in POSTS if key != "writer"])
def test_whoever_is_refused_hears_who_enters_it(who: str) -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    with pytest.raises(Forbidden, match="由办公室的经办人填报"):
        fact_acts.enter(unit.actors[who], cycle_id, CARS, Entry("21"), last_number=0)
    assert facts.present_value(facts.get(unit.id, CARS).id, cycle_id) is None


@pytest.mark.parametrize("who", [key for key, _, _ in POSTS if key != "head"])
def test_whoever_is_refused_confirms_nothing(who: str) -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "21")
    with pytest.raises(Forbidden):
        fact_acts.confirm(unit.actors[who], value.id)
    assert not facts.value(unit.id, value.id)[1].is_confirmed


def test_nobody_confirms_his_own_entry_whatever_posts_he_holds() -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "21")
    both = replace(unit.writer, posts=unit.writer.posts | unit.head.posts | unit.finance.posts)
    with pytest.raises(Forbidden, match="须由他人确认"):
        fact_acts.confirm(both, value.id)


def test_the_database_keeps_the_two_apart_too() -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), CARS, "21")
    with pytest.raises(IntegrityError, match="two_persons"), transaction():
        facts.confirm(value.id, unit.writer.id)


def test_every_value_stays_and_names_what_it_took_the_place_of() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    first = a_confirmed_value(unit, cycle_id, CARS, "20", note="初报")
    second = a_value(unit, cycle_id, CARS, "21")
    third = fact_acts.enter(unit.writer, cycle_id, CARS, Entry(""), last_number=2)
    fact = facts.get(unit.id, CARS)
    past = facts.history(fact.id)
    assert [value.number for value in past] == [3, 2, 1]
    assert [value.amount for value in past] == [None, Decimal(21), Decimal(20)]
    assert [value.supersedes_id for value in past] == [second.id, first.id, None]
    assert past[2] == first  # nothing of it has changed, also who confirmed it
    assert facts.present_value(fact.id, cycle_id) == third
    assert [event.action for event in events.of_cycle(cycle_id)][:4] == [
        "enter_fact",
        "enter_fact",
        "confirm_fact",
        "enter_fact",
    ]


def test_a_page_that_shows_an_older_value_is_refused() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "20")
    with pytest.raises(Conflict, match="已有新的数值"):
        fact_acts.enter(unit.writer, cycle_id, CARS, Entry("21"), last_number=0)
    a_value(unit, cycle_id, CARS, "21")
    assert len(facts.history(facts.get(unit.id, CARS).id)) == 2


def test_only_the_present_value_is_confirmed_and_only_once() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    old = a_value(unit, cycle_id, CARS, "20")
    new = a_value(unit, cycle_id, CARS, "21")
    with pytest.raises(Conflict, match="已有新的数值"):
        fact_acts.confirm(unit.head, old.id)
    fact_acts.confirm(unit.head, new.id)
    with pytest.raises(Conflict, match=f"已由{unit.head.name}确认"):
        fact_acts.confirm(unit.head, new.id)
    emptied = fact_acts.enter(unit.writer, cycle_id, CARS, Entry(""), last_number=2)
    with pytest.raises(Conflict, match="已清空"):
        fact_acts.confirm(unit.head, emptied.id)


def test_many_at_once_each_with_its_own_answer() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    mine = a_value(unit, cycle_id, CARS, "20")
    money = a_value(unit, cycle_id, SPENDING, "2560.21")
    results = dict(fact_acts.confirm_many(unit.head, cycle_id, [mine.id, money.id, mine.id]))
    assert results == {"公务用车保有量": "", "总支出": "资金数据由财务确认。"}
    assert facts.value(unit.id, mine.id)[1].confirmed_by == unit.head.id
    assert not facts.value(unit.id, money.id)[1].is_confirmed
    with pytest.raises(NotFound):
        fact_acts.confirm_many(a_unit(with_seal=False).head, cycle_id, [mine.id])


def test_a_month_has_values_of_its_own() -> None:
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    a_value(unit, cycle_id, CARS, "20")
    a_value(unit, cycle_id, CARS, "18", period="03")
    a_value(unit, cycle_id, CARS, "19", period="03")
    fact = facts.get(unit.id, CARS)
    found = {period: value.amount for (_, period), value in facts.present(cycle_id, period=None).items()}
    assert found == {"year": Decimal(20), "03": Decimal(19)}
    assert fact.name in [name.name for name, _ in facts.unconfirmed([cycle_id], unit.id)]
    for wrong in ("13", "00", "3", "Jan"):
        with pytest.raises(Invalid):
            fact_acts.enter(unit.writer, cycle_id, CARS, Entry("1", period=wrong), last_number=0)


def test_the_page_behind_a_value_is_kept_with_it() -> None:
    unit = a_unit(with_seal=False)
    picture = drawing()[1]
    evidence = ("派车单.png", picture)
    day = date(2018, 10, 31)
    value = a_value(unit, a_cycle(unit), CARS, "21", evidence=evidence, evidence_page=" 第3页 ", as_of=day)
    assert (value.evidence_filename, value.evidence_page, value.as_of) == ("派车单.png", "第3页", day)
    assert facts.evidence_of(value.id) == (value.evidence_sha256, "派车单.png", "image/png")


@pytest.mark.parametrize(
    ("typed", "unit_name", "amount"),
    [
        ("2,560.21", "", "25602100"),
        ("２５６０．２１", "万元", "25602100"),
        ("25,602,100.00 元", "万元", "25602100"),
        ("0.256021", "亿元", "25602100"),
        ("-0.01", "元", "-0.01"),
    ],
)
def test_money_is_typed_in_any_unit(typed: str, unit_name: str, amount: str) -> None:
    unit = a_unit(with_seal=False)
    value = a_value(unit, a_cycle(unit), SPENDING, typed, unit=unit_name)
    assert value.amount == Decimal(amount)


@pytest.mark.parametrize("typed", ["一百", "1.2.3", "1e5", "=1+1", "NaN", "1" * 19, "0.00000000001", "12%"])
def test_what_is_no_number_is_refused_with_what_was_typed(typed: str) -> None:
    unit = a_unit(with_seal=False)
    with pytest.raises(Invalid) as refusal:
        a_value(unit, a_cycle(unit), SPENDING, typed)
    assert refusal.value.field == "amount"
    assert typed[:40] in refusal.value.message


def test_money_is_exact_down_to_the_millionth() -> None:
    """Whatever is stored comes back digit for digit, on both databases."""
    unit = a_unit(with_seal=False)
    cycle_id = a_cycle(unit)
    fact = facts.get(unit.id, SPENDING)

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.decimals(min_value=-(10**12) + 1, max_value=10**12 - 1, places=6))
    def stays(amount: Decimal) -> None:
        with transaction():
            facts.add_value(
                fact.id, cycle_id, "year", NewValue(amount, date(2018, 12, 31)), person_id=unit.money_writer.id
            )
        present = facts.present_value(fact.id, cycle_id)
        assert present
        assert present.amount == amount
        assert facts.amounts([cycle_id])[cycle_id][SPENDING] == amount

    stays()
