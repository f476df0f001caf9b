"""D1: paragraphs, sentences and reasons that stand there twice."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Finding, Severity, Verdict
from perfapp.core.checking.wording.prose import Span, all_sentences, clipped, prose, whole_line
from perfapp.core.manuscript import Place

_PARAGRAPH = 40  # characters; shorter ones recur by right
_SENTENCE = 30
_REASON = 8
_BLANK = re.compile(r"[\s，,、。；;：:]+")
_REASON_WORDS = re.compile(r"(?:主要)?原因(?:是由于|是因为|是|为|：|:|在于)\s*[:：]?([^。；;]{8,120})")
_UP = re.compile(r"增加|增长|上升|提高|上涨|多于|超过|超出|大于")
_DOWN = re.compile(r"减少|下降|降低|下滑|少于|低于|小于|节约")

_PUNCTUATION = re.compile(r"[，。；]")  # titles recur by right
_MOVED = re.compile(r"列入|划转|转入|转列|改列|调剂|口径|科目")  # from one to the other: one rises, the other falls
_FLAT = re.compile(r"持平|无增减|未变|不变")
_CHANGE = re.compile("|".join(pattern.pattern for pattern in (_UP, _DOWN, _FLAT)))


def repeats(case: Case, rule: Rule) -> Verdict:
    """The same reason for a rise and for a fall is to be explained; other repetitions are notes."""
    paragraphs = list(_doubled((whole_line(line), line.text) for line in prose(case.manuscript)))
    covered = {place.line for places in paragraphs for place in places}
    spans = all_sentences(case.manuscript)
    in_other_lines = ((span.whole, span.text) for span in spans if span.line not in covered)
    repeated = list(_doubled(in_other_lines, _SENTENCE))
    return Verdict(
        findings=(
            *(_said_twice(case, rule, places, "一段话") for places in paragraphs),
            *(_said_twice(case, rule, places, "一句话") for places in repeated),
            *_doubled_reasons(spans, rule),
        )
    )


def _doubled(pieces: Iterator[tuple[Place, str]], shortest: int = _PARAGRAPH) -> Iterator[tuple[Place, ...]]:
    seen: dict[str, list[Place]] = defaultdict(list)
    for place, text in pieces:
        words = _BLANK.sub("", text)
        if len(words) >= shortest and _PUNCTUATION.search(text):
            seen[words].append(place)
    return (tuple(places) for places in seen.values() if len(places) > 1)


def _said_twice(case: Case, rule: Rule, places: tuple[Place, ...], what: str) -> Finding:
    words = clipped(case.manuscript.quoted(places[0]))
    message = f"同{what}出现{len(places)}次：“{words}”。"
    return Finding(rule.code, Severity.NOTE, message, None, None, places, "只留一处，其余的删去或改写。", words)


def _doubled_reasons(spans: Sequence[Span], rule: Rule) -> Iterator[Finding]:
    told: dict[str, list[tuple[Place, int]]] = defaultdict(list)
    for at, span in enumerate(spans):
        for found in _REASON_WORDS.finditer(span.text):
            words = _BLANK.sub("", found[1])
            if len(words) >= _REASON and not _MOVED.search(words):
                before = spans[at - 1].text if at and spans[at - 1].line == span.line else ""
                told[words].append(
                    (span.place(found.start(1), found.end(1)), _direction(before, span.text[: found.start()]))
                )
    for words, uses in told.items():
        directions = {direction for _, direction in uses if direction}
        places = tuple(place for place, _ in uses)
        if len(directions) == 2:
            message = f"一处增加、一处减少，写的却是同一个原因：“{clipped(words)}”。"
            suggestion = "按各自的实际情况分别写明原因。"
            yield Finding(rule.code, rule.severity, message, None, None, places, suggestion, clipped(words))
        elif len(uses) > 1:
            message = f"{len(uses)}处变动写的是同一个原因：“{clipped(words)}”。"
            suggestion = "按各自的实际情况分别写明原因。"
            yield Finding(rule.code, Severity.NOTE, message, None, None, places, suggestion, clipped(words))


def _direction(before: str, text: str) -> int:
    """+1 or -1 by the words of change in front of the reason; 0 where they say neither or both."""
    words = text if _CHANGE.search(text) else before
    up, down, flat = (pattern.search(words) is not None for pattern in (_UP, _DOWN, _FLAT))
    return 0 if flat or up == down else 1 if up else -1
