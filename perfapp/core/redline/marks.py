"""Two texts of a section laid over each other: paragraph by paragraph, table by table, then word by word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from perfapp.core.document import Document, Item, Ordinal, Paragraph, Picture, Table, drawn
from perfapp.core.redline.aligning import CLOSE, Likeness, aligned, share
from perfapp.core.redline.tables import Grid, Kind, TableMark, grid_of, table_mark
from perfapp.core.redline.words import Pairs, Step, Token, pairs_of, steps, tokens

PICTURE = "〔图片〕"
_MOVED = 6  # characters from which a paragraph that went here and came there is one that was moved


@dataclass(frozen=True, slots=True)
class LineMark:
    """A paragraph, item or picture of either text; `left` and `right` are its blocks, from 0.

    `moved` is set on both places of a paragraph that stands elsewhere now.
    """

    kind: Kind
    label: Step
    steps: tuple[Step, ...]
    left: int | None
    right: int | None
    moved: bool = False


Mark = LineMark | TableMark


@dataclass(frozen=True, slots=True)
class _Unit:
    """A block of a text as it is compared."""

    kind: str
    block: int
    label: str
    tokens: tuple[Token, ...] = ()
    grid: Grid | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, self.grid.key if self.grid else tuple(token.key for token in self.tokens))

    @property
    def text(self) -> str:
        return "".join(map("".join, self.grid.texts)) if self.grid else "".join(token.text for token in self.tokens)


def redline(left: Document, right: Document, level: int = 1) -> tuple[Mark, ...]:
    """What changed from `left` to `right`; `level` is that of the section's heading, for the labels of items."""
    mine, theirs = list(_units(left, level)), list(_units(right, level))
    known, others = Likeness([unit.text for unit in mine]), Likeness([unit.text for unit in theirs])
    pairs = pairs_of((*known.texts, *others.texts))

    def alike(one: int, other: int) -> bool:
        return _alike(mine[one], theirs[other], lambda: share(known, one, others, other))

    found: list[Mark] = []
    for is_equal, (one, other) in aligned([unit.key for unit in mine], [unit.key for unit in theirs], alike):
        was = mine[one] if one is not None else None
        now = theirs[other] if other is not None else None
        found.append(_same(was, now) if is_equal and was and now else _mark(was, now, pairs))
    return tuple(_with_moves(found))


def is_same(marks: Sequence[Mark]) -> bool:
    return all(mark.kind == "same" for mark in marks)


def _units(document: Document, level: int) -> Iterator[_Unit]:
    for number, (block, runs) in enumerate(drawn(document, level)):
        if isinstance(block, Table):
            yield _Unit("table", number, "", grid=grid_of(block))
        elif isinstance(block, Picture):
            yield _Unit(
                "picture", number, "", (Token((block.attrs.sha256, False), PICTURE), *tokens(block.attrs.caption))
            )
        elif isinstance(block, Paragraph | Item):
            lead = len(runs) - len(block.content)
            drawn_tokens = [
                token
                for node, (text, bold) in zip(block.content, runs[lead:], strict=True)
                for token in ([Token(("", False), text)] if isinstance(node, Ordinal) else tokens(text, bold))
            ]
            yield _Unit(block.type, number, "".join(text for text, _ in runs[:lead]), tuple(drawn_tokens))


def _alike(one: _Unit, other: _Unit, shared: object) -> bool:
    if one.kind != other.kind and {"table", "picture"} & {one.kind, other.kind}:
        return False
    if one.kind == "picture":
        return True
    if one.grid and other.grid and one.grid.texts[:1] == other.grid.texts[:1]:
        return True
    if not one.text.strip() or not other.text.strip():
        return one.text.strip() == other.text.strip()
    return callable(shared) and shared() >= CLOSE


def _same(was: _Unit, now: _Unit) -> Mark:
    if was.grid and now.grid:
        return replace(table_mark(was.grid, now.grid), left=was.block, right=now.block)
    pieces = tuple(Step(False, one.text, other.text) for one, other in zip(was.tokens, now.tokens, strict=True))
    text = Step(False, "".join(one.left for one in pieces), "".join(one.right for one in pieces))
    return LineMark("same", Step(False, was.label, now.label), (text,), was.block, now.block)


def _mark(was: _Unit | None, now: _Unit | None, pairs: Pairs) -> Mark:
    one = was or now
    left, right = (was.block if was else None), (now.block if now else None)
    if one is not None and one.grid is not None:
        marked = table_mark(was.grid if was else None, now.grid if now else None, pairs)
        return replace(marked, left=left, right=right)
    label = Step(was is None or now is None or was.kind != now.kind, was.label if was else "", now.label if now else "")
    if was is None or now is None:
        words = Step(True, was.text if was else "", now.text if now else "")
        return LineMark("added" if was is None else "removed", label, (words,), left, right)
    return LineMark("changed", label, steps(was.tokens, now.tokens, pairs), left, right)


def _with_moves(found: list[Mark]) -> list[Mark]:
    """A paragraph that went here and came there, word for word, has been moved."""
    gone: dict[str, list[int]] = {}
    for at, mark in enumerate(found):
        if isinstance(mark, LineMark) and mark.kind == "removed" and len(mark.steps[0].left) >= _MOVED:
            gone.setdefault(mark.steps[0].left, []).append(at)
    for at, mark in enumerate(found):
        if isinstance(mark, LineMark) and mark.kind == "added" and gone.get(mark.steps[0].right):
            origin = gone[mark.steps[0].right].pop(0)
            was = found[origin]
            found[at] = replace(mark, moved=True)
            if isinstance(was, LineMark):
                found[origin] = replace(was, moved=True)
    return found
