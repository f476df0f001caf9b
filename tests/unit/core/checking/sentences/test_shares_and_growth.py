"""Shares, growth, changes and rates of execution: what holds, what fails with both numbers, what stays silent."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.sentences.judging import judged

HOLDS = [
    ("P1", "本年支出合计400万元，其中：基本支出300万元，占75%；项目支出100万元，占25%。"),
    ("P1", "全年总支出812.30万元。其中，项目支出300.00万元，占总支出的36.93%。"),
    ("P1", "货物、工程采购金额分别为1.20亿元和2.80亿元，占采购总额的30%和70%。采购总额4.00亿元。"),
    ("P1", "公务接待费支出9.00万元，占45%；公务用车运行维护费支出11.00万元，占55%。"),
    ("P2", "2021年总支出120.00万元，比上年的100.00万元增加20.00万元，增长20%。"),
    ("P2", "公务接待费4.20万元，较上年减少0.80万元，下降16%。"),
    ("P2", "财政拨款支出1,264.92万元。与2020年相比，财政拨款支出增加27.44万元，增长2.22%。"),
    ("P2", "总支出472.90万元，其中基本支出401.50万元、项目支出71.40万元，比上年的498.60万元减少25.70万元，下降5.15%。"),
    ("P3", "“三公”经费支出8.50万元，比上年10.00万元减少1.50万元。"),
    ("P4", "公务接待费年初预算10.00万元，支出决算9.00万元，完成年初预算的90%。"),
    ("P4", "全年预算1,600.00万元，全年执行1,568.00万元，预算执行率98.00%。"),
    ("P4", "发放问卷400份，收回392份，满意380份，满意度96.94%。"),
    ("H3", "核定编制28人，在职26人，在职人员控制率92.86%。"),
]

FAILS = [
    ("P1", "本年支出合计400万元，其中：基本支出300万元，占75%；项目支出100万元，占35%。", "35", "25"),
    ("P1", "全年总支出812.30万元。其中，项目支出300.00万元，占总支出的39.63%。", "39.63", "36.9322"),
    ("P2", "2021年总支出120.00万元，比上年的100.00万元增加20.00万元，增长25%。", "25", "20"),
    ("P2", "公务接待费4.20万元，较上年减少0.80万元，下降61%。", "-61", "-16"),
    ("P3", "“三公”经费支出8.50万元，比上年10.00万元减少2.50万元。", "-2.5", "-1.5"),
    ("P3", "总支出472.90万元，比上年的498.60万元增加25.70万元，增长5.15%。", "25.7", "-25.7"),
    ("P4", "公务接待费年初预算10.00万元，支出决算9.00万元，完成年初预算的95%。", "95", "90"),
    ("P4", "发放问卷400份，收回392份，满意380份，满意度98.94%。", "98.94", "96.9388"),
    ("P7", "项目支出占比为102.50%。", "102.5", "100"),
    ("H3", "核定编制28人，在职26人，在职人员控制率98.26%。", "98.26", "92.8571"),
]

SILENT = [
    ("P1", "大专以上学历占85%。"),
    ("P1", "总支出约800万元，其中基本支出300万元，占36%。"),
    ("P2", "全市一般公共预算收入156.1亿元，较上年增长10.2%。"),
    ("P2", "2020年达到11.49亿元，年均增长6.98%。"),
    ("P2", "公务接待费支出4.00万元，其他工作增长15%，办件量增加20件。"),
    ("P2", "办结率比上年提高2.5个百分点。"),
    ("P3", "项目共15个（含2020年结转项目5个），年中增加8个项目。"),
    ("P4", "任务完成率100%，及时率95%。"),
    ("P7", "税收收入完成11,136万元，占调整预算的117.66%。"),
    ("P7", "预算完成率105.00%。"),
]


@pytest.mark.parametrize(("code", "text"), HOLDS)
def test_what_agrees_passes(code: str, text: str) -> None:
    verdict = judged(code, text, 2021)
    assert verdict.passed
    assert verdict.findings == ()


@pytest.mark.parametrize(("code", "text", "said", "computed"), FAILS)
def test_what_disagrees_is_found_with_both_numbers(code: str, text: str, said: str, computed: str) -> None:
    found = {(finding.left, finding.right) for finding in judged(code, text, 2021).findings}
    assert (Decimal(said), Decimal(computed)) in found


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_cannot_be_reckoned_is_not_claimed(code: str, text: str) -> None:
    assert judged(code, text, 2021).findings == ()


def test_a_direction_word_is_held_against_the_numbers() -> None:
    (finding,) = judged("P3", "接待费完成年初预算的80%，决算数大于年初预算数的主要原因是活动减少。").findings
    assert "大于" in finding.message


def test_a_rate_cut_off_instead_of_rounded_is_a_note() -> None:
    (finding,) = judged("P1", "总支出3,000.00万元，其中项目支出1,004.90万元，占33.49%。").findings
    assert (finding.severity, finding.right) == (Severity.NOTE, Decimal("33.4967"))


def test_a_thin_reason_for_a_large_change_is_remarked() -> None:
    (finding,) = judged("P5", "总支出比上年增长45.30%，主要原因是人员增加。").findings
    assert "人员增加" in finding.message
    assert judged("P5", "总支出比上年增长5.30%，主要原因是人员增加。").findings == ()
    assert judged("P5", "总支出比上年增长45.30%，主要原因是新增办公用房维修项目120万元。").findings == ()


def test_one_reason_for_a_rise_and_a_fall_is_remarked() -> None:
    text = "接待费比上年减少2.00万元，原因是严格执行规定。\n培训费比上年增加3.00万元，原因是严格执行规定。"
    (finding,) = judged("P5", text).findings
    assert "严格执行规定" in finding.message
