"""The DOCX says what the PDF says, names the official faces, and is the same bytes every time."""

import hashlib
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from perfapp.core.errors import Invalid
from perfapp.documents.docx import render_docx, render_section_docx
from perfapp.documents.guard import DOCX, check_ooxml
from tests.unit.documents import samples
from tests.unit.documents.reading import docx_paragraphs, printed_text, squeezed
from tests.unit.documents.samples import cell, document, item, paragraph, section, snapshot, table


def part(data: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return package.read(name).decode()


def test_seed_text_is_complete_and_in_order() -> None:
    report = samples.seed()
    cover = f"附件1{report.title}单位名称（盖章）：{samples.UNIT}2019年3月15日"
    assert squeezed("".join(docx_paragraphs(render_docx(report, {})))) == squeezed(cover) + printed_text(report)


def test_spaces_stand_as_given() -> None:
    assert any("财政拨款       2,559.70万元" in line for line in docx_paragraphs(render_docx(samples.seed(), {})))


def test_two_processes_make_the_same_bytes() -> None:
    code = (
        "import hashlib, sys; from tests.unit.documents import samples; "
        "from perfapp.documents.docx import render_docx; "
        "sys.stdout.write(hashlib.sha256(render_docx(samples.seed(annexes=(samples.indicators(),)), {})).hexdigest())"
    )
    root = Path(__file__).parents[3]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    here = render_docx(samples.seed(annexes=(samples.indicators(),)), {})
    assert run.stdout == hashlib.sha256(here).hexdigest()
    with zipfile.ZipFile(BytesIO(here)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert package.namelist()[0] == "[Content_Types].xml"


def test_official_faces_and_line_grid_are_named() -> None:
    data = render_docx(samples.seed(), {})
    styles = part(data, "word/styles.xml")
    for name in ("仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"):
        assert f'"{name}"' in styles
    body = part(data)
    assert 'w:docGrid w:type="lines" w:linePitch="579"' in body
    assert '<w:spacing w:val="-5"/>' in styles
    assert 'w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"' in body


def test_page_number_is_a_field_odd_right_even_left() -> None:
    data = render_docx(samples.seed(), {})
    sides = set()
    for name in ("word/footer1.xml", "word/footer2.xml"):
        footer = part(data, name)
        assert " PAGE " in footer
        assert squeezed("".join(re.findall(r"<w:t[^>]*>([^<]*)", footer))) == "—1—"
        sides.update(re.findall(r'<w:jc w:val="(\w+)"', footer))
    assert sides == {"left", "right"}
    assert "evenAndOddHeaders" in part(data, "word/settings.xml")
    cover, *later = re.findall(r"<w:sectPr.*?</w:sectPr>", part(data))
    assert "footerReference" not in cover
    assert all(body.count("footerReference") == 2 for body in later)
    assert 'w:pgNumType w:start="1"' in later[0]


def test_long_table_repeats_its_head_and_merges_cells() -> None:
    body = part(render_docx(samples.seed(annexes=(samples.indicators("landscape"),)), {}))
    assert body.count("<w:tblHeader/>") == 1
    assert body.count('<w:vMerge w:val="restart"/>') == 3 + 7  # two of nine second levels have one row
    assert body.count("<w:vMerge/>") == (25 - 3) + (25 - 9)
    assert 'w:orient="landscape"' in body


def test_wide_cells_span_columns() -> None:
    wide = table([cell("合计", head=True, colspan=2), cell("备注", head=True)], [cell("甲"), cell("乙"), cell("丙")])
    assert '<w:gridSpan w:val="2"/>' in part(render_docx(snapshot(section(document(wide))), {}))


def test_bold_and_picture() -> None:
    digest, data = samples.drawing()
    made = render_docx(snapshot(section(document(paragraph("见**下图**。"), samples.picture(digest)))), {digest: data})
    assert '<w:b/></w:rPr><w:t xml:space="preserve">下图</w:t>' in part(made)
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert package.read("word/media/image1.png") == data
    assert 'descr="便民服务箱"' in part(made)
    with pytest.raises(Invalid, match="找不到原文件"):
        render_docx(snapshot(section(document(samples.picture(digest)))), {})


@pytest.mark.parametrize(
    "evil", ["{{7*7}}{% raw %}", "</w:t><w:instrText>", '&amp; "quoted" <b>', '#read("/etc/passwd")']
)
def test_code_in_text_prints_literally(evil: str) -> None:
    report = snapshot(
        section(document(paragraph(evil), item(evil), table([cell(evil)])), title=evil), unit_name=evil, title=evil
    )
    assert squeezed("".join(docx_paragraphs(render_docx(report, {})))).count(squeezed(evil)) == 7


def test_draft_is_marked_and_final_is_not() -> None:
    draft, final = render_docx(samples.seed(), {}, draft=True), render_docx(samples.seed(), {})
    assert 'string="草稿"' in part(draft, "word/header1.xml")
    assert 'string="草稿"' in part(draft, "word/header2.xml")
    with zipfile.ZipFile(BytesIO(final)) as package:
        assert not [name for name in package.namelist() if "header" in name]


def test_our_own_files_pass_our_own_gate() -> None:
    assert check_ooxml(render_docx(samples.seed(annexes=(samples.indicators(),)), {}, draft=True)) == DOCX
    assert check_ooxml(render_section_docx(section("甲"), samples.UNIT, 2018, {})) == DOCX
