"""L1 numbering, L2 cover, X4 the unit's name, D1 what stands there twice."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.examining import examined, messages

TITLE = "2018年度部门整体支出绩效自评报告\n单位名称：某区机关事务中心\n"
MISNUMBERED = [
    (f"{TITLE}单位基本情况\n人员41人。\n二、支出情况\n支出100万元。", "前面缺“一、”"),
    (f"{TITLE}一、基本情况\n预决算情况\n收入100万元。\n（二）绩效情况\n良好。", "前面缺“（一）”"),
    ("一、基本情况\n人员41人。\n三、支出情况\n支出100万元。", "缺“二、”"),
    ("一、绩效\n（1）食堂。\n（2）车辆。\n（4）接待。", "缺“（3）”"),
    ("一、绩效\n1.食堂。\n2.车辆。\n2.接待。\n3.物业。", "“2.”出现两次"),
    ("一、绩效\n6.食堂。\n2.车辆。\n3.接待。", "排在第1，应为“1.”"),
    ("一、绩效\n1.食堂。\n2.车辆。\n9.接待。", "排在第3，应为“3.”"),
    ("一、绩效\n（1）食堂。\n（8）车辆。\n（3）接待。", "排在第2，应为“（2）”"),
    ("一、绩效\n主要做法：一是加强管理。二是压减开支。四是完善制度。", "缺“三是”"),
    ("一、绩效\n（1）推进食堂改革。\n（2）设立服务箱。\n（3）是开展创建。\n（4）规范车辆。", "多出一个“是”字"),
]
WELL_NUMBERED = [
    "一、绩效\n5.食堂。\n6.车辆。\n7.接待。",
    "一、绩效\n4.食堂。\n2.车辆。",
    "一、基本情况\n（一）机构\n1.职责。\n2.人员。\n（二）收支\n1.收入。\n2.支出。\n二、绩效\n（一）产出\n（二）效益",
    "目录\n一、基本情况\n二、绩效\n一、基本情况\n人员41人。\n二、绩效\n良好。",
    "一、基本情况\n职责：（一）管理车辆。（二）管理食堂。\n（三）管理接待。",
    "一、绩效\n1.产出。\n（1）数量。\n（2）质量。\n2.效益。\n（1）社会效益。\n（2）经济效益。",
    "一、绩效\n一是抓管理。主要做法：一是建章立制，二是检查。二是抓培训。",
    "三、支出决算情况说明\n支出100万元。\n四、收入情况\n收入100万元。",
    "（二）政府采购情况\n采购10万元。",
    "第一部分 概况\n一、职责\n二、机构\n第二部分 说明\n一、收入\n二、支出",
    "一、绩效\n统一是前提，唯一是目标，三是多数。",
    "一、绩效\n（1）是食堂。\n（2）是车辆。\n（3）是接待。",
    "一、绩效\n12.5万元用于食堂。\n2018.3.1开始执行。\n1.食堂。\n2.车辆。",
]


@pytest.mark.parametrize(("text", "said"), MISNUMBERED)
def test_a_gap_in_the_numbers_is_a_note(text: str, said: str) -> None:
    (finding,) = examined("L1", text).findings
    assert said in finding.message
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize("text", WELL_NUMBERED)
def test_good_numbers_are_left_alone(text: str) -> None:
    assert messages("L1", text) == []


def test_the_line_that_lost_its_number_is_shown_first() -> None:
    (finding,) = examined("L1", MISNUMBERED[0][0]).findings
    assert "单位基本情况" in finding.message
    assert [place.line for place in finding.places] == [3, 5]


def test_a_complete_list_of_three_and_more_is_told() -> None:
    (passed,) = examined("L1", "一、绩效\n（1）食堂。\n（2）车辆。\n（3）接待。").passed
    assert (passed.message, passed.left, passed.right) == ("编号（1）至（3）连续，共3项。", Decimal(3), Decimal(3))


COVER = (
    "附件1\n2018年度部门整体支出绩效自评报告\n单位名称（盖章）{name}\n{date}\n一、基本情况\n" + "工作有序开展。\n" * 12
)


@pytest.mark.parametrize(
    ("name", "date", "faults"),
    [
        ("", "", ["后面没有填写单位名称", "没有报告日期"]),
        ("：", "二〇一九年四月", ["后面没有填写单位名称"]),
        ("：某区机关事务中心", "", ["没有报告日期"]),
        ("：某区机关事务中心", "年  月  日", ["没有报告日期"]),
        ("：某区机关事务中心", "2019年4月12日", []),
        ("\n某区机关事务中心", "2019.4.12", []),
    ],
)
def test_a_cover_has_a_name_and_a_date(name: str, date: str, faults: list[str]) -> None:
    said = messages("L2", COVER.format(name=name, date=date))
    assert len(said) == len(faults)
    assert all(fault in one for fault, one in zip(faults, said, strict=True))


def test_the_date_may_stand_at_the_end_and_a_page_without_a_cover_needs_none() -> None:
    assert messages("L2", COVER.format(name="：某区机关事务中心", date="") + "2019年4月12日") == []
    assert messages("L2", "某局2018年度决算\n一、基本情况\n" + "工作有序开展。\n" * 14) == []


NAME = "湖南省株洲市天元区机关事务服务中心"
MISSPELT = ["机关事物服务中心", "机关事务服务服中心", "机关务事服务中心", "湖南省株州市天元区机关事务服务中心"]
SPELT_OTHERWISE = [
    "天元区机关事务服务中心",
    "机关事务服务中心",
    "荷塘区机关事务服务中心",
    "湖南省株洲市机关事务管理局",
    "区机关事务服务大厅",
    "机关事务。服务中心",
    "机关事务第二服务中心",
]


@pytest.mark.parametrize("seen", MISSPELT)
def test_one_character_off_is_another_spelling(seen: str) -> None:
    (finding,) = examined("X4", f"本报告由{NAME}编写。\n{seen}负责公务用车。", unit=NAME).findings
    assert f"“{seen}”" in finding.message


@pytest.mark.parametrize("seen", SPELT_OTHERWISE)
def test_other_units_and_shorter_forms_are_no_slips(seen: str) -> None:
    assert messages("X4", f"本报告由{NAME}编写。\n{seen}负责公务用车。", unit=NAME) == []


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("某区财政局", "某区民政局参加检查。"),
        ("市第一人民医院", "市第二人民医院参加会诊。"),
        ("农业综合执法大队", "农业综合执法支队指导。"),
    ],
)
def test_neighbours_are_not_misspelt(unit: str, text: str) -> None:
    assert messages("X4", text, unit=unit) == []


def test_the_name_is_taken_from_the_cover() -> None:
    text = "2018年度部门整体支出绩效自评报告\n单位名称：演示市残疾人联合会\n一、概况\n演示市残疾人联和会有在职人员9人。"
    assert "残疾人联和会" in messages("X4", text)[0]


LONG = (
    "机关食堂考核由班子成员和机关干部组成考核队伍，从食品安全、优质服务、财务管理和厉行节约等方面开展考核，督促整改。"
)


def test_what_stands_there_twice_is_a_note() -> None:
    (paragraph,) = examined("D1", f"{LONG}\n其他情况。\n{LONG}").findings
    assert (paragraph.severity, [place.line for place in paragraph.places]) == (Severity.NOTE, [1, 3])
    (sentence,) = examined("D1", f"食堂方面。{LONG}\n考核方面有序开展。{LONG}").findings
    assert sentence.message.startswith("同一句话出现2次")
    assert messages("D1", f"{LONG}\n其他情况。\n{LONG.replace('食堂', '餐厅')}") == []


def test_one_reason_for_a_rise_and_a_fall_is_to_be_explained() -> None:
    text = "公务接待费增加2万元，主要原因是严格执行八项规定。公车运行费减少3万元，主要原因是严格执行八项规定。"
    (finding,) = examined("D1", text).findings
    assert finding.severity is Severity.MUST_EXPLAIN
    (same,) = examined("D1", text.replace("增加", "减少")).findings
    assert same.severity is Severity.NOTE
    other = text.replace("减少3万元，主要原因是严格执行八项规定", "减少3万元，主要原因是车辆报废两台")
    assert messages("D1", other) == []
    moved = text.replace("严格执行八项规定", "租车费用改列公务用车费")
    assert messages("D1", moved) == []
