"""How wide each column of a table is set: from its text alone, so that PDF and DOCX agree."""

import re
from dataclasses import dataclass

from perfapp.documents.layout import MM_PER_PT, width_em
from perfapp.documents.printed import Grid, GridCell

CELL_PADDING_MM = 1.1
LINE_SPREAD = 1.4
_SIZES_PT = (10.5, 9.0, 7.5)
_COMPACT_SIZES_PT = _SIZES_PT[1:]
_WIDE_EM = 18.0
_WIDEST_WISH_EM = 45.0
# Of what goes beyond a wide column, this much is still wished for: a long text wraps in any case.
_WISH_BEYOND = 0.35
_NARROWEST_EM = 2.0
_WHOLE_HEAD_EM = 4.5
_WHOLE_ENTRY_EM = 5.5
# A row taller than this may be cut by the page's end; shorter ones are kept whole.
_WHOLE_ROW_MM = 90.0
_WORD = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """Type size in pt and column widths in mm; their sum is the width asked for."""

    size_pt: float
    widths_mm: tuple[float, ...]


def setting(grid: Grid, total_mm: float) -> Setting:
    """The largest of 五号, 小五 and 六号 at which no word has to be broken, and the widths at that size."""
    for size in _COMPACT_SIZES_PT if grid.is_compact else _SIZES_PT:
        em = size * MM_PER_PT
        least, wish = _demands(grid, em)
        if sum(least) <= total_mm:
            break
    tidy = _short_entries(grid, least, em)
    return Setting(size, _share(tidy if sum(tidy) <= total_mm else least, wish, total_mm))


def keeps_whole(cell: GridCell, chosen: Setting) -> bool:
    """Whether the cell is short enough to forbid a page break inside it."""
    room = sum(chosen.widths_mm[cell.x : cell.x + cell.colspan]) - 2 * CELL_PADDING_MM
    em = chosen.size_pt * MM_PER_PT
    lines = sum(1 + int(width_em(text) * em / max(room, em)) for text in cell.texts)
    return lines * em * LINE_SPREAD < _WHOLE_ROW_MM


def _demands(grid: Grid, em: float) -> tuple[list[float], list[float]]:
    """Least and wished width of each column in mm."""
    least = [_NARROWEST_EM * em + 2 * CELL_PADDING_MM] * grid.columns
    wish = list(least)
    for cell in (cell for row in grid.rows for cell in row):
        words = [width_em(word) for text in cell.texts for word in _WORD.findall(text)]
        if cell.head:
            words += [width for text in cell.texts if (width := width_em(text)) <= _WHOLE_HEAD_EM]
        # A little more: digits of some faces are wider than half a character.
        narrow = (max(words, default=0.0) * 1.1 + 0.2) * em + 2 * CELL_PADDING_MM
        wide = _wish_em(cell) * em + 2 * CELL_PADDING_MM
        if cell.colspan == 1:
            least[cell.x] = max(least[cell.x], narrow)
            wish[cell.x] = max(wish[cell.x], narrow, wide)
    return least, wish


def _wish_em(cell: GridCell) -> float:
    """The width a cell would like: a long head is set in two lines, a long text wraps anyway."""
    longest = max(map(width_em, cell.texts), default=0.0) + 0.6
    if cell.head and longest > _WHOLE_ENTRY_EM:
        return max(_WHOLE_ENTRY_EM, longest / 2 + 0.6)
    beyond = max(0.0, longest - _WIDE_EM)
    return min(longest - beyond * (1 - _WISH_BEYOND), _WIDEST_WISH_EM)


def _short_entries(grid: Grid, least: list[float], em: float) -> list[float]:
    """Least widths at which entries of a few characters are not broken either."""
    tidy = list(least)
    for cell in (cell for row in grid.rows for cell in row if cell.colspan == 1):
        longest = max(map(width_em, cell.texts), default=0.0)
        if longest <= _WHOLE_ENTRY_EM:
            tidy[cell.x] = max(tidy[cell.x], (longest + 0.3) * em + 2 * CELL_PADDING_MM)
    return tidy


def _share(least: list[float], wish: list[float], total: float) -> tuple[float, ...]:
    """As CSS shares out a table: what is left after the least widths goes by what each column still wishes."""
    if sum(least) > total:
        widths = [width * total / sum(least) for width in least]
    elif sum(wish) <= total:
        widths = [width * total / sum(wish) for width in wish]
    else:
        spare = (total - sum(least)) / (sum(wish) - sum(least))
        widths = [low + spare * (high - low) for low, high in zip(least, wish, strict=True)]
    rounded = [round(width, 1) for width in widths]
    rounded[-1] = round(total - sum(rounded[:-1]), 1)
    return tuple(rounded)
