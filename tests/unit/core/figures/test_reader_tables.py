"""The reader of tables: a number takes name and unit from the heads of its row and column and from the unit note."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import CellText, Line, LineKind, Manuscript, Place, TableText

Rows = Sequence[Sequence[str | None]]
Spans = Mapping[tuple[int, int], tuple[int, int]]


def manuscript(rows: Rows, caption: str = "", spans: Spans | None = None) -> Manuscript:
    """A table; None where a merged cell covers the place. `spans` are rows and columns by (row, column)."""
    cells: list[CellText] = []
    lines: list[Line] = []
    for row, texts in enumerate(rows):
        start = 0
        for column, text in enumerate(texts):
            if text is None:
                continue
            place = Place(row + 1, start, start + len(text))
            cells.append(CellText(text, row, column, place, *(spans or {}).get((row, column), (1, 1))))
            start = place.end + 1
        joined = "\t".join(text for text in texts if text is not None)
        lines.append(Line(row + 1, joined, LineKind.ROW))
    table = TableText(tuple(cells), len(rows), max(map(len, rows)), caption)
    return Manuscript(tuple(lines), (table,), fiscal_year=2020)


def quantities(rows: Rows, caption: str = "", spans: Spans | None = None) -> list[Figure]:
    whole = manuscript(rows, caption, spans)
    found = read(whole)
    assert all(whole.quoted(figure.place) == figure.text for figure in found)
    return [figure for figure in found if figure.kind not in (Kind.LABEL, Kind.DATE)]


def said(figures: Sequence[Figure]) -> list[tuple[str, str, str]]:
    return [(figure.text, figure.unit, figure.label) for figure in figures]


def test_a_number_has_the_unit_of_the_note_and_the_name_of_its_heads() -> None:
    found = quantities([["项目", "年初预算数", "决算数"], ["公务接待费", "5.00", "3.24"]], "单位：万元")
    assert said(found) == [("5.00", "万元", "公务接待费年初预算数"), ("3.24", "万元", "公务接待费决算数")]
    assert (found[0].row_head, found[0].column_head, found[0].decimals) == ("公务接待费", "年初预算数", 2)


def test_a_note_within_the_table_serves_as_well() -> None:
    found = quantities(
        [["某某局", "", "单位：元"], ["科目名称", "合计", "基本支出"], ["行政运行", "1,000.00", "900.50"]]
    )
    assert said(found) == [("1,000.00", "元", "行政运行"), ("900.50", "元", "行政运行基本支出")]


def test_the_base_table_of_the_hunan_kind() -> None:
    rows: Rows = [
        ["财政供养人员情况（人）", "编制数", "2020年实际在职人数", "控制率"],
        [None, "50", "48", "96%"],
        ["经费控制情况（万元）", "2019年决算数", "2020年预算数", "2020年决算数"],
        ["三公经费", "12.30", "11.00", "10.22"],
        ["1、公务用车购置和维护经费", "8.00", "7.00", "6.50"],
        ["其中：公车购置", "0", "0", "0"],
        ["楼堂馆所控制情况", "批复规模（㎡）", "实际规模（㎡）", "规模控制率"],
        ["某综合楼", "1200", "1180", "98.33%"],
    ]
    found = quantities(rows, "部门整体支出绩效评价基础数据表", {(0, 0): (2, 1)})
    assert [f.unit for f in found] == ["人", "人", "%"] + ["万元"] * 9 + ["平方米", "平方米", "%"]
    assert [(f.label, f.year) for f in found[3:6]] == [
        ("三公经费2019年决算数", 2019),
        ("三公经费2020年预算数", 2020),
        ("三公经费2020年决算数", 2020),
    ]
    assert found[9].row_head == "公车购置"
    assert found[2].role is Role.RATE


def test_a_table_with_two_sides() -> None:
    rows: Rows = [
        ["收入", None, None, "支出", None, None],
        ["项 目", "行次", "决算数", "项 目", "行次", "决算数"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、财政拨款收入", "1", "83.22", "一、一般公共服务支出", "27", "87.21"],
        ["本年收入合计", "3", "87.22", "本年支出合计", "29", "87.21"],
    ]
    found = quantities(rows, "公开01表 单位：万元", {(0, 0): (1, 3), (0, 3): (1, 3)})
    assert said(found) == [
        ("83.22", "万元", "财政拨款收入决算数"),
        ("87.21", "万元", "一般公共服务支出决算数"),
        ("87.22", "万元", "本年收入合计决算数"),
        ("87.21", "万元", "本年支出合计决算数"),
    ]


def test_codes_and_serial_numbers_are_labels() -> None:
    whole = manuscript([["序号", "科目编码", "科目名称", "金额"], ["1", "2010301", "行政运行", "120.5"]], "单位：万元")
    kinds = {figure.text: figure.kind for figure in read(whole)}
    assert kinds == {"1": Kind.LABEL, "2010301": Kind.LABEL, "120.5": Kind.MONEY}


def test_the_score_sheet() -> None:
    rows: Rows = [
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"],
        ["产出指标（50分）", "数量指标", "培训场次", "≥12场", "14场", "10", "10", ""],
        [None, "质量指标", "合格率", "≥95%", "93%", "10", "9.5", "缺课2人，合格率略低"],
        ["满意度指标", "满意度", "公众满意度", "≥90", "92", "10", "10", ""],
    ]
    found = quantities(rows, "", {(1, 0): (2, 1)})
    by_label = {figure.label: figure for figure in found}
    assert by_label["培训场次年度指标值"].qualifiers == ("≥",)
    assert (by_label["培训场次实际完成值"].value, by_label["培训场次实际完成值"].unit) == (Decimal(14), "场")
    assert by_label["合格率得分"].kind is Kind.SCORE
    assert by_label["合格率实际完成值"].role is Role.RATE
    assert by_label["公众满意度实际完成值"].kind is Kind.NUMBER, "a per cent sign that is not there is not invented"
    assert [figure.text for figure in found if figure.place.line == 3 and figure.unit == "人"] == ["2人"]


def test_the_unit_of_a_merged_head_reaches_its_rows_but_not_scores_and_rates() -> None:
    rows: Rows = [
        ["项目资金（万元）", "", "年初预算数", "全年执行数（B）", "分值", "执行率（B/A）", "得分"],
        [None, "年度资金总额", "90", "89.974", "10", "99.97%", "9.99"],
        [None, "其中：本年财政拨款", "90", "89.974", "-", "99.97%", "-"],
    ]
    found = quantities(rows, "", {(0, 0): (3, 1)})
    assert [figure.unit for figure in found] == ["万元", "万元", "分", "%", "分", "万元", "万元", "%"]
    assert found[0].label == "年度资金总额年初预算数"


def test_a_unit_in_a_cell_of_its_own() -> None:
    rows: Rows = [
        ["指标", "计量单位", "2019年", "2020年"],
        ["用电量", "千瓦时", "120000", "110,500"],
        ["满意度", "%", "95", "96.5"],
    ]
    found = quantities(rows)
    assert [(f.label, f.unit, f.year) for f in found] == [
        ("用电量2019年", "千瓦时", 2019),
        ("用电量2020年", "千瓦时", 2020),
        ("满意度2019年", "%", 2019),
        ("满意度2020年", "%", 2020),
    ]


def test_people_are_not_counted_in_the_money_of_the_note() -> None:
    found = quantities([["项目", "编制人数", "接待批次", "支出"], ["机关", "25", "9", "3.5"]], "单位：万元")
    assert [figure.unit for figure in found] == ["人", "批次", "万元"]


def test_a_rate_without_its_sign_is_a_bare_number_and_no_money() -> None:
    rows: Rows = [["项目", "预算数", "执行数", "执行率"], ["业务专项", "50", "49", "98"], ["控制率（%）", "", "", "97"]]
    found = quantities(rows, "单位：万元")
    assert [(figure.unit, figure.kind) for figure in found] == [
        ("万元", Kind.MONEY),
        ("万元", Kind.MONEY),
        ("", Kind.NUMBER),
        ("", Kind.NUMBER),
    ]


def test_the_unit_noted_at_the_head_of_a_row() -> None:
    rows: Rows = [
        ["项目", "2020年预算数"],
        ["公务用车保有量（辆）", "4"],
        ["接待批次（批）", "12"],
        ["公务接待费", "3"],
    ]
    assert [figure.unit for figure in quantities(rows, "单位：元")] == ["辆", "批", "元"]


def test_a_row_of_an_unknown_table_is_read_cell_by_cell() -> None:
    line = Line(1, "公务接待费\t3.24万元\t占26%", LineKind.ROW)
    assert [figure.text for figure in read(Manuscript((line,)))] == ["3.24万元", "26%"]


def test_a_large_table_is_quick_and_whole() -> None:
    rows: Rows = [
        ["项目", "金额"],
        *([f"项目{letter}", f"{number}.50"] for number, letter in enumerate("甲乙丙丁" * 500)),
    ]
    found = quantities(rows, "单位：万元")
    assert sum((figure.value or 0) for figure in found if figure.kind is Kind.MONEY) == sum(range(2000)) + 1000
