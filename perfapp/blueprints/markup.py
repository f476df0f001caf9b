"""The one place that calls text markup: what is drawn from a document, every typed character escaped."""

from collections.abc import Callable

from markupsafe import Markup

from perfapp.core.document import FigureText
from perfapp.core.snapshot import Snapshot
from perfapp.documents.html import figure_html, render_html


def of_snapshot(
    snapshot: Snapshot, picture_url: Callable[[str], str], chip: Callable[[FigureText], str] | None = None
) -> Markup:
    """The whole report as HTML for reading on the page; `chip` draws its live figures, else they are plain words."""
    return Markup(render_html(snapshot, picture_url, chip=chip))  # noqa: S704 -- escaped there, as its tests show


def of_figure(text: FigureText, url: str, *, changed: bool) -> Markup:
    """A live figure as a link to the page of its fact."""
    return Markup(figure_html(text, url, changed=changed))  # noqa: S704 -- escaped there, as its tests show
