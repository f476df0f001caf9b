"""The score of a set: sentences, missing values, scores set by hand, what-if, and what a reviewer doubts."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfapp.core.checking.book import Rule, RuleBook
from perfapp.core.checking.findings import Severity
from perfapp.core.figures.facts import Sheet
from perfapp.core.scoring.doubts import DOUBTS, doubts
from perfapp.core.scoring.entries import Entry, OwnScore
from perfapp.core.scoring.score import Line, score
from perfapp.core.scoring.what_if import costs, suppose
from perfapp.data import catalog
from tests.unit.core.scoring.samples import FACTS, indicator, sheet, small

D = Decimal
CONTROL = indicator(
    "control",
    name="预算控制率",
    weight="5",
    target={"sign": "<=", "value": "0", "unit": "%"},
    actual="budget-added / opening-budget",
    rule={
        "kind": "bands",
        "bands": [
            {"up_to": "0", "points": "5"},
            {"up_to": "10", "points": "4"},
            {"up_to": "20", "points": "3"},
            {"up_to": "30", "points": "2"},
            {"points": "0"},
        ],
    },
)
SHIPPED = [fact.key for fact in catalog.fact_list("hunan-2018").content.facts if not fact.formula]
REST = indicator("rest", name="其他", weight="95")
BOOK = RuleBook(
    key="scores",
    version=1,
    name="自评得分疑点规则",
    basis="财预〔2020〕10号",
    rules=tuple(Rule(code=code, name=code, severity=Severity.MUST_EXPLAIN) for code in DOUBTS),
)


def line(one: dict[str, Any], entry: Entry | None = None, **amounts: str) -> Line:
    """The line of an indicator of 100 points."""
    form = small(one | {"weight": "100"})
    return score(form, sheet(None, **amounts), {one["key"]: entry} if entry else {}).lines[0]


def test_a_deduction_says_why_and_from_which_facts() -> None:
    scored = score(small(CONTROL, REST), sheet(opening_budget="1991.04", budget_added="569.17"), {})
    found = scored.line("control")
    assert found.why == (
        "预算控制率28.59%，落在20%（不含）至30%档，得2分，扣3分：追加569.17万元÷年初预算1,991.04万元。"
    )
    assert (found.points, found.deduction, found.actual_text) == (D(2), D(3), "28.59%")
    assert [source.key for source in found.sources] == ["budget-added", "opening-budget"]


def test_a_value_is_judged_as_it_is_printed() -> None:
    form = small(CONTROL, REST)
    at_edge = score(form, sheet(opening_budget="100000", budget_added="30004"), {}).line("control")
    over = score(form, sheet(opening_budget="100000", budget_added="30005"), {}).line("control")
    assert (at_edge.actual_text, at_edge.points) == ("30.00%", D(2))
    assert (over.actual_text, over.points) == ("30.01%", D(0))


def test_what_is_missing_is_named_and_counts_nothing() -> None:
    scored = score(small(CONTROL, REST), sheet(budget_added="1"), {})
    found = scored.line("control")
    assert found.system is None
    assert found.why == "预算控制率未能计分，缺少：年初预算。"
    assert not scored.is_complete
    assert scored.total == 0


def test_a_divisor_of_zero_is_said_not_hidden() -> None:
    found = score(small(CONTROL, REST), sheet(budget_added="1", opening_budget="0"), {}).line("control")
    assert found.why == "预算控制率未能计分，除数为0，算不出来。"


def test_a_fact_that_has_another_unit_now_is_said_not_miscounted() -> None:
    now = Sheet(
        (fact.model_copy(update={"unit": "人"}) if fact.key == "budget-added" else fact for fact in FACTS),
        {"opening-budget": D(1), "budget-added": D(1)},
        {},
    )
    found = score(small(CONTROL, REST), now, {}).line("control")
    assert found.why == "预算控制率未能计分，公式算出来的单位不是“%”。"
    gone = score(small(CONTROL, REST), Sheet(FACTS[:1], {}, {}), {}).line("control")
    assert gone.why == "预算控制率未能计分，用到了没有登记的数据“budget-added”。"


@given(amounts=st.dictionaries(st.sampled_from(SHIPPED), st.decimals(-1000, 100_000, places=2), max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_the_facts_a_score_lies_between_nothing_and_a_hundred(amounts: dict[str, Decimal]) -> None:
    facts = catalog.fact_list("hunan-2018").content.facts
    form = catalog.indicator_set("hunan-2018").content
    scored = score(form, Sheet(facts, amounts, amounts), {})
    assert 0 <= scored.total <= 100
    assert scored.total == sum(scored.of_heading(heading) for heading in form.headings)
    for found in scored.lines:
        assert 0 <= found.points <= found.indicator.weight
        assert bool(found.loss) == (found.system is None or found.system < found.indicator.weight)
        assert found.why.endswith("。")


def test_last_year_is_read_from_last_year() -> None:
    growth = indicator(
        "growth",
        name="变动率",
        target={"sign": "<=", "value": "0", "unit": "%"},
        actual="(spent - spent-last-year) / spent-last-year",
        rule={"kind": "deduction", "points": "0.8", "step": "1"},
    )
    found = score(small(growth), sheet({"spent": "100"}, spent="103.5"), {}).lines[0]
    assert found.points == D("97.6")
    assert found.why == (
        "变动率3.50%，高于目标0% 3.50个百分点，每满1个百分点扣0.8分，得97.6分，扣2.4分："
        "（总支出103.50万元－上年总支出100.00万元）÷上年总支出100.00万元。"
    )


def test_nothing_to_control_is_full_marks() -> None:
    one = CONTROL | {"exempt": {"zero": ["opening-budget", "budget-added"], "because": "本年没有预算"}}
    form = small(one, REST)
    assert score(form, sheet(opening_budget="0", budget_added="0"), {}).line("control").points == 5
    assert score(form, sheet(opening_budget="0"), {}).line("control").system is None


@pytest.mark.parametrize(
    ("rule", "entry", "expected"),
    [
        ({"kind": "by_hand"}, Entry(points=D(88)), D(88)),
        ({"kind": "by_hand"}, Entry(), None),
        ({"kind": "checks", "checks": [{"name": "甲", "points": "40"}]}, Entry(checks=(False,)), D(60)),
        ({"kind": "checks", "checks": [{"name": "甲", "points": "40"}]}, Entry(checks=(None,)), None),
    ],
)
def test_answers_are_scored_or_missing(rule: dict[str, Any], entry: Entry, expected: Decimal | None) -> None:
    assert line(indicator(target=None, rule=rule), entry).system == expected


def test_a_grade_needs_its_percentage_unless_it_has_one() -> None:
    grades = [{"name": "好", "low": "80", "high": "100"}, {"name": "差", "low": "0", "high": "80"}]
    open_grade = indicator(target=None, rule={"kind": "graded", "grades": grades})
    assert line(open_grade, Entry(grade="好")).system is None
    assert line(open_grade, Entry(grade="好", percent=D(90))).system == 90
    fixed = [{"name": "好", "low": "100", "high": "100"}, {"name": "差", "low": "0", "high": "0"}]
    assert line(indicator(target=None, rule={"kind": "graded", "grades": fixed}), Entry(grade="好")).system == 100


def test_a_score_set_by_hand_counts_once_the_head_has_consented() -> None:
    own = OwnScore(points=D(100), reason="政策性追加")
    waiting = line(indicator(), Entry(actual=D(50), own=own))
    assert (waiting.points, waiting.shown) == (D(50), "系统 50 分 / 自评 100 分（待科室负责人同意）")
    agreed = line(indicator(), Entry(actual=D(50), own=own.model_copy(update={"is_consented": True})))
    assert (agreed.points, agreed.shown) == (D(100), "系统 50 分 / 自评 100 分")


@pytest.mark.parametrize(
    ("value", "grade"), [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "差"), ("0", "差")]
)
def test_grade_by_total(value: str, grade: str) -> None:
    assert score(small(), sheet(), {"one": Entry(actual=D(value))}).grade == grade


def test_what_if_says_what_changes_and_which_fact_costs_most() -> None:
    form = small(CONTROL, REST | {"actual": "spent / adjusted"})
    now = sheet(opening_budget="100", budget_added="25", spent="100")
    other = sheet(opening_budget="100", budget_added="5", spent="100")
    supposed = suppose(form, now, other, {})
    assert {(change.before.indicator.key, change.gain) for change in supposed.changes} == {
        ("control", D(2)),
        ("rest", D("14.48")),
    }
    assert supposed.gain == D("16.48")
    dearest, *others = costs(score(form, now, {}), now)
    assert (dearest.name, dearest.points, dearest.indicators) == ("全年预算", D(19), ("其他",))
    assert {cost.name: cost.points for cost in others} == {"总支出": D(19), "年初预算": D(3), "追加": D(3)}


def codes(one: dict[str, Any], entry: Entry, **more: Any) -> set[str]:
    scored = score(small(one, **more), sheet(), {one["key"]: entry})
    return {finding.code for finding in doubts(scored, sheet(), BOOK)}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry(), {"Z1"}),
        (Entry(actual=D(90)), {"Z2"}),
        (Entry(actual=D(90), deviation="设备晚到"), set()),
        (Entry(actual=D(100)), {"Z3"}),
        (Entry(actual=D(100), evidence=("验收单",)), set()),
        (Entry(actual=D(130), evidence=("验收单",)), {"Z4"}),
        (Entry(actual=D("129.99"), evidence=("验收单",)), set()),
        (Entry(actual=D(130), evidence=("验收单",), deviation="任务临时增加"), set()),
    ],
)
def test_doubts_of_one_indicator(entry: Entry, expected: set[str]) -> None:
    assert codes(indicator(), entry) == expected


def test_a_cost_must_not_be_at_least() -> None:
    assert codes(indicator(role="cost"), Entry(actual=D(100), evidence=("单",))) == {"Z5"}


@pytest.mark.parametrize(
    ("rest", "spent", "is_red"),
    [("100", "95", False), ("100", "94.9", True), ("50", "48", False), ("100", "100", False)],
)
def test_red_light_where_points_are_better_than_spending(rest: str, spent: str, is_red: bool) -> None:
    form = small(indicator("spending", weight="10", role="execution"), indicator("rest", weight="90"))
    entries = {"spending": Entry(actual=D(spent)), "rest": Entry(actual=D(rest))}
    found = [one for one in doubts(score(form, sheet(), entries), sheet(), BOOK) if one.code == "Z6"]
    assert bool(found) is is_red
    if found:
        assert (found[0].left, found[0].right) == (D(100), D("94.90"))
        assert "相差5.10%，超过5%" in found[0].message


@pytest.mark.parametrize(
    ("amounts", "says"),
    [
        ({"opening_budget": "100", "spent": "80"}, ""),
        ({"opening_budget": "100", "spent": "79.9"}, "年初预算有20.10%没有支出，超过20%。"),
        ({"opening_budget": "0", "spent": "0"}, "年初预算为0，执行率无从计算。"),
        ({"spent": "1"}, ""),
    ],
)
def test_yellow_light_where_money_is_left(amounts: dict[str, str], says: str) -> None:
    form = small(spending={"budget": "opening-budget", "spent": "spent"})
    found = doubts(score(form, sheet(None, **amounts), {}), sheet(None, **amounts), BOOK)
    assert "".join(one.message for one in found if one.code == "Z7") == says
