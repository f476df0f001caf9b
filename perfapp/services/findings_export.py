"""What the checks say of a report, as an .xlsx file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfapp.core.checking.findings import SEVERITY_NAMES, Passed
from perfapp.documents.worksheet import Sheet, Value, workbook
from perfapp.services.findings import CycleCheck, Judged

_FINDINGS = (("轻重", 10), ("问题", 70), ("文中", 16), ("应为", 16), ("位置", 50), ("建议", 50))
_SAID = (("说明", 50), ("说明人", 12), ("办理", 24), ("规则", 8))
_PASSED = (("成立的关系", 90), ("一边", 18), ("另一边", 18), ("规则", 8))


def findings_workbook(done: CycleCheck, judged: Sequence[Judged], passed: Sequence[Passed]) -> bytes:
    """The findings and relations that the reader may see, each with its numbers, places and explanation."""
    rows = [tuple(_finding(done, one)) for one in judged]
    held = [(one.message, _number(one.left), _number(one.right), one.code) for one in passed]
    return workbook([Sheet("问题", (*_FINDINGS, *_SAID), rows), Sheet("成立", _PASSED, held)])


def _finding(done: CycleCheck, one: Judged) -> Iterator[Value]:
    finding, said = one.finding, one.explanation
    yield SEVERITY_NAMES[finding.severity]
    yield finding.message
    yield _number(finding.left)
    yield _number(finding.right)
    yield "；".join(done.text.manuscript.quoted(place) for place in finding.places)
    yield finding.suggestion
    yield said.explanation if said else ""
    yield said.explained_by_name if said else ""
    yield _answer(one)
    yield finding.code


def _answer(one: Judged) -> str:
    if one.explanation is None:
        return ""
    if one.explanation.is_accepted is None:
        return "待财务认可"
    return "已认可" if one.is_settled else f"没有认可：{one.explanation.refused_reason}"


def _number(value: Decimal | None) -> str:
    """Exact digits; a spreadsheet's own numbers would round them."""
    return "" if value is None else f"{value:f}"
