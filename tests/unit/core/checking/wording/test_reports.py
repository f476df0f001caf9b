"""Whole reports of other units as they are written: every rule of words and tables says what stands beside the name."""

import re
from pathlib import Path

import pytest

from perfapp.core.checking.tables import TABLE_RULES
from perfapp.core.checking.wording import WORDING_RULES
from tests.unit.core.checking.examining import examined

_TEXTS = re.split(r"(?m)^=== ", (Path(__file__).parent / "reports.txt").read_text())[1:]
REPORTS = [(*text.partition("\n")[0].split(" | "), text.partition("\n")[2]) for text in _TEXTS]


@pytest.mark.parametrize(("name", "expected", "text"), REPORTS, ids=[report[0] for report in REPORTS])
def test_a_report_gives_away_only_what_is_there(name: str, expected: str, text: str) -> None:
    found = {code for code in (*WORDING_RULES, *TABLE_RULES) if examined(code, text, year=None).findings}
    assert found == set(expected.split()), name
