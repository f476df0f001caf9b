"""Formulas: exact, closed, with units checked and rings refused."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.errors import Invalid
from perfapp.core.figures.facts import Definition, check_definitions
from perfapp.core.figures.formula import MAX_CHAIN, order, parse

VALUES = {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": Decimal(3), "zero": Decimal(0)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b", "0.3"),
        ("a+b*c", "0.7"),
        ("(a + b) * c", "0.9"),
        ("c - a - b", "2.7"),
        ("-a + c", "2.9"),
        ("c / 2 / 3", "0.5"),
        ("100 * (c - 2) / 2", "50"),
        ("((((c))))", "3"),
    ],
)
def test_values_are_exact(text: str, value: str) -> None:
    assert parse(text).value(VALUES) == Decimal(value)


@pytest.mark.parametrize("text", ["c / zero", "a + missing", "zero / zero", "missing"])
def test_what_cannot_be_worked_out_is_none(text: str) -> None:
    assert parse(text).value(VALUES) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a +",
        "(a",
        "a)",
        "a b",
        "a ** b",
        "__import__('os')",
        "a.b",
        "a[0]",
        "1e5",
        "a; b",
        "＋",
        "=a",
        "a" * 500,
        "(" * 60 + "a",
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match="公式"):
        parse(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(Invalid):
        parse(text).value(VALUES)


def definition(key: str, unit: str, formula: str = "") -> Definition:
    return Definition(key=key, name=f"数据{key}", unit=unit, formula=formula)


@pytest.mark.parametrize(
    ("unit", "formula", "refusal"),
    [
        ("万元", "money + people", "不同单位"),
        ("万元", "money * money", "相乘"),
        ("%", "rate * rate", "相乘"),
        ("人", "money / money", "不是“人”"),
        ("万元", "money + nothing", "没有登记"),
        ("万元", "self", "成了环"),
    ],
)
def test_definitions_that_make_no_sense(unit: str, formula: str, refusal: str) -> None:
    entered = [definition("money", "万元"), definition("people", "人"), definition("rate", "%")]
    known = [*entered, definition("self", unit, formula)]
    with pytest.raises(Invalid, match=refusal):
        check_definitions(known)


def test_definitions_that_do() -> None:
    check_definitions(
        [
            definition("money", "万元"),
            definition("more", "元"),
            definition("people", "人"),
            definition("sum", "亿元", "money + more"),
            definition("rate", "%", "money / sum"),
            definition("each", "万元", "money / 12"),
        ]
    )


def test_a_ring_is_named() -> None:
    with pytest.raises(Invalid, match="a → b → c → a"):
        order({"a": parse("b"), "b": parse("c + d"), "c": parse("a")})
    assert order({"a": parse("b + c"), "b": parse("c")}) == ("c", "b", "a")


def test_formulas_do_not_stand_one_on_the_other_without_end() -> None:
    tower = {f"a{n}": parse(f"a{n - 1} + 1") for n in range(1, MAX_CHAIN + 1)}
    assert len(order(tower)) == MAX_CHAIN + 1
    with pytest.raises(Invalid, match="一层套一层"):
        order(tower | {"top": parse(f"a{MAX_CHAIN}")})


@pytest.mark.parametrize("text", ["a * 1" + "0" * 300, "a / 1" + "0" * 300, "a * 0." + "0" * 40 + "1", "9" * 399])
def test_what_nobody_can_print_is_no_value(text: str) -> None:
    assert parse(text).value({"a": Decimal(10)}) is None
