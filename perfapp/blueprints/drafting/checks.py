"""What the checks say of one section: for the panel beside the text, and for the marks that the editor draws."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import url_for

from perfapp.core.checking.findings import SEVERITY_NAMES, Severity
from perfapp.core.checking.live import Offer
from perfapp.core.checking.own import OwnText
from perfapp.core.manuscript import Place
from perfapp.core.permissions import Actor
from perfapp.core.words import Tone
from perfapp.data import sections
from perfapp.data.explanations import ExplanationView
from perfapp.data.sections import SectionView
from perfapp.services import findings
from perfapp.services.findings import Judged, SectionCheck

Outline = tuple[SectionView, ...]
TONES: Mapping[Severity, Tone] = {
    Severity.ERROR: Tone.LATE,
    Severity.MUST_EXPLAIN: Tone.WAITING,
    Severity.NOTE: Tone.IDLE,
}
_ORDER = tuple(Severity)
_QUOTED = 60  # characters of a passage shown in the panel


@dataclass(frozen=True, slots=True)
class Passage:
    """A place of a finding: the block of its section (from 0), the row of a table, characters of the printed text."""

    section_id: int
    block: int | None  # none: in what nobody writes there, such as the heading
    row: int | None
    start: int
    end: int
    quoted: str
    heading: str
    url: str | None  # none: not this person's to read

    @property
    def excerpt(self) -> str:
        return self.quoted if len(self.quoted) <= _QUOTED else f"{self.quoted[:_QUOTED]}…"


@dataclass(frozen=True, slots=True)
class Check:
    """A finding as the panel shows it."""

    fingerprint: str
    code: str
    severity: str
    severity_name: str
    tone: str
    message: str
    suggestion: str
    places: tuple[Passage, ...]
    explanation: dict[str, str] | None
    is_open: bool
    may_explain: bool
    explain_url: str


def of_section(actor: Actor, section: SectionView, outline: Outline, done: SectionCheck) -> list[Check]:
    """The findings of the section, the heaviest first, those that are settled last."""
    checks = [_check(actor, section, outline, one, done.text) for one in done.judged]
    return sorted(
        checks,
        key=lambda one: (not one.is_open and one.severity != Severity.NOTE, _ORDER.index(Severity(one.severity))),
    )


def as_json(checks: list[Check]) -> list[dict[str, Any]]:
    return [asdict(one) for one in checks]


def offers_json(offers: Iterable[Offer], text: OwnText) -> list[dict[str, Any]]:
    """The offers as `places_json` says places, each with its fact."""
    return [
        place | {"name": offer.name, "reference": offer.reference.model_dump(mode="json")}
        for offer in offers
        for place in places_json([offer.place], text)
    ]


def places_json(places: Iterable[Place], text: OwnText) -> list[dict[str, Any]]:
    """Places of the section's own text as the editor counts them, with the characters that stand there."""
    return [
        {"block": at.block, "row": at.row, "start": at.start, "end": at.end, "text": text.manuscript.quoted(place)}
        for place in places
        if (at := text.stretch(place)) is not None
    ]


def _check(actor: Actor, section: SectionView, outline: Outline, one: Judged, text: OwnText) -> Check:
    finding = one.finding
    known = {other.id: other for other in outline}
    places = (_passage(actor, section, known, place, text) for place in finding.places)
    return Check(
        fingerprint=finding.fingerprint,
        code=finding.code,
        severity=finding.severity.value,
        severity_name=SEVERITY_NAMES[finding.severity],
        tone=(Tone.DONE if one.is_settled else TONES[finding.severity]).value,
        message=finding.message,
        suggestion=finding.suggestion,
        places=tuple(place for place in places if place is not None),
        explanation=_explanation(one.explanation) if one.explanation else None,
        is_open=one.is_open,
        may_explain=findings.may_explain(actor, one, outline),
        explain_url=url_for("findings.explain", cycle_id=section.cycle_id, fingerprint=finding.fingerprint),
    )


def _passage(
    actor: Actor, section: SectionView, known: Mapping[int, SectionView], place: Place, text: OwnText
) -> Passage | None:
    """The place as its section counts it; in a heading there is no block to count; none for the cover."""
    at, section_id = text.stretch(place), text.section_of(place)
    if section_id is None:
        return None
    other = known[section_id]
    is_here = other.id == section.id
    readable = is_here or (other.has_text and sections.is_readable(actor, other))
    page = "" if is_here else url_for("drafting.section", section_id=other.id)
    return Passage(
        section_id=other.id,
        block=at.block if at else None,
        row=at.row if at else None,
        start=at.start if at else place.start,
        end=at.end if at else place.end,
        quoted=text.manuscript.quoted(place) if readable else "",
        heading=("本节" if is_here else other.heading) + ("" if at else "（标题）"),
        url=f"{page}#block-{at.block}" if readable and at else f"{page}#main" if readable else None,
    )


def _explanation(said: ExplanationView) -> dict[str, str]:
    state = {None: "等财务认可", True: "财务已认可", False: "财务不认可"}[said.is_accepted]
    return {
        "text": said.explanation,
        "by": said.explained_by_name,
        "state": state + (f"：{said.refused_reason}" if said.refused_reason else ""),
    }
