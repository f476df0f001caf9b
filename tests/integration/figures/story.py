"""Small steps that the tests of figures share."""

from typing import Any

from perfapp.core.document import plain_lines
from perfapp.core.permissions import Actor
from perfapp.data import facts, sections
from perfapp.data.fact_views import ValueView
from perfapp.services import drafting
from perfapp.services import facts as fact_acts
from perfapp.services.facts import Entry
from tests.making import AUnit, writer_of


def enter(actor: Actor, cycle_id: int, key: str, typed: str) -> ValueView:
    """Enter a value over whatever is there."""
    fact = facts.get(actor.unit_id, key)
    last = facts.present_value(fact.id, cycle_id)
    return fact_acts.enter(actor, cycle_id, key, Entry(typed), last_number=last.number if last else 0)


def figure(fact: str, form: str = "value", shown: str = "", other: str | None = None) -> dict[str, Any]:
    return {"type": "figure", "attrs": {"fact": fact, "form": form, "other": other, "shown": shown}}


def sentence(*parts: str | dict[str, Any]) -> dict[str, Any]:
    """A document of one paragraph: words and figures."""
    content = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"type": "doc", "content": [{"type": "paragraph", "content": content}]}


def save(unit: AUnit, section_id: int, document: dict[str, Any]) -> int:
    """Save as the section's writer; returns the new version."""
    section = sections.visible(unit.editor, section_id)
    return drafting.save(writer_of(unit, section)[0], section_id, version=section.version, raw=document).version


def stored(section_id: int) -> str:
    """The text as it is stored, whatever the facts say now."""
    return "".join(plain_lines(sections.content(section_id).document))
