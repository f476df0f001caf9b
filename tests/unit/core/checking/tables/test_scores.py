"""T3 rates, T7 and T8 weights and totals, G2, G5, G6, G7 of the score sheet, T4 text against tables."""

from decimal import Decimal

import pytest

from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity
from perfapp.core.checking.tables.scores import weights
from perfapp.core.manuscript import CellText, Manuscript, Place, TableText
from perfapp.data.rules import rule_book
from tests.unit.core.checking.examining import examined, messages


def barred(*rows: str) -> str:
    head, *body = (f"| {' | '.join(row.split(' '))} |".replace(" _ ", "  ") for row in rows)
    return "\n".join((head, "|" + " --- |" * len(rows[0].split(" ")), *body))


MONEY = barred(
    "项目 年初预算数 全年预算数(A) 全年执行数(B) 分值 执行率(B/A) 得分",
    "年度资金总额 1500.00 1600.00 1520.00 10 95.00% 9.5",
    "其中：财政拨款 1500.00 1600.00 1520.00 - 95.00% -",
)
SHEET = barred(
    "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因",
    "产出指标 数量指标 举办培训 ≥12次 12次 20 20 _",
    "产出指标 质量指标 培训合格率 ≥95% 90% 15 14 两人未参加考试",
    "产出指标 成本指标 培训费用 ≤20万元 19万元 15 15 _",
    "效益指标 社会效益 服务人次 ≥300人次 305人次 30 30 _",
    "满意度指标 服务对象满意度 群众满意度 ≥90% 93% 10 10 _",
    "预算执行 预算执行率 资金执行 100% 96% 10 9.6 尾款未付",
    "总分 _ _ _ _ 100 98.6 _",
)


def test_a_rate_is_what_its_columns_give() -> None:
    assert [passed.right for passed in examined("T3", MONEY).passed] == [Decimal(95), Decimal(95)]
    (first, *_) = examined("T3", MONEY.replace("95.00%", "98.00%", 1)).findings
    assert (first.left, first.right, first.severity) == (Decimal(98), Decimal(95), Severity.ERROR)


@pytest.mark.parametrize("rate", ["95.00", "95%", "0.95", "95.0%"])
def test_a_rate_is_read_however_it_is_written(rate: str) -> None:
    assert messages("T3", MONEY.replace("95.00%", rate)) == []


GROWTH = barred(
    "项目 上年数 本年数 增减率（%）", "会议费 20.00 25.00 25.00", "培训费 40.00 30.00 -25.00", "办公费 0.00 3.00 100"
)


def test_growth_is_against_last_year() -> None:
    assert len(examined("T3", GROWTH).passed) == 2  # nothing can be said of a growth from nothing
    assert messages("T3", GROWTH) == []
    assert len(messages("T3", GROWTH.replace("25.00 | 25.00", "25.00 | 35.00"))) == 1


def test_a_rate_of_other_columns_is_left_alone() -> None:
    table = barred("项目 计划数 预算数 支出数 完成率", "甲 10 50.00 45.00 80%", "乙 20 60.00 54.00 75%")
    assert messages("T3", table) == []


def test_points_reckoned_from_a_rate_are_no_rate() -> None:
    table = barred("项目 预算数 执行数 执行率 得分（10分×执行率）", "年度资金 800.00 760.00 95.00% 9.5")
    verdict = examined("T3", table)
    assert (len(verdict.passed), verdict.findings) == (1, ())


def test_weights_and_scores_add_up() -> None:
    assert [(one.left, one.right) for one in examined("T7", SHEET).passed] == [(Decimal(100), Decimal(100))]
    assert [(one.left, one.right) for one in examined("T8", SHEET).passed] == [(Decimal("98.6"), Decimal("98.6"))]
    for code in ("T7", "T8", "G2", "G5", "G7"):
        assert messages(code, SHEET) == []


@pytest.mark.parametrize(
    ("code", "old", "new", "left", "right"),
    [
        ("T7", "| 30 | 30 |", "| 35 | 30 |", "100", "105"),
        ("T8", "98.6", "99.6", "99.6", "98.6"),
        ("T8", "| 15 | 14 |", "| 15 | 12 |", "98.6", "96.6"),
        ("G2", "| 15 | 14 |", "| 15 | 16 |", "16", "15"),
    ],
)
def test_a_wrong_score_is_found(code: str, old: str, new: str, left: str, right: str) -> None:
    (finding,) = examined(code, SHEET.replace(old, new)).findings
    assert (finding.left, finding.right, finding.severity) == (Decimal(left), Decimal(right), Severity.ERROR)


def test_points_named_in_a_heading_are_those_of_its_rows() -> None:
    rows = (("产出指标（50分）", "数量", "30"), ("", "质量", "20"), ("效益指标（30分）", "社会效益", "30"))
    for last, is_right in (("20", True), ("25", False)):
        cells = [
            CellText(text, 0, at, Place(1, at, at + 1))
            for at, text in enumerate(("一级指标", "三级指标", "分值", "得分"))
        ]
        for row, (heading, name, weight) in enumerate(rows, start=1):
            texts = (heading, name, last if weight == "20" else weight, weight)
            spans = (2 if row == 1 else 1, 1, 1, 1)
            cells += [
                CellText(text, row, at, Place(row + 1, at, at + 1), span)
                for at, (text, span) in enumerate(zip(texts, spans, strict=True))
                if at or text
            ]
        manuscript = Manuscript((), (TableText(tuple(cells), 4, 4),))
        rule = rule_book().rule("T7")
        assert rule is not None
        verdict = weights(Case(manuscript, (), rule_book()), rule)
        assert [finding.left for finding in verdict.findings] == ([] if is_right else [Decimal(50)])
        assert len(verdict.passed) == int(is_right)


def test_the_score_in_the_text_is_that_of_the_table() -> None:
    assert len(examined("T8", f"自评得分98.6分，等级为优。\n\n{SHEET}").passed) == 2
    (finding,) = examined("T8", f"自评得分96.8分，等级为优。\n\n{SHEET}").findings
    assert (finding.left, finding.right) == (Decimal("96.8"), Decimal("98.6"))
    assert messages("T8", f"甲项目自评得分90分，乙项目自评得分92分。\n\n{SHEET}") == []


def test_execution_points_follow_the_rate() -> None:
    (held,) = examined("G2", f"{MONEY}\n\n{SHEET}").passed
    assert (held.left, held.right) == (Decimal("9.5"), Decimal("9.5"))
    too_good = MONEY.replace("9.5 |", "10.0 |")
    (finding,) = examined("G2", f"{too_good}\n\n{SHEET}").findings
    assert (finding.left, finding.right, finding.severity) == (Decimal(10), Decimal("9.5"), Severity.MUST_EXPLAIN)
    assert messages("G2", f"{MONEY.replace('9.5 |', '10 |')}\n\n{SHEET}") == []  # rounded to whole points
    assert messages("G2", f"{MONEY.replace('9.5 |', '8 |')}\n\n{SHEET}") == []  # a stricter scale is the unit's own


def test_a_deduction_has_its_reason() -> None:
    (said,) = messages("G5", SHEET.replace("两人未参加考试", "无"))
    assert "“培训合格率”（分值15，得14）" in said
    without_column = SHEET.replace("偏差原因", "备注")
    assert messages("G5", without_column.replace("两人未参加考试", "无")) == []


FULL = barred(
    "三级指标 分值 得分",
    *(f"第{name}项工作 10 10" for name in "一二三四五六七八九"),
    "满意度 10 10",
)


def test_full_marks_everywhere_are_a_note() -> None:
    assert "全部得满分" in messages("G6", FULL)[0]
    assert messages("G6", FULL.replace("第三项工作 | 10 | 10", "第三项工作 | 10 | 9")) == []


def test_scores_far_better_than_the_spending_are_noted() -> None:
    low = MONEY.replace("95.00%", "60.00%").replace("9.5 |", "6 |")
    text = f"{low}\n\n{SHEET}"
    assert any("明显好于预算执行" in said for said in messages("G6", text))
    assert messages("G6", f"{MONEY}\n\n{SHEET}") == []


def test_a_cost_is_at_most() -> None:
    (said,) = messages("G7", SHEET.replace("≤20万元", "≥20万元"))
    assert "应当是不超过" in said
    assert messages("G7", SHEET.replace("培训费用", "费用节约率").replace("≤20万元", "≥5%")) == []


COSTS = "单位：万元\n项目\t预算数\t决算数\n公务接待费\t12.60\t9.25\n公务用车运行维护费\t16.00\t12.20\n\n"


def test_the_text_says_what_the_table_says() -> None:
    verdict = examined("T4", f"{COSTS}公务接待费支出9.25万元，公务用车运行维护费支出决算122,000元。")
    assert (len(verdict.passed), verdict.findings) == (2, ())


def test_a_slip_between_text_and_table_is_found() -> None:
    (finding,) = examined("T4", f"{COSTS}公务接待费支出9.52万元。").findings
    assert (finding.left, finding.right) == (Decimal("9.52"), Decimal("9.25"))
    (unit,) = examined("T4", f"{COSTS}公务用车运行维护费支出12.20元。").findings
    assert "12.20元" in unit.message


@pytest.mark.parametrize(
    "text",
    [
        "公务接待费比上年减少9.52万元。",
        "上年公务接待费支出9.52万元。",
        "公务接待费支出约9.52万元。",
        "培训费支出9.52万元。",
        "公务接待费支出33.40万元。",
    ],
)
def test_another_quantity_is_no_slip(text: str) -> None:
    assert messages("T4", f"{COSTS}{text}") == []


CHANGES = barred(
    "项目 上年决算数 本年决算数 增减", "会议费 3.20 2.10 -1.10", "培训费 5.00 6.30 1.30", "办公费 8.25 8.25 0.00"
)


def test_a_change_is_the_difference_of_the_two_years() -> None:
    assert len(examined("T9", CHANGES).passed) == 3
    assert messages("T9", CHANGES.replace("-1.10", "1.10")) == []  # printed without its sign
    (finding,) = examined("T9", CHANGES.replace("1.30 |", "7.30 |")).findings
    assert (finding.left, finding.right, finding.severity) == (Decimal("7.30"), Decimal("1.30"), Severity.ERROR)
    assert messages("T9", barred("项目 上年数 本年数 增减率", "会议费 3.20 2.10 34%", "培训费 5.00 6.30 26%")) == []


ONE_VALUE = "2022年部门决算表（单位：万元）\n项目\t金额\n基本支出\t300.00\n项目支出\t162.20\n合计\t462.20\n\n"


def test_the_only_amount_of_a_name_in_the_tables_is_the_texts() -> None:
    (finding,) = examined("T4", f"{ONE_VALUE}项目支出125.59万元。", year=2022).findings
    assert (finding.left, finding.right, finding.severity) == (
        Decimal("125.59"),
        Decimal("162.20"),
        Severity.MUST_EXPLAIN,
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE_VALUE}项目支出125.59万元，全部项目支出162.20万元。",  # the text has more than one base itself
        f"{ONE_VALUE}2021年项目支出125.59万元。",
        f"{ONE_VALUE}项目支出预算125.59万元。",
        f"{ONE_VALUE}财政拨款项目支出125.59万元。",
        f"{ONE_VALUE.replace('部门决算表', '财政拨款支出表')}项目支出125.59万元。",
        f"{ONE_VALUE.replace('2022', '2021')}项目支出125.59万元。",
        f"{ONE_VALUE}本级项目支出125.59万元。",
        f"{ONE_VALUE.replace('金额', '上年数')}项目支出125.59万元。",
    ],
)
def test_another_base_or_year_than_the_tables_is_left_alone(text: str) -> None:
    assert messages("T4", text, year=2022) == []
