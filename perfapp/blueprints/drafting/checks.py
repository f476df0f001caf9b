"""What the checks say of one section: for the panel beside the text, and for the marks that the editor draws."""

from collections.abc import Mapping
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
    block: int
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


def offer_json(offer: Offer, text: OwnText) -> dict[str, Any]:
    return place_json(offer.place, text) | {
        "name": offer.name,
        "reference": offer.reference.model_dump(mode="json"),
    }


def place_json(place: Place, text: OwnText) -> dict[str, Any]:
    """A place of the section's own text as the editor counts it, with the characters that stand there."""
    spot = text.spots[place.line]
    return {
        "block": spot.block,
        "row": spot.row,
        "start": place.start - spot.lead,
        "end": place.end - spot.lead,
        "text": _quoted(place, text),
    }


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
    """The place as its section counts it; none for headings and the cover, which nobody writes."""
    spot = text.spots.get(place.line)
    if spot is None or place.start < spot.lead:
        return None
    other = known[spot.section_id]
    is_here = other.id == section.id
    readable = is_here or (other.has_text and sections.is_readable(actor, other))
    page = "" if is_here else url_for("drafting.section", section_id=other.id)
    return Passage(
        section_id=other.id,
        block=spot.block,
        row=spot.row,
        start=place.start - spot.lead,
        end=place.end - spot.lead,
        quoted=_quoted(place, text) if readable else "",
        heading="本节" if is_here else other.heading,
        url=f"{page}#block-{spot.block}" if readable else None,
    )


def _quoted(place: Place, text: OwnText) -> str:
    return text.manuscript.lines[place.line - 1].text[place.start : place.end]


def _explanation(said: ExplanationView) -> dict[str, str]:
    state = {None: "等财务认可", True: "财务已认可", False: "财务不认可"}[said.is_accepted]
    return {
        "text": said.explanation,
        "by": said.explained_by_name,
        "state": state + (f"：{said.refused_reason}" if said.refused_reason else ""),
    }
