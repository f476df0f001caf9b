"""Live figures on pages for reading: links to their facts, which the page's script turns into cards."""

from collections.abc import Callable

from flask import url_for
from markupsafe import Markup

from perfapp.blueprints import markup
from perfapp.core.document import FigureText
from perfapp.core.figures.facts import Sheet

Chip = Callable[[FigureText], Markup]


def chips(cycle_id: int, present: Sheet) -> Chip:
    """Draws a figure with the page of its fact, and with 数据已变 where it would read otherwise now."""

    def chip(text: FigureText) -> Markup:
        changed = present.shown(text.figure.reference) != text.figure.shown
        return markup.of_figure(text, fact_page(cycle_id, text.figure.fact), changed=changed)

    return chip


def fact_page(cycle_id: int, key: str) -> str:
    return url_for("figures.fact", cycle_id=cycle_id, key=key)


def cards_url(cycle_id: int) -> str:
    """Where the cards of a cycle's facts are, without the fact: the page's script adds it."""
    return url_for("drafting.fact_card", cycle_id=cycle_id, key="x").removesuffix("/x/card")
