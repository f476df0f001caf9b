"""Views of the public area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import public

blueprint = Blueprint("public", __name__)


@blueprint.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """Alive: the process answers."""
    return {"status": "ok"}
