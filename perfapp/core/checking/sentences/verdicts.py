"""Collects what one rule says of a manuscript."""

from collections.abc import Iterable
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.findings import Finding, Passed, Severity, Verdict
from perfapp.core.checking.sentences.numbers import Fit, plain
from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Place

FOUR = Decimal("0.0001")


def places(where: Iterable[Figure | Place]) -> tuple[Place, ...]:
    """Where they stand, each place once, in the order given."""
    return tuple(dict.fromkeys(entry.place if isinstance(entry, Figure) else entry for entry in where))


class Verdicts:
    """The relations that one rule saw hold and fail. The same relation of the same figures is said once."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._passed: dict[tuple[Place, ...], Passed] = {}
        self._findings: dict[tuple[Place, ...], Finding] = {}

    def holds(
        self, message: str, computed: Decimal | None, printed: Decimal | None, where: Iterable[Figure | Place]
    ) -> None:
        """What the other figures give, to four decimals, and what is printed."""
        at = places(where)
        self._passed.setdefault(at, Passed(self._rule.code, message, _plain(computed), _plain(printed), at))

    def fails(
        self,
        message: str,
        printed: Decimal | None,
        computed: Decimal | None,
        where: Iterable[Figure | Place],
        *,
        suggestion: str,
        subject: str = "",
        severity: Severity | None = None,
    ) -> None:
        """What is printed, and what the other figures give. `severity` is the rule's own unless given."""
        at = places(where)
        weight = severity or self._rule.severity
        finding = Finding(self._rule.code, weight, message, _plain(printed), _plain(computed), at, suggestion, subject)
        self._findings.setdefault(at, finding)

    def judged(
        self,
        fit: Fit,
        message: str,
        printed: Decimal,
        computed: Decimal,
        where: Iterable[Figure],
        *,
        suggestion: str,
        subject: str = "",
    ) -> None:
        """Passed, a note of a rounding tail, or a finding of the rule's own weight."""
        figures = tuple(where)
        if fit is Fit.HOLDS:
            self.holds(f"{message}，相符。", computed, printed, figures)
        elif fit is Fit.TAIL:
            tail = f"{message}，相差{_plain(abs(printed - computed))}，应是四舍五入的尾差。"
            advice = "请核对原始数据；如确为尾差，可统一小数位数或在文中注明。"
            self.fails(tail, printed, computed, figures, suggestion=advice, subject=subject, severity=Severity.NOTE)
        else:
            self.fails(f"{message}，不相符。", printed, computed, figures, suggestion=suggestion, subject=subject)

    def verdict(self) -> Verdict:
        return Verdict(tuple(self._passed.values()), tuple(self._findings.values()))


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else plain(value.quantize(FOUR))
