"""Base table and score table: the same words in DOCX, PDF and xlsx, laid out as the forms are."""

import zipfile
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pypdf import PdfReader

from perfapp.core.annexes.base_table import base_table
from perfapp.core.annexes.score_table import score_table
from perfapp.core.document import plain_lines
from perfapp.core.figures.facts import Sheet
from perfapp.core.figures.units import to_base
from perfapp.core.scoring.entries import Entry, OwnScore
from perfapp.core.scoring.score import score
from perfapp.core.snapshot import Annex
from perfapp.data import catalog
from perfapp.documents.annex_sheet import render_annex_xlsx
from perfapp.documents.docx import render_annex_docx, render_docx
from perfapp.documents.guard import DOCX, XLSX, check_ooxml
from perfapp.documents.pdf import render_annex_pdf, render_pdf
from tests.unit.documents.reading import docx_paragraphs, pdf_pages, squeezed
from tests.unit.documents.samples import UNIT, cell, document, section, snapshot, table

AMOUNTS = {
    "staff-quota": "25",
    "staff-in-service": "23",
    "opening-budget": "1991.04",
    "budget-added": "569.17",
    "carry-over-in": "0",
    "carry-over-out": "0",
    "total-spending": "2560.21",
    "overseas-travel": "0",
    "vehicle-purchase": "0",
    "vehicle-running": "86.2",
    "reception": "12.35",
}
EVIL = '=HYPERLINK("http://x","y")'


def sheet() -> Sheet:
    facts = catalog.fact_list("hunan-2018").content.facts
    units = {fact.key: fact.unit for fact in facts}
    amounts = {key: to_base(Decimal(value), units[key]) for key, value in AMOUNTS.items()}
    return Sheet(facts, amounts, {key: amount / 2 for key, amount in amounts.items()})


@cache
def annex(kind: str) -> Annex:
    if kind == "base":
        layout = catalog.base_table("hunan-2018").content
        return base_table(layout, sheet(), unit_name=UNIT, fiscal_year=2018, words={"saving-measures": EVIL})
    own = OwnScore(points=Decimal(5), reason="追加系政策性增资", is_consented=True)
    entries = {"budget-control": Entry(own=own), "social": Entry(grade="达成预期指标", percent=Decimal(95))}
    scored = score(catalog.indicator_set(kind).content, sheet(), entries)
    return score_table(scored, sheet(), unit_name=UNIT, fiscal_year=2018, goals=("保障运转", "+已完成"))


def expected(one: Annex) -> str:
    lines = [one.mark, one.title, *one.above, *plain_lines(one.document), *one.notes, *one.sign_offs]
    return squeezed("".join(lines))


KINDS = ("base", "hunan-2018", "national")


@pytest.mark.parametrize("kind", KINDS)
def test_docx_says_every_word_in_order(kind: str) -> None:
    made = render_annex_docx(annex(kind), UNIT, 2018, {})
    assert squeezed("".join(docx_paragraphs(made))) == expected(annex(kind))
    assert check_ooxml(made) == DOCX


@pytest.mark.parametrize("kind", KINDS)
def test_pdf_says_every_word(kind: str) -> None:
    pages = pdf_pages(render_annex_pdf(annex(kind), UNIT, 2018, {}))
    # Merged cells are set in the middle of their rows: the order differs, the characters do not.
    head = expected_head(kind)
    repeated = head * sum(page.startswith(head) for page in pages[1:])
    assert sorted("".join(pages)) == sorted(expected(annex(kind)) + repeated)
    assert pages[0].startswith(squeezed(annex(kind).mark + annex(kind).title + annex(kind).above[0]))
    assert pages[-1].endswith(squeezed(annex(kind).sign_offs[-1]))


def expected_head(kind: str) -> str:
    """What every page after the first repeats."""
    if kind == "base":
        return ""
    return "".join(column.title for column in catalog.indicator_set(kind).content.table.columns)


def test_base_table_fits_one_upright_page_and_score_tables_lie() -> None:
    boxes = {
        kind: [page.mediabox for page in PdfReader(BytesIO(render_annex_pdf(annex(kind), UNIT, 2018, {}))).pages]
        for kind in KINDS
    }
    assert [box.width < box.height for box in boxes["base"]] == [True]
    assert all(box.width > box.height for kind in KINDS[1:] for box in boxes[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_annex_is_the_same_bytes(kind: str) -> None:
    one = annex(kind)
    assert render_annex_docx(one, UNIT, 2018, {}) == render_annex_docx(one, UNIT, 2018, {})
    assert render_annex_pdf(one, UNIT, 2018, {}) == render_annex_pdf(one, UNIT, 2018, {})
    assert render_annex_xlsx(one, UNIT, 2018) == render_annex_xlsx(one, UNIT, 2018)


def test_annexes_follow_the_report_too() -> None:
    report = snapshot(section("正文"), annexes=tuple(map(annex, KINDS)))
    text = "".join(pdf_pages(render_pdf(report, {})))
    words = squeezed("".join(docx_paragraphs(render_docx(report, {}))))
    for kind in KINDS:
        assert squeezed(annex(kind).title) in text
        assert expected(annex(kind)) in words


def test_the_reports_date_stands_on_its_line_and_the_rest_is_left_to_ink() -> None:
    dated = annex("hunan-2018").dated(date(2019, 4, 12))
    assert dated.sign_offs == ("填表人（签字）：", "填报日期：2019年4月12日", "联系电话：", "单位负责人（签字）：")
    assert annex("hunan-2018").dated(None) == annex("hunan-2018")
    (*_, page) = pdf_pages(render_annex_pdf(dated, UNIT, 2018, {}))
    assert "填报日期：2019年4月12日" in squeezed(page)


def test_last_row_stays_with_the_signatures() -> None:
    with zipfile.ZipFile(BytesIO(render_annex_docx(annex("hunan-2018"), UNIT, 2018, {}))) as package:
        last_row = package.read("word/document.xml").decode().rsplit("<w:tr>", 1)[1]
    assert "<w:keepNext/>" in last_row.split("</w:tr>")[0]
    for rows in range(20, 44):
        grid = table([cell("项目", head=True)], *([cell(f"第{number}行")] for number in range(rows)))
        made = Annex(mark="附件2", title="表", document=document(grid), sign_offs=("填表人：",))
        *_, last = pdf_pages(render_annex_pdf(made, UNIT, 2018, {}))
        assert f"第{rows - 1}行" in last, rows


def opened(kind: str) -> Worksheet:
    made = render_annex_xlsx(annex(kind), UNIT, 2018)
    assert check_ooxml(made) == XLSX
    page = load_workbook(BytesIO(made)).worksheets[0]
    assert isinstance(page, Worksheet)
    return page


def values(page: Worksheet) -> list[object]:
    return [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]


def test_a_centred_weight_is_a_number_and_a_centred_word_is_none() -> None:
    row = [cell("产出", align="center"), cell("50", align="center"), cell("0731", align="center")]
    grid = document(table([cell("一级指标", head=True), cell("分值", head=True), cell("电话", head=True)], row))
    made = render_annex_xlsx(Annex(mark="附件3", title="表", document=grid), UNIT, 2018)
    found = [one.value for line in load_workbook(BytesIO(made)).worksheets[0].iter_rows() for one in line]
    assert [value for value in found if value in ("产出", 50, "50", "0731", 731)] == ["产出", 50, "0731"]


def test_base_table_as_a_sheet_holds_numbers_and_merges() -> None:
    page = opened("base")
    found = values(page)
    assert found[:4] == ["附件2", "2018年度部门整体支出绩效评价基础数据表", f"填报单位（盖章）：{UNIT}", "单位：万元"]
    assert {1991.04, 569.17, 98.55, 25, 23} <= {value for value in found if isinstance(value, int | float)}
    rate = next(cell for row in page.iter_rows() for cell in row if cell.value == 0.92)
    assert rate.number_format == "0.00%"
    assert "A4:A5" in {str(merged) for merged in page.merged_cells.ranges}
    assert page.page_setup.orientation == "portrait"


def test_what_looks_like_a_formula_stays_text() -> None:
    cells = [cell for kind in ("base", "national") for row in opened(kind).iter_rows() for cell in row]
    evil = [cell for cell in cells if cell.value in (EVIL, "+已完成")]
    assert len(evil) == 2
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in evil)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_score_table_as_a_sheet_lies_and_repeats_its_head() -> None:
    page = opened("national")
    head = next(cell.row for row in page.iter_rows() for cell in row if cell.value == "一级指标")
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == f"${head}:${head}"
    assert values(page)[-4:] == ["填表人（签字）：", "填报日期：", "联系电话：", "单位负责人（签字）："]


def test_a_score_set_by_hand_shows_both() -> None:
    text = "".join(plain_lines(annex("hunan-2018").document))
    assert "系统 2 分 / 自评 5 分：追加系政策性增资" in text
    assert "落在20%（不含）至30%档，扣3分：追加预算569.17万元÷年初预算1,991.04万元。" in text


def test_head_cells_that_reach_down_are_not_repeated() -> None:
    grid = document(
        table([cell("人员", head=True, rowspan=2), cell("编制", head=True)], [cell("25")], [cell("甲"), cell("乙")])
    )
    made = snapshot(section(grid))
    assert "编制" in "".join(pdf_pages(render_pdf(made, {})))
