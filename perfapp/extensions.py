"""Extension instances and the settings of the running application. Imports nothing of ours but `config`."""

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


def current_settings() -> Settings:
    """The settings of the application we run in."""
    return cast("Settings", current_app.extensions[_SETTINGS])
