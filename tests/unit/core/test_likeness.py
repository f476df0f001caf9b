"""What is called repeated, and how that is said."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from perfapp.core.document import Document, Item, Paragraph, Text
from perfapp.core.likeness import FLOOR, Earlier, Likeness, Passage, Sameness, counts, mark, paragraphs

THEN = "2017年，公车平台共派车1980趟，平均每月165趟，行驶里程21.6万公里，保障了区四大家领导公务出行和各类重要会议用车。"
OTHER = "机关食堂严格落实食品安全责任制，每周公布菜谱，全年供应早中晚餐约九万人次，职工满意度达到百分之九十六以上。"


def like(text: str, *earlier: str) -> Likeness | None:
    found = Earlier(Passage(1, number, one) for number, one in enumerate(earlier, start=1)).like([text])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("now", "sameness"),
    [
        (THEN, Sameness.WHOLE),
        (THEN.replace("，", "， "), Sameness.WHOLE),
        (THEN.replace("1980", "2,160").replace("165", "216").replace("2017", "2018"), Sameness.ONLY_DIGITS_DIFFER),
        (THEN.replace("2017年", "二〇一八年").replace("21.6万", "２３.４万"), Sameness.ONLY_DIGITS_DIFFER),
        (THEN.replace("各类重要会议用车", "全区防汛抢险用车"), Sameness.ALIKE),
        (THEN + "其中长途八趟。", Sameness.ALIKE),
    ],
)
def test_how_a_paragraph_repeats_an_earlier_one(now: str, sameness: Sameness) -> None:
    found = like(now, OTHER, THEN)
    assert found is not None
    assert (found.earlier.number, found.sameness) == (2, sameness)
    assert (found.percent == 100) == (sameness is Sameness.WHOLE)


@pytest.mark.parametrize(
    "now",
    [
        OTHER,
        "2018年，公车平台全年没有发生责任事故。",
        "车辆老化严重，维修费用逐年上升，建议分三年更新十二台公务用车并压减租车支出，全年油耗下降百分之八。",
        "",
        "派车2160趟。",
    ],
)
def test_what_is_new_is_not_called_repeated(now: str) -> None:
    assert like(now, THEN) is None


def test_short_paragraphs_say_too_little() -> None:
    short = "派车2160趟，平均每月216趟。"
    assert not counts(short)
    assert like(short, short) is None


def test_the_most_alike_passage_is_named() -> None:
    now = THEN.replace("1980", "2160")
    found = like(now, THEN.replace("各类", "其他"), THEN, OTHER)
    assert found is not None
    assert found.earlier.number == 2


def test_the_mark_outlives_the_figures_and_nothing_else() -> None:
    assert mark(THEN) == mark(THEN.replace("1980", "2160").replace(" ", ""))
    assert mark(THEN) != mark(THEN.replace("公车", "车辆"))


def test_tables_and_drawn_labels_are_no_prose() -> None:
    document = Document(content=(Item(content=(Text(text=THEN),)), Paragraph(content=(Text(text=" 二 "),))))
    assert paragraphs(document) == [THEN, "二"]


CLAUSES = (THEN + OTHER).replace("。", "，").split("，")
texts = st.lists(st.sampled_from(CLAUSES), min_size=4, max_size=9).map("，".join)


@given(st.lists(texts, min_size=1, max_size=12), texts)
def test_the_short_cut_finds_what_a_full_comparison_finds(earlier: Sequence[str], now: str) -> None:
    """The index may only save work: what all pairs together call alike is found, nothing else is."""
    found = like(now, *earlier)
    shares = [Indel.normalized_similarity(_bare(now), _bare(one)) for one in earlier if counts(one)]
    if not counts(now) or max(shares, default=0) < FLOOR:
        assert found is None
    else:
        assert found is not None


def _bare(text: str) -> str:
    """What the module compares, said in another way: marks are equal exactly where these are."""
    out, number = [], False
    numerals = set("〇零一二三四五六七八九十百千万亿两")
    at = 0
    while at < len(text):
        run = at
        while run < len(text) and text[run] in numerals:
            run += 1
        digits = at
        if text[at].isdigit():
            while digits < len(text) and (text[digits].isdigit() or text[digits] in ",，.．:：/-"):
                digits += 1
        end = run if run - at >= 2 else digits
        number = end > at
        out.append("#" if number else text[at])
        at = end if number else at + 1
    return "".join(out)


def test_a_paragraph_moved_among_many_is_still_found() -> None:
    dice = random.Random(7)  # noqa: S311 -- no secret
    many = ["，".join(dice.choices(CLAUSES, k=9)) + "。" for _ in range(400)]
    now = many[123].replace("公车", "车辆")
    found = like(now, *many)
    assert found is not None
    assert found.share > FLOOR
