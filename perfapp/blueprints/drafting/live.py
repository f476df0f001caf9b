"""What an open text is told: its figures as they are now, which have a source, what could be linked, the findings."""

from typing import Any

from flask import render_template

from perfapp import clock
from perfapp.blueprints.drafting import checks
from perfapp.core.document import FigureAttrs
from perfapp.core.errors import NotFound
from perfapp.core.figures.facts import MISSING, Reference, Sheet, YearFact
from perfapp.core.live_figures import figures
from perfapp.core.permissions import Actor
from perfapp.data import sections
from perfapp.services import findings, sheets, unconfirmed


def told(actor: Actor, section_id: int) -> dict[str, Any]:
    """The answer of live.json, of the text as last saved: frontend/README.md."""
    done = findings.of_section(actor, section_id)
    section, cycle = done.section, done.cycle
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    doubtful = frozenset(unconfirmed.doubtful(cycle))
    content = sheets.as_read(section, sections.content(section.id), done.present)
    found = checks.of_section(actor, section, done.outline, done)
    return {
        "version": section.version,
        "figures": [_figure(done.present, doubtful, one) for one in _references(figures(content.document))],
        "sources": {"total": done.sources.total, "sourced": done.sources.sourced, "sentence": done.sources.sentence},
        "unsourced": checks.places_json(done.unsourced, done.text),
        "offers": checks.offers_json(done.offers, done.text),
        "findings": checks.as_json(found),
        "count": sum(1 for one in found if one.is_open),
        "panel": render_template("drafting/side_checks.html", checks=found, cycle_id=section.cycle_id, form_token=""),
        "checked_at": clock.now().isoformat(),
    }


def _references(shown: tuple[FigureAttrs, ...]) -> list[Reference]:
    return list(dict.fromkeys(figure.reference for figure in shown))


def _figure(present: Sheet, doubtful: frozenset[YearFact], reference: Reference) -> dict[str, Any]:
    shown = present.shown(reference)
    is_missing = shown == MISSING
    return {
        "reference": reference.model_dump(mode="json"),
        "shown": shown,
        "is_confirmed": not is_missing and doubtful.isdisjoint(present.rests_on(reference)),
        "is_missing": is_missing,
    }
