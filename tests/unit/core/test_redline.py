"""What a red pen would mark: whole figures and words in a paragraph, rows and columns and cells in a table."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.changed_figures import changed_figures
from perfapp.core.compare import compare, side_by_side
from perfapp.core.document import Document, parse, plain_lines
from perfapp.core.redline.marks import LineMark, is_same, redline
from perfapp.core.redline.tables import TableMark
from perfapp.core.redline.words import steps, tokens
from tests.unit.core.test_compare import doc, table

WORDS = st.text(alphabet="全年支出增长万元，。；2,560.1甲乙的AB ", max_size=40)


def marked(old: str, new: str) -> list[tuple[str, str]]:
    """What stands for what."""
    return [(left, right) for differs, left, right in steps(tokens(old), tokens(new)) if differs]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("支出2,560.21万元。", "支出2,650.21万元。", [("2,560.21", "2,650.21")]),
        ("支出2，560.21万元。", "支出2，650.21万元。", [("2，560.21", "2，650.21")]),
        ("完成预算的99.8%。", "完成预算的99.3%。", [("99.8%", "99.3%")]),
        ("提高效率，服务机关。", "提升效率，服务机关。", [("提高", "提升")]),
        ("较上年增长。", "较去年增长。", [("上年", "去年")]),
        ("加强车辆管理。", "强化车辆管理。", [("加强", "强化")]),
        ("任务已经完成。", "任务已经完善。", [("完成", "完善")]),
        ("抓培训，抓考核，抓奖惩。", "抓培训，抓奖惩。", [("抓考核，", "")]),
        ("一是抓管理。二是强服务。", "一是抓管理。一是建制度。二是强服务。", [("", "一是建制度。")]),
        ("用GB标准。", "用ISO标准。", [("GB", "ISO")]),
        ("总额甲", "总额甲", []),
    ],
)
def test_words_and_figures_are_marked_whole(old: str, new: str, expected: list[tuple[str, str]]) -> None:
    assert marked(old, new) == expected


@given(WORDS, WORDS)
def test_the_pieces_of_a_side_are_the_side(old: str, new: str) -> None:
    found = steps(tokens(old), tokens(new))
    assert "".join(step.left for step in found) == old
    assert "".join(step.right for step in found) == new
    assert all(step.left == step.right for step in found if not step.differs)
    assert all(one.differs != other.differs for one, other in pairwise(found))


@given(WORDS, st.integers(0, 40), WORDS)
def test_an_insertion_marks_no_more_than_itself(text: str, at: int, added: str) -> None:
    found = steps(tokens(text), tokens(text[:at] + added + text[at:]))
    pieces = len(tokens(text[:at])) + len(tokens(text[at:])) == len(tokens(text))
    if pieces and len(tokens(text[:at] + added + text[at:])) == len(tokens(text)) + len(tokens(added)):
        assert not any(step.left for step in found if step.differs)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_both_texts_can_be_read_from_the_marked_one(old: list[str], new: list[str]) -> None:
    left, right = doc(*old), doc(*new)
    rows = side_by_side(redline(left, right))
    for side, source in (("left", left), ("right", right)):
        shown = ["".join(text for text, _ in getattr(row, side)) for row in rows if getattr(row, side) is not None]
        assert shown == plain_lines(source)
    assert is_same(redline(left, right)) == (plain_lines(left) == plain_lines(right))


def test_a_paragraph_that_was_moved_says_so_at_both_places() -> None:
    first, second, third = "甲事已经办结了。", "乙事正在推进。", "丙事还没有开始。"
    marks = redline(doc(first, second, third), doc(second, third, first))
    assert [(mark.kind, mark.moved) for mark in marks if isinstance(mark, LineMark)] == [
        ("removed", True),
        ("same", False),
        ("same", False),
        ("added", True),
    ]


def the_table(old: list[list[str]], new: list[list[str]]) -> TableMark:
    (mark,) = redline(doc(table(*old)), doc(table(*new)))
    assert isinstance(mark, TableMark)
    return mark


def test_a_new_column_is_one_column_and_no_other_cell_is_marked() -> None:
    mark = the_table(
        [["项目", "决算"], ["接待费", "12.50"], ["会议费", "3.10"]],
        [["项目", "预算", "决算"], ["接待费", "15.00", "12.50"], ["会议费", "4.00", "3.20"]],
    )
    assert mark.columns == ("same", "added", "same")
    assert [row.kind for row in mark.rows] == ["same", "same", "changed"]
    assert [[cell.kind for cell in row.cells] for row in mark.rows][2] == ["same", "added", "changed"]


def test_rows_that_came_and_went_are_whole_rows() -> None:
    mark = the_table(
        [["项目", "决算"], ["接待费", "12.50"], ["会议费", "3.10"]],
        [["项目", "决算"], ["培训费", "1.00"], ["会议费", "3.10"], ["合计", "4.10"]],
    )
    assert [(row.kind, row.left, row.right) for row in mark.rows] == [
        ("same", 0, 0),
        ("removed", 1, None),
        ("added", None, 1),
        ("same", 2, 2),
        ("added", None, 3),
    ]


def test_a_column_under_another_head_is_the_same_column() -> None:
    mark = the_table([["项目", "2017年"], ["接待费", "12.50"]], [["项目", "2018年"], ["接待费", "11.00"]])
    assert mark.columns == ("same", "same")
    assert [row.kind for row in mark.rows] == ["changed", "changed"]


def test_merged_cells_keep_their_columns() -> None:
    def cell(text: str, **attrs: int) -> dict[str, Any]:
        content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]
        return {"type": "tableCell", "attrs": attrs, "content": content}

    def merged(total: str) -> Document:
        rows = [[cell("支出", rowspan=2), cell("基本"), cell("10")], [cell("项目"), cell(total)]]
        content = [{"type": "tableRow", "content": row} for row in rows]
        return parse({"type": "doc", "content": [{"type": "table", "content": content}]})

    (mark,) = redline(merged("20"), merged("21"))
    assert isinstance(mark, TableMark)
    assert [[cell.kind for cell in row.cells] for row in mark.rows] == [["same"] * 3, ["same", "same", "changed"]]


def test_a_figure_says_what_it_is_of_and_where_it_stands() -> None:
    old = doc("全年派车2,160趟。", table(["项目", "决算数"], ["接待费", "12.50"]))
    new = doc("全年派车2,592趟。", table(["项目", "决算数"], ["接待费", "12.80"]))
    assert [(one.label, one.old, one.new, one.where) for one in changed_figures(compare(old, new))] == [
        ("全年派车", "2,160趟", "2,592趟", "第 1 段"),
        ("接待费·决算数", "12.50", "12.80", "表格第 2 行"),
    ]
