"""The numbers that differ between two texts: what a leader wants to see first."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from perfapp.core.compare import Differing, Row

_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_UNIT = re.compile(r"\s*(?:亿元|万元|元|%|％|个百分点|平方米|公里|人次|[年月日人次趟台辆场个项份件批天])")
_BREAKS = re.compile(r"[，。；：、！？（）｜\s]")
_CONTEXT = 10


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A number that changed, with the words before it; None where a side does not have it."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _Figure:
    label: str
    number: str
    unit: str

    @property
    def text(self) -> str:
        return self.number + self.unit

    @property
    def key(self) -> tuple[str, str]:
        """`2,160趟` and `2160趟` are the same figure."""
        return re.sub("[,，]", "", self.number), self.unit


def changed_figures(rows: Iterable[Row]) -> tuple[FigureChange, ...]:
    """The figures that differ in the paragraphs both sides have, in reading order."""
    return tuple(
        change
        for row in rows
        if row.kind == "changed" and row.left is not None and row.right is not None
        for change in _between(_figures(row.left), _figures(row.right))
    )


def _between(old: list[_Figure], new: list[_Figure]) -> Iterator[FigureChange]:
    matcher = SequenceMatcher(None, [figure.key for figure in old], [figure.key for figure in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        pairs = min(b - a, d - c)
        for one, other in zip(old[a : a + pairs], new[c : c + pairs], strict=True):
            yield FigureChange(other.label or one.label, one.text, other.text)
        yield from (FigureChange(figure.label, figure.text, None) for figure in old[a + pairs : b])
        yield from (FigureChange(figure.label, None, figure.text) for figure in new[c + pairs : d])


def _figures(side: Differing) -> list[_Figure]:
    text = "".join(piece for piece, _ in side)
    found = []
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        before = _BREAKS.split(_NUMBER.sub("，", text[max(0, match.start() - 40) : match.start()]))[-1]
        found.append(_Figure(before[-_CONTEXT:], match.group(), unit.group().strip() if unit else ""))
    return found
