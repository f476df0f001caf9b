"""The whole check over reports of invented units: what holds is passed, what was planted is found, and nothing else.

`tests/data/checks/*.yaml` says of the text beside it: the year, whether it is a whole report, the relations that hold
(`said` is the printed number, `where` are words of its line) and the planted faults (`said` and `should` where numbers
are at issue).
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from perfapp.core.checking.check import Checkup, check
from perfapp.core.checking.findings import Finding, Passed, Severity
from perfapp.core.manuscript import Manuscript
from perfapp.data.rules import rule_book
from perfapp.documents.manuscripts.reading import read_manuscript

FOLDER = Path(__file__).parents[3] / "data" / "checks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


@dataclass(frozen=True)
class Examined:
    """A text of the corpus, what is known of it and what the check says."""

    manuscript: Manuscript
    answers: dict[str, Any]
    checkup: Checkup

    def is_at(self, entry: Passed | Finding, words: str) -> bool:
        """Does one of its places stand in a line with these words?"""
        return any(words in self.manuscript.line(place.line).text for place in entry.places)

    def finds(self, finding: Finding, fault: dict[str, str]) -> bool:
        if not self.is_at(finding, fault["where"]):
            return False
        return "said" not in fault or all(_says(finding, fault[side]) for side in ("said", "should"))

    def touches(self, finding: Finding, fault: dict[str, str]) -> bool:
        """Another consequence of a planted fault: it names the wrong number, or the words planted."""
        planted = fault.get("said") or fault["where"]
        return self.is_at(finding, fault["where"]) and any(
            planted in self.manuscript.quoted(place).replace(",", "") for place in finding.places
        )


def _says(entry: Passed | Finding, number: str) -> bool:
    """Is one of its sides that number, to the digits given?"""
    expected = Decimal(number)
    return any(abs(side).quantize(expected) == expected for side in (entry.left, entry.right) if side is not None)


@cache
def examined(name: str) -> Examined:
    answers = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    manuscript = read_manuscript(f"{name}.txt", (FOLDER / f"{name}.txt").read_bytes())
    manuscript = replace(manuscript, is_whole=answers["whole"], fiscal_year=answers["year"])
    return Examined(manuscript, answers, check(manuscript, rule_book()))


@pytest.mark.parametrize("name", NAMES)
def test_every_relation_that_holds_is_passed(name: str) -> None:
    report = examined(name)
    missed = [
        relation
        for relation in report.answers["holds"]
        if not any(
            _says(passed, relation["said"]) and report.is_at(passed, relation["where"])
            for passed in report.checkup.passed
        )
    ]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_every_planted_fault_is_found(name: str) -> None:
    report = examined(name)
    missed = [
        fault
        for fault in report.answers["faults"]
        if not any(report.finds(finding, fault) for finding in report.checkup.findings)
    ]
    assert missed == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_claimed(name: str) -> None:
    report = examined(name)
    claimed = [
        finding.message
        for finding in report.checkup.findings
        if finding.severity is not Severity.NOTE
        and not any(
            report.finds(finding, fault) or report.touches(finding, fault) for fault in report.answers["faults"]
        )
    ]
    assert claimed == []


def test_the_corpus_is_large_and_a_third_of_it_faultless() -> None:
    faultless = [name for name in NAMES if not examined(name).answers["faults"]]
    assert len(NAMES) >= 24
    assert len(NAMES) // 4 <= len(faultless) <= len(NAMES) // 2
