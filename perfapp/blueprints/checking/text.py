"""The text of a checked report as the page shows it: lines and tables, the passages of findings as marks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from perfapp.core.checking.findings import Finding, Severity
from perfapp.core.manuscript import Line, LineKind, Manuscript, Place, TableText

TONES: Final = {Severity.ERROR: "late", Severity.MUST_EXPLAIN: "waiting", Severity.NOTE: "active"}
MAX_CHARACTERS: Final = 400_000
"""Above this the page shows only the lines that a finding names: a browser is no place for a book."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text; of a passage, the number of the finding it leads back to (from 1) and its anchor."""

    text: str
    finding: int = 0
    tone: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    number: int
    kind: str
    level: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class TextCell:
    segments: tuple[Segment, ...]
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table's rows, each with the number of its line."""

    rows: tuple[tuple[int, tuple[TextCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown, in order, and where the first passage of a place stands: anchors by (line, start, end)."""

    blocks: tuple[TextLine | TextTable, ...]
    anchors: dict[Place, str]
    is_whole: bool


def shown(manuscript: Manuscript, findings: Sequence[Finding]) -> Shown:
    """The manuscript for reading beside the findings."""
    marks = _Marks(findings)
    is_whole = sum(len(line.text) for line in manuscript.lines) <= MAX_CHARACTERS
    tables = {table.cells[0].place.line: table for table in manuscript.tables if table.cells}
    rows = {cell.place.line for table in manuscript.tables for cell in table.cells}
    blocks: list[TextLine | TextTable] = []
    for line in manuscript.lines:
        if not is_whole and not marks.on(line.number) and line.kind is not LineKind.HEADING:
            continue
        if is_whole and line.number in tables:
            blocks.append(_table(tables[line.number], manuscript, marks))
        elif not is_whole or line.number not in rows:
            blocks.append(_line(line, marks))
    return Shown(tuple(blocks), marks.anchors, is_whole)


class _Marks:
    """The passages of all findings by line, cut wherever one starts or ends."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._by_line: dict[int, list[tuple[Place, int, str]]] = defaultdict(list)
        self.anchors: dict[Place, str] = {}
        for number, finding in enumerate(findings, start=1):
            for place in finding.places:
                self._by_line[place.line].append((place, number, TONES[finding.severity]))

    def on(self, line: int) -> bool:
        return line in self._by_line

    def segments(self, text: str, line: int, start: int = 0) -> tuple[Segment, ...]:
        """The text, which starts at `start` of the line, in stretches; the heaviest finding of each comes first."""
        held = [
            mark for mark in self._by_line.get(line, ()) if mark[0].start < start + len(text) and mark[0].end > start
        ]
        cuts = sorted({start, start + len(text)} | set(_cuts(held, start, start + len(text))))
        return tuple(self._segment(text[a - start : b - start], a, b, held) for a, b in pairwise(cuts))

    def _segment(self, text: str, start: int, end: int, held: Iterable[tuple[Place, int, str]]) -> Segment:
        over = [mark for mark in held if mark[0].start <= start and end <= mark[0].end]
        if not over:
            return Segment(text)
        first, number, tone = over[0]
        anchor = f"p{first.line}-{start}"
        for place, _, _ in over:
            self.anchors.setdefault(place, anchor)
        return Segment(text, number, tone, anchor)


def _cuts(held: Iterable[tuple[Place, int, str]], start: int, end: int) -> Iterator[int]:
    for place, _, _ in held:
        yield from (cut for cut in (place.start, place.end) if start < cut < end)


def _line(line: Line, marks: _Marks) -> TextLine:
    return TextLine(line.number, line.kind.value, line.level, marks.segments(line.text, line.number))


def _table(table: TableText, manuscript: Manuscript, marks: _Marks) -> TextTable:
    rows: dict[int, list[TextCell]] = defaultdict(list)
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        segments = marks.segments(manuscript.quoted(cell.place), cell.place.line, cell.place.start)
        rows[cell.place.line].append(TextCell(segments, cell.row_span, cell.column_span))
    return TextTable(tuple((number, tuple(cells)) for number, cells in sorted(rows.items())))
