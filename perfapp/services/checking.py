"""体检: an existing report checked against itself, without a cycle and without a trace."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from perfapp.core.checking.check import Checkup, check
from perfapp.core.checking.findings import SEVERITY_NAMES, Finding, Passed
from perfapp.core.figures.figure import Figure
from perfapp.core.manuscript import Manuscript, Place
from perfapp.data.rules import rule_book
from perfapp.documents.manuscripts import reading

MAX_BYTES: Final = reading.MAX_BYTES
ENDINGS: Final = reading.ENDINGS

_FINDINGS: Final = (
    ("轻重", 8),
    ("编号", 8),
    ("问题", 60),
    ("文中的数", 16),
    ("应为", 16),
    ("行", 10),
    ("原文", 60),
    ("建议", 40),
)
_PASSED: Final = (("编号", 8), ("勾稽关系", 60), ("左边", 16), ("右边", 16), ("行", 10), ("原文", 60))
_FIGURES: Final = (("行", 8), ("原文", 20), ("数值", 18), ("单位", 10), ("名称", 30), ("所在句子", 60))
_CONTEXT: Final = 30


def check_file(filename: str, data: bytes) -> tuple[Manuscript, Checkup]:
    """The report in a file and what the shipped rules say of it; Invalid when it cannot be read. Nothing is kept."""
    manuscript = reading.read_manuscript(filename, data)
    return manuscript, check(manuscript, rule_book())


def as_json(checkup: Checkup) -> dict[str, Any]:
    """The answer as `flask check --json` prints it: figures, passed, findings.

    A number is exact: an integer or a decimal that reads back as printed; a string where no such number would.
    A place is `{"paragraph", "start", "end"}`: the line from 1, characters from 0, the end not included.
    """
    return {
        "figures": [_figure(figure) for figure in checkup.figures],
        "passed": [_relation(passed) for passed in checkup.passed],
        "findings": [
            {
                **_relation(finding),
                "severity": finding.severity.value,
                "suggestion": finding.suggestion,
                "fingerprint": finding.fingerprint,
            }
            for finding in checkup.findings
        ],
    }


def workbook(manuscript: Manuscript, checkup: Checkup) -> bytes:
    """The answer as an .xlsx: sheets 问题, 成立的勾稽 and 数字."""
    from perfapp.documents import worksheet  # noqa: PLC0415 -- a command that prints text needs no spreadsheets

    return worksheet.workbook(
        [
            worksheet.Sheet("问题", _FINDINGS, [_finding_row(manuscript, finding) for finding in checkup.findings]),
            worksheet.Sheet("成立的勾稽", _PASSED, [_passed_row(manuscript, passed) for passed in checkup.passed]),
            worksheet.Sheet("数字", _FIGURES, [_figure_row(manuscript, figure) for figure in checkup.figures]),
        ]
    )


def quotes(manuscript: Manuscript, places: Sequence[Place]) -> list[tuple[int, str]]:
    """Line and words of each place, those of one line together."""
    by_line: dict[int, list[str]] = {}
    for place in places:
        words = " ".join(manuscript.quoted(place).split())
        if words and words not in by_line.setdefault(place.line, []):
            by_line[place.line].append(words)
    return [(line, "……".join(words)) for line, words in by_line.items()]


def exact(amount: Decimal | None) -> int | float | str | None:
    """The amount as a JSON number that loses nothing, or as a string where a number would."""
    if amount is None:
        return None
    if amount == amount.to_integral_value():
        return int(amount)
    return float(amount) if Decimal(repr(float(amount))) == amount else str(amount)


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "text": figure.text,
        "value": exact(figure.value),
        "unit": figure.unit,
        "label": figure.label,
        "place": _place(figure.place),
        "kind": figure.kind.value,
        "role": figure.role.value,
        "direction": figure.direction,
        "subject": figure.subject,
        "year": figure.year,
        "qualifiers": list(figure.qualifiers),
    }


def _relation(said: Passed | Finding) -> dict[str, Any]:
    return {
        "code": said.code,
        "message": said.message,
        "left": exact(said.left),
        "right": exact(said.right),
        "places": [_place(place) for place in said.places],
    }


def _place(place: Place) -> dict[str, int]:
    return {"paragraph": place.line, "start": place.start, "end": place.end}


def _finding_row(manuscript: Manuscript, finding: Finding) -> list[str | int | None]:
    return [
        SEVERITY_NAMES[finding.severity],
        finding.code,
        finding.message,
        _shown(finding.left),
        _shown(finding.right),
        *_where(manuscript, finding.places),
        finding.suggestion,
    ]


def _passed_row(manuscript: Manuscript, passed: Passed) -> list[str | int | None]:
    return [
        passed.code,
        passed.message,
        _shown(passed.left),
        _shown(passed.right),
        *_where(manuscript, passed.places),
    ]


def _figure_row(manuscript: Manuscript, figure: Figure) -> list[str | int | None]:
    place = figure.place
    text = manuscript.line(place.line).text
    around = text[max(0, place.start - _CONTEXT) : place.end + _CONTEXT]
    return [place.line, figure.text, _shown(figure.value), figure.unit, figure.label, " ".join(around.split())]


def _where(manuscript: Manuscript, places: Sequence[Place]) -> tuple[str, str]:
    found = quotes(manuscript, places)
    return "、".join(str(line) for line, _ in found), "\n".join(words for _, words in found)


def _shown(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"
