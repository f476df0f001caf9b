"""Judges a few lines of prose by one rule of the national book."""

from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences import SENTENCE_RULES
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import of_lines
from perfapp.data.rules import rule_book


def judged(code: str, text: str, year: int | None = None) -> Verdict:
    """What the rule of that code says of the text, one paragraph a line."""
    manuscript = of_lines(text.splitlines(), fiscal_year=year)
    book = rule_book()
    rule = book.rule(code)
    assert rule is not None, f"{code} is not in the book"
    return SENTENCE_RULES[code](Case(manuscript, read(manuscript), book), rule)
