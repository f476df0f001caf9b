"""Extension instances and the settings of the running application. Imports nothing of ours but `config`."""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

from perfapp.config import Settings

db = SQLAlchemy()
login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate()

_SETTINGS = "perfapp.settings"


def keep_settings(app: Flask, settings: Settings) -> None:
    app.extensions[_SETTINGS] = settings


def in_this_application(work: Callable[[], None]) -> Callable[[], None]:
    """`work` for another thread: it runs in a context of its own of the application we run in."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def bound() -> None:
        with app.app_context():
            work()

    return bound


def current_settings() -> Settings:
    """The settings of the application we run in."""
    return cast("Settings", current_app.extensions[_SETTINGS])
