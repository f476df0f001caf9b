"""Signs that only adorn a name are no part of it."""

import pytest

from perfapp.core.figures.reader import read
from perfapp.core.manuscript import of_lines


@pytest.mark.parametrize("sign", ["@@", "★", "☆", "●", "■", "◆", "▲", "△", "※", "#", "*", "•"])
def test_a_name_is_read_without_the_sign_before_it(sign: str) -> None:
    (figure,) = read(of_lines([f"{sign}项目支出 2,560.21万元。"], fiscal_year=2022))
    assert (figure.label, figure.text) == ("项目支出", "2,560.21万元")
