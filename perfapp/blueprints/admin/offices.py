"""Offices of the unit: adding, renaming, closing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.admin.forms import OfficeForm
from perfapp.blueprints.admin.tabs import people_tabs
from perfapp.blueprints.blaming import blame
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.data import people as directory
from perfapp.data.people import OfficeView
from perfapp.services import staffing

P = Permission


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    office = "/people/offices/<int:office_id>"
    blueprint.add_url_rule("/people/offices", "offices", offices, methods=["GET"])
    blueprint.add_url_rule("/people/offices", "add_office", add_office, methods=["POST"])
    blueprint.add_url_rule(office, "office", office_page, methods=["GET"])
    blueprint.add_url_rule(office, "rename_office", rename_office, methods=["POST"])
    blueprint.add_url_rule(f"{office}/close", "close_office", close_office, methods=["POST"])
    blueprint.add_url_rule(f"{office}/reopen", "reopen_office", reopen_office, methods=["POST"])


@requires(P.READ_PEOPLE)
def offices() -> ResponseReturnValue:
    return _list_page(OfficeForm(), 200)


@requires(P.MANAGE_PEOPLE)
def add_office() -> ResponseReturnValue:
    form = OfficeForm()
    if not form.validate_on_submit():
        return _list_page(form, 422)
    try:
        staffing.add_office(actor(), form.name.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _list_page(form, refusal.status)
    return _to_list(f"已新增科室“{form.name.data.strip()}”。")


@requires(P.MANAGE_PEOPLE)
def office_page(office_id: int) -> ResponseReturnValue:
    office = directory.office(actor().unit_id, office_id)
    return _office_page(office, OfficeForm(name=office.name), 200)


@requires(P.MANAGE_PEOPLE)
def rename_office(office_id: int) -> ResponseReturnValue:
    office, form = directory.office(actor().unit_id, office_id), OfficeForm()
    if not form.validate_on_submit():
        return _office_page(office, form, 422)
    try:
        staffing.rename_office(actor(), office_id, form.name.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _office_page(office, form, refusal.status)
    return _to_list("科室名称已保存。")


@requires(P.MANAGE_PEOPLE)
def close_office(office_id: int) -> ResponseReturnValue:
    staffing.close_office(actor(), office_id)
    return _to_list("科室已撤销。它负责的章节，请统稿人改派；它的任职，请安全管理员解除。")


@requires(P.MANAGE_PEOPLE)
def reopen_office(office_id: int) -> ResponseReturnValue:
    staffing.reopen_office(actor(), office_id)
    return _to_list("科室已恢复。")


def _to_list(words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("admin.offices"), code=303)


def _list_page(form: OfficeForm, status: int) -> ResponseReturnValue:
    unit_id = actor().unit_id
    page = render_template(
        "admin/offices.html",
        tabs=people_tabs("offices", may_manage=actor().may(P.MANAGE_PEOPLE)),
        offices=directory.offices(unit_id, with_closed=True),
        staff=directory.office_staff(unit_id, clock.today()),
        form=form,
        may_manage=actor().may(P.MANAGE_PEOPLE),
    )
    return page, status


def _office_page(office: OfficeView, form: OfficeForm, status: int) -> ResponseReturnValue:
    return render_template("admin/office.html", office=office, form=form), status
