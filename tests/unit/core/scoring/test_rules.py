"""Every edge of every rule, and that no rule gives less than nothing or more than the weight."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.scoring.rules import (
    Band,
    Bands,
    CheckList,
    CheckPoint,
    Deduction,
    Grade,
    Measured,
    Proportional,
    band_of,
    band_text,
    checked,
    graded,
    measured,
)
from perfapp.core.scoring.target import Target

D = Decimal
CONTROL = Bands(
    bands=tuple(
        Band(up_to=None if edge is None else D(edge), points=D(points))
        for edge, points in ((0, 5), (10, 4), (20, 3), (30, 2), (None, 0))
    )
)
SATISFACTION = Bands(
    bands=tuple(
        Band(up_to=None if edge is None else D(edge), included=False, points=D(points))
        for edge, points in ((70, 0), (80, 2), (90, 4), (None, 6))
    )
)
LESS = Target(sign="<=", value=D(100), unit="%")
MORE = Target(sign=">=", value=D(100), unit="%")
EXACT = Target(sign="=", value=D(100), unit="%")
AMOUNTS = st.decimals(-500, 500, places=2)


def points(rule: Measured, value: str | Decimal, target: Target = LESS, weight: int = 5) -> Decimal:
    return measured(rule, D(weight), target, D(value), 2).points


@pytest.mark.parametrize(
    ("value", "expected", "text"),
    [
        ("-3", 5, "不超过0%"),
        ("0", 5, "不超过0%"),
        ("0.01", 4, "0%（不含）至10%"),
        ("10", 4, "0%（不含）至10%"),
        ("10.01", 3, "10%（不含）至20%"),
        ("20", 3, "10%（不含）至20%"),
        ("20.01", 2, "20%（不含）至30%"),
        ("28.59", 2, "20%（不含）至30%"),
        ("30", 2, "20%（不含）至30%"),
        ("30.01", 0, "超过30%"),
    ],
)
def test_budget_control_rate_at_every_edge(value: str, expected: int, text: str) -> None:
    assert points(CONTROL, value) == expected
    assert band_text(CONTROL, band_of(CONTROL, D(value)), "%") == text


@pytest.mark.parametrize(
    ("value", "expected", "text"),
    [
        ("69.99", 0, "低于70%"),
        ("70", 2, "70%至80%（不含）"),
        ("79.99", 2, "70%至80%（不含）"),
        ("80", 4, "80%至90%（不含）"),
        ("89.99", 4, "80%至90%（不含）"),
        ("90", 6, "90%及以上"),
    ],
)
def test_satisfaction_at_every_edge(value: str, expected: int, text: str) -> None:
    assert points(SATISFACTION, value, weight=6) == expected
    assert band_text(SATISFACTION, band_of(SATISFACTION, D(value)), "%") == text


@pytest.mark.parametrize(
    ("target", "value", "expected"),
    [
        (MORE, "100", 10),
        (MORE, "128.59", 10),
        (MORE, "87.26", "8.726"),
        (MORE, "0", 0),
        (MORE, "-5", 0),
        (LESS, "100", 10),
        (LESS, "80", 10),
        (LESS, "125", 8),
        (EXACT, "100", 10),
        (EXACT, "50", 5),
        (EXACT, "200", 5),
        (Target(sign="<=", value=D(0), unit="起"), "1", 0),
        (Target(sign="<=", value=D(0), unit="起"), "0", 10),
        (Target(sign=">=", value=D(-5), unit="%"), "-10", 5),
    ],
)
def test_proportional_and_reverse(target: Target, value: str, expected: str | int) -> None:
    assert points(Proportional(), value, target, weight=10) == D(expected)


def test_proportional_below_the_least_gives_nothing() -> None:
    rule = Proportional(nothing_below=D(60))
    assert points(rule, "59.99", MORE, weight=10) == 0
    assert points(rule, "60", MORE, weight=10) == 6


@pytest.mark.parametrize(
    ("counting", "value", "expected"),
    [
        ("completed", "100", 5),
        ("completed", "95.01", 5),
        ("completed", "95", 3),
        ("completed", "90.01", 3),
        ("completed", "90", 1),
        ("completed", "85", 0),
        ("started", "99.99", 3),
        ("started", "95", 3),
        ("started", "94.99", 1),
        ("exact", "97.5", 4),
        ("exact", "0", 0),
    ],
)
def test_deduction_for_every_five_points_short(counting: str, value: str, expected: int) -> None:
    rule = Deduction.model_validate({"points": "2", "step": "5", "counting": counting})
    assert points(rule, value, MORE) == expected


@pytest.mark.parametrize(("value", "expected"), [("100", 6), ("101", 5), ("99", 5), ("103.5", 3), ("90", 0)])
def test_deduction_to_either_side(value: str, expected: int) -> None:
    assert points(Deduction(points=D(1), step=D(1)), value, EXACT, weight=6) == expected


def test_check_list_names_what_failed() -> None:
    rule = CheckList(checks=(CheckPoint(name="有制度", points=D(2)), CheckPoint(name="无挪用", points=D(8))))
    assert checked(rule, D(8), (True, True)).points == 8
    one = checked(rule, D(8), (False, True))
    assert (one.points, one.how) == (D(6), "2项要求中1项未做到：有制度（扣2分）")
    assert checked(rule, D(8), (False, False)).points == 0


def test_grade_is_a_share_of_the_weight() -> None:
    award = graded(Grade(name="部分达成", low=D(60), high=D(80)), D(10), D(75))
    assert (award.points, award.how) == (D("7.5"), "评为“部分达成”，按75%计分")


RULES = st.one_of(
    st.just(CONTROL),
    st.just(SATISFACTION),
    st.builds(Proportional, nothing_below=st.none() | st.decimals(0, 100, places=2)),
    st.builds(
        Deduction,
        points=st.decimals("0.01", 5, places=2),
        step=st.decimals("0.5", 10, places=2),
        counting=st.sampled_from(["completed", "started", "exact"]),
    ),
)
TARGETS = st.builds(Target, sign=st.sampled_from([">=", "<=", "="]), value=AMOUNTS, unit=st.sampled_from(["%", "趟"]))


@given(rule=RULES, target=TARGETS, value=AMOUNTS, weight=st.decimals("0.5", 50, places=2))
def test_points_lie_between_nothing_and_the_weight(
    rule: Measured, target: Target, value: Decimal, weight: Decimal
) -> None:
    assert 0 <= measured(rule, weight, target, value, 2).points <= weight


@given(
    rule=RULES.filter(lambda rule: not isinstance(rule, Bands)),
    target=TARGETS.filter(lambda target: target.sign != "="),
    pair=st.tuples(AMOUNTS, AMOUNTS),
)
def test_a_better_value_never_costs_points(rule: Measured, target: Target, pair: tuple[Decimal, Decimal]) -> None:
    worse, better = sorted(pair, reverse=target.sign == "<=")
    assert measured(rule, D(10), target, worse, 2).points <= measured(rule, D(10), target, better, 2).points


@given(pair=st.tuples(AMOUNTS, AMOUNTS))
def test_more_added_budget_never_gains_points(pair: tuple[Decimal, Decimal]) -> None:
    less, more = sorted(pair)
    assert points(CONTROL, more) <= points(CONTROL, less)
    assert points(SATISFACTION, less, weight=6) <= points(SATISFACTION, more, weight=6)
