"""台账: rows in, totals out, by month and year; a total is a fact that nobody types over."""

from datetime import date
from decimal import Decimal

import pytest

from perfapp.core.errors import Forbidden, Invalid
from perfapp.core.figures.ledgers import Column, ColumnKind, LedgerForm, Total, read_cell, totalled
from perfapp.data import catalog, facts, ledgers
from perfapp.services import ledgers as ledger_acts
from tests.integration.figures.story import enter
from tests.making import AUnit, a_cycle, a_unit

pytestmark = pytest.mark.usefixtures("rolled_back")
GUESTS = {"guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1,860.50"}


def value(unit: AUnit, cycle_id: int, key: str, period: str = "year") -> Decimal | None:
    present = facts.present_value(facts.get(unit.id, key).id, cycle_id, period)
    return present.amount if present else None


def test_rows_become_totals_by_month_and_year_and_go_again() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    for day in ("2018-3-5", "2018年3月20日", "2018/11/2"):
        ledger_acts.add_row(unit.writer, cycle_id, "receptions", day, GUESTS)
    assert value(unit, cycle_id, "reception-visitors") == 36
    assert value(unit, cycle_id, "reception-visitors", "03") == 24
    assert value(unit, cycle_id, "reception-batches", "11") == 1
    ledger = ledgers.get(unit.id, "receptions")
    rows, total = ledgers.page(ledger.id, cycle_id, month=11)
    assert total == 1
    ledger_acts.remove_row(unit.writer, cycle_id, "receptions", rows[0].id)
    assert value(unit, cycle_id, "reception-visitors") == 24
    assert value(unit, cycle_id, "reception-batches", "11") is None


def test_a_total_is_not_typed_over() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    enter(unit.writer, cycle_id, "reception-batches", "9")  # no ledger kept yet
    ledger_acts.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", GUESTS)
    assert value(unit, cycle_id, "reception-batches") == 1
    with pytest.raises(Forbidden, match="台账"):
        enter(unit.writer, cycle_id, "reception-batches", "9")


def test_an_emptied_ledger_lets_its_facts_be_typed_again() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    ledger_acts.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", GUESTS)
    (row,) = ledgers.rows(ledgers.get(unit.id, "receptions").id, cycle_id)
    ledger_acts.remove_row(unit.writer, cycle_id, "receptions", row.id)
    assert value(unit, cycle_id, "reception-batches") is None
    enter(unit.writer, cycle_id, "reception-batches", "9")
    assert value(unit, cycle_id, "reception-batches") == 9


def test_a_total_that_nothing_can_hold_is_refused_by_name() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    many = GUESTS | {"persons": "999999999999"}
    ledger_acts.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", many)
    with pytest.raises(Invalid, match="合计后太大"):
        ledger_acts.add_row(unit.writer, cycle_id, "receptions", "2018-3-6", many)
    assert value(unit, cycle_id, "reception-visitors") == 999_999_999_999


def test_a_number_column_needs_no_unit() -> None:
    assert read_cell(Column(key="times", name="次数", kind=ColumnKind.NUMBER), "3") == "3"


@pytest.mark.parametrize(
    ("day", "cells", "said"),
    [
        ("2017-12-31", {}, "不在2018年"),
        ("2018-2-30", {}, "接待日期"),
        ("昨天", {}, "2018-3-15"),
        ("2018-3-5", {"persons": "十二"}, "人次"),
        ("2018-3-5", {"persons": "12.5"}, "小数"),
        ("2018-3-5", {"persons": "-3"}, "负数"),
        ("2018-3-5", {"guests": " "}, "来访单位"),
        ("2018-3-5", {"amount": "1860.505"}, "小数"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_by_name(day: str, cells: dict[str, str], said: str) -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with pytest.raises(Invalid, match=said):
        ledger_acts.add_row(unit.writer, cycle_id, "receptions", day, GUESTS | cells)
    assert ledgers.page(ledgers.get(unit.id, "receptions").id, cycle_id)[1] == 0


def test_only_the_keeper_writes() -> None:
    unit = a_unit()
    cycle_id = a_cycle(unit)
    with pytest.raises(Forbidden, match="办公室登记"):
        ledger_acts.add_row(unit.money_writer, cycle_id, "receptions", "2018-3-5", GUESTS)


def test_every_total_of_the_shipped_ledgers_feeds_a_shipped_fact() -> None:
    unit = a_unit()
    a_cycle(unit)
    known = {fact.key for fact in facts.of_unit(unit.id)}
    fed = {total.fact for ledger in ledgers.of_unit(unit.id) for total in ledger.form.totals}
    assert fed <= known
    assert {part.part for part in catalog.shipped_parts("hunan-2018")} >= {"facts", "ledgers", "indicators", "rules"}


def test_totals_count_rows_or_add_a_column_of_those_with_a_choice() -> None:
    form = ledgers_form()
    rows = [
        (date(2018, 1, 5), {"kind": "是", "amount": "10000"}),
        (date(2018, 1, 9), {"kind": "否", "amount": "20000"}),
        (date(2018, 2, 1), {"kind": "是"}),
    ]
    found = totalled(form, rows)
    assert found["all"] == {"year": (Decimal(3), 3), "01": (Decimal(2), 2), "02": (Decimal(1), 1)}
    assert found["some"]["year"] == (Decimal(2), 2)
    assert found["money"] == {"year": (Decimal(30000), 2), "01": (Decimal(30000), 2)}


def ledgers_form() -> LedgerForm:
    form = LedgerForm.model_validate(
        {
            "key": "things",
            "name": "某台账",
            "columns": [
                {"key": "kind", "name": "是否", "kind": "choice", "choices": ["是", "否"]},
                {"key": "amount", "name": "金额", "kind": "number", "unit": "元", "decimals": 2},
            ],
            "totals": [{"fact": "all"}, {"fact": "some", "where": "kind", "equals": "是"}],
        }
    )
    return form.model_copy(update={"totals": (*form.totals, Total(fact="money", column="amount"))})


def test_the_cycle_is_the_one_of_the_unit() -> None:
    unit, stranger = a_unit(), a_unit()
    cycle_id = a_cycle(unit)
    a_cycle(stranger)
    with pytest.raises(Exception, match="没有找到"):
        ledger_acts.add_row(stranger.writer, cycle_id, "receptions", "2018-3-5", GUESTS)
    for owner in (unit, stranger):
        assert ledgers.rows(ledgers.get(owner.id, "receptions").id, cycle_id) == []
