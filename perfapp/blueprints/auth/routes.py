"""Sign in, sign out, change one's password."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from perfapp import clock
from perfapp.blueprints import identity
from perfapp.blueprints.access import actor, public, signed_in
from perfapp.blueprints.auth import browsers
from perfapp.blueprints.auth.forms import PasswordForm, SignInForm
from perfapp.blueprints.blaming import blame
from perfapp.core.errors import DomainError, Invalid, TooMany
from perfapp.core.permissions import Permission
from perfapp.data import people
from perfapp.extensions import current_settings
from perfapp.services import accounts

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next")), code=302)
    form = SignInForm(next=request.args.get("next", ""))
    return _sign_in_page(form, 200)


@blueprint.post("/sign-in")
@public
def sign_in_do() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form, 422)
    try:
        signed_in = accounts.sign_in(
            form.login.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            browser=request.user_agent.string,
        )
    except DomainError as refusal:
        return _sign_in_page(form, refusal.status, refusal.message)
    session.clear()  # a new form token for a new session
    target = url_for("auth.account") if signed_in.must_change_password else local_path(form.next.data)
    return identity.give_cookie(make_response(redirect(target, code=303)), signed_in.token)


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        accounts.sign_out(actor(), identity.session_token())
    session.clear()
    response = make_response(redirect(url_for("auth.sign_in"), code=303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return identity.take_cookie(response)


@blueprint.get("/session/token")
@signed_in
def token() -> ResponseReturnValue:
    """A fresh form token for a page that outlived its session; the page checks that it is the same person."""
    return {"token": generate_csrf(), "person_id": actor().id}


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    return _account_page(PasswordForm(), 200)


@blueprint.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate_on_submit():
        return _account_page(form, 422)
    was_first = identity.bearer().must_change_password
    try:
        accounts.change_password(actor(), identity.session_token(), form.current.data or "", form.new.data or "")
    except (Invalid, TooMany) as refusal:
        if sentence := blame(form, refusal):
            form.current.errors = (*form.current.errors, sentence)
        return _account_page(form, refusal.status)
    flash("密码已修改，其他设备上的登录已退出。", "done")
    return redirect("/" if was_first else url_for("auth.account"), code=303)


@blueprint.post("/account/sessions/end")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    accounts.end_other_sessions(actor(), identity.session_token())
    flash("其他设备上的登录已全部退出。", "done")
    return redirect(url_for("auth.account"), code=303)


def local_path(target: str | None) -> str:
    """`target` if it is a path of ours, else the front page: no sign-in leads to a foreign site."""
    parts = urlsplit(target or "")
    if not target or parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    return target if all(ord(ch) > 31 for ch in target) and "\\" not in target else "/"


def _sign_in_page(form: SignInForm, status: int, refusal: str = "") -> ResponseReturnValue:
    page = render_template(
        "auth/sign_in.html",
        form=form,
        refusal=refusal,
        is_demo=current_settings().demo,
        is_set_up=people.any_unit(),
    )
    return page, status


def _account_page(form: PasswordForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "auth/account.html",
        form=form,
        person=people.person(actor().id),
        today=clock.today(),
        sessions=accounts.own_sessions(actor(), identity.session_token()),
        browser_name=browsers.spoken,
        may_delegate=actor().may(Permission.READ_OWN),
    )
    return page, status
