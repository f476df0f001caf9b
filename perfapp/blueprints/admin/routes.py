"""Persons of the unit: accounts and posts."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.admin import handing_over, log, offices, powers
from perfapp.blueprints.admin.forms import ContactForm, GrantForm, PersonForm
from perfapp.blueprints.admin.tabs import people_tabs
from perfapp.blueprints.blaming import blame
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.data import delegations
from perfapp.data import people as directory
from perfapp.data.people import PersonView
from perfapp.services import staffing

P = Permission
blueprint = Blueprint("admin", __name__)
for _part in (offices, powers, handing_over, log):
    _part.add_to(blueprint)


@blueprint.get("/people")
@requires(P.READ_PEOPLE)
def people() -> ResponseReturnValue:
    return render_template(
        "admin/people.html",
        tabs=people_tabs("people", may_manage=actor().may(P.MANAGE_PEOPLE)),
        persons=directory.persons(actor().unit_id),
        today=clock.today(),
        may_manage=actor().may(P.MANAGE_PEOPLE),
    )


@blueprint.get("/people/new")
@requires(P.MANAGE_PEOPLE)
def new_person() -> ResponseReturnValue:
    return render_template("admin/new_person.html", form=PersonForm())


@blueprint.post("/people/new")
@requires(P.MANAGE_PEOPLE)
def create_person() -> ResponseReturnValue:
    """Answers with a page and not a redirect: the password is in this response and nowhere else."""
    form = PersonForm()
    if not form.validate_on_submit():
        return render_template("admin/new_person.html", form=form), 422
    try:
        person_id, password = staffing.create_person(
            actor(),
            login=form.login.data,
            name=form.name.data,
            phone=form.phone.data or "",
            email=form.email.data or "",
        )
    except Invalid as refusal:
        blame(form, refusal)
        return render_template("admin/new_person.html", form=form), refusal.status
    return _password_page(_person(person_id), password, is_new=True)


@blueprint.get("/people/<int:person_id>")
@requires(P.READ_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    who = _person(person_id)
    return _person_page(who, ContactForm(name=who.name, phone=who.phone, email=who.email), GrantForm(), 200)


@blueprint.post("/people/<int:person_id>/contact")
@requires(P.MANAGE_PEOPLE)
def change_contact(person_id: int) -> ResponseReturnValue:
    who, form = _person(person_id), ContactForm()
    if not form.validate_on_submit():
        return _person_page(who, form, GrantForm(formdata=None), 422)
    try:
        staffing.change_contact(
            actor(), person_id, name=form.name.data, phone=form.phone.data or "", email=form.email.data or ""
        )
    except Invalid as refusal:
        blame(form, refusal)
        return _person_page(who, form, GrantForm(formdata=None), refusal.status)
    return _back(person_id, "资料已保存。")


@blueprint.post("/people/<int:person_id>/password")
@requires(P.MANAGE_PEOPLE)
def reset_password(person_id: int) -> ResponseReturnValue:
    """Answers with a page and not a redirect: the password is in this response and nowhere else."""
    password = staffing.reset_password(actor(), person_id)
    return _password_page(_person(person_id), password, is_new=False)


@blueprint.post("/people/<int:person_id>/disable")
@requires(P.MANAGE_PEOPLE)
def disable(person_id: int) -> ResponseReturnValue:
    staffing.disable(actor(), person_id)
    return _back(person_id, "账号已停用，这位人员的登录已立即退出。")


@blueprint.post("/people/<int:person_id>/enable")
@requires(P.MANAGE_PEOPLE)
def enable(person_id: int) -> ResponseReturnValue:
    staffing.enable(actor(), person_id)
    return _back(person_id, "账号已恢复，可以用原来的密码登录。")


@blueprint.post("/people/<int:person_id>/posts")
@requires(P.GRANT)
def grant(person_id: int) -> ResponseReturnValue:
    who, form = _person(person_id), GrantForm()
    _offer_offices(form)
    contact = ContactForm(formdata=None, name=who.name, phone=who.phone, email=who.email)
    if not form.validate_on_submit():
        return _person_page(who, contact, form, 422)
    wanted = staffing.Grant(form.chosen, form.office_id.data, form.starts_on.data, form.ends_on.data)
    try:
        staffing.grant(actor(), person_id, wanted)
    except (Invalid, Conflict, Forbidden, NotFound) as refusal:
        return _person_page(who, contact, form, refusal.status, blame(form, refusal))
    return _back(person_id, "已授权，下一次打开页面即生效。")


@blueprint.post("/people/<int:person_id>/posts/<int:post_id>/end")
@requires(P.GRANT)
def revoke(person_id: int, post_id: int) -> ResponseReturnValue:
    if post_id not in {post.id for post in _person(person_id).posts}:
        raise NotFound("没有找到这项任职。")
    staffing.revoke(actor(), post_id)
    return _back(person_id, "任职已解除，立即生效。")


def _person(person_id: int) -> PersonView:
    found = directory.person(person_id)
    if found is None or found.unit_id != actor().unit_id:
        raise NotFound("没有找到这位人员。")
    return found


def _back(person_id: int, words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def _person_page(
    who: PersonView, contact: ContactForm, granting: GrantForm, status: int, refusal: str = ""
) -> ResponseReturnValue:
    _offer_offices(granting)
    today = clock.today()
    page = render_template(
        "admin/person.html",
        person=who,
        contact=contact,
        granting=granting,
        refusal=refusal,
        standing=[post for post in who.posts if post.stands(today)],
        ended=[post for post in who.posts if not post.stands(today)],
        today=today,
        lent=delegations.standing(who.id, today) if actor().may(P.GRANT) else (),
        is_self=who.id == actor().id,
        may_manage=actor().may(P.MANAGE_PEOPLE),
        may_grant=actor().may(P.GRANT),
    )
    return page, status


def _password_page(who: PersonView, password: str, *, is_new: bool) -> ResponseReturnValue:
    return render_template("admin/password.html", person=who, password=password, is_new=is_new)


def _offer_offices(form: GrantForm) -> None:
    known = directory.offices(actor().unit_id)
    form.office_id.choices = [SelectChoice("", "不限科室"), *(SelectChoice(office.id, office.name) for office in known)]
