"""A report of our own as a manuscript, with the way back from each line to the block it was drawn from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from perfapp.core.chinese import long_date
from perfapp.core.document import (
    Block,
    Cell,
    Document,
    FigureAttrs,
    FigureText,
    Item,
    Picture,
    Run,
    Table,
    cell_text,
    drawn,
)
from perfapp.core.manuscript import CellText, Line, LineKind, Manuscript, Place, TableText
from perfapp.core.snapshot import NOT_APPLICABLE_TEXT, SnapshotSection


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line stands in its section: block (from 0), table row, and the drawn characters before the text."""

    section_id: int
    block: int
    row: int | None = None
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters `start` to `end` of a block, as its writer counts them: see `core.linking.Link`."""

    section_id: int
    block: int
    row: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Linked:
    """A live figure and where it stands."""

    place: Place
    figure: FigureAttrs


@dataclass(frozen=True)
class OwnText:
    """The manuscript of a report, the spot of each line that is somebody's text, and its live figures."""

    manuscript: Manuscript
    spots: Mapping[int, Spot]
    linked: tuple[Linked, ...]

    def stretch(self, place: Place) -> Stretch | None:
        """The place as its section counts it; None for what nobody writes there: heading, cover, label of an item."""
        spot = self.spots.get(place.line)
        if spot is None or place.start < spot.lead:
            return None
        return Stretch(spot.section_id, spot.block, spot.row, place.start - spot.lead, place.end - spot.lead)

    def section_of(self, place: Place) -> int | None:
        return self.manuscript.line(place.line).section_id


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it would be printed; `id` is ours."""

    id: int
    printed: SnapshotSection


def own_text(
    parts: tuple[Part, ...], *, title: str, unit_name: str, fiscal_year: int, dated_on: date | None, is_whole: bool
) -> OwnText:
    """The report as printed: the cover's words, then each section's heading and text."""
    writing = _Writing()
    for words in (title, f"单位名称（盖章）：{unit_name}", long_date(dated_on) if dated_on else ""):
        if words:
            writing.line(words, LineKind.TITLE)
    for part in parts:
        writing.section(part, fiscal_year)
    manuscript = Manuscript(
        tuple(writing.lines), tuple(writing.tables), fiscal_year=fiscal_year, unit_name=unit_name, is_whole=is_whole
    )
    return OwnText(manuscript, writing.spots, tuple(writing.linked))


@dataclass
class _Writing:
    """Lines as they are written down, one after the other."""

    lines: list[Line] = field(default_factory=list)
    tables: list[TableText] = field(default_factory=list)
    spots: dict[int, Spot] = field(default_factory=dict)
    linked: list[Linked] = field(default_factory=list)
    _heading: str = ""
    _section_id: int | None = None

    def line(self, text: str, kind: LineKind = LineKind.TEXT, *, level: int = 0, spot: Spot | None = None) -> int:
        """Write a line down; returns its number."""
        number = len(self.lines) + 1
        self.lines.append(Line(number, text, kind, level, self._heading, self._section_id))
        if spot is not None:
            self.spots[number] = spot
        return number

    def section(self, part: Part, fiscal_year: int) -> None:
        printed = part.printed
        self._heading, self._section_id = printed.label + printed.title, part.id
        blocks = list(drawn(printed.document, printed.level)) if printed.document else []
        runs_in = printed.run_in and bool(blocks) and bool(blocks[0][1])
        if not runs_in:
            self.line(self._heading, LineKind.HEADING, level=printed.level)
        if printed.not_applicable is not None:
            self.line(NOT_APPLICABLE_TEXT.format(year=fiscal_year, reason=printed.not_applicable))
        for index, (block, runs) in enumerate(blocks):
            self._block(part.id, index, block, runs, f"{self._heading}。" if runs_in and index == 0 else "")

    def _block(self, section_id: int, index: int, block: Block, runs: tuple[Run, ...], head: str) -> None:
        if isinstance(block, Table):
            self._table(section_id, index, block)
        elif isinstance(block, Picture):
            self.line(block.attrs.caption, spot=Spot(section_id, index))
        else:
            label = len(runs[0][0]) if isinstance(block, Item) else 0
            text = head + "".join(words for words, _ in runs)
            number = self.line(text, spot=Spot(section_id, index, lead=len(head) + label))
            self._figures(number, len(head), runs)

    def _figures(self, number: int, start: int, runs: tuple[Run, ...]) -> None:
        for words, _ in runs:
            if isinstance(words, FigureText):
                self.linked.append(Linked(Place(number, start, start + len(words)), words.figure))
            start += len(words)

    def _table(self, section_id: int, index: int, table: Table) -> None:
        caption = self.lines[-1].text if self.lines else ""
        cells: list[CellText] = []
        columns = 0
        for row, placed in enumerate(_grid(table)):
            texts = [cell_text(cell).replace("\n", " ") for _, cell in placed]
            number = self.line("\t".join(texts), LineKind.ROW, spot=Spot(section_id, index, row))
            start = 0
            for (column, cell), text in zip(placed, texts, strict=True):
                place = Place(number, start, start + len(text))
                spans = cell.attrs.rowspan, cell.attrs.colspan
                cells.append(CellText(text, row, column, place, *spans))
                columns = max(columns, column + cell.attrs.colspan)
                self._cell_figures(number, start, cell.content)
                start += len(text) + 1
        self.tables.append(TableText(tuple(cells), len(table.content), columns, caption))

    def _cell_figures(self, number: int, start: int, paragraphs: tuple[Block, ...]) -> None:
        for _, runs in drawn(Document(content=paragraphs), 4):
            self._figures(number, start, runs)
            start += sum(len(words) for words, _ in runs) + 1


def _grid(table: Table) -> Iterator[list[tuple[int, Cell]]]:
    """The cells of each row with the column each begins in, cells merged from above counted."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(table.content):
        placed, x = [], 0
        for cell in row.content:
            while (x, y) in taken:
                x += 1
            placed.append((x, cell))
            taken |= {(x + dx, y + dy) for dx in range(cell.attrs.colspan) for dy in range(cell.attrs.rowspan)}
            x += cell.attrs.colspan
        yield placed
