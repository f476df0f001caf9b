"""One shipped rule over a typed text: its lines, its tables (fields parted by tabs or bars) and the figures in them."""

from dataclasses import replace

from perfapp.core.checking.case import Case, Known
from perfapp.core.checking.check import RULES
from perfapp.core.checking.findings import Verdict
from perfapp.core.figures.reader import read
from perfapp.data.rules import rule_book
from perfapp.documents.manuscripts.reading import read_manuscript


def examined(
    code: str,
    text: str,
    *,
    year: int | None = 2018,
    unit: str = "",
    is_whole: bool = True,
    known: tuple[Known, ...] = (),
) -> Verdict:
    """What the rule of that code says; `year` and `unit` as a cycle knows them."""
    book = rule_book()
    rule = book.rule(code)
    assert rule is not None
    manuscript = replace(
        read_manuscript("report.md" if "|" in text else "report.txt", text.encode()),
        fiscal_year=year,
        unit_name=unit,
        is_whole=is_whole,
    )
    return RULES[code](Case(manuscript, read(manuscript), book, known), rule)


def messages(code: str, text: str, **known: object) -> list[str]:
    return [finding.message for finding in examined(code, text, **known).findings]  # type: ignore[arg-type]


def quoted(code: str, text: str, **known: object) -> list[list[str]]:
    """For each finding the words at its places."""
    lines = text.split("\n")
    verdict = examined(code, text, **known)  # type: ignore[arg-type]
    return [[lines[place.line - 1][place.start : place.end] for place in one.places] for one in verdict.findings]
