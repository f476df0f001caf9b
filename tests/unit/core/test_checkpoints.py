"""Looking back in mid-year: what an answer lacks, what the year's end must answer, and how the months add up."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.checkpoints import Answer, Foreseen, Outlook, Period, added_up, foreseen, pace
from perfapp.core.figures.facts import Definition, Sheet

D = Decimal
REACH, RISK, MISS = Outlook.REACH, Outlook.RISK, Outlook.MISS
WORDS = {"reason": "工程晚开工一个月", "measure": "增加一个班组"}


@pytest.mark.parametrize(
    ("answer", "lacks"),
    [
        (Answer(), "完成情况"),
        (Answer("1,080趟"), "全年能否完成"),
        (Answer("1,080趟", REACH), ""),
        (Answer("40%", RISK), "原因"),
        (Answer("40%", MISS, reason="慢了"), "原因"),
        (Answer("40%", MISS, reason=WORDS["reason"]), "措施"),
        (Answer("40%", RISK, **WORDS), ""),
        (Answer("", REACH), "完成情况"),
    ],
)
def test_what_an_answer_lacks(answer: Answer, lacks: str) -> None:
    assert lacks in answer.lacks
    assert bool(answer.lacks) == bool(lacks)


def test_the_last_word_of_the_year_counts() -> None:
    said = [
        (Period.THIRD_QUARTER, "trips", Answer("1,600趟", REACH)),
        (Period.HALF, "trips", Answer("900趟", RISK, **WORDS)),
        (Period.FIRST_QUARTER, "repairs", Answer("0项", REACH)),
        (Period.HALF, "repairs", Answer("1项", MISS, **WORDS)),
        (Period.THIRD_QUARTER, "repairs", Answer("2项")),  # said nothing of the year: the doubt of the half stands
    ]
    assert foreseen(said) == {"repairs": Foreseen(Period.HALF, MISS, WORDS["reason"])}
    assert foreseen(reversed(said)) == foreseen(said)


def test_the_period_ends_with_its_quarter() -> None:
    assert [one.ends_on(2018) for one in Period] == [date(2018, 3, 31), date(2018, 6, 30), date(2018, 9, 30)]


amounts = st.dictionaries(
    st.tuples(st.sampled_from(["trips", "cost"]), st.integers(1, 12).map("{:02}".format)),
    st.decimals(0, 10**6, places=2),
)


@given(amounts, st.sampled_from(Period))
def test_months_are_added_only_where_each_is_known(months: dict[tuple[str, str], Decimal], period: Period) -> None:
    definitions = [Definition(key=key, name=key, unit="次") for key in ("trips", "cost", "people")]
    so_far = added_up(Sheet(definitions, {"people": D(41)}, {}), months, period)
    assert so_far.amount("people") is None
    for key in ("trips", "cost"):
        wanted = [months.get((key, f"{month:02}")) for month in range(1, period.months + 1)]
        known = [one for one in wanted if one is not None]
        assert so_far.amount(key) == (sum(known, D(0)) if len(known) == len(wanted) else None)


@pytest.mark.parametrize(
    ("spent", "budget", "sentence"),
    [
        (D(40), D(100), "时间已过 50%，预算支出 40.00%，慢于时间进度 10.00 个百分点。"),
        (D(61), D(100), "时间已过 50%，预算支出 61.00%，快于时间进度 11.00 个百分点。"),
        (D(50), D(100), "时间已过 50%，预算支出 50.00%，与时间进度相同。"),
        (None, D(100), "时间已过 50%，没有逐月支出，算不出预算进度。"),
        (D(40), D(0), "时间已过 50%，没有逐月支出，算不出预算进度。"),
        (D(40), None, "时间已过 50%，没有逐月支出，算不出预算进度。"),
    ],
)
def test_money_beside_time(spent: Decimal | None, budget: Decimal | None, sentence: str) -> None:
    assert pace(Period.HALF, spent, budget).sentence == sentence
