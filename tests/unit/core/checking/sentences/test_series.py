"""Several numbers told in one breath: of several kinds, several items, several days; and what is only ranked."""

from decimal import Decimal

import pytest

from perfapp.core.checking.findings import Severity
from tests.unit.core.checking.sentences.judging import judged

CASES = (
    "全年受理案件1200件、审结1120件，其中刑事案件受理300件、审结280件，民事案件受理700件、审结650件，"
    "行政案件受理200件、审结190件。"
)
POSTS = "核定编制60名，实有55人，其中行政编制30名、实有28人，事业编制25名、实有23人，工勤编制5名、实有4人。"
RATES = (
    "人员经费、公用经费、专项经费预算分别为500.00万元、200.00万元、80.00万元，"
    "实际支出分别为450.00万元、190.00万元、76.40万元，执行率分别为90.00%、95.00%和95.50%。"
)
SCORES = (
    "投入指标满分20分，得19.39分；过程指标满分20分，得18分；产出指标满分30分，得29分；效益指标满分30分，得28.5分。"
    "综合得分94.89分。"
)
PLANS = (
    "化肥、农药、种子计划分别为3200吨、480吨、260吨，实际完成分别为3360吨、456吨、260吨，完成率分别为105%、95%、100%。"
)
BELOW = (
    "三、项目支出明细\n"
    "1.护理外包826.40万元；\n2.设备更新385.29万元；\n3.膳食补贴312.80万元。\n以上三项共计1524.49万元。"
)
THREE = "2015年支出总计486.72万元，人员支出168.30万元，公用支出32.16万元，项目支出286.26万元。"
OF_ONE = (
    "2017年总支出6795.48万元。\n总收入6842.35万元，结余46.87万元。\n人员支出3486.20万元，占总支出的51.30%；"
    "节目制作1926.40万元，占28.35%；设备购置724.36万元，占10.66%。"
)
DAYS = "全年开放310天，接待读者93155人次，日均接待300.5人次。"

HOLDS = [
    ("M8", CASES, ["1200", "1120"]),
    ("M8", POSTS, ["55"]),
    ("M8", "查处违法案件86件，罚款43.5万元，其中食品类31件、罚款20.2万元，药品类55件、罚款23.3万元。", ["86", "43.5"]),
    ("P4", RATES, ["90.00", "95.00", "95.50"]),
    ("P4", PLANS, ["105", "95", "100"]),
    ("M8", BELOW, ["1524.49"]),
    ("M1", THREE, ["486.72"]),
    ("P1", OF_ONE, ["51.30", "28.35", "10.66"]),
    ("G9", SCORES, ["94.89"]),
    ("G9", "一、投入（满分40分，得38分）\n二、产出（满分60分，得57.5分）\n自评总分95.5分。", ["95.5"]),
    ("W1", DAYS, ["93155"]),
    ("W1", "食堂全年供餐250天，供餐20500人次，平均每天82人次。", ["20500"]),
]
FAILS = [
    ("M8", CASES.replace("审结650件", "审结640件"), "1120", "1110"),
    ("M8", CASES.replace("1200件", "1500件"), "1500", "1200"),
    ("M8", POSTS.replace("实有23人", "实有22人"), "55", "54"),
    ("P4", RATES.replace("95.00%", "96.00%"), "96.00", "95"),
    ("P4", RATES.replace("76.40", "73.40"), "95.50", "91.75"),
    ("P4", PLANS.replace("456吨", "426吨"), "95", "88.75"),
    ("M8", BELOW.replace("385.29", "335.29"), "1524.49", "1474.49"),
    ("M1", THREE.replace("32.16", "38.16"), "486.72", "492.72"),
    ("P1", OF_ONE.replace("占10.66%", "占16.66%"), "16.66", "10.6594"),
    ("G9", SCORES.replace("19.39分", "18.39分"), "94.89", "93.89"),
    ("G9", SCORES.replace("94.89分", "94.99分"), "94.99", "94.89"),
    ("W1", DAYS.replace("93155", "98155"), "98155", "93155"),
    ("W1", DAYS.replace("300.5", "320.5"), "93155", "99355"),
]
SILENT = [
    # a rank is no total, and those that have it are no parts
    ("M8", "卫生支出80万元、文化支出40万元，在各项支出中位列二三，分别为80万元、40万元。"),
    ("M8", "甲股得分95分、乙股得分93分，居前两位，分别为95分、93分，丙股91分，丁股89分。"),
    ("M8", "教育支出120万元、卫生支出80万元、文化支出40万元，位列二三，分别为A类80万元、B类40万元。"),
    # 其中 tells some kinds only: neither column adds up
    ("M8", "受理案件1200件、审结1120件，其中重大案件受理30件、审结28件，涉外案件受理7件、审结6件。"),
    ("M8", BELOW.replace("385.29", "335.29").replace("以上三项", "以上两项")),
    ("M8", BELOW.replace("385.29", "335.29").replace("以上三项共计", "全部项目共计")),
    ("M1", "基本支出200.46万元，人员支出168.30万元，公用支出32.16万元，项目支出286.26万元。"),
    ("P1", OF_ONE.replace("占10.66%", "较上年占比提高到16.66%")),
    # the kinds are told of something else
    ("M8", "全年收文860件、发文412件，其中上级来文210件、下级请示95件，督办36件。"),
    ("P4", "三个项目预算分别为50万元、20万元、30万元，支出分别为50万元、20万元、30万元，满意度分别为90%、95%、93%。"),
    ("P4", "甲、乙两个项目支出分别为50万元、20万元，完成率分别为90%、95%。"),
    ("G9", "投入指标满分20分，得19分；过程指标满分20分，得18分。其余指标见附表。综合得分95分。"),
    ("G9", "产出指标满分50分，得49分，其中数量指标满分20分，得20分，质量指标满分30分，得29分。综合得分96分。"),
    ("W1", "全年开放310天，接待读者93155人次，节假日日均接待860人次。"),
    ("W1", "举办书展12天，全年接待读者93155人次，日均接待300人次。"),
    ("W1", "单日最高接待3200人次，日均接待300人次，全年接待93155人次。"),
]


@pytest.mark.parametrize(("code", "text", "sides"), HOLDS)
def test_what_is_told_in_a_series_is_held_against_its_own(code: str, text: str, sides: list[str]) -> None:
    verdict = judged(code, text)
    assert verdict.findings == ()
    told = {side for passed in verdict.passed for side in (passed.left, passed.right)}
    assert {Decimal(side) for side in sides} <= told


@pytest.mark.parametrize(("code", "text", "said", "should"), FAILS)
def test_a_wrong_digit_in_a_series_must_be_explained(code: str, text: str, said: str, should: str) -> None:
    (finding,) = [finding for finding in judged(code, text).findings if finding.severity is not Severity.NOTE]
    assert (finding.left, round(finding.right or Decimal(0), 6)) == (Decimal(said), Decimal(should))


@pytest.mark.parametrize(("code", "text"), SILENT)
def test_what_only_looks_like_a_series_is_left_alone(code: str, text: str) -> None:
    assert judged(code, text, year=2022).findings == ()
