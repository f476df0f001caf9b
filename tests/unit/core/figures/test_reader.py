"""The reader: what stands in a sentence is found, with its value, its unit and what it is a number of."""

from decimal import Decimal

import pytest

from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import of_lines


def quantities(*lines: str, year: int | None = None) -> list[Figure]:
    manuscript = of_lines(lines, fiscal_year=year)
    found = read(manuscript)
    assert all(manuscript.quoted(figure.place) == figure.text for figure in found)
    return [figure for figure in found if figure.kind not in (Kind.LABEL, Kind.DATE)]


@pytest.mark.parametrize(
    ("text", "value", "unit", "kind"),
    [
        ("2,560.21万元", "2560.21", "万元", Kind.MONEY),
        ("2560.21 万元", "2560.21", "万元", Kind.MONEY),
        ("2, 560. 21万元", "2560.21", "万元", Kind.MONEY),
        ("2 560.21 万元", "2560.21", "万元", Kind.MONEY),
        ("２，５６０．２１万元", "2560.21", "万元", Kind.MONEY),
        ("95.09%", "95.09", "%", Kind.PERCENT),
        ("９５.０９％", "95.09", "%", Kind.PERCENT),
        ("120万美元", "120", "万美元", Kind.MONEY),
        ("3亿元", "3", "亿元", Kind.MONEY),
        ("2.3个百分点", "2.3", "百分点", Kind.POINTS),
        ("41人", "41", "人", Kind.COUNT),
        ("一百二十余人", "120", "人", Kind.COUNT),
        ("十二名", "12", "人", Kind.COUNT),
        ("百分之五", "5", "%", Kind.PERCENT),
        ("每两月一次", "1", "次/2月", Kind.FREQUENCY),
        ("4个月", "4", "个月", Kind.DURATION),
        ("92.5分", "92.5", "分", Kind.SCORE),
        ("1,200㎡", "1200", "平方米", Kind.MEASURE),
    ],
)
def test_forms_of_a_figure(text: str, value: str, unit: str, kind: Kind) -> None:
    (figure,) = quantities(f"本项为{text}。")
    assert (figure.text, figure.value, figure.unit, figure.kind) == (text, Decimal(value), unit, kind)


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
