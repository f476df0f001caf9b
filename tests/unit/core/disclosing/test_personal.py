"""Numbers that name a person are found by their own check digits; figures of the report are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.annexes.cells import cell, table
from perfapp.core.disclosing.personal import findings, is_account_number, is_identity_number
from perfapp.core.document import Paragraph, Text
from tests.unit.core.disclosing.samples import a_snapshot

ID = "11010519491231002X"  # the example of GB 11643-1999


def kinds(*blocks: object) -> list[tuple[str, str]]:
    return [(one.kind, one.words) for one in findings(a_snapshot(*blocks))]


def said(text: str) -> Paragraph:
    return Paragraph(content=(Text(text=text),))


def luhn(digits: str) -> str:
    """The digits with the check digit that ISO/IEC 7812 asks for."""
    total = sum(
        digit if place % 2 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(map(int, reversed(digits)))
    )
    return digits + str(-total % 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"身份证{ID}号", [("身份证号", ID)]),
        ("手机13800138000。", [("手机号", "13800138000")]),
        ("手机 138 0013 8000。", [("手机号", "138 0013 8000")]),
        ("电话0731-82212345。", [("电话", "0731-82212345")]),
        (f"账号{luhn('622202123456789012')}，", [("银行账号", luhn("622202123456789012"))]),
        ("邮箱a.b@example.cn。", [("电子邮箱", "a.b@example.cn")]),
        ("补助人员：张三丰、李四光、王五一。", [("名单", "张三丰、李四光、王五一")]),
        ("支出2,560.21万元，占95.09%，派车2160趟。", []),
        ("依据湘财绩〔2015〕15号，2018年12月31日。", []),
        ("身份证110105194912310021。", []),
        ("编号20181231000000000001。", []),
        ("金额13800138000.00元。", []),
    ],
)
def test_what_is_found_in_a_sentence(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(said(text)) == found


def test_a_column_of_names_is_found_and_its_other_columns_are_not() -> None:
    grid = table(
        [[cell("姓名", head=True), cell("金额", head=True)], [cell("张三"), cell("100")], [cell("合计"), cell("1")]]
    )
    assert kinds(grid) == [("姓名", "张三"), ("姓名", "合计")]
    assert kinds(table([[cell("名称", head=True)], [cell("张三")]])) == []


@given(st.text("0123456789", min_size=14, max_size=17))
def test_one_wrong_digit_is_no_account(digits: str) -> None:
    right = luhn(digits)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    assert not is_account_number(wrong)
    assert is_account_number(right) or len(set(right)) < 3


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_digit_is_no_identity_number(place: int) -> None:
    wrong = ID[:place] + str((int(ID[place]) + 1) % 10) + ID[place + 1 :]
    assert is_identity_number(ID)
    assert not is_identity_number(wrong)


def test_a_finding_keeps_its_mark_while_it_stands_where_it_stood() -> None:
    first, second = (findings(a_snapshot(said(f"手机13800138000。{more}")))[0].mark for more in ("", "另有说明。"))
    assert first == second
