"""Views of the desk area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("desk", __name__)


@blueprint.get("/")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    return "desk"


@blueprint.get("/desk/notices")
@requires(Permission.SIGN_IN)
def notices() -> ResponseReturnValue:
    return "desk"
