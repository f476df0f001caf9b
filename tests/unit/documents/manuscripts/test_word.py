"""Word documents: numbers drawn as text, merged cells, text boxes in, deleted and hidden text out."""

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE

from perfapp.documents.docx import render_docx
from perfapp.documents.manuscripts.reading import read_manuscript
from perfapp.documents.manuscripts.word_list import numbered
from tests.unit.documents import samples
from tests.unit.documents.manuscripts import files

BOX = "<w:txbxContent><w:p><w:r><w:t>框内支出5万元</w:t></w:r></w:p></w:txbxContent>"


def read(data: bytes) -> list[str]:
    return files.texts(read_manuscript("a.docx", data))


def test_paragraphs_are_the_same_lines_as_in_a_text() -> None:
    word = read_manuscript("a.docx", files.word())
    text = read_manuscript("a.txt", "\n".join(files.LINES).encode())
    assert files.told(word) == files.told(text)
    assert (word.fiscal_year, word.unit_name) == (2021, "某某市水利局")


def test_our_own_document_is_read_with_its_drawn_numbers() -> None:
    lines = read(render_docx(samples.seed(annexes=(samples.indicators(),)), {}))
    assert "一、预算单位基本情况" in lines
    assert "1.年初预算资金1,991.04万元。" in lines
    assert any(line.startswith("（10）推进公共机构节能") for line in lines)


def test_only_what_a_reader_sees_is_read() -> None:
    paragraph = (
        "<w:p><w:r><w:t>支出</w:t></w:r><w:del><w:r><w:delText>99</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>100</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏7</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>万元</w:t></w:r></w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE 3</w:instrText></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    )
    assert read(files.raw_word(paragraph)) == ["支出100万元。"]


def test_headers_and_footers_are_not_read() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉2001年"
    document.sections[0].footer.paragraphs[0].text = "第3页"
    document.add_paragraph("正文")
    assert read(files.bytes_of(document)) == ["正文"]


def test_a_text_box_follows_its_paragraph_once() -> None:
    both = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(files.raw_word(both, "<w:p><w:r><w:t>下段</w:t></w:r></w:p>")) == ["正文", "框内支出5万元", "下段"]


def test_forced_line_ends_part_lines_and_empty_paragraphs_count() -> None:
    document = docx.Document()
    document.add_paragraph("")
    document.add_paragraph("甲\n乙")
    document.add_paragraph("丙")
    lines = read_manuscript("a.docx", files.bytes_of(document)).lines
    assert [(line.number, line.text) for line in lines] == [(2, "甲"), (3, "乙"), (4, "丙")]


def test_lists_are_numbered_as_word_draws_them() -> None:
    document = docx.Document()
    for text, style in (
        ("甲", "List Number"),
        ("乙", "List Number"),
        ("点", "List Bullet"),
        ("丙", "List Number"),
    ):
        document.add_paragraph(text, style=style)
    assert read(files.bytes_of(document)) == ["1.甲", "2.乙", "点", "3.丙"]


@pytest.mark.parametrize(
    ("count", "number_format", "shown"),
    [
        (1, "chineseCounting", "一"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (112, "chineseCounting", "一百一十二"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (10, "ideographDigital", "一〇"),
        (2, "ideographTraditional", "乙"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (7, "decimalZero", "07"),
        (7, "decimalFullWidth", "７"),
        (7, "nobodyKnows", "7"),
    ],
)
def test_a_number_in_words_own_formats(count: int, number_format: str, shown: str) -> None:
    assert numbered(count, number_format) == shown


def test_headings_by_style_and_contents_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("部门整体支出绩效自评报告", style="Title")
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("基本情况\t3", style="toc 1")
    document.add_heading("基本情况", 1)
    document.add_paragraph("全年支出100万元。")
    assert files.told(read_manuscript("a.docx", files.bytes_of(document))) == [
        (1, "title", 0, "部门整体支出绩效自评报告"),
        (3, "heading", 1, "基本情况"),
        (4, "text", 0, "全年支出100万元。"),
    ]


def test_tables_keep_their_merged_cells_and_places() -> None:
    document = docx.Document()
    document.add_paragraph("单位：万元")
    table = document.add_table(rows=3, cols=3)
    for row, texts in enumerate((("项目", "", "金额"), ("基本", "甲", "1.00"), ("", "乙", "2.00"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    document.add_paragraph("后文")
    manuscript = read_manuscript("a.docx", files.bytes_of(document))
    assert files.texts(manuscript) == ["单位：万元", "项目\t金额", "基本\t甲\t1.00", "\t乙\t2.00", "后文"]
    assert [line.number for line in manuscript.lines] == [1, 2, 3, 4, 5]
    assert files.grid(manuscript) == [["项目", "项目", "金额"], ["基本", "甲", "1.00"], ["基本", "乙", "2.00"]]
    assert manuscript.tables[0].caption == "单位：万元"
    files.assert_places_hold(manuscript)


def test_a_table_row_that_was_deleted_under_revision_is_not_read() -> None:
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = "<w:tbl>" + row.format("", "甲") + row.format("<w:trPr><w:del/></w:trPr>", "乙") + "</w:tbl>"
    assert read(files.raw_word(table)) == ["甲"]
