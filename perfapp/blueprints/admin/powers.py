"""谁能做什么: printed from the table of grants, and who presses the seal."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.admin.forms import PolicyForm
from perfapp.blueprints.admin.tabs import people_tabs
from perfapp.blueprints.blaming import blame
from perfapp.core.errors import Invalid
from perfapp.core.permissions import GRANTS, Permission, Role
from perfapp.core.words import POWERS, SEAL_POLICIES
from perfapp.data import people as directory
from perfapp.services import staffing

P = Permission


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule("/people/roles", "roles", roles, methods=["GET"])
    blueprint.add_url_rule("/people/seal-policy", "set_seal_policy", set_seal_policy, methods=["POST"])


@requires(P.READ_PEOPLE)
def roles() -> ResponseReturnValue:
    policy = directory.unit(actor().unit_id).seal_policy
    return _page(PolicyForm(policy=policy.value), 200)


@requires(P.GRANT)
def set_seal_policy() -> ResponseReturnValue:
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    try:
        staffing.set_seal_policy(actor(), form.chosen)
    except Invalid as refusal:
        form.policy.errors = (*form.policy.errors, blame(form, refusal))
        return _page(form, refusal.status)
    flash(f"盖章方式已改为：{SEAL_POLICIES[form.chosen]}。", "done")
    return redirect(url_for("admin.roles"), code=303)


def _page(form: PolicyForm, status: int) -> ResponseReturnValue:
    unit_id = actor().unit_id
    page = render_template(
        "admin/roles.html",
        tabs=people_tabs("roles", may_manage=actor().may(P.MANAGE_PEOPLE)),
        powers=POWERS,
        roles=list(Role),
        grants=GRANTS,
        holders=directory.role_holders(unit_id, clock.today()),
        policy_words=SEAL_POLICIES[directory.unit(unit_id).seal_policy],
        form=form,
        may_grant=actor().may(P.GRANT),
    )
    return page, status
