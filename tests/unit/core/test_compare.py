"""Two texts side by side: what a person would mark with a red pen, and nothing else."""

import time
from typing import Any

import pytest

from perfapp.core.changed_figures import changed_figures
from perfapp.core.compare import Row, compare, is_same
from perfapp.core.document import Document, Figure, FigureAttrs, Paragraph, Text, parse, plain_lines


def doc(*blocks: Any) -> Document:
    return parse({"type": "doc", "content": [_block(block) for block in blocks]})


def _block(block: Any) -> dict[str, Any]:
    if isinstance(block, str):
        return {"type": "paragraph", "content": [{"type": "text", "text": block}] if block else []}
    return dict(block)


def item(text: str) -> dict[str, Any]:
    return {"type": "item", "content": [{"type": "text", "text": text}]}


def table(*rows: list[str]) -> dict[str, Any]:
    cells = [[{"type": "tableCell", "content": [_block(cell)]} for cell in row] for row in rows]
    return {"type": "table", "content": [{"type": "tableRow", "content": row} for row in cells]}


def marked(row: Row) -> tuple[list[str], list[str]]:
    """What is marked on each side."""
    return tuple([text for text, differs in side or () if differs] for side in (row.left, row.right))  # type: ignore[return-value]


def kinds(rows: tuple[Row, ...]) -> list[str]:
    return [row.kind for row in rows]


def test_a_changed_number_is_marked_whole_and_nothing_beside_it() -> None:
    (row,) = compare(doc("2018年派车2,160趟，平均每月216趟。"), doc("2018年派车2,592趟，平均每月216趟。"))
    assert row.kind == "changed"
    assert marked(row) == (["2,160"], ["2,592"])


def test_chinese_is_compared_by_character() -> None:
    (row,) = compare(doc("机关食堂改革已经完成。"), doc("机关食堂改革基本完成。"))
    assert marked(row) == (["已经"], ["基本"])


def test_paragraphs_keep_their_order() -> None:
    rows = compare(
        doc("甲事已办结。", "乙事正在推进之中。"), doc("甲事已办结。", "全新的一段内容。", "乙事正在推进之中。")
    )
    assert kinds(rows) == ["same", "added", "same"]
    rows = compare(doc("甲事已办结。", "乙事正在推进之中。"), doc("乙事正在推进之中。"))
    assert kinds(rows) == ["removed", "same"]
    assert rows[0].right is None


def test_paragraphs_with_nothing_in_common_are_two() -> None:
    assert kinds(compare(doc("公务用车平台。"), doc("食堂物资采购。"))) == ["removed", "added"]


def test_a_new_item_does_not_mark_the_numbers_after_it() -> None:
    rows = compare(doc(item("公车"), item("食堂")), doc(item("物业"), item("公车"), item("食堂")), level=3)
    assert kinds(rows) == ["added", "same", "same"]
    assert rows[1].left == (("（1）公车", False),)
    assert rows[1].right == (("（2）公车", False),)


def test_ordinals_count_on_without_being_a_change() -> None:
    one = {"type": "ordinal"}

    def text(value: str) -> dict[str, Any]:
        return {"type": "text", "text": value}

    old = {"type": "paragraph", "content": [one, text("抓管理；"), one, text("强服务。")]}
    new = {"type": "paragraph", "content": [one, text("建制度；"), one, text("抓管理；"), one, text("强服务。")]}
    (row,) = compare(doc(old), doc(new))
    assert marked(row)[0] == []
    assert "".join(marked(row)[1]) in {"一是建制度；", "建制度；二是"}


def test_tables_are_compared_cell_by_cell() -> None:
    rows = compare(
        doc(table(["项目", "金额"], ["基本支出", "2,434.62"], ["项目支出", "125.59"])),
        doc(table(["项目", "金额"], ["基本支出", "2,434.62"], ["项目支出", "126.59"], ["合计", "2,561.21"])),
    )
    assert kinds(rows) == ["same", "same", "changed", "added"]
    assert marked(rows[2]) == (["125.59"], ["126.59"])


def test_another_picture_is_a_change_and_the_same_one_is_not() -> None:
    def picture(sha: str) -> dict[str, Any]:
        return {"type": "picture", "attrs": {"sha256": sha * 64, "caption": "食堂", "width_mm": 100}}

    assert is_same(compare(doc(picture("a")), doc(picture("a"))))
    (row,) = compare(doc(picture("a")), doc(picture("b")))
    assert marked(row) == (["〔图片〕"], ["〔图片〕"])


def test_bold_alone_is_a_change() -> None:
    bold = {"type": "paragraph", "content": [{"type": "text", "text": "重点", "marks": [{"type": "bold"}]}]}
    assert kinds(compare(doc("重点"), doc(bold))) == ["changed"]


def test_a_coincidence_between_two_changes_is_read_as_one() -> None:
    (row,) = compare(
        doc("全年接待来访客人，组织了多次培训活动，效果良好。"), doc("全年接待来访客人，举办过九场讲座报告，效果良好。")
    )
    assert len(marked(row)[0]) == len(marked(row)[1]) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "甲"),
        ("甲乙丙", ""),
        ("一二三四五六七八九", "三二一九八七"),
        ("全年派车2,160趟。", "派车，全年共计2,592余趟，"),
    ],
)
def test_no_character_is_lost_on_either_side(old: str, new: str) -> None:
    rows = compare(doc(old, "尾"), doc("头", new))
    for side, source in (("left", doc(old, "尾")), ("right", doc("头", new))):
        shown = ["".join(text for text, _ in getattr(row, side)) for row in rows if getattr(row, side) is not None]
        assert shown == plain_lines(source)


def test_very_long_paragraphs_take_no_longer_than_a_person_waits() -> None:
    clause = "机关事务服务中心认真落实预算管理要求，"
    old = "".join(f"{clause}第{n}项工作已完成。" for n in range(500))
    new = old.replace("第250项工作已完成", "第250项工作未完成")
    began = time.process_time()
    (row,) = compare(doc(old), doc(new))
    assert marked(row) == (["已"], ["未"])
    assert time.process_time() - began < 2


def test_a_live_figure_is_its_characters() -> None:
    attrs = FigureAttrs(fact="spending", shown="2,560.21万元")
    text = Paragraph(content=(Text(text="支出"), Figure(attrs=attrs), Text(text="。")))
    typed = Paragraph(content=(Text(text="支出2,560.21万元。"),))
    (row,) = compare(Document(content=(typed,)), Document(content=(text,)))
    assert row.kind == "same", "linking a number changes no word"
    changed = Figure(attrs=attrs.model_copy(update={"shown": "2,600.00万元"}))
    later = Document(content=(Paragraph(content=(Text(text="支出"), changed, Text(text="。"))),))
    rows = compare(Document(content=(text,)), later)
    assert [(one.old, one.new) for one in changed_figures(rows)] == [("2,560.21万元", "2,600.00万元")]
