"""What a document prints, in order: the one flow from which PDF, DOCX and HTML are all made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Literal

from PIL import Image

from perfapp.core.chinese import long_date
from perfapp.core.document import (
    Cell,
    Document,
    FigureText,
    Item,
    Picture,
    Run,
    Table,
    drawn,
)
from perfapp.core.errors import Invalid
from perfapp.core.snapshot import NOT_APPLICABLE_TEXT, Annex, Snapshot, SnapshotSection
from perfapp.documents.layout import (
    BLANK_DATE,
    TEXT_HEIGHT_MM,
    TEXT_WIDTH_MM,
    picture_mm,
    printable,
    sign_off_lines,
    width_em,
)

Align = Literal["left", "center", "right"]
_SHORT_CELL_EM = 9


@dataclass(frozen=True, slots=True)
class Head:
    """A heading. `level` is how it looks (1 to 4); `depth` is its level for readers, which never skips one."""

    level: int
    depth: int
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `lead` is the heading that runs into it, looking like `lead_level`; `item` marks a numbered one.

    `key` is that of the section whose heading runs in.
    """

    runs: tuple[Run, ...]
    item: bool = False
    lead: str = ""
    lead_level: int = 0
    key: str = ""

    @property
    def text(self) -> str:
        return self.lead + "".join(text for text, _ in self.runs)


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell at column `x`; `lines` are its paragraphs."""

    x: int
    lines: tuple[tuple[Run, ...], ...]
    colspan: int
    rowspan: int
    head: bool
    align: Align

    @property
    def texts(self) -> list[str]:
        return ["".join(text for text, _ in runs) for runs in self.lines]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `head_count` leading rows are repeated on every page. `is_compact`: in small type, as in an annex."""

    rows: tuple[tuple[GridCell, ...], ...]
    columns: int
    head_count: int
    is_compact: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A small line over or under a table: its parts in even columns, or `to_edges`, the last against the right one."""

    parts: tuple[str, ...]
    to_edges: bool = False
    is_signed: bool = False  # has room for a signature

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Figure:
    sha256: str
    caption: str
    width_mm: int


Printed = Head | Line | Aside | Grid | Figure


@dataclass(frozen=True, slots=True)
class Place:
    """One printed thing and the heading under which a person finds it."""

    where: str
    printed: Printed


@dataclass(frozen=True, slots=True)
class PrintedAnnex:
    mark: str
    title: str
    landscape: bool
    flow: tuple[Place, ...]

    @property
    def width_mm(self) -> float:
        """Of its lines."""
        return TEXT_HEIGHT_MM if self.landscape else TEXT_WIDTH_MM


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """A whole report ready to be set; `cover` is False for a single section."""

    title: str
    unit_name: str
    flow: tuple[Place, ...]
    mark: str = ""
    date: str = BLANK_DATE
    cover: bool = True
    annexes: tuple[PrintedAnnex, ...] = field(default=())

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every printed text with its place."""
        for text in (self.mark, self.title, self.unit_name, self.date):
            yield "封面" if self.cover else self.title, text
        for annex in self.annexes:
            yield annex.title, annex.mark + annex.title
        for flow in (self.flow, *(annex.flow for annex in self.annexes)):
            for place in flow:
                yield place.where, _text(place.printed)


def report(snapshot: Snapshot) -> PrintedReport:
    """The printed report of `snapshot`."""
    return PrintedReport(
        title=printable(snapshot.title),
        unit_name=printable(snapshot.unit_name),
        mark=printable(snapshot.attachment_mark),
        date=BLANK_DATE if snapshot.dated_on is None else long_date(snapshot.dated_on),
        flow=tuple(_sections(snapshot.sections, snapshot.fiscal_year)),
        annexes=tuple(_annex(annex) for annex in snapshot.annexes),
    )


def annex_alone(annex: Annex, unit_name: str) -> PrintedReport:
    """One annex as a document of its own."""
    return PrintedReport(
        title=printable(annex.title), unit_name=printable(unit_name), flow=(), cover=False, annexes=(_annex(annex),)
    )


def section(part: SnapshotSection, unit_name: str, fiscal_year: int) -> PrintedReport:
    """One section alone; its heading always has a line of its own, so that the text can be taken back."""
    alone = part.model_copy(update={"run_in": False})
    return PrintedReport(
        title=printable(part.label + part.title),
        unit_name=printable(unit_name),
        flow=tuple(_sections((alone,), fiscal_year)),
        cover=False,
    )


def signed_table(flow: tuple[Place, ...]) -> int | None:
    """The place in `flow` of the table whose last row must not be parted from the lines that end the flow.

    None where no lines follow a table, or where a cell reaches into its last row and the row cannot be moved.
    """
    end = len(flow)
    while end and isinstance(flow[end - 1].printed, Aside):
        end -= 1
    grid = flow[end - 1].printed if 0 < end < len(flow) else None
    if not isinstance(grid, Grid) or len(grid.rows) <= grid.head_count + 1:
        return None
    last = len(grid.rows) - 1
    reached = any(y + cell.rowspan > last for y, row in enumerate(grid.rows[:last]) for cell in row)
    return None if reached else end - 1


def picture_bytes(figure: Figure, where: str, pictures: Mapping[str, bytes]) -> tuple[bytes, str, float, float]:
    """The picture's bytes, its file ending, and its printed width and height in mm; Invalid if it is not there."""
    data = pictures.get(figure.sha256)
    if data is None:
        raise Invalid(f"“{where}”中的图片“{figure.caption or '未命名'}”找不到原文件，请删去后重新插入。")
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
            ending = "png" if image.format == "PNG" else "jpg"
            width, height = picture_mm(image.size, figure.width_mm)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(f"“{where}”中的图片“{figure.caption or '未命名'}”已经损坏，请删去后重新插入。") from error
    return data, ending, width, height


def _annex(annex: Annex) -> PrintedAnnex:
    landscape = annex.orientation == "landscape"
    flow: list[Printed] = [Aside(_printables(annex.above), to_edges=True)] if annex.above else []
    blocks = _blocks(annex.document, 1)
    flow += [replace(block, is_compact=True) if isinstance(block, Grid) else block for block in blocks]
    flow += [Aside((printable(note),)) for note in annex.notes]
    sign_offs = sign_off_lines(_printables(annex.sign_offs), TEXT_HEIGHT_MM if landscape else TEXT_WIDTH_MM)
    flow += [Aside(parts, is_signed=True) for parts in sign_offs]
    return PrintedAnnex(
        mark=printable(annex.mark),
        title=printable(annex.title),
        landscape=landscape,
        flow=tuple(Place(annex.title, part) for part in flow),
    )


def _printables(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(printable, texts))


def _text(printed: Printed) -> str:
    if isinstance(printed, Grid):
        return "".join(text for row in printed.rows for cell in row for text in cell.texts)
    return printed.caption if isinstance(printed, Figure) else printed.text


def _sections(parts: tuple[SnapshotSection, ...], fiscal_year: int) -> Iterator[Place]:
    depth = 0
    for part in parts:
        title = printable(part.label + part.title)
        blocks = list(_blocks(part.document, part.level)) if part.document and part.not_applicable is None else []
        if part.not_applicable is not None:
            text = NOT_APPLICABLE_TEXT.format(year=fiscal_year, reason=part.not_applicable)
            blocks = [Line(((printable(text), False),))]
        if part.run_in and part.not_applicable is None and _starts_with_text(part.document):
            first = blocks[0] if blocks and isinstance(blocks[0], Line) else Line(())
            rest = blocks[1:] if blocks and isinstance(blocks[0], Line) else blocks
            yield Place(title, Line(first.runs, first.item, f"{title}。", part.level, part.key))
            blocks = rest
        else:
            depth = min(part.level, depth + 1)
            yield Place(title, Head(part.level, depth, title, part.key))
        for block in blocks:
            yield Place(title, block)


def _starts_with_text(document: Document | None) -> bool:
    """As `core.snapshot.section_lines` decides it: the first block has characters of its own."""
    return document is not None and bool(document.content) and bool(next(iter(drawn(document, 1)))[1])


def _blocks(document: Document, level: int) -> Iterator[Printed]:
    """The blocks as printed; empty paragraphs print nothing."""
    for block, runs in drawn(document, level):
        if isinstance(block, Table):
            yield grid_of(block)
        elif isinstance(block, Picture):
            yield Figure(block.attrs.sha256, printable(block.attrs.caption), block.attrs.width_mm)
        elif (clean := _clean(runs)) and (isinstance(block, Item) or any(text.strip() for text, _ in clean)):
            yield Line(clean, item=isinstance(block, Item))


def _clean(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple((_kept(raw, text), bold) for raw, bold in runs if (text := printable(raw)))


def _kept(raw: str, text: str) -> str:
    """The printable characters; those of a live figure stay with their fact."""
    return FigureText.of(raw.figure, text) if isinstance(raw, FigureText) else text


def grid_of(table: Table) -> Grid:
    """The table as set: cells in their places, each with the alignment it takes."""
    places = list(_placed(table))
    columns = 1 + max(x + cell.attrs.colspan - 1 for _, x, cell in places)
    short = _short_columns(places, columns)
    rows: list[list[GridCell]] = [[] for _ in table.content]
    for y, x, cell in places:
        head = cell.type == "tableHeader"
        paragraphs = drawn(Document(content=cell.content), 4)
        lines = tuple(clean for _, runs in paragraphs if (clean := _clean(runs)))
        align: Align = cell.attrs.align or ("center" if head or short[x] else "left")
        rows[y].append(GridCell(x, lines, cell.attrs.colspan, cell.attrs.rowspan, head, align))
    return Grid(tuple(tuple(row) for row in rows), columns, table.head_count)


def _placed(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Each cell with its row and column, as merged cells above and to the left push it along."""
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(table.content):
        x = 0
        for cell in row.content:
            while (x, y) in taken:
                x += 1
            spans = cell.attrs
            taken.update((x + dx, y + dy) for dy in range(spans.rowspan) for dx in range(spans.colspan))
            yield y, x, cell


def _short_columns(places: list[tuple[int, int, Cell]], columns: int) -> list[bool]:
    """Which columns hold only short entries: those are centred, the others read from the left."""
    short = [True] * columns
    for _, x, cell in places:
        if cell.type == "tableCell" and cell.attrs.colspan == 1:
            texts = ("".join(t for t, _ in runs) for _, runs in drawn(Document(content=cell.content), 4))
            short[x] = short[x] and all(width_em(text) <= _SHORT_CELL_EM for text in texts)
    return short
