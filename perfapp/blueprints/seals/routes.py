"""印章登记: seals, their certificates and their history; what will stop the seal, weeks ahead."""

import io

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.seals import reading
from perfapp.blueprints.seals.forms import CertificateForm, ChangeForm, DecideForm, RegisterForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.seal_flow import SealAction, SealKind
from perfapp.core.words import SEAL_ACTIONS
from perfapp.data import blobs
from perfapp.data import seals as seal_table
from perfapp.services import archive_watch, seal_register, seal_watch

blueprint = Blueprint("seals", __name__)

P = Permission


@blueprint.get("/seals")
@requires(P.READ_SEALS)
def index() -> ResponseReturnValue:
    unit_id = actor().unit_id
    return render_template(
        "seals/index.html",
        seals=seal_table.of_unit(unit_id),
        cautions=seal_watch.cautions(unit_id),
        archive=archive_watch.standing(unit_id),
        may_register=actor().may(P.REGISTER_SEALS),
        now=clock.now(),
    )


@blueprint.get("/seals/new")
@requires(P.REGISTER_SEALS)
def new() -> ResponseReturnValue:
    return _new_page(RegisterForm(), 200)


@blueprint.post("/seals")
@requires(P.REGISTER_SEALS)
def register() -> ResponseReturnValue:
    form = RegisterForm()
    form.offer_keepers(actor().unit_id)
    if not form.validate_on_submit():
        return _new_page(form, 422)
    try:
        seal_id = seal_register.register(
            actor(),
            name=form.name.data or "",
            kind=SealKind(form.kind.data),
            keeper_id=form.keeper_id.data,
            picture=form.drawn,
            handed=form.handed,
        )
    except Invalid as refusal:
        return _new_page(form, refusal.status, blame(form, refusal))
    flash("印章已登记，等盖章服务核对密钥，再由保管人启用。", "done")
    return redirect(url_for("seals.seal", seal_id=seal_id), code=303)


@blueprint.get("/seals/<int:seal_id>")
@requires(P.READ_SEALS)
def seal(seal_id: int) -> ResponseReturnValue:
    return _page(seal_id, 200)


@blueprint.get("/seals/<int:seal_id>/picture")
@requires(P.READ_SEALS)
def picture(seal_id: int) -> ResponseReturnValue:
    found = seal_table.own(actor().unit_id, seal_id)
    return send_file(io.BytesIO(blobs.read(found.picture_sha256)), mimetype="image/png", max_age=0)


@blueprint.post("/seals/<int:seal_id>/certificates")
@requires(P.REGISTER_SEALS)
def renew(seal_id: int) -> ResponseReturnValue:
    """Register a later certificate."""
    form = CertificateForm()
    if not form.validate_on_submit():
        return _page(seal_id, 422, renewing=form)
    try:
        seal_register.renew(actor(), seal_id, version=form.seen_version, handed=form.handed)
    except (Conflict, Invalid) as refusal:
        return _page(seal_id, refusal.status, renewing=form, refusal=blame(form, refusal))
    flash("新证书已登记，等盖章服务核对密钥，再由保管人改用。", "done")
    return redirect(url_for("seals.seal", seal_id=seal_id), code=303)


@blueprint.post("/seals/<int:seal_id>/change")
@requires(P.REGISTER_SEALS)
def change(seal_id: int) -> ResponseReturnValue:
    form = ChangeForm()
    form.offer_keepers(actor().unit_id)
    if not form.validate_on_submit():
        return _page(seal_id, 422, changing=form)
    try:
        seal_register.change(
            actor(),
            seal_id,
            version=form.seen_version,
            name=form.name.data or "",
            keeper_id=form.keeper_id.data,
            picture=form.drawn,
            reason=form.reason.data or "",
        )
    except (Conflict, Invalid) as refusal:
        return _page(seal_id, refusal.status, changing=form, refusal=blame(form, refusal))
    flash("变更已登记。", "done")
    return redirect(url_for("seals.seal", seal_id=seal_id), code=303)


@blueprint.post("/seals/<int:seal_id>/decide")
@requires(P.KEEP_SEALS)
def decide(seal_id: int) -> ResponseReturnValue:
    """Enable, adopt the new certificate, stop or cancel."""
    form = DecideForm()
    try:
        if not form.validate_on_submit():
            raise Invalid("；".join(form.reason.errors) or "页面已经过期，请刷新后再办理。", "reason")
        done = seal_register.act(
            actor(),
            seal_id,
            _action(form.action.data or ""),
            version=form.seen_version,
            reason=form.reason.data or "",
            password=form.password.data or "",
        )
    except (Conflict, Invalid) as refusal:
        return _page(seal_id, refusal.status, deciding=form, refusal=blame(form, refusal))
    flash(f"已{SEAL_ACTIONS[SealAction(form.action.data)]}：{done.name}。", "done")
    return redirect(url_for("seals.seal", seal_id=seal_id), code=303)


def _action(code: str) -> SealAction:
    if code not in set(SealAction):
        raise Invalid("没有这一步，请刷新页面再试。")
    return SealAction(code)


def _new_page(form: RegisterForm, status: int, refusal: str = "") -> ResponseReturnValue:
    form.offer_keepers(actor().unit_id)
    return render_template("seals/new.html", form=form, refusal=refusal), status


def _page(
    seal_id: int,
    status: int,
    *,
    renewing: CertificateForm | None = None,
    changing: ChangeForm | None = None,
    deciding: DecideForm | None = None,
    refusal: str = "",
) -> ResponseReturnValue:
    page = reading.read(actor(), seal_id)
    seal = page.seal
    changed = changing or ChangeForm(formdata=None, name=seal.name, keeper_id=seal.keeper_id)
    changed.offer_keepers(actor().unit_id)
    html = render_template(
        "seals/seal.html",
        page=page,
        renewing=renewing or CertificateForm(formdata=None),
        changing=changed,
        deciding=deciding or DecideForm(formdata=None),
        opened="renew" if renewing else "change" if changing else deciding.action.data if deciding else "",
        refusal=refusal,
    )
    return html, status
