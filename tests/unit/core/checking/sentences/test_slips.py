"""One wrong digit in a relation that holds is found, in the wordings that reports use; other wordings stay silent."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.sentences.judging import judged

SLIPS = [
    ("P4", "年初预算3,860万元，调整预算4,120万元，全年支出4,037.60万元，预算执行率98.00%。", "98.00%", "38.00%"),
    ("P4", "年初预算3,860万元，调整预算4,120万元，全年支出4,037.60万元，预算执行率98.00%。", "4,120", "4,720"),
    ("H1", "编制120名，年末在职112人、退休64人，共计176人。", "176人", "276人"),
    ("P2", "本年收入合计248万元，本年支出合计255万元。与2020年相比，收入增加48万元，增长24%。", "24%", "84%"),
    ("M8", "举办讲座24场、展览12场、少儿活动36场，共72场。", "72场", "62场"),
    ("M8", "在职实有16人，其中：财政全供养16人，财政部分供养0人，非财政供养0人。", "部分供养0人", "部分供养8人"),
    ("M2", "基本支出642.48万元，项目支出160.62万元。基本支出中，人员经费571.20万元，公用经费71.28万元。", "642", "842"),
    ("P4", "调整后预算1,418.50万元；全年收入1,418.50万元。全年支出1,390.13万元，预算执行率98.00%。", "98", "91"),
    ("P4", "接待费支出决算为27.46万元，完成预算29.60万元的92.8%，比上年决算数增加6.32万元。", "92.8", "29.8"),
    (
        "S1",
        "“三公”经费支出74.6万元，其中公务用车及运行维护费用61.8万元，公务接待费12.8万元。",
        "12.8万元",
        "92.8万元",
    ),
    (
        "S4",
        "“三公”经费比上年减少830万元。其中：因公出国费减少9万元。公务接待费减少38万元；公务用车费减少783万元。",
        "830",
        "230",
    ),
]


@pytest.mark.parametrize(("code", "text", "right", "wrong"), SLIPS)
def test_a_wrong_digit_is_found(code: str, text: str, right: str, wrong: str) -> None:
    held = judged(code, text, 2021)
    assert held.passed
    assert not held.findings
    assert judged(code, text.replace(right, wrong), 2021).findings


def test_cars_bought_for_nothing_are_found_beside_those_kept() -> None:
    text = "公车购置费0万元。公务用车购置及保有情况：本年度使用公共预算财政拨款购置公务用车7辆，年末保有7辆。"
    (finding,) = judged("S6", text, 2015).findings
    assert (finding.left, finding.right) == (Decimal(0), Decimal(7))
    assert not judged("S6", "公车购置费0万元。公务用车购置及保有情况：购置0辆，年末保有7辆。", 2015).findings


RIGHT = [
    ("P2", "支出决算为27.46万元，完成预算29.60万元的92.8%，比上年决算数增加6.32万元，增长29.9%。"),
    ("P3", "收入决算总额1979.61万元，其中财政拨款1540.41万元，2016年结转439.2万元，总额较2016年增加120.23万元。"),
    ("P4", "因公出国（境）费支出决算为0万元，完成年初预算的100%。"),
    ("S7", "外事接待费支出0万元，国内公务接待221批次，1768人，共计支出9.95万元。"),
]


@pytest.mark.parametrize(("code", "text"), RIGHT)
def test_what_reports_usually_write_is_no_fault(code: str, text: str) -> None:
    assert not judged(code, text, 2023).findings


def test_a_part_is_never_more_than_its_whole() -> None:
    assert judged("M11", "全年派车2,592趟，其中长途480趟、市内2,912趟。").findings
    assert not judged("M11", "年末编制51人，其中政法编制51人，年末实有126人，其中在职87人、退休33人。").findings


def test_the_total_of_the_year_before_is_no_total_of_this_years_parts() -> None:
    text = "2025年“三公”经费预算总额为4969万元，较2024年的2190万元减少221万元；其中：接待费242万元，公车费1727万元。"
    assert all("2190" not in finding.message for finding in judged("S1", text).findings)


def test_a_few_things_that_do_not_add_up_are_a_note_only() -> None:
    (finding,) = judged("M8", "举办讲座24场、展览12场、少儿活动36场，共62场。", 2021).findings
    assert finding.severity is Severity.NOTE


def test_changes_that_leave_out_a_part_prove_nothing() -> None:
    text = (
        "“三公”经费减少63.96万元。其中：公务用车购置费减少54.20万元；运行维护费增加53.81万元。公务接待费减少60.14万元。"
    )
    verdict = judged("S4", text, 2019)
    assert not verdict.passed
    assert not verdict.findings


def test_staff_of_a_third_kind_is_counted_with_the_others() -> None:
    held = judged("H1", "全局在职人员67人，其中行政人员18人、参公人员21人、事业人员28人。", 2020)
    assert held.passed
    assert not held.findings
    assert judged("H1", "全局在职人员67人，其中行政人员18人、参公人员22人、事业人员28人。", 2020).findings


def test_a_share_told_beside_its_whole_alone_is_not_the_wholes() -> None:
    text = "2019年总支出860.40万元，比上年增加5.48%，其中基本支出占75.09%。"
    assert not judged("P1", text, 2019).findings
