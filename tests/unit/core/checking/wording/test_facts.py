"""X1 one quantity told twice, K1 the text against the known facts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from perfapp.core.checking.case import Known
from perfapp.core.manuscript import Place
from tests.unit.core.checking.examining import examined, messages

TWICE = [
    ("公务接待费支出9.25万元。\n公务接待费支出决算为9.52万元。", "9.25", "9.52"),
    ("站所共220人（在职在编139人、临聘81人）。\n站所共220人（在职在编193人、临聘81人）。", "139", "193"),
    ("全年总支出784.00万元。\n2018年总支出748.00万元。", "784.00", "748.00"),
    ("项目管理费56.60万元。\n项目管理费56.60元用于公示。", "56.60万元", "56.60元"),
    ("机关运转专项年初预算1,658.78万元。\n机关运转专项年初预算1,668.78万元。", "1,658.78", "1,668.78"),
]
ONCE = [
    "公务接待费预算9.52万元。\n公务接待费支出9.25万元。",
    "上年公务接待费支出9.52万元。\n本年公务接待费支出9.25万元。",
    "公务接待费支出9.25万元，比上年增加9.52万元。",
    "公务接待费支出9.25万元。\n公务用车运行维护费支出9.52万元。",
    "甲项目支出125.59万元。\n乙项目支出126.59万元。",
    "公务接待费支出约9.25万元。\n公务接待费支出9.52万元。",
    "基本支出1,654.20万元。\n基本支出2,400.10万元。",
    "共有人员1894人，其中机关187人（在职在编139人、退休48人），站所1707人（在职在编132人、临聘1575人）。",
]


@pytest.mark.parametrize(("text", "one", "other"), TWICE)
def test_one_quantity_with_two_values(text: str, one: str, other: str) -> None:
    (said,) = messages("X1", text)
    assert one in said
    assert other in said


@pytest.mark.parametrize("text", ONCE)
def test_two_quantities_may_differ(text: str) -> None:
    assert messages("X1", text) == []


def test_the_same_value_twice_passes() -> None:
    (passed,) = examined("X1", "公务接待费支出9.25万元。\n公务接待费支出决算92,500元。").passed
    assert passed.left == Decimal(92500)


TRIPS = Known("trips", ("派车总趟数", "全年派车"), Decimal(2592), "趟", 2018, "公车平台管理股")
COST = Known("guests", ("公务接待费",), Decimal(92500), "元", 2018)


def test_the_text_says_what_is_known() -> None:
    verdict = examined("K1", "公务接待费支出9.25万元。", known=(COST,))
    assert [(passed.left, passed.right) for passed in verdict.passed] == [(Decimal("9.25"), Decimal("9.25"))]
    (finding,) = examined("K1", "公务接待费支出9.52万元。", known=(COST,)).findings
    assert (finding.left, finding.right, finding.subject) == (Decimal("9.52"), Decimal("9.25"), "guests")
    (trips,) = messages("K1", "派车总趟数2,160趟。", known=(TRIPS,))
    assert "2,592趟" in trips


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费预算9.52万元。",
        "2017年公务接待费支出9.52万元。",
        "公务接待费比上年减少9.52万元。",
        "公务接待9批次。",
        "接待费占9.52%。",
    ],
)
def test_what_is_not_the_fact_is_left_alone(text: str) -> None:
    assert examined("K1", text, known=(COST,)).findings == ()


def test_a_live_figure_needs_no_check() -> None:
    text = "公务接待费支出9.52万元。"
    (finding,) = examined("K1", text, known=(COST,)).findings
    linked = replace(COST, linked=(finding.places[0],))
    assert examined("K1", text, known=(linked,)).findings == ()
    assert finding.places == (Place(1, 7, 13),)


def test_a_figure_printed_short_stands_for_all_that_rounds_to_it() -> None:
    exact = replace(COST, amount=Decimal("92512.34"))
    assert examined("K1", "公务接待费支出9.25万元。", known=(exact,)).findings == ()
    assert len(examined("K1", "公务接待费支出9.26万元。", known=(exact,)).findings) == 1


def test_a_known_rate_is_told_as_it_reads_elsewhere() -> None:
    rate = Known("rate", ("预算执行率",), Decimal("101.554169"), "%", 2018)
    (message,) = messages("K1", "预算执行率99%。", known=(rate,))
    assert "数据表中是101.55%" in message
    (close,) = messages("K1", "公务接待费支出9.25万元。", known=(replace(COST, amount=Decimal("92599")),))
    assert "9.26万元" in close
