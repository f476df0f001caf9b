"""Facts are found by what people type: names, aliases, pieces of them, first letters."""

import pytest

from perfapp.core.figures.facts import Definition
from perfapp.core.figures.finding import best, initials

LISTED = (
    Definition(key="budget", name="年初预算支出", unit="万元"),
    Definition(key="spending", name="总支出", aliases=("支出合计", "全年支出"), unit="万元"),
    Definition(key="spending-share", name="总支出占比", unit="%"),
    Definition(key="trips", name="派车趟次", aliases=("派车",), unit="趟"),
)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("总支出", ["spending", "spending-share"]),
        ("支出", ["spending", "budget", "spending-share"]),
        ("支出合计", ["spending"]),
        ("派车", ["trips"]),
        ("zzc", ["spending", "spending-share"]),
        ("ZZC", ["spending", "spending-share"]),
        ("ｐｃｔｃ", ["trips"]),
        ("总 支出", ["spending", "spending-share"]),
        ("维修", []),
        ("?", ["budget", "spending", "spending-share", "trips"]),
        ("", ["budget", "spending", "spending-share", "trips"]),
    ],
)
def test_the_closest_comes_first(query: str, keys: list[str]) -> None:
    assert [one.key for one in best(LISTED, query)] == keys


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("总支出", "zzc"),
        ("啊座", "az"),
        ("一般公共预算", "ybggys"),
        ("“三公”经费", "sgjf"),
        ("A4纸", "a4z"),
        ("㙓龘鑫", ""),
        ("芦淞区", "lq"),  # 淞 is a rare character
    ],
)
def test_first_letters(text: str, letters: str) -> None:
    assert initials(text) == letters
