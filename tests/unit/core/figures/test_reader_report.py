"""The reader on a whole report: every figure that stands in it, in order, with value, unit and name."""

from decimal import Decimal
from pathlib import Path

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import of_lines

REPORT = Path(__file__).parents[3] / "data" / "report-2018.txt"
QUANTITIES = """
三个 3 个 院子
41人 41 人 人员
23人 23 人 在职人员
18人 18 人 退休人员
五个 5 个 职能科室
1,991.04万元 1991.04 万元 年初预算资金
2,560.21万元 2560.21 万元 总收入
2,559.70万元 2559.70 万元 财政拨款
0.51万元 0.51 万元 其他收入
2,560.21万元 2560.21 万元 总支出
2,434.62_万元 2434.62 万元 基本支出
95.09% 95.09 % 基本支出
125.59_万元 125.59 万元 项目支出
4.91% 4.91 % 项目支出
2,040.26万元 2040.26 万元 上年支出
25.48% 25.48 % 总支出
0万元 0 万元 基建维修支出
1个 1 个 年初预算专项资金
1,658.78万元 1658.78 万元 年初预算
1,447.45万元 1447.45 万元 实际支出
4个月 4 个月 历时
五个 5 个 特色档口
90多个 90 个 菜
1600余种 1600 种 饮料
每两月一次 1 次/2月 食堂考核
31家 31 家 单位
73项 73 项 建议
5栋 5 栋 宿舍楼
8盏 8 盏 照明灯
2160趟 2160 趟 派车
216趟 216 趟 派车
80趟 80 趟 派车
40趟 40 趟 长途
2个 2 个 金奖
1个 1 个 铜奖
9批次 9 批次 接待来宾
305人次 305 人次 接待来宾
4次 4 次 物业考核
8次 8 次 消防培训
2次 2 次 消防演习
32次 32 次 安服培训
12次 12 次 会务培训
6次 6 次 机电培训
每年更新一次 1 次/年 操作手册
"""
DATES = """
2018年度 2018年12月31日 2017年3月 2018年 2018年 3月1日 3月份 8月份 2018年5月 3月26日
4月17日 2018年 9月18日 2018年 9月17日 2018年
"""


def test_every_quantity_of_the_report_is_read_and_named() -> None:
    manuscript = of_lines(REPORT.read_text(encoding="utf-8").splitlines())
    found = [figure for figure in read(manuscript) if figure.kind not in (Kind.LABEL, Kind.DATE)]
    wanted = [line.split(" ") for line in QUANTITIES.strip().splitlines()]
    assert [figure.text for figure in found] == [text.replace("_", " ") for text, *_ in wanted]
    for figure, (_, value, unit, name) in zip(found, wanted, strict=True):
        assert (figure.value, figure.unit) == (Decimal(value), unit)
        assert name in figure.label


def test_every_date_of_the_report_is_read() -> None:
    manuscript = of_lines(REPORT.read_text(encoding="utf-8").splitlines())
    assert [figure.text for figure in read(manuscript) if figure.kind is Kind.DATE] == DATES.split()


def test_every_digit_of_the_report_belongs_to_a_figure() -> None:
    manuscript = of_lines(REPORT.read_text(encoding="utf-8").splitlines())
    covered = {(f.place.line, at) for f in read(manuscript) for at in range(f.place.start, f.place.end)}
    for line in manuscript.lines:
        assert all((line.number, at) in covered for at, mark in enumerate(line.text) if mark in "0123456789")


def test_what_the_sentences_say_of_the_figures() -> None:
    manuscript = of_lines(REPORT.read_text(encoding="utf-8").splitlines())
    by_text = {figure.text: figure for figure in read(manuscript)}
    assert (by_text["95.09%"].of, by_text["25.48%"].of, by_text["25.48%"].direction) == ("总支出", "上年支出", 1)
    assert by_text["2,040.26万元"].year == 2017
    assert by_text["1,658.78万元"].subject == by_text["1,447.45万元"].subject == "机关运转专项"
    assert by_text["1600余种"].qualifiers == ("近", "余")
    assert by_text["80趟"].qualifiers == ("截止当前", "左右")
