"""Commands of `flask --app wsgi`."""

from flask import Flask

from perfapp.cli.setup import setup
from perfapp.cli.verify import verify


def init_app(app: Flask) -> None:
    app.cli.add_command(setup)
    app.cli.add_command(verify)
