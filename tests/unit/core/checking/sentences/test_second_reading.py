"""What readers found wrong in the checker: true numbers that it doubted, wrong ones that it took for true."""

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.examining import examined
from tests.unit.core.checking.sentences.judging import judged

SILENT = [
    ("P1", "上半年支出240.00万元，下半年支出360.00万元，其中12月支出90.00万元，占全年的15.00%。"),
    ("P1", "年末在编80人，另有编外聘用人员20人，实际用工100人，编外占比20.0%。"),
    ("P1", "在编100人，其中正高2人、副高18人、中级40人、初级及以下40人，副高以上占20.0%。"),
    ("P1", "在编教职工160人，其中专任教师150人，师资稳定；研究生学历30人，占20.0%。"),
    ("P7", "自评项目资金108.00万元，占公共预算项目支出的108.0%（公共预算项目支出100.00万元）。"),
    (
        "P4",
        "全年受理信访900件次，同比下降5%。其中：来信100件。及时受理率99.4%（及时受理895件），办结率96.7%（办结870件）。",
    ),
    (
        "M1",
        "全年支出900.00万元。按性质：公共预算支出700.00万元、政府性基金支出200.00万元，分别占77.78%和22.22%。"
        "按类别：基本支出400.00万元，项目支出500.00万元。",
    ),
    ("G9", "绩效得分92分。其中：\n投入（20分）  18\n过程（30分）  28\n产出（30分）  28\n效果（20分）  18"),
    ("P4", "排查隐患1,246处，整改1,231处，整改率98.8%，较2023年的97.3%提高1.5个百分点。"),
    ("P4", "工程验收合格率100%，抽检压实度180点，合格174点，一次合格率96.67%，整改后全部合格。"),
    ("P4", "满意度≥95%→98%（回收问卷600份，满意588份）。"),
    ("M10", "全年发布预警72期：大风50期、沙尘10期、雷电12期。"),
    ("M10", "辖14个社区（其中城市社区11个、农村社区3个）。"),
    ("M10", "重点工作三项：做好宣传工作；推进媒体融合；实施广播工程。"),
]
FOUND = [
    ("P2", "项目支出较2020年450万元增加50万元，下降11.11%。", "方向相反"),
    ("P2", "2021年项目支出500万元，较2020年450万元增加50万元，增长12%。", "不相符"),
    ("M1", "2021年总支出1256.4万元，其中：基本支出1000.00万元，项目支出256.30万元。", "不相符"),
    ("P3", "总支出500.00万元，比上年的448.65万元增加50万元。", "不相符"),
    ("P4", "项目完成率100%，其中已完成项目23个，未完成2个，共25个项目。", "23个÷25个＝92.0000%"),
    ("P1", "在编人员100人，其中专业技术人员40人，占45.0%。", "不相符"),
    ("M10", "重点工作四项：做好宣传工作、推进媒体融合、实施广播工程。", "列举了3项"),
]


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_true_numbers_are_left_alone(code: str, text: str) -> None:
    assert all(finding.severity is Severity.NOTE for finding in judged(code, text, 2021).findings)


@pytest.mark.parametrize(("code", "text", "said"), FOUND)
def test_wrong_numbers_are_told_rightly(code: str, text: str, said: str) -> None:
    findings = [finding for finding in judged(code, text, 2021).findings if finding.severity is not Severity.NOTE]
    assert [said in finding.message for finding in findings] == [True]


def test_heads_that_begin_with_a_year_are_no_amounts() -> None:
    """2016年决算数 stands above the amounts; so the wrong total is seen, and nothing is added to a year."""
    head = "| 项目 | 2016年决算数 | 2015年（万元） |\n| --- | --- | --- |\n"
    right = f"{head}| 车辆费 | 4.50 | 5.50 |\n| 接待费 | 2.50 | 3.50 |\n| 合计 | 7.00 | 9.00 |\n"
    assert examined("T1", right, year=2016).findings == ()
    wrong = examined("T1", right.replace("9.00", "8.00"), year=2016).findings
    assert ["为8.00，各分项5.50＋3.50合计9.00" in finding.message for finding in wrong] == [True]


def test_serving_the_public_is_no_hospitality() -> None:
    text = "公务接待费0万元。\n全年{}5836人次。"
    assert examined("X2", text.format("接待查档"), year=2016).findings == ()
    assert examined("X2", text.format("公务接待"), year=2016).findings
