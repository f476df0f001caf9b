"""The reader of prose: what stands in a sentence is found, with its value, its unit and what it is a number of."""

from datetime import date
from decimal import Decimal

import pytest

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import Line, Manuscript, of_lines


def figures(*lines: str, year: int | None = None) -> tuple[Figure, ...]:
    manuscript = of_lines(lines, fiscal_year=year)
    found = read(manuscript)
    assert all(manuscript.quoted(figure.place) == figure.text for figure in found)
    return found


def quantities(*lines: str, year: int | None = None) -> list[Figure]:
    return [f for f in figures(*lines, year=year) if f.kind not in (Kind.LABEL, Kind.DATE)]


MONEY, PERCENT, COUNT, MEASURE = Kind.MONEY, Kind.PERCENT, Kind.COUNT, Kind.MEASURE


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind"),
    [
        ("3,417.06万元", "3417.06", "万元", MONEY),
        ("3417.06 万元", "3417.06", "万元", MONEY),
        ("3, 417. 06万元", "3417.06", "万元", MONEY),
        ("3 417.06 万元", "3417.06", "万元", MONEY),
        ("34,17.06万元", "3417.06", "万元", MONEY),
        ("3，417.06万元", "3417.06", "万元", MONEY),
        ("３，４１７．０６万元", "3417.06", "万元", MONEY),
        ("3\u00a0417.06\u3000万 元", "3417.06", "万元", MONEY),
        ("¥3,417.06", "3417.06", "元", MONEY),
        ("-12.5万元", "-12.5", "万元", MONEY),
        ("3.2亿元", "3.2", "亿元", MONEY),
        ("5千元", "5", "千元", MONEY),
        ("120万美元", "120", "万美元", MONEY),
        ("20余万元", "20", "万元", MONEY),
        ("三十五万元", "35", "万元", MONEY),
        ("两万三千元", "23000", "元", MONEY),
        ("壹万贰仟元整", "12000", "元", MONEY),
        ("3500元/月", "3500", "元/月", MONEY),
        ("95.09%", "95.09", "%", PERCENT),
        ("９５.０９％", "95.09", "%", PERCENT),
        ("6‰", "6", "‰", PERCENT),
        ("百分之五点三", "5.3", "%", PERCENT),
        ("百分之百", "100", "%", PERCENT),
        ("三成", "30", "%", PERCENT),
        ("2.3个百分点", "2.3", "百分点", Kind.POINTS),
        ("0.5 个百分点", "0.5", "百分点", Kind.POINTS),
        ("37人", "37", "人", COUNT),
        ("十二名", "12", "人", COUNT),
        ("一百二十余人", "120", "人", COUNT),
        ("百余户", "100", "户", COUNT),
        ("三次", "3", "次", COUNT),
        ("1.3万人次", "1.3", "万人次", COUNT),
        ("86家次", "86", "家次", COUNT),
        ("5000余份", "5000", "份", COUNT),
        ("1,200㎡", "1200", "平方米", MEASURE),
        ("300余平方米", "300", "平方米", MEASURE),
        ("23.5公里", "23.5", "公里", MEASURE),
        ("12.3万千瓦时", "12.3", "万千瓦时", MEASURE),
        ("35.6kWh", "35.6", "千瓦时", MEASURE),
        ("3.2万亩", "3.2", "万亩", MEASURE),
        ("92.5分", "92.5", "分", Kind.SCORE),
        ("4个月", "4", "个月", Kind.DURATION),
        ("10个工作日", "10", "工作日", Kind.DURATION),
        ("每两月一次", "1", "次/2月", Kind.FREQUENCY),
        ("每季度一次", "1", "次/季度", Kind.FREQUENCY),
        ("每周两次", "2", "次/周", Kind.FREQUENCY),
        ("2倍", "2", "倍", Kind.NUMBER),
        ("98.5", "98.5", "", Kind.NUMBER),
    ],
)
def test_forms_of_a_figure(text: str, value: str, unit: str, kind: Kind) -> None:
    (figure,) = quantities(f"本项为{text}。")
    assert (figure.text, figure.value, figure.unit, figure.kind) == (text, Decimal(value), unit, kind)


@pytest.mark.parametrize(("text", "numbers"), [("三分之一", "0.333"), ("1/3", "0.333"), ("3/4", "0.750")])
def test_fractions(text: str, numbers: str) -> None:
    (figure,) = quantities(f"完成了{text}。")
    assert figure.value is not None
    assert f"{figure.value:.3f}" == numbers


def test_a_ratio_is_one_figure_without_a_value() -> None:
    (figure,) = quantities("配套比例为1:1.2，已到位。")
    assert (figure.text, figure.value, figure.unit) == ("1:1.2", None, ":")


@pytest.mark.parametrize(
    "text",
    [
        "湘财绩〔2020〕10号",
        "鄂财函[2019] 3号",
        "见附件1、附表2和图3",
        "公开03表",
        "GB/T 9704-2012",
        "第3条、第十九届、第二批",
        "“十四五”规划、“三公”",
        "四个意识、两个维护、八项规定、五位一体",
        "一站式、一卡通、一点一滴、四大家、千方百计",
        "二级预算单位、公益一类",
        "12345热线",
        "联系电话：0731-2233445",
        "邮编 412000",
        "账号4300 1234 5678 9012",
        "统一社会信用代码12430000445176543X",
        "431202198001011234",
        "https://www.example.gov.cn/a/2019.html",
        "office365@example.cn",
        "3号楼、2号文件、502室",
        "A4、5G、PM2.5、V2.0",
        "2080505机关事业单位基本养老保险缴费支出",
        "于8:30开始",
    ],
)
def test_what_is_no_quantity_is_no_figure_to_calculate_with(text: str) -> None:
    assert quantities(f"说明：{text}。") == []


@pytest.mark.parametrize("head", ["一、", "（一）", "(2)", "1.", "2、", "（3）", "①", "1.2 ", "三是", "1)"])
def test_the_numbers_of_headings_and_items(head: str) -> None:
    found = figures(f"{head}食堂支出5.2万元。")
    assert [figure.kind for figure in found] == [Kind.LABEL, Kind.MONEY]
    assert found[1].label == "食堂支出"


def test_a_heading_runs_into_its_first_number() -> None:
    assert [f.text for f in figures("1.2018年支出3万元。")] == ["1.", "2018年", "3万元"]
    assert [f.text for f in figures("2.35家单位参加。")] == ["2.", "35家"]
    assert [f.text for f in figures("3.5万元用于维修。")] == ["3.5万元"]


def test_a_mark_that_joins_is_no_minus() -> None:
    assert [(f.text, f.value, f.unit) for f in quantities("参加50-60人，比例-5%。")] == [
        ("50", Decimal(50), "人"),
        ("60人", Decimal(60), "人"),
        ("-5%", Decimal(-5), "%"),
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2019年12月31日", [(2019, 12, 31)]),
        ("2019-12-31", [(2019, 12, 31)]),
        ("2019.3.5", [(2019, 3, 5)]),
        ("2019年3月至8月", [(2019, 3, None), (2019, 8, None)]),
        ("2018—2020年", [(2018, None, None), (2020, None, None)]),
        ("二〇一九年三月", [(2019, 3, None)]),
        ("2019年1-10月", [(2019, None, None), (2019, 1, None), (2019, 10, None)]),
        ("2019年4月1日至15日", [(2019, 4, 1), (2019, None, None)]),
    ],
)
def test_dates(text: str, parts: list[tuple[int, int | None, int | None]]) -> None:
    found = figures(f"{text}，已经办理。")
    assert {figure.kind for figure in found} == {Kind.DATE}
    days = [(figure.year, figure.month, figure.day.day if figure.day else None) for figure in found]
    assert days == parts


def test_a_full_date_is_a_day() -> None:
    (figure,) = figures("截至2019年2月28日。")
    assert figure.day == date(2019, 2, 28)
    assert figures("2019年2月30日。")[0].day is None


@pytest.mark.parametrize(
    ("sentence", "label"),
    [
        ("全年完成固定资产投资500万元。", "固定资产投资"),
        ("单位年度总收入300.5万元。", "总收入"),
        ("我局共有在职人员：37人。", "在职人员"),
        ("其中：财政拨款      120万元。", "财政拨款"),
        ("“三公”经费支出12.3万元。", "三公经费支出"),
        ("公务接待费（含外宾接待）3.2万元。", "公务接待费"),
        ("下设办公室、财务室、业务一股三个内设机构。", "内设机构"),
        ("全年组织职工开展消防演练（2次）。", "消防演练"),
        ("新建农村公路23.5公里。", "新建农村公路"),
        ("加装12盏太阳能路灯。", "太阳能路灯"),
        ("召开座谈会4次，", "座谈会"),
        ("对个人和家庭的补助60万元。", "对个人和家庭的补助"),
        ("收入总计为900万元。", "收入总计"),
        ("近1700名干部职工的就餐问题得到解决。", "干部职工"),
        ("30万元用于食堂设备更新。", "食堂设备更新"),
        ("机关运行经费支出统计数为45万元。", "机关运行经费支出统计数"),
    ],
)
def test_what_a_number_is_of(sentence: str, label: str) -> None:
    assert quantities(sentence)[0].label == label


def told(*lines: str, year: int | None = None) -> list[tuple[str, Role, str, int | None]]:
    return [(f.label, f.role, f.of, f.direction) for f in quantities(*lines, year=year)]


def test_parts_shares_and_growth_are_told_apart() -> None:
    found = quantities(
        "全年总支出300.00万元，其中基本支出240.00万元，占总支出的80%；项目支出60.00万元。较上年支出250.00万元增加20%。",
        year=2020,
    )
    assert [(f.label, f.role, f.of, f.direction, f.year) for f in found] == [
        ("总支出", Role.AMOUNT, "", None, None),
        ("基本支出", Role.AMOUNT, "", None, None),
        ("基本支出", Role.SHARE, "总支出", None, None),
        ("项目支出", Role.AMOUNT, "", None, None),
        ("上年支出", Role.AMOUNT, "", None, 2019),
        ("总支出", Role.GROWTH, "上年支出", 1, None),
    ]


def test_a_share_without_its_whole_is_of_the_total_before() -> None:
    assert told("本年收入合计800万元，其中：财政拨款收入600万元，占75%；事业收入200万元（占25%）。") == [
        ("本年收入", Role.AMOUNT, "", None),
        ("财政拨款收入", Role.AMOUNT, "", None),
        ("财政拨款收入", Role.SHARE, "本年收入", None),
        ("事业收入", Role.AMOUNT, "", None),
        ("事业收入", Role.SHARE, "本年收入", None),
    ]


def test_changes_keep_their_subject_basis_and_direction() -> None:
    assert told("会议费8万元，与上年相比，减少2万元，下降20%，主要原因是会议减少3次。") == [
        ("会议费", Role.AMOUNT, "", None),
        ("会议费", Role.CHANGE, "上年", -1),
        ("会议费", Role.GROWTH, "上年", -1),
        ("会议", Role.CHANGE, "上年", -1),
    ]
    assert told("收入较上年决算数减少9万元、减少3%，支出同比增加6万元。") == [
        ("收入", Role.CHANGE, "上年决算数", -1),
        ("收入", Role.GROWTH, "上年决算数", -1),
        ("支出", Role.CHANGE, "上年", 1),
    ]


def test_what_a_change_came_to_is_an_amount() -> None:
    assert told("资产总额由上年的120万元增加至150万元，增加30万元，增幅25%。") == [
        ("资产总额", Role.AMOUNT, "", None),
        ("资产总额", Role.AMOUNT, "", None),
        ("资产总额", Role.CHANGE, "上年", 1),
        ("资产总额", Role.GROWTH, "上年", 1),
    ]


def test_more_and_less_than_a_named_amount() -> None:
    assert told("差旅费2.9万元，比去年3.1万元少0.2万元。")[2] == ("差旅费", Role.CHANGE, "去年", -1)
    assert told("培训费3.3万元，比上年决算数多了0.4万元。")[1] == ("培训费", Role.CHANGE, "上年决算数", 1)
    assert told("基本支出总额超年初预算批复58.2万元。") == [("基本支出总额", Role.CHANGE, "年初预算批复", 1)]


def test_the_part_of_a_budget_and_what_it_is_of() -> None:
    found = quantities("公务接待费年初预算为5万元，支出决算为3.2万元，完成年初预算的64%。")
    assert [(f.label, f.subject, f.role, f.of) for f in found] == [
        ("公务接待费年初预算", "公务接待费", Role.AMOUNT, ""),
        ("支出决算", "公务接待费", Role.AMOUNT, ""),
        ("支出决算", "公务接待费", Role.RATE, "年初预算"),
    ]
    assert quantities("内容：电梯维修专项，年初预算80万元，实际支出72万元。")[1].subject == "电梯维修专项"


def test_an_account_by_its_classes() -> None:
    found = quantities("1.一般公共服务（类）政府办公厅（室）及相关机构事务（款）行政运行（项）。年初预算为500万元。")
    assert (found[0].label, found[0].subject) == ("年初预算", "行政运行")


def test_what_stands_level_has_the_direction_nought() -> None:
    (figure,) = quantities("因公出国（境）费0万元，与上年持平。")
    assert (figure.direction, figure.of) == (0, "上年")


def test_averages() -> None:
    found = quantities("截至目前派车600趟，平均每月派车达60趟，同比去年每月增长8趟左右，每月长途大约12趟。")
    assert [(f.label, f.role, f.direction) for f in found] == [
        ("派车", Role.AMOUNT, None),
        ("派车", Role.AVERAGE, None),
        ("派车", Role.CHANGE, 1),
        ("长途", Role.AVERAGE, None),
    ]
    assert found[2].qualifiers == ("截至目前", "左右")
    assert found[3].qualifiers == ("截至目前", "大约")


def test_rates_and_the_results_of_formulas() -> None:
    assert told("预算执行率为98.5%，群众满意度达到95%以上。") == [
        ("预算执行率", Role.RATE, "", None),
        ("群众满意度", Role.RATE, "", None),
    ]
    found = quantities("在职人员控制率=在职人员数/编制数×100%=49/50×100%=98%，得5分。")
    assert [(f.label, f.text) for f in found][1:] == [("在职人员控制率", "98%"), ("在职人员控制率得分", "5分")]


@pytest.mark.parametrize(
    ("text", "qualifiers"),
    [
        ("约40人", ("约",)),
        ("近1600余人", ("近", "余")),
        ("不低于95人", ("不低于",)),
        ("≥95人", ("≥",)),
        ("95人以上", ("以上",)),
        ("超过90多人", ("超过", "多")),
        ("90人", ()),
    ],
)
def test_qualifiers(text: str, qualifiers: tuple[str, ...]) -> None:
    (figure,) = quantities(f"参加的职工{text}。")
    assert (figure.qualifiers, figure.is_rough) == (qualifiers, bool({*qualifiers} - {"不低于", "≥"}))


def test_years_are_said_carried_and_reckoned() -> None:
    found = quantities("2020年培训8次，支出3万元，上年支出2万元，较2019年增长50%。今年计划支出4万元。", year=2020)
    assert [f.year for f in found] == [2020, 2020, 2019, 2020, 2020]
    assert found[3].of == "2019年"


def test_a_change_is_of_the_later_year() -> None:
    found = quantities("2021年会议费25万元，2020年为27万元，同比减少2万元。")
    assert [f.year for f in found] == [2021, 2020, 2021]
    found = quantities("用电量由2019年的52.3万千瓦时下降到2020年的48.6万千瓦时，下降7.07%。")
    assert [f.year for f in found] == [2019, 2020, 2020]


def test_the_year_of_a_reason_is_not_that_of_the_next_amount() -> None:
    found = quantities("2019年印刷费4万元，主要是2017年换发证件；邮电费2万元。主要原因是2016年购置3辆车，修理费6万元。")
    assert [f.year for f in found] == [2019, 2019, 2016, None]


def test_the_year_of_the_title_serves_where_no_cycle_says_it() -> None:
    assert quantities("某某局2021年度部门整体支出绩效自评报告", "上年支出3万元。")[0].year == 2020


def test_the_day_on_the_cover_is_not_the_year_of_the_report() -> None:
    cover = ("发布日期：2022年6月18日", "某某局2021年度部门整体支出绩效自评报告")
    assert quantities(*cover, "上年支出3万元。")[0].year == 2020


def test_a_sum_without_a_name_is_called_a_sum() -> None:
    found = quantities("办公费5万元、印刷费3万元，合计8万元，占公用经费的10%。")
    assert [f.label for f in found] == ["办公费", "印刷费", "合计", "合计"]
    assert quantities("慰问金每户1000元，共计35户。")[1].label == "慰问金"


def test_the_period_of_a_number_holds_until_the_next_is_said() -> None:
    found = quantities("上半年支出260万元，占全年预算的52%；1-9月支出400万元；全年支出500万元。")
    assert [f.qualifiers for f in found] == [("上半年",), ("上半年",), (), ("全年",)]
    assert found[1].of == "预算"


def test_the_heading_names_what_stands_under_it() -> None:
    line = Line(1, "年初预算为5万元，决算为3万元。", section="（三）公务接待费支出情况")
    assert {figure.subject for figure in read(Manuscript((line,)))} == {"公务接待费支出"}


def test_two_rates_joined_say_the_same() -> None:
    found = quantities("存贷款余额达70万元和40万元，同比增长37.8%和14.8%。")
    assert [(f.role, f.direction) for f in found[2:]] == [(Role.GROWTH, 1), (Role.GROWTH, 1)]


def test_every_word_of_chinese_counting_that_counts_nothing_is_left_alone() -> None:
    text = "这是一项浩大的工程，每一个环节都要抓好，一方面统一思想，一旦发现立即处理，进一步做到万众一心。"
    assert quantities(text) == []
    assert [f.text for f in quantities("共有一个食堂，新增一处停车场，获得两个奖项。")] == ["一个", "一处", "两个"]
