"""Rules as people type them: every shipped rule comes back as it was, and what cannot be read is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from perfapp.core.errors import Invalid
from perfapp.core.scoring.rule_text import EXAMPLES, KIND_NAMES, read, written
from perfapp.core.scoring.rules import Rule
from perfapp.data import catalog

RULES: TypeAdapter[Rule] = TypeAdapter(Rule)
SHIPPED = [one.rule for part in catalog.indicator_sets() for _, _, one in part.content.walk()]


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.kind)
def test_a_shipped_rule_comes_back(rule: Rule) -> None:
    assert RULES.validate_python(read(rule.kind, written(rule))) == rule


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("bands", "≤0：5\n＜ 10 ： 4分\n其余：0", [("0", True, "5"), ("10", False, "4"), (None, True, "0")]),
        ("bands", "<=0%: 5\n其余:0", [("0", True, "5"), (None, True, "0")]),
    ],
)
def test_bands_as_they_are_typed(kind: str, text: str, expected: list[tuple[str | None, bool, str]]) -> None:
    found = read(kind, text)["bands"]
    assert [(one.get("up_to"), one.get("included", True), one["points"]) for one in found] == expected


@pytest.mark.parametrize(
    ("text", "counting"), [("每满5扣2", "completed"), ("每起5扣2分", "started"), ("每５扣２", "exact")]
)
def test_deductions_as_they_are_typed(text: str, counting: str) -> None:
    assert read("deduction", text) == {"kind": "deduction", "counting": counting, "step": "5", "points": "2"}


@pytest.mark.parametrize(
    ("kind", "text", "seen"),
    [
        ("bands", "≤10 4", "“≤10 4”看不懂"),
        ("deduction", "", "没有填写"),
        ("deduction", "扣完为止", "“扣完为止”看不懂"),
        ("checks", "有制度", "“有制度”看不懂"),
        ("graded", "好：很好", "“好：很好”看不懂"),
        ("proportional", "随意", "“随意”看不懂"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_way_to_write_it(kind: str, text: str, seen: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(kind, text)
    assert seen in refused.value.message
    assert EXAMPLES[kind] in refused.value.message


@given(kind=st.sampled_from([*KIND_NAMES, "other"]), text=st.text(max_size=60))
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        found = read(kind, text)
    except Invalid as refusal:
        found = {"kind": kind, "refused": refusal.message}
    assert found["kind"] == kind
    assert found.get("refused", "。").endswith("。")
