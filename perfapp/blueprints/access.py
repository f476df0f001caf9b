"""Every view says what it needs; one that says nothing stops the application from starting."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask
from flask_login import current_user

from perfapp.core.errors import Forbidden
from perfapp.core.permissions import Actor, Permission

Args = ParamSpec("Args")
Out = TypeVar("Out")
PUBLIC = "public"
SIGNED_IN = "signed in"


def requires(*permissions: Permission) -> Callable[[Callable[Args, Out]], Callable[Args, Out]]:
    """Let in the signed-in who hold any of the permissions; what they may do there, the services decide."""

    def mark(view: Callable[Args, Out]) -> Callable[Args, Out]:
        @wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Out:
            demand(*permissions)
            return view(*args, **kwargs)

        guarded.access = permissions  # type: ignore[attr-defined]
        return guarded

    return mark


def signed_in(view: Callable[Args, Out]) -> Callable[Args, Out]:
    """Let in everybody who is signed in, even before he holds a post: his own account, nothing else."""

    @wraps(view)
    def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Out:
        if not current_user.is_authenticated:
            raise SignInNeeded("登录已过期，请重新登录。")
        return view(*args, **kwargs)

    guarded.access = SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def public(view: Callable[Args, Out]) -> Callable[Args, Out]:
    """Anybody may see this view, signed in or not."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


class SignInNeeded(Forbidden):
    """Nobody is signed in, or the session has ended."""

    status = 401


def demand(*permissions: Permission) -> None:
    if not current_user.is_authenticated:
        raise SignInNeeded("登录已过期，请重新登录。")
    if not any(actor().may(permission) for permission in permissions):
        raise Forbidden("您没有访问此页面的权限。需要办理的，请联系本单位安全管理员授权。")


def actor() -> Actor:
    """The signed-in person; only blueprints ask for it, below them it is passed."""
    return cast("Actor", current_user.actor)


def check(app: Flask) -> None:
    """Raise unless every endpoint is marked with @requires, @signed_in or @public (static files aside)."""
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    if bare:
        raise RuntimeError(f"views without @requires, @signed_in or @public: {sorted(set(bare))}")
