"""Views of the scoring area: the year's self-score, one indicator, what if, the annexes as files."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.incoming import chosen_cycle
from perfapp.blueprints.scoring import indicator_page
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.core.scoring.amounts import points_text
from perfapp.core.scoring.doubts import UNSCORED
from perfapp.core.scoring.measure import in_words
from perfapp.core.scoring.what_if import Supposed
from perfapp.data import cycles
from perfapp.services import annexing, scoring, self_scores
from perfapp.services.self_scores import SelfScore

P = Permission
blueprint = Blueprint("scoring", __name__)
indicator_page.add_to(blueprint)


@blueprint.get("/scoring")
@requires(P.READ_FIGURES)
def index() -> ResponseReturnValue:
    known = cycles.of_unit(actor().unit_id)
    if not known:
        return render_template("scoring/index.html", present=None, may_arrange=actor().may(P.ARRANGE))
    cycle = chosen_cycle(known)
    present = self_scores.of_cycle(cycle)
    return render_template(
        "scoring/index.html",
        present=present,
        cycle=cycle,
        rows=present.rows(actor()),
        doubts=[finding for finding in present.doubts if finding.code != UNSCORED],  # the table says those
        wordings=annexing.wordings(present),
        has_base_table=annexing.has_base_table(cycle.id),
        years=[
            (f"{one.fiscal_year}年度", url_for("scoring.index", cycle=one.id), one.id == cycle.id, None)
            for one in known
        ],
        may_word=actor().may(P.MERGE),
        may_define=actor().may(P.DEFINE_FIGURES),
        points=points_text,
    )


@blueprint.post("/cycles/<int:cycle_id>/scoring/words")
@requires(P.MERGE)
def fill_words(cycle_id: int) -> ResponseReturnValue:
    present = self_scores.of_cycle(cycles.visible(actor(), cycle_id))
    words = {one.name: request.form.get(one.name, one.text) for one in annexing.wordings(present)}
    scoring.fill_words(actor(), cycle_id, words)
    flash("已保存表中的文字。", "done")
    return redirect(url_for("scoring.index", cycle=cycle_id), code=303)


@blueprint.get("/cycles/<int:cycle_id>/scoring/what-if")
@requires(P.READ_FIGURES)
def what_if(cycle_id: int) -> ResponseReturnValue:
    """Nothing is saved: the amounts stand in the address and nowhere else."""
    cycle = cycles.visible(actor(), cycle_id)
    typed = {key: value[:40] for key, value in request.args.items() if value.strip()}
    refusal, wrong = "", ""
    try:
        present, supposed = scoring.what_if(actor(), cycle_id, typed)
    except Invalid as caught:
        refusal, wrong = caught.message, caught.field or ""
        present, supposed = scoring.what_if(actor(), cycle_id, {})
    page = render_template(
        "scoring/what_if.html",
        cycle=cycle,
        present=present,
        supposed=supposed,
        inputs=_inputs(present),
        typed=typed,
        refusal=refusal,
        wrong=wrong,
        changed=_changed(supposed),
        points=points_text,
    )
    return page, 422 if refusal else 200


@blueprint.get("/cycles/<int:cycle_id>/annexes/<annex_kind>.<ending>")
@requires(P.READ_FIGURES)
def annex(cycle_id: int, annex_kind: str, ending: str) -> ResponseReturnValue:
    """The annex as it is now: a draft; the approved one is among the report's files."""
    return handed_out(annexing.draft_file(actor(), cycle_id, annex_kind, ending))


def _inputs(present: SelfScore) -> list[tuple[str, str, str, str]]:
    """Every entered fact behind a measured indicator: its key, name, present amount and unit, the dearest first."""
    order = [cost.source for cost in present.costs]
    order += [source for line in present.scored.lines for source in line.sources]
    known = present.sheet.definitions
    keys = dict.fromkeys(
        key
        for source in order
        if source.key in known and not source.is_last_year
        for key in sorted(present.sheet.needs(source.key))
        if key in known
    )
    found = []
    for key in keys:
        amount = present.sheet.amount(key)
        shown = "" if amount is None else in_words(amount, known[key])
        found.append((key, known[key].name, shown, known[key].unit))
    return found


def _changed(supposed: Supposed) -> list[tuple[str, str, str, str]]:
    """Each changed indicator: its name, points before and after, and why it would be so."""
    return [
        (
            change.before.indicator.name,
            points_text(change.before.points) if change.before.is_scored else "未能计分",
            points_text(change.after.points) if change.after.is_scored else "未能计分",
            change.after.why,
        )
        for change in supposed.changes
    ]
