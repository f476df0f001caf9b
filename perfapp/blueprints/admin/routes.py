"""Views of the admin area."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import requires
from perfapp.core.permissions import Permission

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin/people")
@requires(Permission.SIGN_IN)
def people() -> ResponseReturnValue:
    return "admin"


@blueprint.get("/admin/log")
@requires(Permission.SIGN_IN)
def log() -> ResponseReturnValue:
    return "admin"
