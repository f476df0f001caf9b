"""Views of the review area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("review", __name__)


@blueprint.get("/review")
@requires(Permission.SIGN_IN)
def index() -> ResponseReturnValue:
    return "review"
