"""Which facts a ledger feeds, changed in the browser: added up at once, taken back at once, refused in a sentence."""

from decimal import Decimal

import pytest

from perfapp.core.figures.facts import Definition
from perfapp.core.report_flow import ReportAction
from perfapp.data import facts, ledgers
from perfapp.services import facts as entering
from perfapp.services import ledgers as keeping
from perfapp.services.facts import Entry
from tests.integration.drafting.calls import As
from tests.making import AUnit, a_merged_report, report_act

ROW = {"guests": "某市机关事务局", "batches": "1", "persons": "12", "amount": "1860.50", "companions": "3"}
ADDRESS = "/ledgers/receptions/totals"
KEPT = {
    "version": "1",
    "total0-fact": "公务接待人次",
    "total0-column": "persons",
    "total1-fact": "陪餐人数",
    "total1-column": "companions",
}


@pytest.fixture(autouse=True)
def companions(unit: AUnit, cycle_id: int) -> None:
    keeping.add_row(unit.writer, cycle_id, "receptions", "2018-3-5", ROW)
    office_id = unit.offices["办公室"]
    entering.define(unit.editor, Definition(key="a-meals", name="陪餐人数", unit="人", decimals=0), office_id=office_id)
    entering.define(
        unit.editor, Definition(key="a-sum", name="接待费用", unit="万元", is_money=True), office_id=office_id
    )
    twice = Definition(key="a-twice", name="两倍陪餐", unit="人", formula="a-meals * 2")
    entering.define(unit.editor, twice, office_id=office_id)


def value(unit: AUnit, cycle_id: int, key: str) -> Decimal | None:
    present = facts.present_value(facts.get(unit.id, key).id, cycle_id)
    return present.amount if present else None


def test_totals_are_added_up_and_taken_back_at_once(unit: AUnit, cycle_id: int, as_: As) -> None:
    assert value(unit, cycle_id, "reception-batches") == 1
    assert as_("editor").post(ADDRESS, data=KEPT).status_code == 303
    assert value(unit, cycle_id, "a-meals") == 3
    assert value(unit, cycle_id, "reception-visitors") == 12
    assert value(unit, cycle_id, "reception-batches") is None, "fed no more: nothing of the ledger stays"
    last = facts.present_value(facts.get(unit.id, "reception-batches").id, cycle_id)
    assert last is not None
    entering.enter(unit.writer, cycle_id, "reception-batches", Entry("9"), last_number=last.number)
    assert "陪餐人数" in as_("editor").get("/ledgers/receptions/columns").get_data(as_text=True)


def test_a_year_in_review_keeps_its_totals(unit: AUnit, cycle_id: int, as_: As) -> None:
    for fact, one in facts.unconfirmed([cycle_id], unit.id):
        entering.confirm(unit.finance if fact.definition.is_money else unit.head, one.id)
    a_merged_report(unit, cycle_id)
    report_act(unit.editor, cycle_id, ReportAction.SEND)
    assert as_("editor").post(ADDRESS, data=KEPT).status_code == 303
    assert value(unit, cycle_id, "reception-batches") == 1
    assert value(unit, cycle_id, "a-meals") is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"total1-fact": "没有的数"}, "没有名为“没有的数”的数据"),
        ({"total1-fact": "两倍陪餐"}, "由公式算出"),
        ({"total1-fact": "公务接待人次", "total1-column": "persons"}, "汇总了两次"),
        ({"total1-fact": "派车总趟数"}, "已由台账“"),
        ({"total1-column": "persons"}, "“人次”的单位是人次，“陪餐人数”的单位是人"),
        ({"total1-fact": "接待费用", "total1-column": ""}, "不能用笔数汇总"),
        ({"total1-column": "guests"}, "汇总办法已不在台账里"),
        ({"total1-only": "guests=甲"}, "汇总办法已不在台账里"),
        ({"version": "9"}, "已有变动"),
    ],
)
def test_what_cannot_be_added_up_is_refused(
    unit: AUnit, cycle_id: int, as_: As, changed: dict[str, str], said: str
) -> None:
    before = ledgers.get(unit.id, "receptions").form
    answer = as_("editor").post(ADDRESS, data=KEPT | changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code in (409, 422)
    assert said in page
    assert (KEPT | changed)["total1-fact"] in page, "nothing typed is lost"
    assert ledgers.get(unit.id, "receptions").form == before


def test_rows_with_a_choice_are_counted_alone(unit: AUnit, cycle_id: int, as_: As) -> None:
    form = ledgers.get(unit.id, "trainings").form
    choice = next(column for column in form.columns if column.choices)
    data = {"version": "1", "total0-fact": "陪餐人数", "total0-only": f"{choice.key}={choice.choices[0]}"}
    assert as_("editor").post("/ledgers/trainings/totals", data=data).status_code == 303
    (total,) = ledgers.get(unit.id, "trainings").form.totals
    assert (total.column, total.where, total.equals) == (None, choice.key, choice.choices[0])


def test_only_the_editor_says_so(as_: As) -> None:
    assert as_("writer").post(ADDRESS, data=KEPT).status_code == 403
