"""A document as an HTML fragment, for preview and reading pages: meaning in elements, looks in classes."""

from collections.abc import Callable, Iterable
from html import escape

from perfapp.core.document import Run
from perfapp.core.snapshot import Snapshot, SnapshotSection
from perfapp.documents import printed

_LOWEST_HEADING = 5


def render_html(
    source: Snapshot | SnapshotSection, picture_url: Callable[[str], str], *, fiscal_year: int | None = None
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
    parts = [_part(place.printed, picture_url) for place in report.flow]
    for annex in report.annexes:
        parts.append(f'<p class="doc-mark">{escape(annex.mark)}</p><h2 class="doc-title">{escape(annex.title)}</h2>')
        parts.extend(_part(place.printed, picture_url) for place in annex.flow)
    return "\n".join(parts)


def _part(part: printed.Printed, picture_url: Callable[[str], str]) -> str:
    if isinstance(part, printed.Head):
        tag = f"h{min(part.depth + 1, _LOWEST_HEADING)}"
        anchor = f' id="section-{escape(part.key)}"' if part.key else ""
        return f'<{tag} class="doc-head doc-head-{part.level}"{anchor}>{escape(part.text)}</{tag}>'
    if isinstance(part, printed.Line):
        kind = "doc-item" if part.item else "doc-p"
        lead = f'<span class="doc-lead doc-lead-{part.lead_level}">{escape(part.lead)}</span>' if part.lead else ""
        return f'<p class="{kind}">{lead}{_runs(part.runs)}</p>'
    if isinstance(part, printed.Aside):
        return f'<p class="doc-aside">{"".join(f"<span>{escape(text)}</span>" for text in part.parts)}</p>'
    if isinstance(part, printed.Grid):
        return _grid(part)
    name = escape(part.caption or "图片")
    caption = f"<figcaption>{escape(part.caption)}</figcaption>" if part.caption else ""
    return (
        f'<figure class="doc-figure"><img src="{escape(picture_url(part.sha256))}" alt="{name}" loading="lazy">'
        f"{caption}</figure>"
    )


def _runs(runs: Iterable[Run]) -> str:
    return "".join(f"<strong>{escape(text)}</strong>" if bold else escape(text) for text, bold in runs)


def _grid(grid: printed.Grid) -> str:
    rows = [f"<tr>{''.join(_cell(cell, y < grid.head_count) for cell in row)}</tr>" for y, row in enumerate(grid.rows)]
    head = f"<thead>{''.join(rows[: grid.head_count])}</thead>" if grid.head_count else ""
    body = "".join(rows[grid.head_count :])
    # Wide tables scroll in their own box; tabindex lets the keyboard do it too.
    return (
        '<div class="doc-table-box" tabindex="0" role="region" aria-label="表格">'
        f'<table class="doc-table">{head}<tbody>{body}</tbody></table></div>'
    )


def _cell(cell: printed.GridCell, in_head: bool) -> str:
    tag = "th" if cell.head else "td"
    scope = f' scope="{"col" if in_head else "row"}"' if cell.head else ""
    spans = (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "") + (
        f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    )
    return f'<{tag}{scope}{spans} class="doc-{cell.align}">{"<br>".join(map(_runs, cell.lines))}</{tag}>'
