"""Two versions of a section or of a whole report, held against each other: what a page and a PDF of it both show."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from perfapp.core.changed_figures import FigureChange, changed_figures
from perfapp.core.compare import Row, side_by_side
from perfapp.core.document import EMPTY, Block, Cell, Document, Run, drawn
from perfapp.core.redline.marks import Mark, is_same, redline
from perfapp.core.redline.words import Step, steps, tokens
from perfapp.core.snapshot import NOT_APPLICABLE_TEXT, Snapshot, SnapshotSection


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Version(_Value):
    """One of the two: what it is called, who made it when, and its digest."""

    name: str
    note: str = ""
    sha256: str = ""


class Pair(_Value):
    """A section as it stands in both; a side without it has None. `note` says what no comparison can show."""

    key: str
    heading: str | None
    old_heading: str | None
    level: int
    left: Document | None
    right: Document | None
    note: str = ""


class Comparison(_Value):
    """Kept as it is for the worker that makes the PDF: both see the same texts."""

    title: str
    unit_name: str
    left: Version
    right: Version
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Part:
    """A section with its marks."""

    pair: Pair
    marks: tuple[Mark, ...]
    rows: tuple[Row, ...]
    figures: tuple[FigureChange, ...]

    @property
    def heading(self) -> str:
        return self.pair.heading if self.pair.heading is not None else self.pair.old_heading or ""

    @property
    def title(self) -> tuple[Step, ...]:
        """The heading, marked where it was renamed or renumbered, came or went."""
        return steps(tokens(self.pair.old_heading or ""), tokens(self.pair.heading or ""))

    @property
    def printed(self) -> list[tuple[Block, tuple[Run, ...]]]:
        """The later text as it is printed, for the clean copy."""
        return list(drawn(self.pair.right or EMPTY, self.pair.level))

    @staticmethod
    def cell_blocks(cell: Cell) -> list[tuple[Block, tuple[Run, ...]]]:
        """The same of a cell's paragraphs."""
        return list(drawn(Document(content=cell.content), 4))

    @property
    def is_new(self) -> bool:
        return self.pair.old_heading is None

    @property
    def is_gone(self) -> bool:
        return self.pair.heading is None

    @property
    def is_same(self) -> bool:
        return not self.pair.note and self.pair.heading == self.pair.old_heading and is_same(self.marks)


def parts(comparison: Comparison) -> tuple[Part, ...]:
    """Every section in order, marked."""
    return tuple(part_of(pair) for pair in comparison.pairs)


def part_of(pair: Pair) -> Part:
    marks = redline(pair.left or EMPTY, pair.right or EMPTY, pair.level)
    rows = side_by_side(marks)
    return Part(pair, marks, rows, changed_figures(rows))


def pairs_of(left: Snapshot, right: Snapshot) -> tuple[Pair, ...]:
    """The sections of two frozen reports, in the order of the later one; what is gone stands where it stood."""
    old = {section.key: section for section in left.sections}
    new = {section.key: section for section in right.sections}
    ordered: list[str] = list(new)
    for at, key in enumerate(old):
        if key not in new:
            before = next((one for one in reversed(list(old)[:at]) if one in ordered), None)
            ordered.insert(ordered.index(before) + 1 if before is not None else 0, key)
    return tuple(_pair(key, old.get(key), new.get(key), left.fiscal_year, right.fiscal_year) for key in ordered)


def _pair(key: str, old: SnapshotSection | None, new: SnapshotSection | None, old_year: int, new_year: int) -> Pair:
    present = new or old
    return Pair(
        key=key,
        heading=new.label + new.title if new else None,
        old_heading=old.label + old.title if old else None,
        level=present.level if present else 1,
        left=old.document if old else None,
        right=new.document if new else None,
        note=_absent_note(old, old_year, new, new_year),
    )


def _absent_note(old: SnapshotSection | None, old_year: int, new: SnapshotSection | None, new_year: int) -> str:
    """不适用 on one side only, or with another reason."""
    was = NOT_APPLICABLE_TEXT.format(year=old_year, reason=old.not_applicable) if old and old.not_applicable else ""
    now = NOT_APPLICABLE_TEXT.format(year=new_year, reason=new.not_applicable) if new and new.not_applicable else ""
    if was == now:
        return ""
    return f"现在填报为“不适用”：{now}" if now else f"原来填报为“不适用”：{was}"
