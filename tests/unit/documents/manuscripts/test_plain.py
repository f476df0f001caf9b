"""Text and Markdown: encodings, the file's own line numbers, tables of bars and tabs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.documents.manuscripts.reading import read_manuscript
from tests.unit.documents.manuscripts import files

TEXT = "\n\n".join(files.LINES) + "\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"], ids=str
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_is_read_in_every_usual_encoding(encoding: str, line_end: str) -> None:
    read = read_manuscript("报告.txt", TEXT.replace("\n", line_end).encode(encoding))
    assert [(line.number, line.text) for line in read.lines] == list(zip(range(1, 19, 2), files.LINES, strict=True))
    assert (read.fiscal_year, read.unit_name) == (2021, "某某市水利局")


def test_cover_headings_and_sections_are_told_apart() -> None:
    read = read_manuscript("报告.txt", TEXT.encode())
    assert [(line.kind.value, line.level) for line in read.lines] == [
        *[("title", 0)] * 4,
        ("heading", 1),
        ("heading", 2),
        ("text", 0),
        ("heading", 1),
        ("text", 0),
    ]
    assert [line.section for line in read.lines[-3:]] == ["（一）人员情况。", "二、资金使用情况", "二、资金使用情况"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30), min_size=1))
def test_a_line_of_a_text_is_the_line_of_the_file(lines: list[str]) -> None:
    lines = ["支出100万元", *(line.lstrip("\ufeff") for line in lines)]
    read = read_manuscript("a.txt", "\n".join(lines).encode())
    for line in read.lines:
        assert line.text.rstrip() == lines[line.number - 1].rstrip()


MARKDOWN = """# 某某市水利局2021年度部门整体支出绩效自评报告

## 一、资金情况

全年支出**1,200.50万元**，占比`95.09%`，见[附表](http://example.org/2019)。

单位：万元

| 项目 | 预算数 | 决算数 |
|:---|---:|---:|
| 基本支出 | 100.00 | **90.00** |
| 合计 | 100.00 | 90.00 |

- 完成率90%
"""


def test_markdown_keeps_every_character_in_its_place() -> None:
    read = read_manuscript("报告.md", MARKDOWN.encode())
    lines = MARKDOWN.split("\n")
    for line in read.lines:
        whole = lines[line.number - 1]
        assert all(mine in (theirs, " ", "\t") for mine, theirs in zip(line.text, whole, strict=False))
    assert [(line.number, line.kind.value, line.level) for line in read.lines] == [
        (1, "title", 0),
        (3, "heading", 1),
        (5, "text", 0),
        (7, "text", 0),
        (9, "row", 0),
        (11, "row", 0),
        (12, "row", 0),
        (14, "text", 0),
    ]
    assert "2019" not in read.line(5).text
    assert files.grid(read) == [
        ["项目", "预算数", "决算数"],
        ["基本支出", "100.00", "90.00"],
        ["合计", "100.00", "90.00"],
    ]
    assert read.tables[0].caption.endswith("单位：万元")
    files.assert_places_hold(read)


def test_lines_of_tabs_are_a_table_and_contents_are_left_out() -> None:
    text = "一、情况……………………3\n项目\t金额\n合计\t 5.00\n说明：无\t"
    read = read_manuscript("a.txt", text.encode())
    assert files.grid(read) == [["项目", "金额"], ["合计", "5.00"]]
    assert [line.number for line in read.lines] == [2, 3, 4]
    files.assert_places_hold(read)


def test_rows_without_a_value_stay_in_their_table() -> None:
    text = "项目\t金额\n一、支出合计\t9.28\n1、因公出国（境）费用\t\n2、公务接待费\t9.28\n3、用车费\t\n以上为全部支出。"
    read = read_manuscript("a.txt", text.encode())
    assert [row[0] for row in files.grid(read)] == [
        "项目",
        "一、支出合计",
        "1、因公出国（境）费用",
        "2、公务接待费",
        "3、用车费",
    ]


BROKEN = """1. 基本支出预算 881300.39 元，占一般公共预算支出的
96.74%，同比减少 166271.4 元，下降 15.87%。其中：
工资福利支出预算 716052.51 元，占基本支出预算
81.25%，同比减少 148979.48 元，下降 17.22%。
商品和服务支出预算 165247.88 元，占基本支出预算
18.75%，同比减少 17291.92 元，下降 9.47%。
12
2. 项目支出 29700 元，占一般公共预算支出的 3.26%，
同比减少 13900 元，下降 31.88%。"""


def test_lines_broken_for_their_width_are_joined_to_paragraphs() -> None:
    read = read_manuscript("a.txt", BROKEN.encode())
    assert [line.number for line in read.lines] == [1, 3, 5, 8]
    assert "一般公共预算支出的96.74%，同比" in read.line(1).text
    assert read.line(8).text.endswith("3.26%，同比减少 13900 元，下降 31.88%。")


def test_lines_of_whole_sentences_stay_as_they_are() -> None:
    text = "\n".join(f"第{number}条意见已经办理完毕，办理情况已经向提出单位反馈并归档。" for number in range(10, 20))
    assert len(read_manuscript("a.txt", text.encode()).lines) == 10


@pytest.mark.parametrize(
    ("cover", "year", "unit"),
    [
        (["二〇二〇年度部门整体支出绩效自评报告", "某某县教育局"], 2020, "某某县教育局"),
        (["某某区民政局关于2019年度部门整体支出绩效评价的报告"], 2019, "某某区民政局"),
        (
            ["部门整体支出绩效自评报告", "（2022年度）", "部门（单位）名称：某某市交通运输局（盖章）"],
            2022,
            "某某市交通运输局",
        ),
        (["情况说明"], None, ""),
    ],
)
def test_year_and_unit_are_read_from_the_cover(cover: list[str], year: int | None, unit: str) -> None:
    read = read_manuscript("a.txt", "\n".join([*cover, "一、基本情况", "单位内设五个科室。"]).encode())
    assert (read.fiscal_year, read.unit_name) == (year, unit)


BARE = """三公经费情况表
项目 | 上年决算数 | 本年决算数 |
合计 | 12.40 | 10.15 |
公务接待费 | 3.10 | 2.05 |
公务用车购置费 | ||
公务用车运行维护费 | 9.30 | 8.10 |
"""

SPACED = """项目执行情况如下：
序号   项目名称               年初预算      实际支出     执行率
1      渠道清淤               480.00        450.00      93.75%
2      泵站改造               320.00        304.00      95.00%
合计                          800.00        754.00      94.25%
"""


def test_rows_of_bars_without_a_rule_are_a_table() -> None:
    read = read_manuscript("a.txt", BARE.encode())
    (table,) = read.tables
    assert (table.row_count, table.column_count) == (5, 3)
    assert [(cell.text, cell.column) for cell in table.cells if cell.row == 4] == [
        ("公务用车运行维护费", 0),
        ("9.30", 1),
        ("8.10", 2),
    ]
    lines = BARE.split("\n")
    assert all(
        lines[cell.place.line - 1][cell.place.start : cell.place.end] == cell.text for cell in table.cells if cell.text
    )


def test_columns_set_by_spaces_are_a_table_and_a_missing_field_is_left_out() -> None:
    read = read_manuscript("a.txt", SPACED.encode())
    (table,) = read.tables
    assert (table.row_count, table.column_count) == (4, 5)
    assert [(cell.text, cell.column) for cell in table.cells if cell.row == 3] == [
        ("合计", 0),
        ("800.00", 2),
        ("754.00", 3),
        ("94.25%", 4),
    ]


def test_a_table_drawn_with_strokes_is_one() -> None:
    drawn = "┌────┬────┐\n│ 单位 │ 编制 │\n├────┼────┤\n│ 机关 │ 136 │\n│ 合计 │ 136 │\n└────┴────┘\n"
    (table,) = read_manuscript("a.txt", drawn.encode()).tables
    assert [cell.text for cell in table.cells] == ["单位", "编制", "机关", "136", "合计", "136"]


def test_sentences_with_wide_gaps_are_no_table() -> None:
    text = "支出 100万元   收入 90万元   结余 10万元\n第一段话。\n第二段 有  很多   空格。\n"
    assert not read_manuscript("a.txt", text.encode()).tables
