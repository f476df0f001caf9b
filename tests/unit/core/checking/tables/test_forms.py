"""The forms of final accounts and self-evaluations as units fill them in: all in order, then one digit otherwise."""

import pytest

from perfapp.core.checking.case import Case
from perfapp.core.checking.tables import TABLE_RULES
from perfapp.core.manuscript import CellText, Line, LineKind, Manuscript, Place, TableText
from perfapp.data.rules import rule_book
from tests.unit.core.checking.examining import examined
from tests.unit.core.checking.tables.test_sums import tabbed

SPENDING = tabbed(
    "科目编码 科目名称 本年支出合计 基本支出 项目支出 上缴上级支出",
    "_ 栏次 1 2 3 4",
    "_ 合计 1390.13 612.13 778.00 0.00",
    "208 社会保障和就业支出 1340.13 562.13 778.00 0.00",
    "20802 民政管理事务 1240.13 512.13 728.00 0.00",
    "2080201 行政运行 512.13 512.13 0.00 0.00",
    "2080299 其他民政管理事务支出 728.00 0.00 728.00 0.00",
    "20805 行政事业单位养老支出 100.00 50.00 50.00 0.00",
    "2080505 基本养老保险缴费支出 100.00 50.00 50.00 0.00",
    "221 住房保障支出 50.00 50.00 0.00 0.00",
    "22102 住房改革支出 50.00 50.00 0.00 0.00",
    "2210201 住房公积金 50.00 50.00 0.00 0.00",
)
# 302 goes on in the third pair of columns, as printed forms do to save paper.
BASIC = tabbed(
    "科目编码 科目名称 金额 科目编码 科目名称 金额 科目编码 科目名称 金额",
    "301 工资福利支出 410.00 302 商品和服务支出 150.00 30217 公务接待费 12.00",
    "30101 基本工资 200.00 30201 办公费 60.00 30228 工会经费 18.00",
    "30102 津贴补贴 150.00 30205 水费 10.00 310 资本性支出 52.13",
    "30103 奖金 60.00 30206 电费 50.00 31002 办公设备购置 52.13",
)
AGENCY = tabbed(
    "项目 行次 预算数 统计数",
    "一、“三公”经费支出 1 — —",
    "（一）支出合计 2 28.00 21.45",
    "1．因公出国（境）费 3 0.00 0.00",
    "2．公务用车购置及运行维护费 4 16.00 12.20",
    "（1）公务用车购置费 5 4.00 4.00",
    "（2）公务用车运行维护费 6 12.00 8.20",
    "3．公务接待费 7 12.00 9.25",
    "（1）国内接待费 8 — 9.25",
    "其中：外事接待费 9 — 0.00",
    "（2）国（境）外接待费 10 — 0.00",
    "（二）相关统计数 11 — —",
    "1．因公出国（境）团组数（个） 12 — 0",
    "2．公务用车保有量（辆） 13 — 5",
    "3．国内公务接待批次（个） 14 — 96",
    "4．国内公务接待人次（人） 15 — 1152",
)
SELF_EVALUATION = tabbed(
    "部门名称 演示市图书馆 联系电话 8690022 _ _ _",
    "资金（万元） 年初预算数 全年预算数 全年执行数 分值 执行率 得分",
    "年度资金总额 1520.00 1600.00 1568.00 10 98.00% 9.8",
    "其中：财政拨款 1420.00 1500.00 1468.00 - 97.87% -",
    "其他资金 100.00 100.00 100.00 - 100.00% -",
    "年度总体目标 预期目标 实际完成情况 _ _ _ _",
    "_ 完成全年服务 完成全年服务 _ _ _ _",
    "一级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因",
    "产出指标 举办讲座 ≥20场 24场 25 25 _",
    "产出指标 图书购置 ≥5000册 5200册 25 25 _",
    "效益指标 接待读者 ≥80万人次 79万人次 30 29 冬季闭馆",
    "满意度指标 读者满意度 ≥95% 96.94% 10 10 _",
    "总分 _ _ _ 100 98.8 _",
)
# ^ goes on from the row above, < from the column before: cells merged as in the national form.
NATIONAL = """
部门名称|演示市图书馆|<|<|联系人|某同志|联系电话|0731-8690022
预算执行情况（万元）|<|年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
^|年度资金总额|1520.00|1600.00|1568.00|10|98.00%|9.8
^|其中：一般公共预算|1420.00|1500.00|1468.00|—|97.87%|—
^|其他资金|100.00|100.00|100.00|—|100%|—
年度总体目标|预期目标|<|<|实际完成情况|<|<|<
^|完成全年服务|<|<|全部完成|<|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
产出指标（50分）|数量指标|举办讲座|≥20场|24场|15|15|
^|^|举办展览|≥12场|12场|10|10|
^|质量指标|讲座质量|优|优|15|15|
^|成本指标|总成本|≤1600万元|1568万元|10|10|
效益指标（30分）|社会效益指标|接待读者|≥80万人次|79万人次|30|29|冬季闭馆
满意度指标（10分）|服务对象满意度|读者满意度|≥95%|96.94%|10|10|
总分|<|<|<|<|100|98.8|"""
THREE_COSTS = """
预算数|<|<|<|<|<|决算数|<|<|<|<|<
合计|因公出国（境）费|公务用车购置及运行维护费|<|<|公务接待费|合计|因公出国（境）费|公务用车购置及运行维护费|<|<|公务接待费
^|^|小计|购置费|运行费|^|^|^|小计|购置费|运行费|^
1|2|3|4|5|6|7|8|9|10|11|12
46.00|0.00|30.00|0.00|30.00|16.00|31.25|0.00|22.00|0.00|22.00|9.25"""
FORMS = {"支出决算表": SPENDING, "基本支出明细表": BASIC, "机构运行信息表": AGENCY, "自评表": SELF_EVALUATION}


def codes(text: str) -> set[str]:
    return {code for code in TABLE_RULES if code != "G6" and examined(code, text).findings}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_in_order_has_nothing_to_mend(name: str) -> None:
    assert codes(FORMS[name]) == set()


@pytest.mark.parametrize(
    ("form", "old", "new", "code"),
    [
        ("支出决算表", "1390.13\t612.13", "1890.13\t612.13", "T1"),
        ("支出决算表", "2080201\t行政运行\t512.13\t512.13", "2080201\t行政运行\t512.13\t572.13", "T1"),
        ("支出决算表", "22102\t住房改革支出\t50.00", "22102\t住房改革支出\t56.00", "T1"),
        ("基本支出明细表", "奖金\t60.00", "奖金\t66.00", "T1"),
        ("基本支出明细表", "工会经费\t18.00", "工会经费\t28.00", "T1"),
        ("机构运行信息表", "9.25\n（1）", "9.75\n（1）", "T6"),
        ("机构运行信息表", "8.20", "3.20", "T6"),
        ("自评表", "98.00%", "93.00%", "T3"),
        ("自评表", "97.87%", "97.37%", "T3"),
        ("自评表", "1468.00", "1463.00", "T1"),
        ("自评表", "30\t29", "35\t29", "T7"),
        ("自评表", "98.8", "93.8", "T8"),
        ("自评表", "30\t29\t冬季闭馆", "30\t29\t", "G5"),
        ("自评表", "25\t25\t\n产出", "25\t26\t\n产出", "G2"),
    ],
)
def test_one_thing_otherwise_is_found(form: str, old: str, new: str, code: str) -> None:
    assert old in FORMS[form]
    assert code in codes(FORMS[form].replace(old, new, 1))


def merged(text: str) -> Manuscript:
    """The one table of a manuscript, drawn with ^ and <."""
    rows = [row.split("|") for row in text.strip().split("\n")]
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    lines, cells = [], []
    for at, row in enumerate(rows):
        lines.append(Line(at + 1, "\t".join(field for field in row if field not in "^<" or not field), LineKind.ROW))
        start = 0
        for column, field in enumerate(row):
            if field and field in "^<":
                continue
            columns = next((other for other in range(column + 1, width) if row[other] != "<"), width) - column
            below = next((other for other in range(at + 1, len(rows)) if rows[other][column] != "^"), len(rows)) - at
            place = Place(at + 1, start, start + len(field))
            cells.append(CellText(field, at, column, place, below, columns))
            start += len(field) + 1
    return Manuscript(tuple(lines), (TableText(tuple(cells), len(rows), width),))


def found_in(text: str) -> set[str]:
    book = rule_book()
    case = Case(merged(text), (), book)
    rules = {code: rule for code in TABLE_RULES if code != "G6" and (rule := book.rule(code))}
    return {code for code, rule in rules.items() if TABLE_RULES[code](case, rule).findings}


@pytest.mark.parametrize("form", [NATIONAL, THREE_COSTS])
def test_merged_cells_in_order_have_nothing_to_mend(form: str) -> None:
    assert found_in(form) == set()


@pytest.mark.parametrize(
    ("form", "old", "new", "codes"),
    [
        (NATIONAL, "|9.8\n", "|10.0\n", {"G2", "T8"}),
        (NATIONAL, "97.87%", "92.87%", {"T3"}),
        (NATIONAL, "1468.00", "1463.00", {"T1", "T3"}),
        (NATIONAL, "≥12场|12场|10|10", "≥12场|12场|15|15", {"T7", "T8"}),
        (NATIONAL, "98.8|", "99.8|", {"T8"}),
        (NATIONAL, "29|冬季闭馆", "29|", {"G5"}),
        (NATIONAL, "≤1600万元", "≥1600万元", {"G7"}),
        (THREE_COSTS, "31.25", "37.25", {"T6"}),
        (THREE_COSTS, "22.00|9.25", "23.00|9.25", {"T6"}),
        (THREE_COSTS, "16.00|31.25", "17.00|31.25", {"T6"}),
    ],
)
def test_merged_cells_with_one_thing_otherwise(form: str, old: str, new: str, codes: set[str]) -> None:
    assert old in form
    assert found_in(form.replace(old, new, 1)) == codes
