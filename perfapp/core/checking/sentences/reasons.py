"""Reasons given for changes: too thin for a large one, or the same for opposite ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Verdict
from perfapp.core.checking.sentences.numbers import say
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Role
from perfapp.core.manuscript import Place

_REASON = re.compile(
    r"(?:(?:变动|增减|增加|减少|增长|下降|变化)?的?(?:主要)?原因(?:是|为|在于|系|：|:)+(?:由于|因为|因)?|主要(?:是|系|由于|因)(?:由于|因为|因)?|系因?)"
    r"(?P<why>[^。；]+)"
)
_WORDS = ("增长", "增加", "下降", "减少")
_LARGE = Decimal(20)
_THIN = 12  # characters
_TELLING = 6
_HAS_FIGURE = re.compile(r"\d")


@dataclass(frozen=True)
class Reason:
    """A change, and the words that explain it."""

    change: Quantity
    why: str
    place: Place


def reasons(case: Case) -> tuple[Reason, ...]:
    return tuple(reason for paragraph in case.once(prose) for reason in _reasons(paragraph))


def _reasons(paragraph: Paragraph) -> Iterator[Reason]:
    """The reason that follows a change before the next change is told."""
    changes = [q for q in paragraph.quantities if q.figure.role in (Role.GROWTH, Role.CHANGE)]
    for number, change in enumerate(changes):
        following = changes[number + 1].figure.place.start if number + 1 < len(changes) else len(paragraph.text)
        if following == len(paragraph.text) and not re.search(r"[。；）)]\s*$", paragraph.text):
            continue  # a line that was broken off
        found = _REASON.search(paragraph.text, change.figure.place.end, following)
        if found and paragraph.sentence_of(found.start()) <= change.sentence + 1:
            why = found["why"].strip("，, ")
            yield Reason(change, why, Place(paragraph.line.number, found.start("why"), found.end("why")))


def thin_reasons(case: Case, rule: Rule) -> Verdict:
    """P5: a large change needs more than a few words; one reason cannot explain both a rise and a fall."""
    verdicts = Verdicts(rule)
    limit = rule.tolerance or _LARGE
    risen: dict[str, Reason] = {}
    fallen: dict[str, Reason] = {}
    for reason in case.once(reasons):
        figure = reason.change.figure
        is_large = figure.role is Role.GROWTH and (figure.value or Decimal(0)) >= limit
        if is_large and len(reason.why) <= _THIN and not _HAS_FIGURE.search(reason.why):
            _thin(verdicts, reason)
        if len(reason.why) < _TELLING or figure.direction not in (1, -1):
            continue
        here, there = (risen, fallen) if figure.direction == 1 else (fallen, risen)
        here.setdefault(reason.why, reason)
        if reason.why in there:
            _opposite(verdicts, reason, there[reason.why])
    return verdicts.verdict()


def _thin(verdicts: Verdicts, reason: Reason) -> None:
    figure = reason.change.figure
    word = "减少" if figure.direction == -1 else "增加"
    name = "" if reason.change.name in _WORDS else reason.change.name
    verdicts.fails(
        f"{name}{word}{say(figure)}，原因只写“{reason.why}”，没有分项金额，说明过于简单。",
        figure.value,
        None,
        (figure, reason.place),
        suggestion="请按项目写出增减的金额和原因，各项合计应等于增减总额。",
        subject=reason.change.name,
    )


def _opposite(verdicts: Verdicts, one: Reason, other: Reason) -> None:
    verdicts.fails(
        f"“{one.why}”既用来说明增加，又用来说明减少。",
        None,
        None,
        (one.place, other.place, one.change.figure, other.change.figure),
        suggestion="请分别写明各项变动自己的原因。",
        subject=one.why,
    )
