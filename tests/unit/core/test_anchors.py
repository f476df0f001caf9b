"""A remark stays on its words, whatever happens around them, before them and inside them."""

from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from perfapp.core.document import Document, Figure, FigureAttrs, Paragraph, Text
from perfapp.core.errors import Invalid
from perfapp.core.remarks.anchors import Anchor, carried, count, lines, located, quoted
from perfapp.core.remarks.proposals import Deed, applied, fits, proposed
from tests.unit.core.test_compare import doc, item, table

ALPHABET = st.sampled_from("全年派车趟次平均每月支出，。、2560.1")
HAN = st.sampled_from("全年派车趟次平均每月支出，。、")
TEXT = st.text(ALPHABET, max_size=30)
OTHER = st.text(st.sampled_from("食堂物业0"), max_size=12)  # what words never are: else either could be meant
WORDS = st.text(ALPHABET, min_size=1, max_size=12)
AROUND = st.lists(st.text(st.sampled_from("食堂物业保洁绿化会议服务"), max_size=12), max_size=4)


def anchor_on(document: Document, words: str) -> Anchor:
    found = located(lines(document), words, None)
    assert found is not None, f"{words} stands at {count(lines(document), words)} places"
    return found


def follow(old: Document, new: Document, anchor: Anchor | None, words: str) -> str | None:
    """The words under the anchor once the text has changed; None where they are gone."""
    (found,) = carried([anchor], [words], lines(old), lines(new))
    return None if found is None else quoted(lines(new), found)


@given(st.text(HAN, max_size=20), st.text(HAN, min_size=1), st.text(HAN, max_size=20), OTHER, st.booleans())
def test_what_is_written_before_or_after_the_words_is_not_theirs(
    head: str, words: str, tail: str, added: str, before: bool
) -> None:
    old = doc(head + words + tail)
    new = doc(added + head + words + tail) if before else doc(head + words + tail + added)
    assert follow(old, new, Anchor(0, None, len(head), len(head) + len(words)), words) == words


@given(
    st.text(st.sampled_from("食堂物业，。1"), max_size=12),
    WORDS,
    st.text(st.sampled_from("会议保洁，。1"), max_size=12),
)
def test_what_is_deleted_around_the_words_leaves_them(head: str, words: str, tail: str) -> None:
    assume(not set("，。1") & set(words))
    old = doc(f"派车：{head}{words}{tail}。")
    anchor = Anchor(0, None, 3 + len(head), 3 + len(head) + len(words))
    assert follow(old, doc(f"派车：{words}。"), anchor, words) == words


@given(TEXT, WORDS, WORDS, st.text(st.sampled_from("甲乙丙丁"), min_size=1, max_size=5), TEXT)
def test_what_is_written_inside_the_words_is_theirs(head: str, one: str, other: str, added: str, tail: str) -> None:
    old, new = doc(head + one + other + tail), doc(head + one + added + other + tail)
    anchor = Anchor(0, None, len(head), len(head) + len(one + other))
    found = follow(old, new, anchor, one + other)
    assert found is not None
    assert added in found or found == one + other  # beside a number the whole figure may have moved


@given(AROUND, WORDS, AROUND, AROUND, AROUND)
@example([], "一2，派车", [], ["食堂"], [])
def test_paragraphs_may_come_and_go_around_it(
    before: list[str], words: str, after: list[str], more: list[str], rest: list[str]
) -> None:
    line = f"本节第一段：{words}，如此。"
    old, new = doc(*before, line, *after), doc(*more, line, *rest)
    start = line.index(words)
    assert follow(old, new, Anchor(len(before), None, start, start + len(words)), words) == words


@given(st.permutations(["全年派车共计两千余趟。", "食堂改革已经完成。", "会议服务井然有序。", "保洁绿化按月考核。"]))
def test_it_goes_with_its_paragraph(order: list[str]) -> None:
    old = doc("全年派车共计两千余趟。", "食堂改革已经完成。", "会议服务井然有序。", "保洁绿化按月考核。")
    assert follow(old, doc(*order), anchor_on(old, "已经完成"), "已经完成") == "已经完成"


@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, max_size=4), st.data())
def test_no_change_brings_it_out_of_the_text(old: list[str], new: list[str], data: Any) -> None:
    block = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(0, len(old[block])))
    start = data.draw(st.integers(0, end))
    anchor = Anchor(block, None, start, end)
    (found,) = carried([anchor], [old[block][start:end]], lines(doc(*old)), lines(doc(*new)))
    if found is not None and lines(doc(*old)) != lines(doc(*new)):
        assert 0 <= found.start < found.end <= len(lines(doc(*new))[found.spot])


@pytest.mark.parametrize(
    ("old", "new", "words", "expected"),
    [
        ("支出2,560.21万元。", "支出2,650.21万元。", "2,560.21", "2,650.21"),
        ("规范公务用车管理，成效明显。", "严格公务用车管理，成效明显。", "规范公务用车", "严格公务用车"),
        ("规范公务用车管理，成效明显。", "成效明显。", "规范公务用车管理", None),
        ("甲。规范公务用车管理。乙。", "甲。乙。", "规范公务用车管理。", None),
    ],
)
def test_words_that_were_rewritten_or_deleted(old: str, new: str, words: str, expected: str | None) -> None:
    assert follow(doc(old), doc(new), anchor_on(doc(old), words), words) == expected


def test_deleted_words_that_come_back_are_found_again() -> None:
    text, without = doc("甲。规范公务用车管理。乙。"), doc("甲。乙。")
    assert follow(text, without, anchor_on(text, "规范公务用车管理"), "规范公务用车管理") is None
    assert follow(without, text, None, "规范公务用车管理") == "规范公务用车管理"
    assert follow(without, doc("甲。管理。乙。"), None, "管理") is None, "two characters may be any others"


def test_a_paragraph_parted_in_two_and_joined_again() -> None:
    whole, parted = doc("全年派车两千趟。平均每月两百趟。"), doc("全年派车两千趟。", "平均每月两百趟。")
    assert follow(whole, parted, anchor_on(whole, "平均每月"), "平均每月") == "平均每月"
    assert follow(parted, whole, anchor_on(parted, "平均每月"), "平均每月") == "平均每月"


def test_a_table_cell_keeps_its_remark_when_rows_and_columns_come() -> None:
    old = doc(table(["项目", "决算"], ["接待费", "12.50"], ["会议费", "3.10"]))
    new = doc(
        "前言",
        table(["项目", "预算", "决算"], ["接待费", "15", "12.50"], ["培训费", "1", "9.99"], ["会议费", "4", "3.10"]),
    )
    assert follow(old, new, anchor_on(old, "3.10"), "3.10") == "3.10"
    changed = doc(table(["项目", "决算"], ["接待费", "12.50"], ["会议费", "3.30"]))
    assert follow(old, changed, anchor_on(old, "3.10"), "3.10") == "3.30"


def test_drawn_numbers_are_no_part_of_the_words() -> None:
    old, new = doc(item("抓管理，见成效")), doc(item("新增一项"), item("抓管理，见成效"))
    assert anchor_on(old, "抓管理").start == 0
    assert follow(old, new, anchor_on(old, "抓管理"), "抓管理") == "抓管理"


def test_the_nearest_of_equal_words_is_meant() -> None:
    text = lines(doc("派车", "食堂", "派车", "派车"))
    assert located(text, "派车", None) is None
    assert located(text, "派车", Anchor(1, None, 0, 2)) in (Anchor(0, None, 0, 2), Anchor(2, None, 0, 2))
    assert located(text, "派车", Anchor(3, None, 0, 2)) == Anchor(3, None, 0, 2)


# --- proposals ----------------------------------------------------------------------------------------------------


@given(TEXT, WORDS, TEXT, st.sampled_from(Deed), st.text(ALPHABET, min_size=1, max_size=8))
def test_a_proposal_changes_its_words_and_no_other(head: str, words: str, tail: str, deed: Deed, new: str) -> None:
    assume(deed is not Deed.COMMENT)
    document = doc(head + words + tail, "第二段")
    done = applied(document, Anchor(0, None, len(head), len(head) + len(words)), deed, new)
    assert lines(done)[0, None] == head + proposed(deed, words, new) + tail
    assert done.content[1] == document.content[1]


def test_a_proposal_in_a_cell_leaves_the_other_cells() -> None:
    document = doc(table(["项目", "决算"], ["接待费", "12.50"]))
    done = applied(document, anchor_on(document, "12.50"), Deed.REPLACE, "12.80")
    assert lines(done)[0, 1] == "接待费\t12.80"
    across = Anchor(0, 1, 1, 5)
    with pytest.raises(Invalid, match="一个单元格"):
        fits(document, across, Deed.REPLACE)
    fits(document, across, Deed.COMMENT)


def test_bold_words_are_replaced_by_bold_ones() -> None:
    bold = {"type": "paragraph", "content": [{"type": "text", "text": "重点工作", "marks": [{"type": "bold"}]}]}
    done = applied(doc(bold), Anchor(0, None, 0, 2), Deed.REPLACE, "中心")
    (paragraph,) = done.content
    assert isinstance(paragraph, Paragraph)
    assert [(node.text, bool(node.marks)) for node in paragraph.content if isinstance(node, Text)] == [
        ("中心工作", True)
    ]


def test_a_live_figure_goes_whole_or_stays() -> None:
    figure = Figure(attrs=FigureAttrs(fact="spending", shown="2,560.21万元"))
    document = Document(content=(Paragraph(content=(Text(text="支出"), figure, Text(text="。"))),))
    with pytest.raises(Invalid, match="不能只改其中一部分"):
        fits(document, Anchor(0, None, 2, 5), Deed.REPLACE)
    done = applied(document, anchor_on(document, "2,560.21万元"), Deed.REPLACE, "两千余万元")
    assert lines(done)[0, None] == "支出两千余万元。"
    (paragraph,) = applied(document, anchor_on(document, "支出"), Deed.INSERT, "总额").content
    assert isinstance(paragraph, Paragraph)
    assert figure in paragraph.content
