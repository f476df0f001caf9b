"""Views of the reuse area."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.core.compare import Differing, compare
from perfapp.core.document import Document, Paragraph, Text
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.data import cycles, sections
from perfapp.data.sections import SectionView
from perfapp.services import reuse
from perfapp.services.reuse import Line, Rate

blueprint = Blueprint("reuse", __name__)
P = Permission


@dataclass(frozen=True, slots=True)
class Pair:
    """A repeated paragraph beside the earlier one, in pieces; None where the earlier one may not be shown."""

    line: Line
    then: Differing | None
    now: Differing


@blueprint.get("/sections/<int:section_id>/reuse")
@requires(P.READ_OWN, P.READ_DRAFTS)
def section(section_id: int) -> ResponseReturnValue:
    """The paragraphs that repeat an earlier text, each beside the one it repeats."""
    return _page(section_id)


@blueprint.post("/sections/<int:section_id>/reuse")
@requires(P.WRITE)
def declare(section_id: int) -> ResponseReturnValue:
    form = request.form
    mark = form.get("mark", "")
    try:
        if "take_back" in form:
            reuse.take_back(actor(), section_id, mark)
            flash("已收回沿用说明。", "done")
        else:
            reuse.declare(actor(), section_id, mark, kind=form.get("kind", ""), reason=form.get("reason", ""))
            flash("已记下沿用说明，审核人和领导都能看到。", "done")
    except Invalid as refusal:
        return _page(section_id, refused=mark, refusal=refusal.message, typed=form.get("reason", "")), 422
    return redirect(url_for(".section", section_id=section_id, _anchor=f"p-{mark[:12]}"), code=303)


@blueprint.get("/cycles/<int:cycle_id>/reuse")
@requires(P.READ_DRAFTS)
def cycle(cycle_id: int) -> ResponseReturnValue:
    """How much each section repeats, for whoever reviews the whole report."""
    shown = cycles.visible(actor(), cycle_id)
    outline = sections.outline(shown.id)
    rates = reuse.rates(outline)
    return render_template(
        "reuse/cycle.html", cycle=shown, rows=_rows(outline, rates), total=reuse.total(rates.values())
    )


def _page(section_id: int, *, refused: str = "", refusal: str = "", typed: str = "") -> str:
    found = reuse.of_section(actor(), section_id)
    pairs = [_pair(line) for line in found.lines]
    return render_template(
        "reuse/section.html", found=found, pairs=pairs, refused=refused, refusal=refusal, typed=typed
    )


def _pair(line: Line) -> Pair:
    text = line.likeness.text
    if line.earlier is None:
        return Pair(line, None, ((text, False),))
    row = compare(_paragraph(line.earlier), _paragraph(text))[0]
    return Pair(line, row.left or (), row.right or ((text, False),))


def _paragraph(text: str) -> Document:
    return Document(content=(Paragraph(content=(Text(text=text),)),))


def _rows(outline: Sequence[SectionView], rates: dict[int, Rate]) -> list[tuple[SectionView, Rate]]:
    """Sections with a text, those that repeat most first."""
    rows = [(section, rates[section.id]) for section in outline if section.id in rates]
    return sorted(rows, key=lambda row: -row[1].percent)
