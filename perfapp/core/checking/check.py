"""The check: the reader, then every rule of the book that we know."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from perfapp.core.checking.book import RuleBook
from perfapp.core.checking.case import Case, Known, RuleFunction
from perfapp.core.checking.findings import Finding, Passed, Severity
from perfapp.core.checking.sentences import SENTENCE_RULES
from perfapp.core.checking.tables import TABLE_RULES
from perfapp.core.checking.wording import WORDING_RULES
from perfapp.core.figures.figure import Figure
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import Manuscript

RULES: Mapping[str, RuleFunction] = {**SENTENCE_RULES, **TABLE_RULES, **WORDING_RULES}
log = logging.getLogger(__name__)
_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Checkup:
    """The whole answer. Findings stand heaviest first, then in reading order."""

    figures: tuple[Figure, ...]
    passed: tuple[Passed, ...]
    findings: tuple[Finding, ...]
    broken: tuple[str, ...] = ()  # codes of rules that failed on this text: a fault of ours, never the writer's

    def count(self, severity: Severity) -> int:
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def is_clean(self) -> bool:
        """Nothing that must be mended or explained."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)


def check(manuscript: Manuscript, book: RuleBook, known: tuple[Known, ...] = ()) -> Checkup:
    """Every relation that holds and every finding."""
    case = Case(manuscript, read(manuscript), book, known)
    passed: list[Passed] = []
    broken: list[str] = []
    findings: dict[tuple[str, str, tuple[object, ...]], Finding] = {}
    for rule in book.rules:
        function = RULES.get(rule.code)
        if function is None or not rule.is_on:
            continue
        try:
            verdict = function(case, rule)
        except Exception:  # texts come from people: one that a rule cannot take must not stop their work
            log.exception("rule %s failed", rule.code)
            broken.append(rule.code)
            continue
        passed.extend(verdict.passed)
        for finding in verdict.findings:
            findings.setdefault((finding.code, finding.message, finding.places), finding)
    return Checkup(case.figures, tuple(passed), tuple(sorted(findings.values(), key=_order)), tuple(broken))


def _order(finding: Finding) -> tuple[int, int, int]:
    first = min(finding.places, default=None)
    return _WEIGHT[finding.severity], first.line if first else 0, first.start if first else 0
