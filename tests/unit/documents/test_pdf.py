"""The PDF says what the sections say, on the official page, the same bytes every time, or refuses by name."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from perfapp.core.errors import Invalid
from perfapp.core.snapshot import Annex, Snapshot
from perfapp.documents import layout
from perfapp.documents.fonts import MissingGlyph, missing_characters
from perfapp.documents.pdf import render_pdf, render_section_pdf, seal_anchor
from tests.unit.documents import samples
from tests.unit.documents.reading import page_number, pdf_lines, pdf_pages, printed_text, squeezed
from tests.unit.documents.samples import cell, document, item, paragraph, section, snapshot, table


def test_seed_text_is_complete_and_in_order() -> None:
    report = samples.seed()
    cover, *body = pdf_pages(render_pdf(report, {}))
    assert cover == squeezed(f"附件1{report.title}单位名称（盖章）：{samples.UNIT}2019年3月15日")
    assert "".join(body) == printed_text(report)
    assert len(printed_text(report)) > 4800


def test_page_holds_22_lines_of_28_characters() -> None:
    plain = render_section_pdf(section("预" * 28 * 60), samples.UNIT, 2018, {}, draft=False)
    lines = pdf_lines(plain, page=1)
    assert len(lines) == 22
    assert set(lines.values()) == {28}
    heights = sorted(lines, reverse=True)
    assert heights[0] - heights[-1] == pytest.approx(21 * layout.PITCH_PT, abs=0.3)
    box = PdfReader(BytesIO(plain)).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx(
        (210 / layout.MM_PER_PT, 297 / layout.MM_PER_PT), abs=0.1
    )


def test_page_numbers_start_after_the_cover_odd_right_even_left() -> None:
    made = render_pdf(samples.seed(), {})
    places = [page_number(made, page) for page in range(4)]
    assert [text for text, _ in places] == ["", "—1—", "—2—", "—3—"]
    left = layout.MARGIN_LEFT_MM / layout.MM_PER_PT + layout.PAGE_NUMBER_PT
    width_pt = 3 * layout.PAGE_NUMBER_PT
    right = (layout.PAGE_WIDTH_MM - layout.MARGIN_RIGHT_MM) / layout.MM_PER_PT - layout.PAGE_NUMBER_PT - width_pt
    assert [where for _, where in places[1:]] == pytest.approx([right, left, right], abs=4)


def test_two_processes_make_the_same_bytes() -> None:
    code = (
        "import hashlib, sys; from tests.unit.documents import samples; from perfapp.documents.pdf import render_pdf; "
        "sys.stdout.write(hashlib.sha256(render_pdf(samples.seed(annexes=(samples.indicators(),)), {})).hexdigest())"
    )
    run = [sys.executable, "-c", code]
    root = Path(__file__).parents[3]
    first, second = (subprocess.run(run, cwd=root, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second
    assert len(first) == 64


def test_threads_compile_beside_each_other() -> None:
    def made(number: int) -> bytes:
        return render_section_pdf(section(f"第{number}份。" * 300), samples.UNIT, 2018, {})

    alone = [made(number) for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(made, range(8))) == alone


def test_standards_are_declared() -> None:
    reader = PdfReader(BytesIO(render_pdf(samples.seed(), {})))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("zh")
    assert reader.metadata is not None
    assert reader.metadata.title == "2018年度部门整体支出绩效自评报告"
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfaid:part>2<" in xmp
    assert "pdfaid:conformance>A<" in xmp
    assert "pdfuaid:part>1<" in xmp


@pytest.mark.parametrize("dated", [True, False])
def test_creation_date_is_the_reports_not_the_clocks(dated: bool) -> None:
    report = snapshot(section("甲"), **({} if dated else {"dated_on": None}))
    made = PdfReader(BytesIO(render_pdf(report, {}))).metadata
    assert made is not None
    day = "20190314160000Z" if dated else "20181231160000Z"  # the first minute of the day on the office wall, in UTC
    assert made.creation_date_raw == f"D:{day}"


def test_rare_names_are_drawn() -> None:
    names = "喆堃玥旸淼甯翀晞嫄祎"
    assert names in "".join(pdf_pages(render_pdf(snapshot(section(f"经办人{names}，面积862㎡。")), {})))


def test_missing_glyph_is_refused_with_character_and_place() -> None:
    with pytest.raises(MissingGlyph) as refused:
        render_pdf(snapshot(section("正常", title="前言"), section("姓名\ue123与😀", title="资金使用")), {})
    assert refused.value.characters == {"\ue123", "😀"}
    assert refused.value.place == "（一）资金使用"
    assert "“😀”（U+1F600）" in refused.value.message
    assert isinstance(refused.value, Invalid)


def test_missing_glyph_is_found_in_tables_captions_and_on_the_cover() -> None:
    in_table = document(table([cell("甲"), cell("😀")]))
    with pytest.raises(MissingGlyph, match="附表名"):
        render_pdf(snapshot(annexes=(Annex(mark="附表", title="附表名", document=in_table),)), {})
    with pytest.raises(MissingGlyph, match="封面"):
        render_pdf(snapshot(unit_name="某😀局"), {})
    assert missing_characters(["一😀二\u200b\u3000 "]) == {"😀"}


def test_invisible_marks_do_not_disturb() -> None:
    text = "".join(pdf_pages(render_pdf(snapshot(section("甲\u200b乙\ufeff丙\u202e丁\u2003戊")), {})))
    assert "甲乙丙丁戊" in text


@pytest.mark.parametrize(
    "evil", ['#read("/etc/passwd") $x$ *b*', "{{7*7}} <script>&amp;", '\\u{41} "]) #panic()', "= 一 // /* @a <b>"]
)
def test_code_in_text_prints_literally(evil: str) -> None:
    report = snapshot(
        section(document(paragraph(evil), item(evil), table([cell(evil)])), title=evil), unit_name=evil, title=evil
    )
    text = "".join(pdf_pages(render_pdf(report, {})))
    assert text.count(squeezed(evil)) >= 6


def test_long_table_repeats_its_head_and_keeps_every_cell() -> None:
    pages = pdf_pages(render_pdf(samples.seed(annexes=(samples.indicators(),)), {}))
    annex = [page for page in pages if "年度指标值" in page]
    assert len(annex) == 2
    assert all(
        page.startswith(start)
        for page, start in zip(annex, ("附表部门整体支出绩效自评表", "一级指标二级指标"), strict=True)
    )
    whole = "".join(annex)
    assert whole.count("产出指标") == 1
    assert "机关食堂提质改造面积" in whole
    assert "来院办事群众满意度" in whole


def test_landscape_annex_is_turned() -> None:
    sizes = [
        (float(page.mediabox.width) > float(page.mediabox.height))
        for page in PdfReader(BytesIO(render_pdf(samples.seed(annexes=(samples.indicators("landscape"),)), {}))).pages
    ]
    assert sizes[-1]
    assert not any(sizes[:-2])


def test_a_row_longer_than_a_page_is_not_lost() -> None:
    long = "测" * 2990 + "终"
    text = "".join(pdf_pages(render_pdf(snapshot(section(document(table([cell("甲"), cell(long)])))), {})))
    assert text.count("测") == 2990
    assert "终" in text


def test_picture_and_lost_picture() -> None:
    digest, data = samples.drawing(image_format="JPEG")
    report = snapshot(section(document(samples.picture(digest))))
    pdf = render_pdf(report, {digest: data})
    assert len(PdfReader(BytesIO(pdf)).pages[1].images) == 1
    assert "便民服务箱" in pdf_pages(pdf)[1]
    with pytest.raises(Invalid, match=r"“（一）绩效情况”中的图片“便民服务箱”找不到"):
        render_pdf(report, {})
    with pytest.raises(Invalid, match="已经损坏"):
        render_pdf(report, {digest: b"not a picture"})


def test_draft_is_marked_on_every_page_and_final_on_none() -> None:
    report = samples.seed(annexes=(samples.indicators("landscape"),))
    assert all("草稿" in page for page in pdf_pages(render_pdf(report, {}, draft=True)))
    assert not any("草稿" in page for page in pdf_pages(render_pdf(report, {})))
    assert "草稿" in pdf_pages(render_section_pdf(section("甲"), samples.UNIT, 2018, {}))[0]


def test_not_applicable_is_printed_as_an_answer() -> None:
    report = snapshot(section("旧文字", not_applicable="没有项目支出"))
    assert printed_text(report) in "".join(pdf_pages(render_pdf(report, {})))
    assert "旧文字" not in "".join(pdf_pages(render_pdf(report, {})))


def test_seal_lies_on_unit_name_and_date_just_above_their_middle() -> None:
    place = seal_anchor()
    top_pt = layout.PAGE_HEIGHT_MM / layout.MM_PER_PT
    # The middle of a Chinese character is 0.38 of its size above the base line.
    heights_mm = sorted(
        (top_pt - height - 0.38 * layout.BODY_PT) * layout.MM_PER_PT
        for height in pdf_lines(render_pdf(samples.seed(), {}), 0)
    )[-2:]
    assert heights_mm == pytest.approx([layout.COVER_UNIT_CENTRE_MM, layout.COVER_DATE_CENTRE_MM], abs=0.3)
    assert place.page == 0
    assert place.centre_x_mm == 28 + 78
    assert 1 <= sum(heights_mm) / 2 - place.centre_y_mm <= 5
    radius = place.diameter_mm / 2
    assert place.centre_y_mm - radius < heights_mm[0] < heights_mm[1] < place.centre_y_mm + radius


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2018年度部门整体支出绩效自评报告", ["2018年度部门整体支出绩效自评报告"]),
        (
            "株洲市芦淞区机关事务服务中心2018年度部门整体支出绩效自评报告",
            ["株洲市芦淞区机关事务服务中心", "2018年度部门整体支出绩效自评报告"],
        ),
    ],
)
def test_title_breaks_evenly_and_never_inside_a_year(title: str, lines: list[str]) -> None:
    assert layout.title_lines(title) == lines


def test_snapshot_survives_storage(tmp_path: Path) -> None:
    report = samples.seed(annexes=(samples.indicators(),))
    assert render_pdf(Snapshot.from_json(report.to_json()), {}) == render_pdf(report, {}, font_folder=tmp_path)
