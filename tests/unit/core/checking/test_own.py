"""Our own report as a manuscript: every line leads back to its block, every figure to its place."""

from decimal import Decimal

from perfapp.core.checking.live import link_findings, offers, sources
from perfapp.core.checking.own import OwnText, Part, Spot, own_text
from perfapp.core.document import (
    Cell,
    CellAttrs,
    Document,
    Figure,
    FigureAttrs,
    Item,
    Ordinal,
    Paragraph,
    Row,
    Table,
    Text,
)
from perfapp.core.figures.facts import MISSING, Definition, Sheet
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import LineKind
from perfapp.core.snapshot import SnapshotSection
from perfapp.data.rules import rule_book

SHEET = Sheet(
    (
        Definition(key="total", name="总支出", unit="万元", is_money=True),
        Definition(key="batches", name="公务接待批次", unit="批次", decimals=0),
        Definition(key="offices", name="职能科室", unit="个", decimals=0),
    ),
    {"total": Decimal(25602100), "batches": Decimal(9), "offices": Decimal(5)},
    {},
)


def figure(shown: str, fact: str = "total") -> Figure:
    return Figure(attrs=FigureAttrs(fact=fact, shown=shown))


def cell(*content: Text | Figure, **attrs: int) -> Cell:
    return Cell(type="tableCell", attrs=CellAttrs(**attrs), content=(Paragraph(content=content),))  # type: ignore[arg-type]


def a_text(document: Document, *, run_in: bool = False) -> OwnText:
    section = SnapshotSection(key="k", level=3, number=2, title="收支", run_in=run_in, document=document)
    parts = (Part(7, section),)
    return own_text(parts, title="2018年度报告", unit_name="某中心", fiscal_year=2018, dated_on=None, is_whole=True)


def test_lines_lead_back_to_their_blocks() -> None:
    table = Table(
        content=(
            Row(content=(cell(Text(text="项目"), rowspan=2), cell(Text(text="金额")))),
            Row(content=(cell(figure("2,560.21万元")),)),
        )
    )
    document = Document(content=(Item(content=(Ordinal(), Text(text="总支出"), figure("2,560.21万元"))), table))
    text = a_text(document)
    lines = [line.text for line in text.manuscript.lines]
    assert lines == [
        "2018年度报告",
        "单位名称（盖章）：某中心",
        "2.收支",
        "（1）一是总支出2,560.21万元",
        "项目\t金额",
        "2,560.21万元",
    ]
    assert text.manuscript.line(3).kind is LineKind.HEADING
    assert text.spots == {4: Spot(7, 0, lead=3), 5: Spot(7, 1, 0), 6: Spot(7, 1, 1)}
    assert [text.manuscript.quoted(one.place) for one in text.linked] == ["2,560.21万元", "2,560.21万元"]
    (grid,) = text.manuscript.tables
    under_the_merged = grid.at(1, 0)
    assert under_the_merged is not None
    assert under_the_merged.text == "项目"


def test_a_heading_that_runs_into_its_text() -> None:
    text = a_text(Document(content=(Paragraph(content=(Text(text="本年"), figure("5个", "offices"))),)), run_in=True)
    assert text.manuscript.line(3).text == "2.收支。本年5个"
    assert text.spots[3] == Spot(7, 0, lead=5)
    assert text.manuscript.quoted(text.linked[0].place) == "5个"


def test_sources_and_offers() -> None:
    said = "总支出2,560.21万元，比预算多2,560.21万元左右，下设五个职能科室，接待9批次。"
    text = a_text(Document(content=(Paragraph(content=(figure("2,560.21万元"), Text(text=f"，{said}"))),)))
    figures = read(text.manuscript)
    found = sources(figures, text)[7]
    assert (found.total, found.sourced) == (5, 1)
    assert found.sentence == "5 处数字，1 处有来源"
    offered = offers(figures, text, SHEET)
    assert [(one.text, one.reference.fact) for one in offered] == [("2,560.21万元", "total"), ("9批次", "batches")]


def test_figures_that_miss_or_changed_are_told() -> None:
    content = (figure("2,500.00万元"), Text(text="，"), figure(MISSING))
    found = link_findings(a_text(Document(content=(Paragraph(content=content),))), SHEET, rule_book())
    assert [one.code for one in found] == ["K3", "K2"]
    assert "2,560.21万元" in found[0].message
