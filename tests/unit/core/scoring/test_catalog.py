"""The shipped facts, indicator sets and layouts: whole, adding up, each with its basis."""

from decimal import Decimal

import pytest

from perfapp.core.errors import NotFound
from perfapp.core.scoring.indicators import IndicatorSet
from perfapp.core.scoring.rules import Deduction
from perfapp.core.scoring.standard import standard
from perfapp.data import catalog

D = Decimal
SETS = ("hunan-2018", "national")


@pytest.mark.parametrize(
    ("key", "headings"),
    [
        ("hunan-2018", {"投入": 13, "过程": 61, "产出及效率": 26}),
        ("national", {"预算执行率": 10, "产出指标": 50, "效益指标": 30, "满意度指标": 10}),
    ],
)
def test_weights_are_those_of_the_form(key: str, headings: dict[str, int]) -> None:
    form = catalog.indicator_set(key).content
    assert {heading.name: heading.weight for heading in form.headings} == headings
    assert sum(indicator.weight for _, _, indicator in form.walk()) == 100


@pytest.mark.parametrize("key", SETS)
def test_every_indicator_has_its_basis_and_says_its_standard(key: str) -> None:
    form = catalog.indicator_set(key).content
    assert form.basis
    assert form.to_be_checked
    for _, _, indicator in form.walk():
        assert indicator.basis, indicator.name
        assert indicator.evidence, indicator.name
        assert standard(indicator).endswith("。")


def weight(form: IndicatorSet, key: str) -> Decimal:
    found = form.indicator(key)
    assert found is not None
    return found.weight


def test_hunan_rows_and_deductions() -> None:
    form = catalog.indicator_set("hunan-2018").content
    assert len(list(form.walk())) == 16
    assert [weight(form, key) for key in ("staff-control", "three-public-change", "budget-control")] == [5, 8, 5]
    change = form.indicator("three-public-change")
    assert change is not None
    assert change.rule == Deduction(points=D("0.8"), step=D(1))


def test_every_fact_has_one_name_and_money_is_in_ten_thousands() -> None:
    listed = catalog.fact_list("hunan-2018").content
    names = [name for fact in listed.facts for name in fact.names]
    assert len(names) == len(set(names))
    assert all(
        fact.unit == "万元" and fact.office in ("财务", "项目", "办公室") for fact in listed.facts if fact.is_money
    )
    assert all(fact.office for fact in listed.facts)
    assert listed.to_be_checked


def test_base_table_shows_each_amount_of_three_years_columns() -> None:
    layout = catalog.base_table("hunan-2018").content
    shown = {(cell.fact, cell.last_year) for row in layout.rows for cell in row if cell.fact}
    assert {("three-public", True), ("three-public-budget", False), ("three-public", False)} <= shown
    assert sum(cell.columns for cell in layout.rows[0]) == layout.columns
    assert layout.basis
    assert layout.to_be_checked


def test_a_part_that_is_not_there_is_said() -> None:
    with pytest.raises(NotFound, match="没有找到这套指标"):
        catalog.indicator_set("mars-2018")
