"""Totals and their parts: known by name or told as a list, whole or not, nested, in brackets, over several lines."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.sentences.judging import judged

HOLDS = [
    ("M1", "2021年部门总支出3,400.50万元，其中：基本支出2,400.25万元，项目支出1,000.25万元。", 1),
    ("M1", "全年支出合计 812.3 万元。其中，项目支出 300 万元，占36.93%；基本支出 512.3 万元，占63.07%。", 1),
    ("M1", "基本支出100.10万元，项目支出20.05万元，支出合计120.15万元。", 1),
    ("M1", "本年支出120万元（其中：基本支出80万元、项目支出30万元、经营支出10万元）。", 1),
    ("M2", "基本支出512.30万元，其中人员经费400.10万元、日常公用经费112.20万元。", 1),
    ("M2", "基本支出512.30万元：工资福利支出400.10万元，商品和服务支出100.20万元，对个人和家庭的补助12.00万元。", 1),
    ("M3", "本年收入合计900.50万元，其中：财政拨款收入800.20万元，事业收入90.30万元，其他收入10.00万元。", 1),
    ("M3", "总收入88.6万元，包括一般公共预算拨款80万元、其他收入8.6万元。", 1),
    ("M4", "财政拨款收入500.00万元，其中一般公共预算财政拨款450.50万元，政府性基金预算财政拨款49.50万元。", 1),
    ("S1", "“三公”经费决算12.60万元，其中：因公出国（境）费0万元，公务用车运行维护费8.40万元，公务接待费4.20万元。", 1),
    (
        "S1",
        "2021年“三公”经费预算31万元。\n1、2021年公务用车运行费预算22万元，含油费。\n2、公务接待费预算9万元。",
        1,
    ),
    ("H1", "单位现有人员60人，其中在职35人，退休24人，离休1人。", 1),
    ("H1", "在职人员35人，其中行政人员20人、事业人员12人、工勤人员3人。", 1),
    ("H2", "核定编制40名，其中行政编制25名，事业编制12名，工勤编制3名。", 1),
    ("H5", "政府采购支出总额66.20万元，其中：货物支出20.10万元、工程支出6.10万元、服务支出40.00万元。", 1),
    ("M8", "项目总投资350.75万元，其中：土建200.50万元，设备100.25万元，其他费用50.00万元。", 1),
    ("M8", "镇级公共收入620万元，增长3.1%；加上级补助收入75万元，上年结转收入12万元，收入合计707万元。", 1),
    ("M8", "县级收入完成640万元，其中：税收收入410万元、非税收入230万元。加上转移性收入86万元，收入总计726万元。", 2),
]

FAILS = [
    ("M1", "2021年部门总支出3,400.50万元，其中：基本支出2,400.25万元，项目支出1,001.25万元。", "3400.5", "3401.5"),
    ("M1", "全年支出合计 812.3 万元。其中，项目支出 300 万元；基本支出 521.3 万元。", "812.3", "821.3"),
    ("M2", "基本支出512.30万元，其中人员经费400.10万元、日常公用经费122.20万元。", "512.3", "522.3"),
    ("M3", "总收入88.6万元，包括一般公共预算拨款80万元、其他收入9.6万元。", "88.6", "89.6"),
    ("S1", "“三公”经费决算12.60万元，其中：公务用车运行维护费8.40万元，公务接待费4.70万元。", "12.6", "13.1"),
    ("H1", "单位现有人员61人，其中在职35人，退休24人，离休1人。", "61", "60"),
    ("H1", "全局共有干部职工56人，其中男35人，女22人。", "56", "57"),
    ("H2", "核定编制40名，其中行政编制25名，事业编制12名，工勤编制2名。", "40", "39"),
    ("M8", "项目总投资350.75万元，其中：土建200.50万元，设备110.25万元，其他费用50.00万元。", "350.75", "360.75"),
]

SILENT = [
    ("M8", "项目总投资350.75万元，其中：土建183.50万元，设备96.28万元。"),  # not said to be all
    ("M8", "全年培训12次，其中消防培训3次，安全培训4次。"),
    ("M1", "上年总支出100.00万元，其中基本支出60.00万元。本年项目支出50.00万元。"),
    ("M1", "总支出约100万元，其中基本支出60万元，项目支出50万元。"),
    ("M3", "总收入300.00万元，其中财政拨款200.00万元。"),
    (
        "M3",
        "公共总收入910.20万元，其中一般公共预算收入640.15万元；加上级补助75.30万元，上年结余12.25万元，调入资金9.06万元。",
    ),
    ("H1", "全局干部职工40人，其中党员30人，大专以上学历35人。"),
    ("S1", "“三公”经费较上年减少2万元，其中公务接待费减少1万元，公务用车运行维护费减少0.5万元。"),
]


@pytest.mark.parametrize(("code", "text", "count"), HOLDS)
def test_what_adds_up_passes(code: str, text: str, count: int) -> None:
    verdict = judged(code, text, 2021)
    assert (len(verdict.passed), verdict.findings) == (count, ())
    assert verdict.passed[0].left == verdict.passed[0].right


@pytest.mark.parametrize(("code", "text", "total", "added"), FAILS)
def test_what_does_not_add_up_is_found_with_both_numbers(code: str, text: str, total: str, added: str) -> None:
    (finding,) = judged(code, text, 2021).findings
    assert (finding.left, finding.right) == (Decimal(total), Decimal(added))
    assert finding.severity is Severity.ERROR
    assert len(finding.places) >= 3
    assert finding.suggestion.endswith("。")


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_may_be_right_is_not_claimed(code: str, text: str) -> None:
    assert judged(code, text, 2021).findings == ()


def test_a_rounding_tail_is_a_note() -> None:
    (finding,) = judged("M1", "总支出100.01万元，其中基本支出60.00万元，项目支出40.00万元。").findings
    assert finding.severity is Severity.NOTE
    assert "尾差" in finding.message


def test_yuan_among_ten_thousands_is_named_as_such() -> None:
    text = "总支出2,560.21万元，其中基本支出24,346,200.00万元，项目支出125.59万元。"
    (finding,) = judged("M12", text).findings
    assert "单位" in finding.message
    assert judged("M1", text).findings == ()
