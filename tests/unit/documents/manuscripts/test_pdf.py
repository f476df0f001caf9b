"""PDF with text: paragraphs put back together, page numbers gone, tables kept as tables."""

import pytest

from perfapp.documents.docx import render_docx
from perfapp.documents.manuscripts.pdf_flow import flow
from perfapp.documents.manuscripts.pdf_marks import Mark, PdfPage, Rule, rows
from perfapp.documents.manuscripts.reading import read_manuscript
from perfapp.documents.pdf import render_pdf
from tests.unit.documents import samples
from tests.unit.documents.manuscripts import files

SIZE = 16.0
LEFT, RIGHT = 80.0, 528.0  # 28 characters


def printed(lines: list[tuple[float, float, str]], *, rules: tuple[Rule, ...] = ()) -> PdfPage:
    """A page of 600 x 800 points with lines of full-width characters, each (x, baseline, text)."""
    marks = [
        Mark(letter, x + at * SIZE, x + (at + 1) * SIZE, y, SIZE)
        for x, y, text in lines
        for at, letter in enumerate(text)
    ]
    return PdfPage(600, 800, tuple(marks), rules, is_picture=False)


def wrapped(text: str, top: float, *, indent: bool = True) -> list[tuple[float, float, str]]:
    """The text set in lines of 28 characters, the first indented by two."""
    first = 26 if indent else 28
    parts = [text[:first], *(text[at : at + 28] for at in range(first, len(text), 28))]
    return [(LEFT + (2 * SIZE if indent and not n else 0), top - 28 * n, part) for n, part in enumerate(parts)]


LONG = "本单位全年支出情况良好各项工作有序推进" * 5 + "。"


def test_wrapped_lines_are_one_paragraph_over_the_page_end() -> None:
    lines = wrapped(LONG, 700)
    first = printed([*lines[:2], (290, 50, "—１—")])
    second = printed([*((x, y + 56, text) for x, y, text in lines[2:]), *wrapped("二、" + LONG, 500)])
    assert flow([first, second]) == [LONG, "二、" + LONG]


def test_a_short_line_ends_a_paragraph_and_a_centred_one_stands_alone() -> None:
    page = printed([(200, 760, "自评报告书"), *wrapped("甲" * 40, 700), *wrapped("乙" * 30, 620, indent=False)])
    assert flow([page]) == ["自评报告书", "甲" * 40, "乙" * 30]


@pytest.mark.parametrize("first", ["某某市水利局二〇二一年度部门整体支出绩效", "某某市水利局部门整体支出"])
def test_a_title_of_two_lines_is_one_line(first: str) -> None:
    size = 22.0
    left = (LEFT + RIGHT - len(first) * size) / 2
    title = [
        Mark(letter, x + at * size, x + (at + 1) * size, y, size)
        for x, y, text in ((left, 760, first), (249, 725, "自评报告"))
        for at, letter in enumerate(text)
    ]
    body = printed(wrapped(LONG, 600))
    assert flow([PdfPage(600, 800, (*title, *body.marks), (), is_picture=False)]) == [first + "自评报告", LONG]


def test_what_repeats_in_the_margins_is_gone() -> None:
    pages = [
        printed([(LEFT, 780, "某某局自评报告"), *wrapped("正文" * 20, 600), (290, 40, f"第{n}页")])
        for n in ("１", "２", "３")
    ]
    assert flow(pages) == ["正文" * 20] * 3


def test_gaps_are_spaces_only_where_they_are_wide() -> None:
    marks = [
        Mark("支", 0, 16, 0, 16),
        Mark("出", 19, 35, 0, 16),
        Mark("a", 60, 66, 0, 16),
        Mark("b", 71, 77, 0, 16),
        Mark("\uf0b7", 80, 90, 0, 16),
        Mark("⼀", 79, 95, 1, 16),
    ]
    read = [
        PdfPage.of({"width": 1, "height": 1, "text": "⼀", "boxes": [[0, 1, 2, 3]], "rules": [], "is_picture": False})
    ]
    assert [row.text for row in rows(marks)] == ["支出 a b⼀"]
    assert read[0].marks[0].letter == "一"


def test_ruling_lines_make_a_table_with_merged_cells() -> None:
    level = [Rule(100, y, 400, y) for y in (700, 600)] + [Rule(200, 650, 400, 650)]
    upright = [Rule(x, 600, x, 700) for x in (100, 200, 300, 400)]
    page = printed([(110, 645, "合"), (210, 670, "甲"), (310, 670, "乙"), (210, 620, "丙丁")], rules=(*level, *upright))
    (cells,) = flow([page])
    assert isinstance(cells, tuple)
    assert [(cell.text, cell.row, cell.column, cell.row_span) for cell in cells] == [
        ("合", 0, 0, 2),
        ("甲", 0, 1, 1),
        ("乙", 0, 2, 1),
        ("丙丁", 1, 1, 1),
        ("", 1, 2, 1),
    ]


def test_our_own_pdf_gives_the_lines_of_our_own_document() -> None:
    snapshot = samples.seed(annexes=(samples.indicators(), samples.indicators("landscape")))
    printed_lines = files.texts(read_manuscript("a.pdf", render_pdf(snapshot, {})))
    written_lines = files.texts(read_manuscript("a.docx", render_docx(snapshot, {})))
    squeezed = [[line.replace(" ", "") for line in lines] for lines in (printed_lines, written_lines)]
    assert squeezed[0] == squeezed[1]


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_a_table_over_two_pages_is_one_table(orientation: str) -> None:
    snapshot = samples.snapshot(samples.section("正文。"), annexes=(samples.indicators(orientation),))
    on_paper = read_manuscript("a.pdf", render_pdf(snapshot, {}))
    as_written = read_manuscript("a.docx", render_docx(snapshot, {}))
    assert len(on_paper.tables) == 1
    assert files.grid(on_paper)[1] == files.grid(as_written)[1]
    assert [row[2:] for row in files.grid(on_paper)] == [row[2:] for row in files.grid(as_written)]
    files.assert_places_hold(on_paper)
