"""Live figures on pages for reading: a link to the fact, and what a decided figure would read now."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, url_for

from perfapp.core.document import FigureAttrs
from perfapp.core.figures.facts import Sheet


@dataclass(frozen=True, slots=True)
class Chip:
    """The page of the fact; `now` is empty where the figure still reads the same."""

    url: str
    now: str


def chips(cycle_id: int, present: Sheet) -> Callable[[FigureAttrs], Chip]:
    """The function that `components/document.html` draws figures with."""

    def chip(figure: FigureAttrs) -> Chip:
        now = present.shown(figure.reference)
        return Chip(fact_page(cycle_id, figure.fact), now if now != figure.shown else "")

    return chip


def fact_page(cycle_id: int, key: str) -> str:
    exists = "figures.fact" in current_app.view_functions
    return url_for("figures.fact", cycle_id=cycle_id, key=key) if exists else "#"


def cards_url(cycle_id: int) -> str:
    """Where the cards of a cycle's facts are, without the fact: the page's script adds it."""
    return url_for("drafting.fact_card", cycle_id=cycle_id, key="x").removesuffix("/x/card")
