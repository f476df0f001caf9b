"""Views of the drafting area."""

from flask import Blueprint

blueprint = Blueprint("drafting", __name__)
