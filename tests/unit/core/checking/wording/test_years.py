"""X3 years of another report, W5 one cut-off date."""

import pytest

from tests.unit.core.checking.examining import messages, quoted

TITLE = "2018年度部门整体支出绩效自评报告\n本单位2018年工作有序开展，2018年支出正常。\n"
LEFTOVER = [
    ("二、2016年度部门支出情况", "2016年"),
    ("2019年度决算收支情况", "2019年"),
    ("我单位2016年度部门整体支出管理规范。", "2016年"),
    ("2017年度部门整体支出绩效自评得分95分。", "2017年"),
    ("2017年“三公”经费支出决算同比下降的主要原因是厉行节约。", "2017年"),
    ("2017年度部门整体支出较上年减少。", "2017年"),
    ("截至2016年12月31日，单位共有人员41人。", "2016年"),
    ("截至2019年12月31日，共有在职人员23人。", "2019年"),
    ("2017年共举办培训班12期，培训人员860人次。", "2017年"),
    ("（三）工作成效。2017年全年共受理案件320件，办结率100%。", "2017年"),
    ("2017年度，我局累计开展检查46次，查处案件12件。", "2017年"),
]
MEANT = [
    "2017年支出同比下降3%，2018年又下降2%。",
    "与2017年支出同比下降3%。",
    "于2017年3月制定了内部控制手册。",
    "单位成立于2016年，2015年更名。",
    "根据湘财绩〔2015〕15号文件和《2016年度部门预算编制办法》开展工作。",
    "“十三五”期间，2016年启动的管网改造项目已完工。",
    "使用2016年度结转的项目支出12万元。",
    "2016年度至2018年度部门支出逐年下降。",
    "三、2019年工作计划",
    "已编制2019年度部门预算。",
    "（二）2016年以来制度建设情况",
    "2016年度的审计问题已整改，涉及项目支出3万元。",
    "关于开展2017年度部门整体支出绩效自评的通知已转发。",
    "报告日期：2019年4月12日",
    "2017年收入12万元，2018年收入13万元。",
    "截至2019年4月底，问题已全部整改。",
    "2017年共举办培训班12期，2018年共举办15期。",
    "2017年共举办培训班12期，培训860人次。今年共举办15期，培训910人次。",
    "2018年共举办培训班15期。2017年共举办12期。",
    "较2017年增加5万元。",
    "截至2017年底实有人数20人。",
    "2017年12月立项的工程竣工。",
    "2017年12月共举办培训班2期。",
    "2017年全年共拨付的资金已结转。",
    "2017年共举办培训班12期，比上年多3期。",
    "依据《2017年部门预算管理办法》（财预〔2017〕12号）共出台制度5项。",
    "2017年共立项的3个项目于当年完工。",
]


@pytest.mark.parametrize(("line", "seen"), LEFTOVER)
def test_a_year_of_another_report_is_asked_about(line: str, seen: str) -> None:
    assert quoted("X3", TITLE + line) == [[seen]]


@pytest.mark.parametrize("line", MEANT)
def test_a_year_that_is_meant_is_left_alone(line: str) -> None:
    assert messages("X3", TITLE + line) == []


def test_without_a_year_of_the_report_nothing_is_said() -> None:
    assert messages("X3", "2016年度部门支出情况", year=None) == []


def test_when_the_text_is_mostly_of_the_other_year_it_is_ours_that_is_doubtful() -> None:
    text = "2016年度部门支出情况\n2016年收入12万元。\n2016年支出12万元。"
    assert messages("X3", text) == []


TWO_CUT_OFFS = [
    "截止当前派车2160趟。\n全年共接待来宾9批次305人次。",
    "截至目前，已完成培训32次。\n截至2018年12月31日，共有人员41人。",
    "截至11月底，已巡查312处。\n全年处置隐患56处。",
    "截至2018年10月31日，支出120万元。全年收入200万元。",
]
ONE_CUT_OFF = [
    "截至2018年12月31日，共有人员41人。\n全年接待9批次。",
    "截至目前，问题已全部整改。\n全年接待9批次。",
    "截止当前派车2160趟。",
    "2018年6月底前完成3项任务。全年接待9批次。",
    "截至2019年3月底，已整改5项。全年接待9批次。",
    "截至6月底前，应完成50%。全年接待9批次。",
]


@pytest.mark.parametrize("text", TWO_CUT_OFFS)
def test_a_part_of_the_year_beside_the_whole_is_two_cut_offs(text: str) -> None:
    (said,) = messages("W5", text)
    assert "两个统计截止时间" in said


@pytest.mark.parametrize("text", ONE_CUT_OFF)
def test_one_cut_off_is_fine(text: str) -> None:
    assert messages("W5", text) == []
