"""Lines of a PDF's pages put back together: paragraphs over line and page ends, tables over pages."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from perfapp.documents.manuscripts.parts import Box, joined
from perfapp.documents.manuscripts.pdf_grid import PdfGrid, grids
from perfapp.documents.manuscripts.pdf_marks import PdfPage, Row, rows
from perfapp.documents.word_numbers import typed_label

_PAGE_NUMBER: Final = re.compile(
    r"[-—–―－_·.\s]*(?:第?\s*\d{1,4}\s*页?|[ivxIVX]{1,6})(?:\s*[/／,，、]?\s*共?\s*\d{1,4}\s*页?)?[-—–―－_·.\s]*"
)
_MARGIN_ZONE: Final = 0.12
_REPEATS: Final = 3
_SHARE: Final = 4
_CONTENTS: Final = re.compile(r"(?:[.．·…⋯]\s*){4,}\s*[\d\s—-]{1,8}$")
_STOP: Final = ("。", "；", "：", ";", ":", "！", "？")
_LARGER: Final = 1.25
_SAME_SIZE: Final = 0.15
_SAME_EDGE: Final = 3.0
_INDENT: Final = 1.4  # of the size: from here on a line starts a paragraph
_SLACK: Final = 0.6


@dataclass(slots=True)
class Flow:
    """A paragraph in growth, or a table over one or more pages."""

    rows: list[Row] = field(default_factory=list)
    grid: PdfGrid | None = None
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class _Measure:
    """Where the text of pages of one width usually starts and ends, and its usual size and pitch."""

    left: float
    right: float
    size: float
    pitch: float


def flow(pages: Sequence[PdfPage]) -> list[str | tuple[Box, ...]]:
    """Paragraphs as text and tables as cells, in reading order."""
    held = [_page(page) for page in pages]
    running = _running_heads(pages, held)
    bodies = [
        [thing for thing in things if not (isinstance(thing, Row) and _is_margin(thing, page, running))]
        for page, things in zip(pages, held, strict=True)
    ]
    measures = _measures(pages, bodies)
    done: list[Flow] = []
    for page, things in zip(pages, bodies, strict=True):
        for thing in things:
            _take(thing, done, measures[round(page.width)])
    return list(_texts(done))


def _page(page: PdfPage) -> list[Row | PdfGrid]:
    """The page's lines and tables from the top."""
    found = grids(page)
    taken = frozenset().union(*(grid.marks for grid in found))
    loose = rows(mark for mark in page.marks if mark not in taken)
    things: list[Row | PdfGrid] = [*loose, *found]
    return sorted(things, key=lambda thing: -(thing.y if isinstance(thing, Row) else thing.top))


# --- what stands in the margins ---


def _running_heads(pages: Sequence[PdfPage], held: Sequence[Sequence[Row | PdfGrid]]) -> frozenset[str]:
    """What stands in the margin of three pages and of a quarter of them all, digits aside."""
    counts = Counter(
        text
        for page, things in zip(pages, held, strict=True)
        for text in {_outline(thing) for thing in things if isinstance(thing, Row) and _is_outside(thing, page)}
    )
    return frozenset(text for text, count in counts.items() if count >= max(_REPEATS, len(pages) / _SHARE))


def _is_margin(row: Row, page: PdfPage, running: frozenset[str]) -> bool:
    return _is_outside(row, page) and (_PAGE_NUMBER.fullmatch(row.text) is not None or _outline(row) in running)


def _is_outside(row: Row, page: PdfPage) -> bool:
    return not page.height * _MARGIN_ZONE < row.y < page.height * (1 - _MARGIN_ZONE)


def _outline(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text)


# --- paragraphs ---


def _measures(pages: Sequence[PdfPage], bodies: Sequence[Sequence[Row | PdfGrid]]) -> dict[int, _Measure]:
    by_width: dict[int, list[list[Row]]] = {}
    for page, things in zip(pages, bodies, strict=True):
        lines = [thing for thing in things if isinstance(thing, Row)]
        by_width.setdefault(round(page.width), []).append(lines)
    return {width: _measure(held, width) for width, held in by_width.items()}


def _measure(pages: Sequence[Sequence[Row]], width: float) -> _Measure:
    lines = [line for page in pages for line in page]
    if not lines:
        return _Measure(0, width, 12, 20)
    # Most characters, not most lines: that is the body, whatever stands around it.
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size)] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) <= _SAME_SIZE * size + 0.5]
    long = [line for line in body if line.x1 - line.x0 > width * 0.4] or body
    gaps = sorted(a.y - b.y for page in pages for a, b in pairwise(page) if 0 < a.y - b.y < size * 4)
    return _Measure(
        _common(line.x0 for line in long),
        -_common(-line.x1 for line in long),
        size,
        gaps[len(gaps) // 2] if gaps else size * 1.6,
    )


def _common(values: Iterable[float]) -> float:
    """The smallest value that a twentieth of all share, give or take a point or two."""
    ordered = sorted(values)
    least = max(2, len(ordered) // 20)
    for value in ordered:
        if sum(1 for other in ordered if abs(other - value) <= _SAME_EDGE) >= least:
            return value
    return ordered[0]


def _take(thing: Row | PdfGrid, done: list[Flow], measure: _Measure) -> None:
    last = done[-1] if done else None
    if isinstance(thing, PdfGrid):
        if last is None or last.grid is None or not _goes_on(last.grid, thing):
            done.append(Flow(grid=thing))
        else:
            last.grid = _with_rows(last.grid, thing)
    elif not _CONTENTS.search(thing.text):
        if last is not None and last.rows and _continues(last, thing, measure):
            last.rows.append(thing)
        else:
            done.append(Flow([thing], is_centred=_is_centred(thing, measure)))


def _continues(paragraph: Flow, row: Row, measure: _Measure) -> bool:
    """Whether the line goes on with the paragraph: the line before was full, and this one does not start anew."""
    last = paragraph.rows[-1]
    if abs(last.size - row.size) > _SAME_SIZE * max(last.size, row.size):
        return False
    is_next_page = row.y >= last.y
    if not is_next_page and last.y - row.y > 1.7 * max(measure.pitch, row.size):
        return False
    is_full = last.x1 + row.head_width + _SLACK * row.size >= measure.right
    if row.size >= _LARGER * measure.size:  # a title: its lines are centred, the first may be full
        return _is_centred(row, measure) and not is_next_page and (paragraph.is_centred or is_full)
    if not is_full:
        return False
    if row.x0 <= measure.left + _INDENT * row.size:
        return not (typed_label(row.text) and last.text.endswith(_STOP))
    return _hangs(paragraph, row)


def _hangs(paragraph: Flow, row: Row) -> bool:
    """An indented line goes on where the lines before stand like it, or hangs beside the number of the first."""
    first, last = paragraph.rows[0], paragraph.rows[-1]
    if typed_label(row.text):
        return False
    if len(paragraph.rows) > 1:
        return abs(last.x0 - row.x0) <= _SAME_EDGE
    return typed_label(first.text) is not None and 0.5 * row.size < row.x0 - first.x0 < 3 * row.size


def _is_centred(row: Row, measure: _Measure) -> bool:
    before, after = row.x0 - measure.left, measure.right - row.x1
    return before > row.size and abs(before - after) < 2 * row.size


# --- tables ---


def _goes_on(upper: PdfGrid, lower: PdfGrid) -> bool:
    """A table at the top of the next page with the same columns."""
    return (
        lower.top > upper.bottom
        and len(upper.edges) == len(lower.edges)
        and all(abs(a - b) <= _SAME_EDGE for a, b in zip(upper.edges, lower.edges, strict=True))
    )


def _with_rows(upper: PdfGrid, lower: PdfGrid) -> PdfGrid:
    """The two in one; a head that is printed again on the second page is left out."""
    heads = 0
    while heads < min(upper.row_count, lower.row_count) and _row(upper, heads) == _row(lower, heads) != []:
        heads += 1
    heads = heads if all(box.row + box.row_span <= heads for box in lower.boxes if box.row < heads) else 0
    moved = [box._replace(row=box.row - heads + upper.row_count) for box in lower.boxes if box.row >= heads]
    return PdfGrid(
        upper.top,
        lower.bottom,
        upper.edges,
        (*upper.boxes, *moved),
        upper.row_count + lower.row_count - heads,
        frozenset(),
    )


def _row(grid: PdfGrid, number: int) -> list[tuple[int, str]]:
    return sorted((box.column, box.text) for box in grid.boxes if box.row == number)


def _texts(done: Sequence[Flow]) -> Iterator[str | tuple[Box, ...]]:
    for thing in done:
        yield thing.grid.boxes if thing.grid is not None else joined(row.text for row in thing.rows)
