"""A document as an HTML fragment, for preview and reading pages: meaning in elements, looks in classes."""

from collections.abc import Callable, Iterable
from html import escape

from perfapp.core.document import FigureText, Run
from perfapp.core.snapshot import Snapshot, SnapshotSection
from perfapp.documents import printed

_LOWEST_HEADING = 5


Chip = Callable[[FigureText], str]
"""Draws a live figure: gives HTML."""


def render_html(
    source: Snapshot | SnapshotSection,
    picture_url: Callable[[str], str],
    *,
    fiscal_year: int | None = None,
    chip: Chip | None = None,
) -> str:
    """The body of a report or of one section; headings from h2. `picture_url` gives the address of a SHA-256.

    A section needs `fiscal_year` for the sentence that it does not apply. All text is escaped here.
    """
    if isinstance(source, Snapshot):
        report = printed.report(source)
    elif fiscal_year is None:
        raise ValueError("a section is rendered for a fiscal year")
    else:
        report = printed.section(source, "", fiscal_year)
    parts = [_part(place.printed, picture_url, chip) for place in report.flow]
    for annex in report.annexes:
        parts.append(f'<p class="doc-mark">{escape(annex.mark)}</p><h2 class="doc-title">{escape(annex.title)}</h2>')
        parts.extend(_part(place.printed, picture_url, chip) for place in annex.flow)
    return "\n".join(parts)


def figure_html(text: FigureText, url: str, *, changed: bool) -> str:
    """A live figure as a link to the page of its fact, marked where the fact has changed since."""
    named = text.figure.reference.model_dump(mode="json", exclude_none=True)
    data = "".join(f' data-{name}="{escape(str(value))}"' for name, value in named.items() if value != "")
    look, mark = (" fact--changed", '<small class="fact__mark">数据已变</small>') if changed else ("", "")
    return f'<a class="fact{look}" href="{escape(url)}"{data}>{escape(text)}</a>{mark}'


def _part(part: printed.Printed, picture_url: Callable[[str], str], chip: Chip | None) -> str:
    if isinstance(part, printed.Head):
        tag = f"h{min(part.depth + 1, _LOWEST_HEADING)}"
        anchor = f' id="section-{escape(part.key)}"' if part.key else ""
        return f'<{tag} class="doc-head doc-head-{part.level}"{anchor}>{escape(part.text)}</{tag}>'
    if isinstance(part, printed.Line):
        kind = "doc-item" if part.item else "doc-p"
        lead = f'<span class="doc-lead doc-lead-{part.lead_level}">{escape(part.lead)}</span>' if part.lead else ""
        anchor = f' id="section-{escape(part.key)}"' if part.key else ""
        return f'<p class="{kind}"{anchor}>{lead}{_runs(part.runs, chip)}</p>'
    if isinstance(part, printed.Aside):
        spans = "".join(f"<span>{escape(text)}</span>" for text in part.parts)
        return f'<p class="doc-aside row row--spread">{spans}</p>'
    if isinstance(part, printed.Grid):
        return _grid(part, chip)
    name = escape(part.caption or "图片")
    caption = f"<figcaption>{escape(part.caption)}</figcaption>" if part.caption else ""
    return (
        f'<figure class="doc-figure"><img src="{escape(picture_url(part.sha256))}" alt="{name}" loading="lazy">'
        f"{caption}</figure>"
    )


def _runs(runs: Iterable[Run], chip: Chip | None) -> str:
    return "".join(_run(text, bold, chip) for text, bold in runs)


def _run(text: str, bold: bool, chip: Chip | None) -> str:
    if chip is not None and isinstance(text, FigureText):
        return chip(text)
    return f"<strong>{escape(text)}</strong>" if bold else escape(text)


def _grid(grid: printed.Grid, chip: Chip | None) -> str:
    rows = [
        f"<tr>{''.join(_cell(cell, y < grid.head_count, chip) for cell in row)}</tr>" for y, row in enumerate(grid.rows)
    ]
    head = f"<thead>{''.join(rows[: grid.head_count])}</thead>" if grid.head_count else ""
    body = "".join(rows[grid.head_count :])
    # Wide tables scroll in their own box; tabindex lets the keyboard do it too.
    return (
        '<div class="doc-table-box" tabindex="0" role="region" aria-label="表格">'
        f'<table class="doc-table">{head}<tbody>{body}</tbody></table></div>'
    )


def _cell(cell: printed.GridCell, in_head: bool, chip: Chip | None) -> str:
    tag = "th" if cell.head else "td"
    scope = f' scope="{"col" if in_head else "row"}"' if cell.head else ""
    spans = (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "") + (
        f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    )
    lines = "<br>".join(_runs(line, chip) for line in cell.lines)
    return f'<{tag}{scope}{spans} class="doc-{cell.align}">{lines}</{tag}>'
