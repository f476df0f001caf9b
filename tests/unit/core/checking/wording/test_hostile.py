"""Lines made to keep a pattern busy: every rule stays about linear (quadratic ones took minutes on these)."""

from time import perf_counter

import pytest

from perfapp.core.checking.case import Case
from perfapp.core.checking.check import RULES
from perfapp.core.checking.tables import TABLE_RULES
from perfapp.core.checking.wording import WORDING_RULES
from perfapp.core.manuscript import of_lines
from perfapp.data.rules import rule_book

LENGTH = 60_000
PIECES = ("1", "1,", "1.", "_", "（", "“", "，一是", "2018年", "截至", "原因是", "支出 ", "公务接待费0万元。")


@pytest.mark.parametrize("piece", PIECES)
def test_a_line_without_end_takes_no_time_without_end(piece: str) -> None:
    book = rule_book()
    case = Case(of_lines([piece * (LENGTH // len(piece))], fiscal_year=2018), (), book)
    started = perf_counter()
    for code in (*WORDING_RULES, *TABLE_RULES):
        rule = book.rule(code)
        assert rule is not None
        RULES[code](case, rule)
    assert perf_counter() - started < 20
