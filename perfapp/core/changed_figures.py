"""The numbers that differ between two texts: what a leader wants to see first."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from perfapp.core.compare import CELLS, Differing, Row

_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_UNITS = r"\s*(?:亿元|万元|元|%|％|个百分点|平方米|公里|人次|[年月日人次趟台辆场个项份件批天])"
_UNIT = re.compile(_UNITS)
_FIGURE = re.compile(rf"{_NUMBER.pattern}(?:{_UNITS})?")
_BREAKS = re.compile(r"[，。；：、！？（）｜\s]")
_CONTEXT = 10
_ALONE = ("removed", "added")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number that changed, with what it is a number of and its place; None where a side does not have it."""

    label: str
    old: str | None
    new: str | None
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    number: str
    unit: str

    @property
    def text(self) -> str:
        return self.number + self.unit

    @property
    def subject(self) -> tuple[str, str]:
        """What it is a figure of, as far as the words before and after it tell."""
        return self.label, self.unit

    @property
    def key(self) -> tuple[str, str]:
        """`2,160趟` and `2160趟` are the same figure."""
        return re.sub("[,，]", "", self.number), self.unit

    @property
    def subject_and_key(self) -> tuple[str, str, str]:
        return self.label, *self.key


def changed_figures(rows: Iterable[Row]) -> tuple[FigureChange, ...]:
    """The figures that differ, in reading order: changed, or come and gone with whole paragraphs."""
    listed = tuple(rows)
    gone, come = (Counter(figure.subject_and_key for row in listed for figure in _alone(row, kind)) for kind in _ALONE)
    moved = {"removed": gone & come, "added": gone & come}
    found: list[FigureChange] = []
    for row in listed:
        if row.kind == "changed" and row.left is not None and row.right is not None:
            found += _between(_figures(row.left, row.heads[0]), _figures(row.right, row.heads[1]), row.where)
        for figure in _alone(row, row.kind):
            if moved[row.kind][figure.subject_and_key]:
                moved[row.kind][figure.subject_and_key] -= 1  # the paragraph stands elsewhere now
            elif row.kind == "removed":
                found.append(FigureChange(figure.label, figure.text, None, row.where))
            else:
                found.append(FigureChange(figure.label, None, figure.text, row.where))
    return tuple(found)


def _alone(row: Row, kind: str) -> list[_Figure]:
    """The figures of a paragraph that only one side has, without the drawn number before it."""
    side = row.left if kind == "removed" else row.right
    if row.kind != kind or kind not in _ALONE or side is None:
        return []
    heads = row.heads[0] if kind == "removed" else row.heads[1]
    return _figures(tuple(piece for piece in side if piece[1] or piece[0] == CELLS), heads)


def _between(old: list[_Figure], new: list[_Figure], where: str) -> Iterator[FigureChange]:
    matcher = SequenceMatcher(None, [figure.key for figure in old], [figure.key for figure in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for one, other in _paired(old[a:b], new[c:d]):
            label = (other and other.label) or (one and one.label) or ""
            yield FigureChange(label, one.text if one else None, other.text if other else None, where)


def _paired(old: list[_Figure], new: list[_Figure]) -> Iterator[tuple[_Figure | None, _Figure | None]]:
    """Figures that say the same thing side by side; where as many came as went, the rest by their order."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    left = list(new)
    for one in old:
        other = next((figure for figure in left if figure.subject == one.subject), None)
        if other is not None:
            left.remove(other)
        yield one, other
    yield from ((None, figure) for figure in left)


def _figures(side: Differing, heads: tuple[str, ...]) -> list[_Figure]:
    """The figures of a paragraph, or (with `heads`) of a table row cell by cell."""
    text = "".join(piece for piece, _ in side)
    if not heads:
        return list(_in_words(text))
    cells = text.split(CELLS)
    row = next((cell for cell in cells if cell and not _NUMBER.fullmatch(cell)), "")
    return [
        replace(figure, label=figure.label or _cell_label(row, heads[column] if column < len(heads) else ""))
        for column, cell in enumerate(cells)
        for figure in _in_words(cell)
    ]


def _cell_label(row: str, head: str) -> str:
    """公务接待费·决算数"""
    return "·".join(part[:_CONTEXT] for part in dict.fromkeys((row, head)) if part)


def _in_words(text: str) -> Iterator[_Figure]:
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        before = _BREAKS.split(_FIGURE.sub("，", text[max(0, match.start() - 40) : match.start()]))[-1]
        yield _Figure(before[-_CONTEXT:], match.group(), unit.group().strip() if unit else "")
