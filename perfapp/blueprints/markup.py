"""The one place that calls text markup: what is drawn from a document, every typed character escaped."""

from collections.abc import Callable

from markupsafe import Markup

from perfapp.core.snapshot import Snapshot
from perfapp.documents.html import render_html


def of_snapshot(snapshot: Snapshot, picture_url: Callable[[str], str]) -> Markup:
    """The whole report as HTML for reading on the page."""
    return Markup(render_html(snapshot, picture_url))  # noqa: S704 -- escaped by render_html, as its tests show
