"""The HTML of a document: meaning in elements, all text escaped, no style of its own."""

import html5lib
import pytest

from perfapp.core.document import Document, Figure, FigureAttrs, Paragraph, Text
from perfapp.core.figures.facts import Form
from perfapp.documents.html import figure_html, render_html
from tests.unit.documents import samples
from tests.unit.documents.reading import printed_text, squeezed
from tests.unit.documents.samples import cell, document, item, paragraph, section, snapshot, table


def picture_url(digest: str) -> str:
    return f"/pictures/{digest}?a=1&b=2"


def test_seed_reads_the_same_and_is_strict_html() -> None:
    report = samples.seed(annexes=(samples.indicators(),))
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(render_html(report, picture_url))
    text = squeezed("".join(tree.itertext()))
    assert text.startswith(printed_text(report).removeprefix(squeezed(report.title)))
    assert [heading.text for heading in tree.iter("h2")][:2] == ["一、预算单位基本情况", "二、预算单位支出及绩效情况"]
    assert [heading.text for heading in tree.iter("h4")] == ["1.资金使用", "2.绩效情况"]
    head = next(tree.iter("thead"))
    assert {th.get("scope") for th in head.iter("th")} == {"col"}
    assert next(tree.iter("tbody")).find("tr/td").get("rowspan") == "17"


def test_text_is_escaped_and_marks_are_elements() -> None:
    evil = '<img src=x onerror=alert(1)> & "quoted"'
    digest, _ = samples.drawing()
    made = render_html(
        section(
            document(
                paragraph(evil + "**重点**"),
                item(evil),
                table([cell(evil, head=True)], [cell(evil)]),
                samples.picture(digest, evil),
            ),
            title=evil,
        ),
        picture_url,
        fiscal_year=2018,
    )
    assert "<img src=x" not in made
    assert "style=" not in made
    assert "<strong>重点</strong>" in made
    assert f'src="/pictures/{digest}?a=1&amp;b=2"' in made
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(made)
    assert "".join(tree.itertext()).count(evil) == 6
    assert len(list(tree.iter("img"))) == 1


def test_look_and_depth_are_separate_so_no_heading_level_is_skipped() -> None:
    made = render_html(snapshot(section("甲", level=1), section("乙", level=3)), picture_url)
    assert '<h2 class="doc-head doc-head-1"' in made
    assert '<h3 class="doc-head doc-head-3"' in made


def test_a_section_needs_its_year() -> None:
    with pytest.raises(ValueError, match="fiscal year"):
        render_html(section("甲"), picture_url)
    made = render_html(section("甲", not_applicable="没有项目"), picture_url, fiscal_year=2018)
    assert "本单位2018年度无此项：没有项目" in made


def test_a_live_figure_is_drawn_by_the_page_and_else_is_words() -> None:
    attrs = FigureAttrs(fact="spending", form=Form.RATIO, other="income", shown="9<%")
    live = Figure(attrs=attrs)
    text = Document(content=(Paragraph(content=(Text(text="占"), live)),))
    made = section(text)
    assert "占9&lt;%" in render_html(made, picture_url, fiscal_year=2018)
    drawn = render_html(
        made, picture_url, fiscal_year=2018, chip=lambda one: figure_html(one, "/f?a=1&b=2", changed=True)
    )
    html5lib.HTMLParser(strict=True).parseFragment(drawn)
    assert (
        '占<a class="fact fact--changed" href="/f?a=1&amp;b=2" data-fact="spending" data-form="ratio" '
        'data-other="income">9&lt;%</a><small class="fact__mark">数据已变</small>'
    ) in drawn
