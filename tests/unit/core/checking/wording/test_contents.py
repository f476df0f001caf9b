"""X2 nothing spent but much done, C1–C4 what a report must hold."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.examining import examined, messages

CONTRADICTED = [
    ("单位基建维修支出0万元。\n机关食堂进行了提质改造，8月竣工验收。", "基建维修"),
    ("维修费0.00元。\n完成了办公楼屋面维修。", "基建维修"),
    ("公务接待费支出决算为0万元。\n全年接待上级考察组12批次86人次。", "公务接待费"),
    ("公务接待费0万元。\n共接待来宾9批次305人次。", "公务接待费"),
    ("因公出国（境）费用为0万元。\n6月，组织3人赴德国考察职业教育。", "因公出国"),
    ("会议费0万元。\n承办全市机关事务工作会议。", "会议费"),
    ("培训费支出0万元。\n全年组织业务培训12次。", "培训费"),
    ("公务用车运行维护费0万元。\n年末公务用车保有量3辆。", "公务用车运行维护费"),
    ("公务接待费\t0\t0.00\n会议费\t1\t2\n全年接待外地来宾9批次。", "公务接待费"),
]
EXPLAINED = [
    "单位基建维修支出0万元，由区财政另行安排。\n机关食堂进行了提质改造。",
    "单位基建维修支出0万元。\n机关食堂进行了提质改造，费用由承包单位支付。",
    "基建支出0万元。\n全年完成老旧小区改造12个。",
    "基建支出0万元。\n负责机关大院的维修改造。",
    "公务接待费支出0万元。\n接待来访群众305人次。",
    "公务接待费支出0万元，没有接待来宾。",
    "公务接待费比上年增加0万元，接待来宾9批次。",
    "公务接待费预算增加0万元。\n接待来宾9批次。",
    "公务接待费支出10.0万元。\n接待来宾9批次305人次。",
    "因公出国（境）费0万元。\n赴全国先进地区考察学习。",
    "培训费0万元。\n干部参加省厅组织的培训12次。",
    "公务用车运行维护费0万元，年末公务用车保有量0辆。",
    "会议费0万元。\n召开党支部会议12次。",
]


@pytest.mark.parametrize(("text", "field"), CONTRADICTED)
def test_nothing_spent_against_much_done(text: str, field: str) -> None:
    (finding,) = examined("X2", text).findings
    assert field in finding.message
    assert (finding.left, len(finding.places) >= 2) == (Decimal(0), True)


@pytest.mark.parametrize("text", EXPLAINED)
def test_nothing_spent_and_nothing_to_wonder_at(text: str) -> None:
    assert messages("X2", text) == []


HEAD = "2018年度部门整体支出绩效自评报告\n一、基本情况\n单位共有人员41人。\n"
TAIL = "\n三、存在的问题和改进措施\n继续努力。"


def test_the_three_costs_must_be_told() -> None:
    (plain,) = messages("C1", f"{HEAD}二、收支情况\n总支出100万元。{TAIL}")
    assert plain.startswith("全文没有“三公”经费。")
    (with_guests,) = messages("C1", f"{HEAD}二、收支情况\n全年公务接待9批次，派车120趟。{TAIL}")
    assert "公务接待和公务用车" in with_guests
    (named,) = messages("C1", f"{HEAD}二、收支情况\n严格控制“三公”经费支出。{TAIL}\n再接再厉。\n再接再厉。")
    assert named.startswith("只提到“三公”经费")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}二、收支情况\n“三公”经费支出3.2万元。{TAIL}",
        f"{HEAD}二、收支情况\n公务接待费没有发生。{TAIL}",
        f"{HEAD}二、收支情况\n“三公”经费情况见附件2。{TAIL}",
        f"{HEAD}二、收支情况\n“三公”经费\t上年\t本年\n公务接待费\t3\t2{TAIL}",
        "2018年度某项目支出绩效自评报告\n一、基本情况\n二、问题\n三、措施",
        "2018年度部门整体支出绩效自评报告\n一、基本情况\n单位共有人员41人。",  # an excerpt: the rest may hold it
    ],
)
def test_the_three_costs_are_told_or_not_due(text: str) -> None:
    assert messages("C1", text) == []


def test_one_section_of_a_report_lacks_nothing() -> None:
    text = f"{HEAD}二、收支情况\n总支出100万元。{TAIL}"
    assert [messages(code, text, is_whole=False) for code in ("C1", "C3", "L2")] == [[], [], []]


def test_a_heading_that_promises_disclosure_must_keep_it() -> None:
    text = "一、基本情况\n人员41人。\n二、预决算及信息公开情况\n1.年初预算100万元。\n三、问题\n没有。"
    (finding,) = examined("C2", text).findings
    assert "信息公开" in finding.message
    assert finding.places[0].line == 3


@pytest.mark.parametrize(
    "told",
    ["预算已在区政府门户网站公布。", "已按规定公开预算和决算。", "部门决算于9月30日公示。"],
)
def test_a_promise_of_disclosure_that_is_kept(told: str) -> None:
    assert messages("C2", f"一、基本情况\n人员41人。\n二、预决算及信息公开情况\n{told}\n三、问题\n没有。") == []


def test_a_heading_of_another_kind_promises_nothing() -> None:
    assert messages("C2", "一、基本情况\n下设政务信息公开中心。\n二、收支情况\n收入100万元。") == []


def test_a_self_evaluation_has_a_score() -> None:
    assert len(messages("C3", f"{HEAD}二、绩效情况\n工作有序开展。{TAIL}")) == 1
    for told in (
        "自评得分96分。",
        "评价等级为优。",
        "评分表见附件。",
        "自评结果为“优”。",
        "项目\t分值\t得分\n产出\t50\t48",
    ):
        assert messages("C3", f"{HEAD}二、绩效情况\n{told}{TAIL}") == []


PROBLEMS = "三、问题及措施\n（一）存在的主要问题\n1.经费不足。\n2.数据收集难。\n"
MEASURES = "（二）下一步改进措施\n1.争取支持。\n"


def test_problems_and_measures_are_counted_against_each_other() -> None:
    equal = examined("C4", f"{PROBLEMS}{MEASURES}2.建立台账。")
    assert [(passed.left, passed.right) for passed in equal.passed] == [(Decimal(2), Decimal(2))]
    (fewer,) = examined("C4", f"{PROBLEMS}3.重视不够。\n{MEASURES}2.建立台账。").findings
    assert (fewer.severity, fewer.left, fewer.right) == (Severity.NOTE, Decimal(3), Decimal(2))
    more = examined("C4", f"{PROBLEMS}{MEASURES}2.建立台账。\n3.加强培训。")
    assert (more.passed, more.findings) == ((), ())


def test_problems_told_as_first_and_second_count_too() -> None:
    problems = "一、存在的问题\n一是经费不足。二是数据难收集。三是重视不够。"
    text = f"{problems}\n二、改进措施\n一是争取支持。二是建立台账。三是加强培训。"
    assert [(passed.left, passed.right) for passed in examined("C4", text).passed] == [(Decimal(3), Decimal(3))]


def test_a_section_of_problems_and_measures_together_is_not_counted() -> None:
    assert examined("C4", "三、存在的问题及改进措施\n1.经费不足。\n2.数据难收集。\n3.加强培训。").passed == ()
