"""What an open text is told: its figures as they are now, which have a source, what could be linked, the findings."""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from perfapp import clock
from perfapp.blueprints.drafting import checks
from perfapp.core.document import FigureAttrs
from perfapp.core.errors import NotFound
from perfapp.core.figures.facts import MISSING, Form, Reference, Sheet
from perfapp.core.live_figures import figures
from perfapp.core.permissions import Actor
from perfapp.data import facts, sections
from perfapp.services import findings, sheets


def told(actor: Actor, section_id: int) -> dict[str, Any]:
    """The answer of live.json, of the text as last saved: frontend/README.md."""
    done = findings.of_section(actor, section_id)
    section, cycle = done.section, done.cycle
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    doubtful = facts.unsure_keys([cycle.id, *([cycle.previous_id] if cycle.previous_id else [])])
    unsure = _Unsure(frozenset(doubtful[cycle.id]), frozenset(doubtful.get(cycle.previous_id or 0, ())))
    content = sheets.as_read(section, sections.content(section.id), done.present)
    found = checks.of_section(actor, section, done.outline, done)
    return {
        "version": section.version,
        "figures": [_figure(done.present, unsure, one) for one in _references(figures(content.document))],
        "sources": {"total": done.sources.total, "sourced": done.sources.sourced, "sentence": done.sources.sentence},
        "unsourced": [checks.place_json(place, done.text) for place in done.unsourced],
        "offers": [checks.offer_json(offer, done.text) for offer in done.offers],
        "findings": checks.as_json(found),
        "count": sum(1 for one in found if one.is_open),
        "panel": render_template("drafting/side_checks.html", checks=found, cycle_id=section.cycle_id, form_token=""),
        "checked_at": clock.now().isoformat(),
    }


def _references(shown: tuple[FigureAttrs, ...]) -> list[Reference]:
    return list(dict.fromkeys(figure.reference for figure in shown))


@dataclass(frozen=True, slots=True)
class _Unsure:
    """The facts whose value of this year, or of last year, nobody has confirmed."""

    now: frozenset[str]
    before: frozenset[str]

    def touches(self, reference: Reference, behind: frozenset[str]) -> bool:
        now = reference.form is not Form.LAST_YEAR and bool(behind & self.now)
        before = reference.form in (Form.LAST_YEAR, Form.GROWTH, Form.CHANGE) and bool(behind & self.before)
        return now or before


def _figure(present: Sheet, unsure: _Unsure, reference: Reference) -> dict[str, Any]:
    shown = present.shown(reference)
    is_missing = shown == MISSING
    behind = frozenset() if is_missing else present.behind(reference)
    return {
        "reference": reference.model_dump(mode="json"),
        "shown": shown,
        "is_confirmed": not is_missing and not unsure.touches(reference, behind),
        "is_missing": is_missing,
    }
