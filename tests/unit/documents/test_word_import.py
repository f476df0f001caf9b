"""Word comes in as blocks; what we wrote comes back equal, what cannot come is told."""

import hashlib
import io
from typing import Any

import docx
import pytest
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from perfapp.core.document import Document, Item, Paragraph, Table, canonical, plain_lines
from perfapp.core.errors import Invalid
from perfapp.documents.docx import render_section_docx
from perfapp.documents.picture import clean_picture
from perfapp.documents.word_import import Imported, read_docx
from tests.unit.documents import samples
from tests.unit.documents.bad_files import BAD_DOCX, changed
from tests.unit.documents.samples import cell, document, item, paragraph, section, table
from tests.unit.documents.test_guard import good_xlsx


def saved(file: DocxDocument) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def read(*paragraphs: str) -> Imported:
    file = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    return read_docx(saved(file))


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_what_we_export_comes_back_equal(level: int) -> None:
    digest, data = samples.drawing()
    data, _ = clean_picture(data)
    digest = hashlib.sha256(data).hexdigest()
    original = document(
        paragraph("2018年服务中心注重**为民办实事**，全面提升。"),
        item("全面推进食堂改革。一是完成更新。二是提质改造，**历时4个月**。"),
        item("设立便民服务箱，共31家单位、73项建议。"),
        table(
            [cell("指标", head=True, colspan=2), cell("值", head=True)],
            [cell("产出", rowspan=2), cell("数量"), cell("1,447.45万元", align="right")],
            [cell("质量"), cell()],
        ),
        samples.picture(digest, "图1 便民服务箱"),
        paragraph("一是甲。二是乙。"),
    )
    exported = render_section_docx(
        section(original, level=level, run_in=level == 4), samples.UNIT, 2018, {digest: data}
    )
    back = read_docx(exported)
    assert canonical(back.document) == canonical(original)
    assert dict(back.pictures) == {digest: data}
    assert back.dropped == ()


def test_every_section_of_the_seed_comes_back_equal() -> None:
    filled = [part for part in samples.seed().sections if part.document]
    assert len(filled) > 12
    for part in filled:
        back = read_docx(render_section_docx(part, samples.UNIT, 2018, {}))
        assert part.document is not None
        assert plain_lines(back.document, part.level) == plain_lines(part.document, part.level)
        assert canonical(back.document) == canonical(part.document)


def test_typed_numbers_become_items() -> None:
    back = read("1.第一项", "2、第二项", "3．第三项", "1.5万元不是编号", "2018年不是编号")
    assert [type(block) for block in back.document.content] == [Item, Item, Item, Paragraph, Paragraph]
    assert plain_lines(back.document, 2)[:2] == ["1.第一项", "2.第二项"]
    assert back.dropped == ()
    chinese = read("（一）甲", "(二) 乙")
    assert plain_lines(chinese.document, 1) == ["（一）甲", "（二）乙"]


def test_deeper_numbers_stay_text_and_are_told() -> None:
    back = read("1.甲", "（1）子项", "2.乙")
    assert plain_lines(back.document, 2) == ["1.甲", "（1）子项", "2.乙"]
    assert back.dropped == ("下一级编号保留为文字，没有转成自动编号。",)
    assert read("1.甲", "3.乙").dropped == ("原文编号不连续，已由系统按顺序重新编号。",)


def test_ordinals_are_taken_only_in_order() -> None:
    back = read("　　一是完成更新。二是改造，统一是要求。四是跳号。")
    kinds = [node.type for node in back.document.content[0].content]  # type: ignore[union-attr]
    assert kinds == ["ordinal", "text", "ordinal", "text"]
    assert plain_lines(back.document) == ["一是完成更新。二是改造，统一是要求。四是跳号。"]
    alone = read("要点有，一是快")
    assert [node.type for node in alone.document.content[0].content] == ["text"]  # type: ignore[union-attr]


def test_word_lists_headings_bold_and_breaks() -> None:
    file = docx.Document()
    file.add_heading("总体情况", 1)
    file.add_paragraph("第一", style="List Number")
    file.add_paragraph("第二", style="List Number")
    file.add_paragraph("点", style="List Bullet")
    mixed = file.add_paragraph("上")
    mixed.add_run("粗").bold = True
    mixed.add_run().add_break()
    mixed.add_run("下")
    back = read_docx(saved(file))
    assert plain_lines(back.document, 2) == ["总体情况", "1.第一", "2.第二", "点", "上粗", "下"]
    first = back.document.content[0]
    assert isinstance(first, Paragraph)
    assert first.content[0].marks  # type: ignore[union-attr]
    assert back.dropped == ("没有编号的标题已改为加粗的段落。", "项目符号没有导入，文字保留为普通段落。")


def test_merged_and_ragged_tables() -> None:
    file = docx.Document()
    grid = file.add_table(3, 3)
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "合并"
    grid.cell(1, 0).merge(grid.cell(2, 0)).text = "纵向"
    grid.cell(1, 1).text = "1.不是编号"
    ragged = grid.rows[2]._tr
    ragged.remove(ragged.tc_lst[-1])
    block = read_docx(saved(file)).document.content[0]
    assert isinstance(block, Table)
    spans = [[(c.attrs.colspan, c.attrs.rowspan) for c in row.content] for row in block.content]
    assert spans == [[(2, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)], [(1, 1), (1, 1)]]
    assert plain_lines(Document(content=(block,)))[1] == "纵向\t1.不是编号\t"


def _with(xml: str) -> DocxDocument:
    file = docx.Document()
    namespaces = nsdecls("w") + ' xmlns:v="urn:schemas-microsoft-com:vml"'
    file.add_paragraph("正文")._p.append(parse_xml(f"<w:r {namespaces}>{xml}</w:r>"))
    return file


def _with_header() -> DocxDocument:
    file = docx.Document()
    file.add_paragraph("正文")
    file.sections[0].header.paragraphs[0].text = "内部资料"
    return file


def _with_size() -> DocxDocument:
    file = docx.Document()
    file.add_paragraph().add_run("正文").font.size = Pt(9)
    return file


def _with_deletion() -> DocxDocument:
    file = docx.Document()
    deleted = OxmlElement("w:del")
    deleted.append(parse_xml(f"<w:r {nsdecls('w')}><w:delText>删</w:delText></w:r>"))
    added = OxmlElement("w:ins")
    added.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>文</w:t></w:r>"))
    place = file.add_paragraph("正")._p
    place.append(deleted)
    place.append(added)
    return file


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: _with('<w:footnoteReference w:id="2"/>'), "脚注"),
        (
            lambda: _with(
                "<w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
            ),
            "文本框",
        ),
        (lambda: _with("<w:pict><v:shape/></w:pict>"), "图形"),
        (lambda: _with("<w:instrText> DATE </w:instrText>"), "域"),
        (lambda: _with('<w:commentReference w:id="1"/>'), "批注"),
        (lambda: _with('<w:sym w:font="Wingdings" w:char="F0FE"/>'), "符号"),
        (_with_header, "页眉"),
        (_with_size, "字体"),
        (_with_deletion, "修订"),
    ],
)
def test_what_is_left_behind_is_told(make: Any, word: str) -> None:
    back = read_docx(saved(make()))
    assert plain_lines(back.document) == ["正文"]
    assert len(back.dropped) == 1
    assert word in back.dropped[0]


def test_hidden_table_of_contents_and_nested_tables() -> None:
    file = docx.Document()
    style = file.styles.add_style("toc 1", 1)
    file.add_paragraph("一、概况\t1", style=style)
    outer = file.add_table(1, 1).cell(0, 0)
    outer.text = "外"
    outer.add_table(1, 1).cell(0, 0).text = "内"
    back = read_docx(saved(file))
    assert plain_lines(back.document) == ["外\n内"]
    assert back.dropped == ("目录没有导入。", "表格中的表格已改为文字。")


@pytest.mark.parametrize("name", BAD_DOCX)
def test_bad_files_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        read_docx(BAD_DOCX[name][0]())


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (good_xlsx, "Excel"),
        (lambda: changed({"word/document.xml": b"<w:document"}), "损坏"),
        (lambda: changed({"word/document.xml": b"<a/>"}), "损坏"),
        (lambda: changed({"word/_rels/document.xml.rels": lambda d: d.replace(b"styles.xml", b"gone.xml")}), "损坏"),
        (
            lambda: changed(
                {"word/document.xml": lambda d: d.replace(b"<w:sectPr>", b"<w:p/>" * 3_000_000 + b"<w:sectPr>")}
            ),
            "太多|大得不正常",
        ),
    ],
)
def test_files_that_are_not_documents_are_refused(make: Any, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read_docx(make())


def test_too_many_columns_are_refused() -> None:
    file = docx.Document()
    file.add_table(1, 21)
    with pytest.raises(Invalid):
        read_docx(saved(file))


def test_text_beside_a_bookmark_of_ours_is_the_only_thing_skipped() -> None:
    exported = render_section_docx(section("甲"), samples.UNIT, 2018, {})
    file = docx.Document(io.BytesIO(exported))
    assert file.paragraphs[0]._p.find(qn("w:bookmarkStart")) is not None
    file.paragraphs[0].insert_paragraph_before("写在前面")
    assert plain_lines(read_docx(saved(file)).document) == ["写在前面", "甲"]
