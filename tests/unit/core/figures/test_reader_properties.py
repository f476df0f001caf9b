"""Properties of the reader: what is written is read back; no text breaks it; time grows with the text and no faster."""

import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reader import read
from perfapp.core.manuscript import CellText, Line, LineKind, Manuscript, Place, TableText, of_lines

FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
UNITS = ["元", "千元", "万元", "亿元", "%", "个百分点", "人", "次", "趟", "批次", "人次", "平方米", "公里", "台", "分"]
NAMES = {"个百分点": "百分点"}
LABELS = ["基本支出", "项目支出", "公务接待费", "在职人员", "派车总数", "维修面积", "办公设备", "会议费", "三公经费"]
COPULAS = ["", "为", "共", "达", "合计", "是", "共计", "：", "达到"]
PIECES = "1|,| |1,|1 |123,|1 , |1.|1、|a|a.|a1|http:|比上年|占|的|(|一|每月".split("|")  # noqa: SIM905
SIGNS = "0123456789０１,，.．%％万亿元人次年月日一二三十百第每占较增加约(（）)〔〕-—~/:： \t的"
ENDS = ["。", "，", "；", "、", "）", "", "。其中", "，用于日常工作"]
amounts = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2, allow_nan=False) | st.integers(
    0, 10**8
).map(Decimal)


@given(
    amount=amounts,
    unit=st.sampled_from(UNITS),
    grouped=st.booleans(),
    space=st.sampled_from(["", " ", "  ", "\u3000", "\u00a0"]),
    wide=st.booleans(),
    label=st.sampled_from(LABELS),
    copula=st.sampled_from(COPULAS),
    end=st.sampled_from(ENDS),
)
@settings(max_examples=400, deadline=None)
def test_an_amount_is_read_back_as_it_is_written(
    amount: Decimal, unit: str, grouped: bool, space: str, wide: bool, label: str, copula: str, end: str
) -> None:
    digits = f"{amount:,}" if grouped else f"{amount}"
    printed = f"{digits.translate(FULL_WIDTH) if wide else digits}{space}{unit}"
    (figure, *others) = [f for f in read(of_lines([f"{label}{copula}{printed}{end}"])) if f.kind is not Kind.LABEL]
    assert others == []
    assert (figure.text, figure.value, figure.unit) == (printed, amount, NAMES.get(unit, unit))
    assert figure.decimals == (2 if "." in digits else 0)
    assert figure.label == label


PARTS = st.tuples(st.sampled_from(LABELS), st.integers(1, 10**6), st.sampled_from(["万元", "人", "次"]))


@settings(deadline=None)
@given(parts=st.lists(PARTS, min_size=2, max_size=8), mark=st.sampled_from("、，；"))
def test_a_list_of_figures_keeps_their_order_and_their_names(parts: list[tuple[str, int, str]], mark: str) -> None:
    text = mark.join(f"{label}{Decimal(number) / 100:.2f}{unit}" for label, number, unit in parts)
    found = [figure for figure in read(of_lines([text + "。"])) if figure.kind is not Kind.LABEL]
    assert [(f.label, f.unit, f.value) for f in found] == [
        (label, unit, Decimal(number) / 100) for label, number, unit in parts
    ]


@given(text=st.text(max_size=200) | st.text(alphabet=SIGNS, max_size=120))
@settings(max_examples=600, deadline=None)
def test_no_text_breaks_the_reader_and_every_place_is_exact(text: str) -> None:
    line = Line(7, text)
    found = read(Manuscript((line,), fiscal_year=2020))
    places = [figure.place for figure in found]
    assert places == sorted(places)
    assert all(one.end <= other.start for one, other in pairwise(places))
    assert all(
        text[place.start : place.end] == figure.text and figure.text
        for place, figure in zip(places, found, strict=True)
    )


@settings(deadline=None)
@given(text=st.text(alphabet="0123456789,.万元人\t 项目合计一、", max_size=80))
def test_rows_of_an_unknown_table_are_safe_too(text: str) -> None:
    line = Line(1, text, LineKind.ROW)
    assert all(line.text[f.place.start : f.place.end] == f.text for f in read(Manuscript((line,))))


TEXTS = "|项目|决算数（万元）|12.5|≥95%|其中：办公费|人数|3|单位：元|培训3次，满意率98%".split("|")  # noqa: SIM905
SPANS = st.tuples(st.integers(1, 50), st.integers(1, 50))


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(st.tuples(st.sampled_from(TEXTS), SPANS), min_size=1, max_size=5), min_size=1, max_size=6),
    caption=st.sampled_from(["", "单位：万元", "基础数据表"]),
)
def test_no_table_breaks_the_reader(rows: list[list[tuple[str, tuple[int, int]]]], caption: str) -> None:
    """Also one whose merged cells lie over others or reach beyond its edges: every number of every cell is read."""
    cells: list[CellText] = []
    lines: list[Line] = []
    for row, entries in enumerate(rows):
        start = 0
        for column, (text, (down, across)) in enumerate(entries):
            cells.append(CellText(text, row, column, Place(row + 1, start, start + len(text)), down, across))
            start += len(text) + 1
        lines.append(Line(row + 1, "\t".join(text for text, _ in entries), LineKind.ROW))
    table = TableText(tuple(cells), len(rows), max(map(len, rows)), caption)
    whole = Manuscript(tuple(lines), (table,), fiscal_year=2020)
    found = read(whole)
    assert all(whole.quoted(figure.place) == figure.text for figure in found)
    texts = [text for entries in rows for text, _ in entries]
    numbers = sum({"12.5": 1, "≥95%": 1, "3": 1, "培训3次，满意率98%": 2}.get(text, 0) for text in texts)
    assert len(found) == numbers


@pytest.mark.parametrize("piece", PIECES)
def test_a_hostile_line_takes_no_longer_than_its_length(piece: str) -> None:
    """200,000 characters of one piece: seconds at most on any machine, where backtracking would take hours."""
    text = (piece * 200_000)[:200_000]
    begun = time.perf_counter()
    read(of_lines([text]))
    assert time.perf_counter() - begun < 10
