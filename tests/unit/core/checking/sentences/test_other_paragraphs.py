"""Relations with an amount that another paragraph prints under the same name."""

from decimal import Decimal

import pytest

from tests.unit.core.checking.sentences.judging import judged

OUTTURN = (
    "2020年度“三公”经费支出预算为31.20万元，支出决算为24.96万元，其中：因公出国（境）费支出决算为0万元；"
    "公务用车购置及运行费支出决算为6.30万元；公务接待费支出决算为18.66万元。\n"
)
TWO_YEARS = (
    "2013年度“三公”经费预算总计32.6万元，其中：公务接待14.6万元，公务用车运行费用18万元。\n"
    "2012年度“三公”经费合计支出35.9万元，其中：公务接待16.4万元，公务用车运行费用19.5万元。\n"
)

BASIC = (
    "2023年基本支出881.30万元，其中：\n人员经费809.96万元，主要包括：基本工资、津贴补贴。\n"
    "公用经费71.34万元，主要包括：办公费、印刷费。\n"
)

APART = "人员经费支出800.00万元，主要用于工资。\n公用经费支出212.50万元。\n人员经费、公用经费支出共计1012.50万元。"
APART_BY_NAME = "2022年总支出1264.80万元。\n基本支出1012.50万元，用于保障机构运转。\n项目支出252.30万元，用于专项工作。"

HOLDS = [
    ("P2", OUTTURN + "2020年度“三公”经费支出决算数比2019年减少6.24万元，下降20.00%。", 2020),
    ("P2", OUTTURN + "其中：公务接待费支出决算减少4.54万元，下降19.57%。", 2020),
    ("P3", TWO_YEARS + "公务用车运行费用较上年减少1.5万元。", 2013),
    ("P4", "公务接待费支出决算18.66万元，完成预算的80.43%。\n公务接待费预算23.20万元，用于接待调研。", 2020),
    ("M2", BASIC, 2023),
    ("P4", "年初预算560万元，调整预算600万元。\n全年支出588万元，预算执行率98.00%。", 2019),
    ("P4", "2019年总支出588万元。\n年初预算560万元，年中追加40万元，调整预算数600万元，预算执行率98.00%。", 2019),
    ("P1", "1.基本支出80万元，占预算支出的80%。\n2.项目支出20万元，占预算支出的20%。", 2023),
    ("M8", "全年支出90万元。\n其中：印刷费30万元，差旅费60万元。", 2020),
    ("M8", APART, 2022),
    ("M1", APART_BY_NAME, 2022),
]

FAILS = [
    ("P2", OUTTURN + "其中：公务接待费支出决算减少4.54万元，下降91.57%。", 2020, "-91.57", "-19.57"),
    ("P3", TWO_YEARS + "公务用车运行费用较上年减少2.5万元。", 2013, "-2.5", "-1.5"),
    ("P4", "公务接待费支出决算18.66万元，完成预算的84.03%。\n公务接待费预算23.20万元。", 2020, "84.03", "80.43"),
    ("M2", BASIC.replace("881.30", "911.30"), 2023, "911.3", "881.3"),
    ("P4", "年初预算560万元，调整预算600万元。\n全年支出588万元，预算执行率89.00%。", 2019, "89", "98"),
    ("M8", APART.replace("1012.50万元", "1013.50万元"), 2022, "1013.5", "1012.5"),
    ("M8", APART.replace("212.50", "272.50"), 2022, "1012.5", "1072.5"),
    ("M1", APART_BY_NAME.replace("1264.80", "1254.80"), 2022, "1254.8", "1264.8"),
    ("P1", "1.基本支出80万元，占预算支出的83.76%。\n2.项目支出20万元，占预算支出的18.24%。", 2023, "102", "100"),
]

SILENT = [
    ("P2", OUTTURN + "会议费支出决算减少4.54万元，下降91.57%。", 2020),
    ("P2", OUTTURN + "接待批次减少4批，下降91.57%。", 2020),
    ("P4", "公务接待费支出决算18.66万元，完成预算的84.03%。\n会议费预算23.20万元。", 2020),
    ("P4", "公务接待费支出18.66万元，完成预算84.03%。公务接待费预算23.20万元。\n公务接待费预算20.20万元。", 2020),
    ("P4", "调整预算600万元。\n全年支出588万元。\n培训项目支出8万元，预算执行率80.00%。", 2019),
    ("P3", TWO_YEARS + "公务接待较年初预算减少2.5万元。", 2013),
    ("M8", APART + "\n人员经费预算810.00万元。", 2022),
    ("M8", APART.replace("共计1012.50", "等共计1412.50"), 2022),
    ("M8", APART.replace("共计1012.50", "共计4567.80"), 2022),
    ("M1", APART_BY_NAME.replace("1264.80", "1254.80").replace("总支出", "财政拨款总支出"), 2022),
    ("M1", APART_BY_NAME.replace("1264.80", "1254.80") + "经营支出3.20万元。", 2022),
]


@pytest.mark.parametrize(("code", "text", "year"), HOLDS)
def test_what_holds_across_paragraphs_is_passed(code: str, text: str, year: int) -> None:
    verdict = judged(code, text, year)
    assert verdict.passed
    assert not verdict.findings


@pytest.mark.parametrize(("code", "text", "year", "left", "right"), FAILS)
def test_what_fails_across_paragraphs_is_found(code: str, text: str, year: int, left: str, right: str) -> None:
    (finding,) = judged(code, text, year).findings
    assert finding.left == Decimal(left)
    assert finding.right is not None
    assert round(finding.right, 2) == Decimal(right)


@pytest.mark.parametrize(("code", "text", "year"), SILENT)
def test_another_thing_is_left_alone(code: str, text: str, year: int) -> None:
    verdict = judged(code, text, year)
    assert not verdict.findings
