"""Two texts of a section side by side: paragraph by paragraph, table row by table row, then word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from perfapp.core.document import Document, Item, Ordinal, Paragraph, Picture, Table, cell_text, drawn

Kind = Literal["same", "changed", "added", "removed"]
Differing = tuple[tuple[str, bool], ...]
"""A side in pieces: the characters, and whether the other side has them not."""

CLOSE = 0.35  # paragraphs sharing less than this are two paragraphs, not one that changed
WORK = 1_500_000  # tokens times tokens above which clauses are compared before characters
ISLAND = 2  # characters in common between two changes that only look like a coincidence
_TOKENS = re.compile(r"\d[\d,.]*\d|[A-Za-z]+|.", re.DOTALL)
_CELLS = " ｜ "


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph or table row as it stands on each side; None where a side has none."""

    kind: Kind
    left: Differing | None
    right: Differing | None


@dataclass(frozen=True, slots=True)
class _Token:
    """What is compared, and what is shown: a drawn number may differ and still be the same number."""

    key: tuple[str, bool]
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One comparable line: a label that is only shown, and its tokens, by cell for a table row."""

    kind: str
    label: str
    cells: tuple[tuple[_Token, ...], ...]

    @property
    def key(self) -> tuple[str, tuple[tuple[tuple[str, bool], ...], ...]]:
        return self.kind, tuple(tuple(token.key for token in cell) for cell in self.cells)

    @property
    def text(self) -> str:
        return "".join(token.text for cell in self.cells for token in cell)


def compare(left: Document, right: Document, level: int = 1) -> tuple[Row, ...]:
    """What changed from `left` to `right`; `level` is that of the section's heading, for the labels of items."""
    mine, theirs = list(_lines(left, level)), list(_lines(right, level))
    rows: list[Row] = []
    matcher = SequenceMatcher(None, [line.key for line in mine], [line.key for line in theirs], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            rows.extend(
                Row("same", _whole(one, False), _whole(other, False))
                for one, other in zip(mine[a:b], theirs[c:d], strict=True)
            )
        else:
            rows.extend(_paired(mine[a:b], theirs[c:d]))
    return tuple(rows)


def is_same(rows: Sequence[Row]) -> bool:
    return all(row.kind == "same" for row in rows)


def _lines(document: Document, level: int) -> Iterator[_Line]:
    for block, runs in drawn(document, level):
        if isinstance(block, Table):
            for row in block.content:
                yield _Line("row", "", tuple(_plain(cell_text(cell)) for cell in row.content))
        elif isinstance(block, Picture):
            picture = _Token((block.attrs.sha256, False), "〔图片〕")
            yield _Line("picture", "", ((picture, *_plain(block.attrs.caption)),))
        elif isinstance(block, Paragraph | Item):
            texts = runs[len(runs) - len(block.content) :]
            tokens = [
                token
                for node, (text, bold) in zip(block.content, texts, strict=True)
                for token in ([_Token(("", False), text)] if isinstance(node, Ordinal) else _plain(text, bold))
            ]
            label = "".join(text for text, _ in runs[: len(runs) - len(block.content)])
            yield _Line(block.type, label, (tuple(tokens),))


def _plain(text: str, bold: bool = False) -> tuple[_Token, ...]:
    """Numbers and Latin words whole, everything else character by character."""
    return tuple(_Token((piece, bold), piece) for piece in _TOKENS.findall(text))


def _paired(left: Sequence[_Line], right: Sequence[_Line]) -> Iterator[Row]:
    """Changed lines next to each other stand side by side where they are alike, in their order."""
    start = 0
    for one in left:
        found = next((at for at in range(start, len(right)) if _alike(one, right[at])), None)
        if found is None:
            yield Row("removed", _whole(one, True), None)
            continue
        yield from (Row("added", None, _whole(line, True)) for line in right[start:found])
        yield Row("changed", *_changed(one, right[found]))
        start = found + 1
    yield from (Row("added", None, _whole(line, True)) for line in right[start:])


def _alike(one: _Line, other: _Line) -> bool:
    if "picture" in (one.kind, other.kind) or "row" in (one.kind, other.kind):
        return one.kind == other.kind and (one.kind == "picture" or _share(one.text, other.text) >= CLOSE)
    if not one.text.strip() or not other.text.strip():
        return one.text.strip() == other.text.strip()
    return _share(one.text, other.text) >= CLOSE


def _share(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).quick_ratio()


def _whole(line: _Line, differs: bool) -> Differing:
    cells = _CELLS.join("".join(token.text for token in cell) for cell in line.cells)
    return _joined([(line.label, False), (cells, differs)])


def _changed(one: _Line, other: _Line) -> tuple[Differing, Differing]:
    """Both sides of a changed line, cell by cell."""
    left: list[tuple[str, bool]] = [(one.label, False)]
    right: list[tuple[str, bool]] = [(other.label, False)]
    for at, (mine, theirs) in enumerate(zip_longest(one.cells, other.cells, fillvalue=())):
        if at:
            left += [(_CELLS, False)] * (at < len(one.cells))
            right += [(_CELLS, False)] * (at < len(other.cells))
        for side, tokens, differs in _steps(mine, theirs):
            (left if side == "left" else right).append(("".join(token.text for token in tokens), differs))
    return _joined(left), _joined(right)


def _steps(
    left: Sequence[_Token], right: Sequence[_Token]
) -> Iterator[tuple[Literal["left", "right"], Sequence[_Token], bool]]:
    """Pieces of both sides in order, each with whether it differs."""
    if len(left) * len(right) > WORK:
        yield from _clause_steps(left, right)
        return
    for differs, mine, theirs in _grouped(left, right):
        yield "left", mine, differs
        yield "right", theirs, differs


def _clause_steps(
    left: Sequence[_Token], right: Sequence[_Token]
) -> Iterator[tuple[Literal["left", "right"], Sequence[_Token], bool]]:
    """Very long paragraphs: whole clauses first, characters only inside what is left."""
    mine, theirs = _clauses(left), _clauses(right)
    matcher = SequenceMatcher(None, [key for key, _ in mine], [key for key, _ in theirs], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        one = [token for _, tokens in mine[a:b] for token in tokens]
        other = [token for _, tokens in theirs[c:d] for token in tokens]
        if tag == "equal" or len(one) * len(other) > WORK:
            yield "left", one, tag != "equal"
            yield "right", other, tag != "equal"
        else:
            yield from _steps(one, other)


def _clauses(tokens: Sequence[_Token]) -> list[tuple[tuple[tuple[str, bool], ...], Sequence[_Token]]]:
    found: list[list[_Token]] = [[]]
    for token in tokens:
        found[-1].append(token)
        if token.text in "，。；：、！？":
            found.append([])
    return [(tuple(token.key for token in clause), clause) for clause in found if clause]


def _grouped(left: Sequence[_Token], right: Sequence[_Token]) -> list[tuple[bool, list[_Token], list[_Token]]]:
    """Runs of (differs, left, right); a coincidence of one or two characters between changes joins them."""
    matcher = SequenceMatcher(None, [t.key for t in left], [t.key for t in right], autojunk=False)
    runs = [(tag != "equal", list(left[a:b]), list(right[c:d])) for tag, a, b, c, d in matcher.get_opcodes()]
    joined: list[tuple[bool, list[_Token], list[_Token]]] = []
    for at, (differs, mine, theirs) in enumerate(runs):
        island = not differs and 0 < at < len(runs) - 1 and _is_island(mine, runs[at - 1], runs[at + 1])
        if joined and joined[-1][0] and (differs or island):
            joined[-1][1].extend(mine)
            joined[-1][2].extend(theirs)
        else:
            joined.append((differs, mine, theirs))
    return joined


def _is_island(
    common: Sequence[_Token],
    before: tuple[bool, list[_Token], list[_Token]],
    after: tuple[bool, list[_Token], list[_Token]],
) -> bool:
    """Replaced text on both sides of a character or two in common: reading it as one change is easier."""
    length = sum(len(token.text) for token in common)
    replaced = all(mine and theirs for _, mine, theirs in (before, after))
    weight = min(max(len(mine), len(theirs)) for _, mine, theirs in (before, after))
    return replaced and length <= ISLAND and weight > length


def _joined(pieces: Sequence[tuple[str, bool]]) -> Differing:
    joined: list[tuple[str, bool]] = []
    for text, differs in pieces:
        if not text:
            continue
        if joined and joined[-1][1] == differs:
            joined[-1] = (joined[-1][0] + text, differs)
        else:
            joined.append((text, differs))
    return tuple(joined)
