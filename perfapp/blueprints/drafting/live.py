"""What an open text is told: its figures as they are now, which have a source, what could be linked, the findings."""

from typing import Any

from flask import render_template

from perfapp import clock
from perfapp.blueprints.drafting import checks, section_page
from perfapp.core.document import FigureAttrs, figures
from perfapp.core.figures.facts import Reference
from perfapp.core.permissions import Actor
from perfapp.data import cycles, sections
from perfapp.services import findings, known_facts, sheets
from perfapp.services.known_facts import KnownFacts


def told(actor: Actor, section_id: int) -> dict[str, Any]:
    """The answer of live.json, of the text as last saved: frontend/README.md."""
    section, outline = section_page.readable(actor, section_id)
    known = known_facts.of_cycle(cycles.get(section.cycle_id))
    content = sheets.as_read(section, sections.content(section.id), known.sheet)
    done = findings.of_section(actor, section_id)
    found = checks.of_section(actor, section, outline, done)
    return {
        "version": section.version,
        "figures": [_figure(known, one) for one in _references(figures(content.document))],
        "sources": {"total": done.sources.total, "sourced": done.sources.sourced, "sentence": done.sources.sentence},
        "offers": [checks.offer_json(offer, done.text) for offer in done.offers],
        "findings": checks.as_json(found),
        "count": sum(1 for one in found if one.is_open),
        "panel": render_template("drafting/side_checks.html", checks=found, cycle_id=section.cycle_id, form_token=""),
        "checked_at": clock.now().isoformat(),
    }


def _references(shown: tuple[FigureAttrs, ...]) -> list[Reference]:
    return list(dict.fromkeys(figure.reference for figure in shown))


def _figure(known: KnownFacts, reference: Reference) -> dict[str, Any]:
    standing = known.standing(reference)
    return {
        "reference": reference.model_dump(mode="json"),
        "shown": standing.shown,
        "is_confirmed": standing.is_confirmed,
        "is_missing": standing.is_missing,
    }
