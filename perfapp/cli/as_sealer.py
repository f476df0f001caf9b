"""Commands of whoever runs the server may touch the seals' keys; the web server and the workers never come here."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app

from perfapp.extensions import current_settings, keep_settings

Args = ParamSpec("Args")
Out = TypeVar("Out")


def as_sealer(command: Callable[Args, Out]) -> Callable[Args, Out]:
    """Run the command with the right to the seal folder that its operating system account has."""

    @wraps(command)
    def with_keys(*args: Args.args, **kwargs: Args.kwargs) -> Out:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        given = current_settings()
        keep_settings(app, replace(given, opens_keys=True))
        try:
            return command(*args, **kwargs)
        finally:
            keep_settings(app, given)

    return with_keys
