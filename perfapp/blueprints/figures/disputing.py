"""Contesting a value, and the steps that follow."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.figures import fact_page
from perfapp.blueprints.figures.forms import ContestForm, DisputeForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.words import DISPUTE_ACTIONS
from perfapp.data import cycles, disputes, facts
from perfapp.data.disputes import DisputeView
from perfapp.services import disputes as disputing

P = Permission


def add_to(blueprint: Blueprint) -> None:
    """Give the acts to the area's blueprint."""
    address = "/cycles/<int:cycle_id>/facts/<string:key>/disputes"
    blueprint.add_url_rule(address, "contest", contest, methods=["POST"])
    blueprint.add_url_rule("/figures/disputes/<int:dispute_id>", "act", act, methods=["POST"])


@requires(P.CONTEST_FIGURE)
def contest(cycle_id: int, key: str) -> ResponseReturnValue:
    cycle, about = cycles.visible(actor(), cycle_id), facts.get(actor().unit_id, key)
    form = ContestForm(prefix=fact_page.CONTEST)
    form.unit.choices = fact_page.units_of(about)
    if not form.validate_on_submit():
        return fact_page.page(cycle, about, contest=form, status=422)
    against = disputing.Contest(
        typed=form.amount.data,
        reason=form.reason.data,
        unit=form.unit.data,
        evidence=fact_page.uploaded(form.evidence.data),
    )
    try:
        fact_page.demand_sure(about, against.typed, against.unit, is_sure=form.is_sure.data)
        dispute = disputing.contest(actor(), form.value_id.data, against)
    except (Invalid, Conflict) as refusal:
        return fact_page.page(cycle, about, contest=form, status=refusal.status, refusal=blame(form, refusal))
    flash(f"已对“{about.name}”提出争议，归口科室和裁定的人都收到了通知。", "done")
    return _to(dispute)


@requires(P.READ_FIGURES)
def act(dispute_id: int) -> ResponseReturnValue:
    form = DisputeForm()
    before = disputes.get(actor().unit_id, dispute_id)
    if not form.validate_on_submit():
        raise Invalid(next((sentence for found in form.errors.values() for sentence in found), "请选择怎样办理。"))
    action = form.chosen()
    dispute = disputing.act(
        actor(),
        before.id,
        action,
        version=form.version.data,
        reason=form.reason.data or "",
        last_number=form.last_number.data,
    )
    flash(f"已{DISPUTE_ACTIONS[action]}“{dispute.fact_name}”的争议。", "done")
    return _to(dispute)


def _to(dispute: DisputeView) -> ResponseReturnValue:
    anchor = f"dispute-{dispute.id}"
    address = url_for("figures.fact", cycle_id=dispute.cycle_id, key=dispute.fact_key, _anchor=anchor)
    return redirect(address, code=303)
