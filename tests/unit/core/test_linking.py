"""Typed numbers become live figures without a character changing."""

from perfapp.core.document import Cell, Document, Figure, Item, Ordinal, Paragraph, Row, Table, Text, plain_lines
from perfapp.core.figures.facts import Reference
from perfapp.core.linking import Link, linked
from perfapp.core.live_figures import figures

SPENDING = Reference(fact="total-spending")
BASIC = Reference(fact="basic-spending")


def test_digits_become_figures_in_paragraphs_items_and_cells() -> None:
    cells = tuple(Cell(type="tableCell", content=(Paragraph(content=(Text(text=t),)),)) for t in ("支出", "5.00万元"))
    document = Document(
        content=(
            Item(content=(Text(text="总支出2,560.21万元，其中基本支出2,434.62万元。"),)),
            Paragraph(content=(Ordinal(), Text(text="支出2,560.21万元。"))),
            Table(content=(Row(content=cells),)),
        )
    )
    links = [
        Link(0, None, 3, 13, SPENDING),
        Link(0, None, 20, 30, BASIC),
        Link(1, None, 4, 14, SPENDING),
        Link(2, 0, 3, 9, SPENDING),
    ]
    done = linked(document, links)
    assert plain_lines(done) == plain_lines(document)
    assert [(one.fact, one.shown) for one in figures(done)] == [
        ("total-spending", "2,560.21万元"),
        ("basic-spending", "2,434.62万元"),
        ("total-spending", "2,560.21万元"),
        ("total-spending", "5.00万元"),
    ]


def test_a_link_across_nodes_or_over_another_is_left_alone() -> None:
    content = (Text(text="总支出2,5"), Text(text="60.21万元", marks=()))
    document = Document(content=(Paragraph(content=content),))
    assert figures(linked(document, [Link(0, None, 3, 12, SPENDING)])) == ()
    one = Document(content=(Paragraph(content=(Text(text="12万元"),)),))
    done = linked(one, [Link(0, None, 0, 4, SPENDING), Link(0, None, 1, 4, BASIC)])
    assert len(figures(done)) == 1
    assert isinstance(done.content[0], Paragraph)
    assert isinstance(done.content[0].content[0], Figure)
