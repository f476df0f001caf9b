"""Marks of printed pages, and whether a scan is complete."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.paper import PageMark, ScannedPage, problems, read_mark, spoken_pages

CODE = "0123456789ABCDEF0123"


def page(number: int | None, place: int = 1, *, report: int = 7, code: str = CODE, count: int = 3) -> ScannedPage:
    return ScannedPage("扫描.pdf", place, PageMark(report, code, number, count) if number else None)


def all_of(*pages: ScannedPage) -> list[str]:
    return problems(pages, 7, CODE, 3)


@given(st.integers(1, 10**9), st.integers(1, 9999), st.integers(1, 9999), st.sampled_from("AB"))
def test_what_is_printed_is_what_is_read(report: int, number: int, count: int, corner: str) -> None:
    mark = PageMark(report, CODE, number, count, corner)
    assert read_mark(mark.text()) == mark


@given(st.text())
def test_any_other_code_is_no_mark(text: str) -> None:
    assert read_mark(text) is None


@given(st.permutations([1, 2, 3]))
def test_in_any_order_it_is_complete(order: list[int]) -> None:
    assert all_of(*(page(number, place) for place, number in enumerate(order, start=1))) == []


@pytest.mark.parametrize(
    ("pages", "sentences"),
    [
        ([page(1), page(2)], ["缺报告第 3 页，共应有 3 页"]),
        ([page(3)], ["缺报告第 1、2 页"]),
        (
            [page(1, 1), page(2, 2), page(3, 3), page(2, 4)],
            ["报告第 2 页有 2 份：“扫描.pdf”第 2 页、“扫描.pdf”第 4 页"],
        ),
        ([page(1), page(2), page(3), page(None, 4)], ["“扫描.pdf”第 4 页没有读到页码二维码"]),
        ([page(1), page(2), page(3, report=8)], ["是另一份报告的"]),
        ([page(1), page(2), page(3, code="F" * 20)], ["另一个版本打印的"]),
        ([page(1), page(1, 2), page(None, 3)], ["没有读到", "有 2 份", "缺报告第 2、3 页"]),
        ([], ["缺报告第 1 至 3 页"]),
    ],
)
def test_what_is_wrong_is_named(pages: list[ScannedPage], sentences: list[str]) -> None:
    found = all_of(*pages)
    assert len(found) == len(sentences)
    assert all(sentence in said for sentence, said in zip(sentences, found, strict=True))


def test_runs_of_pages_are_spoken_short() -> None:
    assert spoken_pages([1, 2, 3, 7, 9, 10]) == "1 至 3、7、9、10"
