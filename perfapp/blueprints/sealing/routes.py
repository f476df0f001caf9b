"""Views of the sealing area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("sealing", __name__)


@blueprint.get("/sealing/uses")
@requires(Permission.SIGN_IN)
def uses() -> ResponseReturnValue:
    return "sealing"
