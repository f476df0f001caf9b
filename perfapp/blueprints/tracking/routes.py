"""Views of the tracking area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("tracking", __name__)


@blueprint.get("/tracking")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    return "tracking"
