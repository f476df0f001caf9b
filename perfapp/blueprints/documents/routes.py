"""Views of the documents area."""

from flask import Blueprint

blueprint = Blueprint("documents", __name__)
