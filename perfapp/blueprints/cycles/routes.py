"""Views of the cycles area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("cycles", __name__)


@blueprint.get("/cycles")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    return "cycles"
