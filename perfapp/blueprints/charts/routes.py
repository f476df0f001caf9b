"""Views of the charts area."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.incoming import chosen_cycle
from perfapp.core.permissions import Permission
from perfapp.data import cycles, facts
from perfapp.services import charting

blueprint = Blueprint("charts", __name__)


@blueprint.get("/charts")
@requires(Permission.READ_FIGURES)
def index() -> ResponseReturnValue:
    """The charts of a year, and the trend of one fact over the years."""
    me = actor()
    years = cycles.of_unit(me.unit_id)
    cycle = chosen_cycle(years) if years else None
    known = facts.of_unit(me.unit_id)
    key = request.args.get("fact") or charting.SPENDING
    chosen = next((fact for fact in known if fact.key == key), None)
    return render_template(
        "charts/index.html",
        cycle=cycle,
        years=[
            (f"{one.fiscal_year}年度", url_for(".index", cycle=one.id, fact=key), one == cycle, None) for one in years
        ],
        facts=known,
        chosen=chosen,
        trend=charting.trend(me, key) if chosen else None,
        charts=charting.of_cycle(cycle) if cycle else [],
    )
