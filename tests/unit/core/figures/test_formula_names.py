"""Formulas in the words of people: there and back, and refusals that name what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.errors import Invalid
from perfapp.core.figures import formula
from perfapp.core.figures.formula_names import with_keys, with_names

NAMES = {"basic-spending": "基本支出", "project-spending": "项目支出", "total": "支出（合计）"}
KEYS = {name: key for key, name in NAMES.items()}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("〔基本支出〕 + 〔项目支出〕", "basic-spending + project-spending"),
        ("〔基本支出〕-〔项目支出〕", "basic-spending - project-spending"),
        ("（〔支出（合计）〕－〔基本支出〕）÷２", "( total - basic-spending )/2"),
        ("〔 基本 支出 〕×100", "basic-spending *100"),
        ("basic-spending / total", "basic-spending / total"),
        ("", ""),
    ],
)
def test_names_and_full_width_signs_are_read(typed: str, read: str) -> None:
    assert with_keys(typed, KEYS) == read


@pytest.mark.parametrize(
    ("typed", "refusal"), [("〔总收入〕", "没有名为“总收入”"), ("〔基本支出", "成对"), ("〕", "成对")]
)
def test_what_cannot_be_read_is_named(typed: str, refusal: str) -> None:
    with pytest.raises(Invalid, match=refusal) as found:
        with_keys(typed, KEYS)
    assert found.value.field == "formula"


def test_a_key_without_a_name_stays() -> None:
    assert with_names("basic-spending + other", NAMES) == "〔基本支出〕 + other"


@given(st.lists(st.sampled_from(sorted(NAMES)), min_size=1, max_size=6), st.lists(st.sampled_from("+-*/"), max_size=5))
def test_there_and_back_means_the_same(keys: list[str], signs: list[str]) -> None:
    text = keys[0] + "".join(f" {sign} {key}" for sign, key in zip(signs, keys[1:], strict=False))
    again = with_keys(with_names(text, NAMES), KEYS)
    assert formula.parse(again).names == formula.parse(text).names
    assert again == text
