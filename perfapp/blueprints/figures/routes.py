"""Views of the figures area: a year's facts as a list and as a file, what waits for me, evidence."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.figures import definitions, disputing, fact_page, lists
from perfapp.blueprints.figures.fact_reading import printed_value
from perfapp.blueprints.handing_out import handed_out, workbook
from perfapp.blueprints.incoming import chosen_cycle
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.data import cycles, disputes
from perfapp.data.cycles import CycleView
from perfapp.services import downloads, fact_export, fact_table
from perfapp.services import facts as entering

P = Permission
WAITING = 200
"""Values to be confirmed at once; the others follow when these are done."""
blueprint = Blueprint("figures", __name__)
for _part in (fact_page, disputing, definitions):
    _part.add_to(blueprint)


@blueprint.get("/figures")
@requires(P.READ_FIGURES)
def index() -> ResponseReturnValue:
    known = cycles.of_unit(actor().unit_id)
    if not known:
        return render_template("figures/index.html", table=None, may_arrange=actor().may(P.ARRANGE))
    table = fact_table.table(actor(), chosen_cycle(known).id)
    wanted = lists.asked()
    rows = lists.chosen(table.rows, wanted)
    page_count = max(1, -(-len(rows) // lists.PAGE))
    page = min(wanted.page, page_count)
    shown = rows[(page - 1) * lists.PAGE : page * lists.PAGE]
    return render_template(
        "figures/index.html",
        table=table,
        groups=lists.grouped(shown),
        tabs=lists.tabs(table.rows, wanted, table.cycle.id),
        years=[(f"{one.fiscal_year}年度", wanted.address(one.id), one.id == table.cycle.id, None) for one in known],
        wanted=wanted,
        total=len(rows),
        page=page,
        page_count=page_count,
        to_confirm=len(fact_table.waiting(actor(), [table.cycle.id])),
        may_define=actor().may(P.DEFINE_FIGURES),
    )


@blueprint.get("/figures/cycles/<int:cycle_id>.xlsx")
@requires(P.READ_FIGURES)
def export(cycle_id: int) -> ResponseReturnValue:
    """The list that the page shows, with the same filter and search."""
    table = fact_table.table(actor(), cycle_id)
    data = fact_export.workbook(table.cycle, lists.chosen(table.rows, lists.asked()))
    return workbook(f"数据-{table.cycle.fiscal_year}年度-{clock.today():%Y%m%d}.xlsx", data)


@blueprint.get("/figures/cycles/<int:cycle_id>/waiting")
@requires(P.READ_FIGURES)
def waiting(cycle_id: int) -> ResponseReturnValue:
    return _waiting_page(cycles.visible(actor(), cycle_id), [])


@blueprint.post("/figures/cycles/<int:cycle_id>/waiting")
@requires(P.CONFIRM_FIGURE, P.CONFIRM_MONEY)
def confirm_many(cycle_id: int) -> ResponseReturnValue:
    """Answers with the list and not a redirect: what became of each value is in this response and nowhere else."""
    cycle = cycles.visible(actor(), cycle_id)
    ids = request.form.getlist("value", type=incoming.number)
    if not ids:
        raise Invalid("请先勾选要确认的数据。")
    return _waiting_page(cycle, entering.confirm_many(actor(), cycle.id, ids))


@blueprint.get("/figures/values/<int:value_id>/evidence")
@requires(P.READ_FIGURES)
def evidence(value_id: int) -> ResponseReturnValue:
    return handed_out(downloads.figure_evidence(actor(), value_id))


@blueprint.get("/figures/disputes/<int:dispute_id>/evidence")
@requires(P.READ_FIGURES)
def dispute_evidence(dispute_id: int) -> ResponseReturnValue:
    return handed_out(downloads.dispute_evidence(actor(), dispute_id))


@blueprint.get("/figures/disputes/<int:dispute_id>")
@requires(P.READ_FIGURES)
def dispute(dispute_id: int) -> ResponseReturnValue:
    """Where the dispute stands on its fact's page."""
    found = disputes.get(actor().unit_id, dispute_id)
    anchor = f"dispute-{found.id}"
    return redirect(url_for("figures.fact", cycle_id=found.cycle_id, key=found.fact_key, _anchor=anchor))


def _waiting_page(cycle: CycleView, results: list[tuple[str, str]]) -> str:
    found = fact_table.waiting(actor(), [cycle.id])
    return render_template(
        "figures/waiting.html",
        cycle=cycle,
        rows=[(fact, value, printed_value(fact, value)) for fact, value in found[:WAITING]],
        more=max(0, len(found) - WAITING),
        results=results,
    )
