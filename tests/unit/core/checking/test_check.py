"""The check as a whole: no text breaks a rule, and a rule that broke would stop nobody."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.checking import check as checking
from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.check import check
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.manuscript import of_lines
from perfapp.data.rules import rule_book

_PIECES = st.sampled_from(
    [
        *(
            "总支出",
            "基本支出",
            "项目支出",
            "其中：",
            "，",
            "。",
            "；",
            "占",
            "较上年",
            "增加",
            "减少",
            "共",
            "个",
            "、",
            "\t",
            "（",
            "）",
            "《",
        ),
        *(
            "2,560.21万元",
            "0万元",
            "95.09%",
            "-3%",
            "41人",
            "五个",
            "2018年",
            "12月31日",
            "每两月一次",
            "合计",
            "XX",
            "二、",
            "（一）",
            "1.",
        ),
        *(
            "三公经费",
            "公务接待",
            "截止当前",
            "自评得分",
            "92.5分",
            "上年",
            "万元",
            "截至",
            "\u3000",
            " ",
            "１２．３％",
            "亿元",
            "约",
            "余",
        ),
    ]
)


@given(st.lists(st.lists(_PIECES, max_size=25).map("".join), max_size=8))
def test_no_text_breaks_a_rule(lines: list[str]) -> None:
    done = check(of_lines(lines), rule_book())
    assert done.broken == ()
    for figure in done.figures:
        place = figure.place
        assert lines[place.line - 1][place.start : place.end] == figure.text
    for finding in done.findings:
        for place in finding.places:
            assert 0 <= place.start <= place.end <= len(lines[place.line - 1])


def test_a_broken_rule_stops_nobody(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(case: Case, rule: Rule) -> Verdict:
        raise ZeroDivisionError(rule.code)

    text = of_lines(["总支出100万元，其中基本支出60万元，项目支出50万元。"])
    monkeypatch.setitem(checking.RULES, "M3", broken)
    with caplog.at_level(logging.ERROR):
        done = check(text, rule_book())
    assert done.broken == ("M3",)
    assert "M3" in caplog.text
    assert any(finding.severity is Severity.ERROR for finding in done.findings), "the others still speak"
