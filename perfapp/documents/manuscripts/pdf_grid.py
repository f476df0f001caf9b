"""Tables of a PDF page, found by their ruling lines; merged cells are cells without a line between."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from perfapp.documents.manuscripts.parts import Box, joined
from perfapp.documents.manuscripts.pdf_marks import Mark, PdfPage, Rule, rows

_NEAR: Final = 3.0
_SHORTEST: Final = 6.0
_MAX_RULES: Final = 3_000
_MAX_GRID: Final = 20_000


@dataclass(frozen=True, slots=True)
class PdfGrid:
    """A table on one page: its columns' edges, its cells, and the marks it took."""

    top: float
    bottom: float
    edges: tuple[float, ...]
    boxes: tuple[Box, ...]
    row_count: int
    marks: frozenset[Mark]


def grids(page: PdfPage) -> list[PdfGrid]:
    """The page's tables of at least two columns and two cells, from the top."""
    level = [rule for rule in page.rules if rule.y1 - rule.y0 <= _NEAR and rule.x1 - rule.x0 >= _SHORTEST]
    upright = [rule for rule in page.rules if rule.x1 - rule.x0 <= _NEAR and rule.y1 - rule.y0 >= _SHORTEST]
    if len(level) + len(upright) > _MAX_RULES:
        return []
    found = (_grid(*group, page.marks) for group in _groups(level, upright))
    return sorted((grid for grid in found if grid is not None), key=lambda grid: -grid.top)


def _groups(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Lines that touch, directly or through others: one group a table."""
    parents = list(range(len(level) + len(upright)))
    for i, across in enumerate(level):
        for j, down in enumerate(upright, start=len(level)):
            if (
                across.x0 - _NEAR <= down.x0 <= across.x1 + _NEAR
                and down.y0 - _NEAR <= across.y0 <= down.y1 + _NEAR
                and (a := _root(parents, i)) != (b := _root(parents, j))
            ):
                parents[a] = b
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for at in range(len(parents)):
        held = members.setdefault(_root(parents, at), ([], []))
        if at < len(level):
            held[0].append(level[at])
        else:
            held[1].append(upright[at - len(level)])
    yield from (group for group in members.values() if len(group[0]) > 1 and group[1])


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


def _grid(level: Sequence[Rule], upright: Sequence[Rule], marks: Iterable[Mark]) -> PdfGrid | None:
    # A table may be open at its sides: then its level lines say how far it goes.
    xs = _edges([rule.x0 for rule in upright] + [_usual_end(level, "x0"), _usual_end(level, "x1")])
    ys = _edges(rule.y0 for rule in level)[::-1]
    columns, row_count = len(xs) - 1, len(ys) - 1
    if columns < 2 or row_count < 1 or columns * row_count > _MAX_GRID:
        return None
    parents = list(range(columns * row_count))
    for row in range(row_count):
        for column in range(columns):
            at = row * columns + column
            middle_x, middle_y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 1 < columns and not _stands(upright, xs[column + 1], middle_y):
                parents[_root(parents, at + 1)] = _root(parents, at)
            if row + 1 < row_count and not _lies(level, ys[row + 1], middle_x):
                parents[_root(parents, at + columns)] = _root(parents, at)
    inside = [mark for mark in marks if xs[0] <= _middle(mark) <= xs[-1] and ys[-1] <= mark.y + mark.size / 3 <= ys[0]]
    texts: dict[int, list[Mark]] = {}
    for mark in inside:
        column, row = _slot(xs, _middle(mark)), _slot([-y for y in ys], -(mark.y + mark.size / 3))
        texts.setdefault(_root(parents, row * columns + column), []).append(mark)
    boxes = tuple(_boxes(parents, columns, row_count, texts))
    return PdfGrid(ys[0], ys[-1], tuple(xs), boxes, row_count, frozenset(inside)) if len(boxes) > 1 else None


def _boxes(parents: list[int], columns: int, row_count: int, texts: dict[int, list[Mark]]) -> Iterator[Box]:
    members: dict[int, list[int]] = {}
    for at in range(columns * row_count):
        members.setdefault(_root(parents, at), []).append(at)
    for root, held in members.items():
        rows_held, columns_held = [at // columns for at in held], [at % columns for at in held]
        yield Box(
            joined(row.text for row in rows(texts.get(root, ()))),
            min(rows_held),
            min(columns_held),
            max(rows_held) - min(rows_held) + 1,
            max(columns_held) - min(columns_held) + 1,
        )


def _edges(values: Iterable[float]) -> list[float]:
    """The values in order, those that stand together as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _usual_end(level: Sequence[Rule], side: str) -> float:
    ends = [rule.x0 for rule in level] if side == "x0" else [rule.x1 for rule in level]
    return min(ends) if side == "x0" else max(ends)


def _stands(upright: Sequence[Rule], x: float, y: float) -> bool:
    return any(abs(rule.x0 - x) <= _NEAR and rule.y0 <= y <= rule.y1 for rule in upright)


def _lies(level: Sequence[Rule], y: float, x: float) -> bool:
    return any(abs(rule.y0 - y) <= _NEAR and rule.x0 <= x <= rule.x1 for rule in level)


def _middle(mark: Mark) -> float:
    return (mark.x0 + mark.x1) / 2


def _slot(edges: Sequence[float], value: float) -> int:
    return max(0, min(len(edges) - 2, sum(1 for edge in edges if edge <= value) - 1))
