"""移交: everything that hangs on a person who leaves goes to a successor."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import ADMIN_ROLES, Permission
from perfapp.data import people as directory
from perfapp.data.people import PersonView
from perfapp.services import handing_over

P = Permission


def _number(value: str) -> int | None:
    return int(value) if value else None


class HandOverForm(ChineseForm):
    to_id = SelectField("移交给", coerce=_number, validators=[InputRequired("请选接手的人。")])
    reason = TextAreaField(
        "理由",
        validators=[
            DataRequired("请写明移交的理由，例如：调离本单位。"),
            Length(max=1000, message="理由最多 1000 字。"),
        ],
    )


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule("/people/<int:person_id>/hand-over", "handing_over", show, methods=["GET"])
    blueprint.add_url_rule("/people/<int:person_id>/hand-over", "hand_over", hand_over, methods=["POST"])


@requires(P.GRANT)
def show(person_id: int) -> ResponseReturnValue:
    return _page(_person(person_id), HandOverForm(), 200)


@requires(P.GRANT)
def hand_over(person_id: int) -> ResponseReturnValue:
    who, form = _person(person_id), HandOverForm()
    _offer(form, who)
    if not form.validate_on_submit():
        return _page(who, form, 422)
    try:
        handing_over.hand_over(actor(), person_id, form.to_id.data, reason=form.reason.data)
    except (Invalid, Conflict, Forbidden) as refusal:
        return _page(who, form, refusal.status, blame(form, refusal))
    flash(f"已移交，接手的人已收到通知；{who.name}办过的事，记录里的姓名不变。离岗的，请系统管理员停用账号。", "done")
    return redirect(url_for("admin.person", person_id=person_id), code=303)


def _page(who: PersonView, form: HandOverForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer(form, who)
    held = handing_over.holdings(actor(), who.id)
    return render_template("admin/hand_over.html", person=who, held=held, form=form, refusal=refusal), status


def _offer(form: HandOverForm, who: PersonView) -> None:
    form.to_id.choices = [
        SelectChoice("", "请选择"),
        *(SelectChoice(one.id, f"{one.name}（{_titles(one) or '未任职'}）") for one in _heirs(who)),
    ]


def _heirs(who: PersonView) -> list[PersonView]:
    """Those of the same post first, then those of the same office; no administrator takes an office's work."""
    today = clock.today()
    own = {(post.role, post.office_id) for post in who.posts if post.stands(today)}

    def distance(one: PersonView) -> tuple[bool, bool, str]:
        held = {(post.role, post.office_id) for post in one.posts if post.stands(today)}
        same_post = {role for role, _ in held} & {role for role, _ in own}
        same_office = {office for _, office in held} & {office for _, office in own} - {None}
        return not same_post, not same_office, one.name

    found = [
        one
        for one in directory.persons(who.unit_id)
        if one.id not in {who.id, actor().id}
        and one.disabled_at is None
        and not {post.role for post in one.posts if post.stands(today)} & ADMIN_ROLES
    ]
    return sorted(found, key=distance)


def _titles(one: PersonView) -> str:
    return "、".join(post.title for post in one.posts if post.stands(clock.today()))


def _person(person_id: int) -> PersonView:
    found = directory.person(person_id)
    if found is None or found.unit_id != actor().unit_id:
        raise NotFound("没有找到这位人员。")
    return found
