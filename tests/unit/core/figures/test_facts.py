"""A fact in a sentence: every form, exact, rounded half up; what is missing says so."""

from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import (
    MISSING,
    Definition,
    Form,
    Reference,
    Sheet,
    check_definitions,
    doubt,
    typed_amount,
)
from perfapp.core.figures.units import from_base, printed, rounded, to_base, units_like

DEFINITIONS = (
    Definition(key="total", name="总支出", unit="万元", is_money=True),
    Definition(key="basic", name="基本支出", unit="万元", is_money=True),
    Definition(key="people", name="在职人员", unit="人", decimals=0),
    Definition(key="trips", name="派车", unit="趟", decimals=0),
    Definition(key="rate", name="占比", unit="%", formula="basic / total"),
    Definition(key="permille", name="千分比", unit="‰", formula="basic / total"),
    Definition(key="rest", name="其余", unit="万元", formula="total - basic"),
)
NOW = {"total": Decimal(25602100), "basic": Decimal("24346200"), "people": Decimal(23), "trips": Decimal(0)}
BEFORE = {"total": Decimal(20402600), "people": Decimal(23), "trips": Decimal(0), "basic": Decimal("30000000")}


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        (Reference(fact="total"), "2,560.21万元"),
        (Reference(fact="total", unit="元"), "25,602,100.00元"),
        (Reference(fact="total", unit="亿元", decimals=4), "0.2560亿元"),
        (Reference(fact="total", unit="人"), "2,560.21万元"),  # not its dimension: its own unit
        (Reference(fact="total", unit="money"), "2,560.21万元"),  # nor our word for it
        (Reference(fact="total", decimals=0), "2,560万元"),
        (Reference(fact="total", form=Form.LAST_YEAR), "2,040.26万元"),
        (Reference(fact="total", form=Form.GROWTH), "增加25.48%"),
        (Reference(fact="total", form=Form.CHANGE), "增加519.95万元"),
        (Reference(fact="basic", form=Form.GROWTH), "减少18.85%"),
        (Reference(fact="basic", form=Form.CHANGE), "减少565.38万元"),
        (Reference(fact="people", form=Form.GROWTH), "持平"),
        (Reference(fact="people", form=Form.CHANGE), "持平"),
        (Reference(fact="trips", form=Form.GROWTH), "持平"),
        (Reference(fact="basic", form=Form.RATIO, other="total"), "95.09%"),
        (Reference(fact="basic", form=Form.RATIO, other="trips"), MISSING),
        (Reference(fact="rate"), "95.09%"),
        (Reference(fact="permille"), "950.95‰"),
        (Reference(fact="rest"), "125.59万元"),
        (Reference(fact="rest", form=Form.LAST_YEAR), "-959.74万元"),
        (Reference(fact="nothing"), MISSING),
    ],
)
def test_every_form(reference: Reference, shown: str) -> None:
    assert Sheet(DEFINITIONS, NOW, BEFORE).shown(reference) == shown


def test_growth_from_nothing_is_said_and_not_computed() -> None:
    sheet = Sheet(DEFINITIONS, {"trips": Decimal(5)}, {"trips": Decimal(0)})
    assert sheet.shown(Reference(fact="trips", form=Form.GROWTH)) == "上年为0"


PER_HEAD = (
    *DEFINITIONS[:3],
    Definition(key="per-head", name="人均支出", unit="元/人", formula="total / people"),
    Definition(key="per-head-wide", name="人均支出（万元）", unit="万元/人", formula="total / people"),
    Definition(key="again", name="按人均算回的支出", unit="万元", is_money=True, formula="per-head * people"),
)


def test_a_quotient_is_a_unit() -> None:
    check_definitions(PER_HEAD)
    sheet = Sheet(PER_HEAD, {"total": Decimal(25602100), "people": Decimal(23)}, {})
    shown = [sheet.shown(Reference(fact=key)) for key in ("per-head", "per-head-wide", "again")]
    assert shown == ["1,113,134.78元/人", "111.31万元/人", "2,560.21万元"]
    assert sheet.shown(Reference(fact="per-head", unit="万元/人")) == "111.31万元/人"
    assert units_like("元/人")[:2] == ("元/人", "万元/人")


@pytest.mark.parametrize(
    ("unit", "formula"), [("元/趟", "total / people"), ("元", "total / people"), ("元/人", "people / total")]
)
def test_a_quotient_of_other_things_is_refused(unit: str, formula: str) -> None:
    with pytest.raises(Invalid, match="单位不是"):
        check_definitions([*DEFINITIONS, Definition(key="wrong", name="人均", unit=unit, formula=formula)])


@pytest.mark.parametrize(
    ("raw", "unit", "base"),
    [
        ("3千万元", "元", "30000000"),
        ("3.5 百万元", "万元", "3500000"),
        ("1.2亿元", "万元", "120000000"),
        ("5000千元", "万元", "5000000"),
        ("2,560.21万元", "元", "25602100"),
        ("1.5万平方米", "平方米", "15000"),
        ("11.13万元/人", "元/人", "111300"),
        ("5‰", "%", "0.5"),
    ],
)
def test_a_unit_that_is_typed_with_the_number_counts(raw: str, unit: str, base: str) -> None:
    assert typed_amount(raw, unit) == Decimal(base)


def test_what_stands_behind_a_figure() -> None:
    sheet = Sheet(DEFINITIONS, NOW, BEFORE)
    assert sheet.behind(Reference(fact="rest")) == {"total", "basic"}
    assert sheet.behind(Reference(fact="people", form=Form.RATIO, other="rate")) == {"people", "total", "basic"}


@pytest.mark.parametrize("raw", ["", "abc", "1.2.3", "１２三", "--5", "1e9", "∞", "NaN", "9" * 30, "0.0000000000001"])
def test_what_is_no_number_is_refused(raw: str) -> None:
    with pytest.raises(Invalid):
        typed_amount(raw, "万元")


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=2))
def test_money_typed_and_printed_is_the_same(amount: Decimal) -> None:
    base = typed_amount(printed(amount, 2) + "万元", "万元")
    assert base == to_base(amount, "万元")
    assert from_base(base, "万元") == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=5))
def test_rounding_is_half_up_and_near(amount: Decimal) -> None:
    assert abs(rounded(amount, 2) - amount) <= Decimal("0.005")
    assert rounded(-amount, 2) == -rounded(amount, 2)


def test_what_stands_behind_many_formulas_is_found_at_once() -> None:
    """Each pair needs the pair below twice: 2 to the 18th ways down, and one answer."""
    pairs = [Definition(key="a0", name="a0", unit="人"), Definition(key="b0", name="b0", unit="人")]
    for n in range(1, 19):
        for key, sign in ((f"a{n}", "+"), (f"b{n}", "-")):
            pairs.append(Definition(key=key, name=key, unit="人", formula=f"a{n - 1} {sign} b{n - 1}"))
    sheet = Sheet(pairs, {}, {})
    began = process_time()
    assert sheet.needs("a18") == {"a0", "b0"}
    assert process_time() - began < 0.1


@pytest.mark.parametrize(
    ("name", "unit", "decimals", "typed", "asked"),
    [
        ("总支出", "万元", 2, "-1", "负数"),
        ("收支结余", "万元", 2, "-1", ""),
        ("总支出", "万元", 2, "2560.2134", ""),
        ("总支出", "万元", 2, "2560.2134567", "不到 1 分"),
        ("在职人员", "人", 0, "23.5", "不是整数"),
        ("在职人员", "人", 0, "23.0", ""),
        ("面积", "平方米", 2, "10.125", "有 2 位以上小数"),
        ("总支出", "万元", 2, "0", ""),
    ],
)
def test_a_number_that_is_hardly_meant_is_asked_about(
    name: str, unit: str, decimals: int, typed: str, asked: str
) -> None:
    said = doubt(typed_amount(typed, unit), Definition(key="a", name=name, unit=unit, decimals=decimals))
    assert (asked in said) if asked else said == ""
