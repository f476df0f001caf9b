"""The session cookie, and who stands behind a request."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, Request, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user

from perfapp.core.permissions import Actor
from perfapp.data.sign_ins import Bearer
from perfapp.extensions import current_settings, login_manager
from perfapp.services import accounts

_BEFORE_OWN_PASSWORD = frozenset({"auth.account", "auth.change_password", "auth.sign_out", "auth.token", "static"})


@dataclass(frozen=True)
class SignedInUser(UserMixin):
    """What Flask-Login holds: who it is, and the token of his session."""

    bearer: Bearer
    token: str

    @property
    def actor(self) -> Actor:
        return self.bearer.actor

    def get_id(self) -> str:
        return str(self.actor.id)


def cookie_name() -> str:
    return "__Host-perfapp" if current_settings().secure_cookies else "perfapp_session"


def give_cookie(response: Response, token: str) -> Response:
    response.set_cookie(
        cookie_name(), token, httponly=True, samesite="Lax", secure=current_settings().secure_cookies, path="/"
    )
    return response


def take_cookie(response: Response) -> Response:
    response.delete_cookie(
        cookie_name(), httponly=True, samesite="Lax", secure=current_settings().secure_cookies, path="/"
    )
    return response


def session_token() -> str:
    return cast("SignedInUser", current_user).token


def bearer() -> Bearer:
    """The signed-in person with what every page needs of him."""
    return cast("SignedInUser", current_user).bearer


def init_app(app: Flask) -> None:
    login_manager.init_app(app)
    login_manager.request_loader(_load)
    app.before_request(_own_password_first)
    app.after_request(_keep_alive)


def _own_password_first() -> ResponseReturnValue | None:
    """Who still has a password that somebody else knows can do nothing but choose his own."""
    if request.endpoint in _BEFORE_OWN_PASSWORD or not current_user.is_authenticated:
        return None
    if not bearer().must_change_password:
        return None
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return {"message": "请先修改初始密码，再办理业务。"}, 403
    return redirect(url_for("auth.account"), code=303)


def _load(req: Request) -> SignedInUser | None:
    token = req.cookies.get(cookie_name(), "")
    found = accounts.bearer_of(token) if token else None
    if found is None:
        return None
    g.session_in_use = found.session
    return SignedInUser(found, token)


def _keep_alive(response: Response) -> Response:
    """A used session stays awake; not by polling, which goes on when nobody is there."""
    session = g.get("session_in_use")
    if (
        session
        and response.status_code < 500
        and "X-Poll" not in request.headers
        and request.endpoint != "auth.sign_out"
    ):
        accounts.touch(session)
    return response
