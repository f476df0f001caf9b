"""Stages in working days, reminders, and the rungs of escalation."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.deadlines import LADDER, Reminding, after_return, every_day, is_to_remind, resolve, rung, term
from perfapp.core.errors import Invalid
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar
from perfapp.data.calendars import shipped

CALENDAR = Calendar.of(shipped())
FRIDAY = date(2019, 4, 26)  # Sunday 28 April is worked; 1 to 4 May are off; Sunday 5 May is worked


def test_stages_follow_one_another_over_the_holidays() -> None:
    due = resolve({"draft": FRIDAY}, {"review": 2, "check": 3, "deliver": 1}, CALENDAR)
    assert due == {
        "draft": FRIDAY,
        "review": date(2019, 4, 29),
        "check": date(2019, 5, 6),
        "deliver": date(2019, 5, 7),
    }


@pytest.mark.parametrize(
    ("days", "after", "field", "sentence"),
    [
        ({}, {"review": 2}, "review_after", "须先填前面阶段的日期"),
        ({"draft": FRIDAY, "review": FRIDAY}, {"review": 2}, "review_after", "只填一个"),
        ({"draft": FRIDAY, "review": FRIDAY - timedelta(days=1)}, {}, "review", "早于“编写提交”"),
        ({"draft": FRIDAY, "check": FRIDAY}, {"review": 1}, "check", "早于“科室审核”"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    days: dict[str, date], after: dict[str, int], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refusal:
        resolve(days, after, CALENDAR)
    assert refusal.value.field == field


@given(st.dictionaries(st.sampled_from(list(STAGES)[1:]), st.integers(1, 30)))
def test_resolved_stages_are_in_order_and_as_far_apart_as_asked(after: dict[str, int]) -> None:
    due = resolve({"draft": FRIDAY}, after, CALENDAR)
    ordered = [due[stage] for stage in STAGES if stage in due]
    assert ordered == sorted(ordered)
    asked = [after[stage] for stage in STAGES if stage in after]
    assert [CALENDAR.between(a, b) for a, b in pairwise(ordered)] == asked


@pytest.mark.parametrize(
    ("today", "due_on", "reminded"),
    [
        (date(2019, 4, 24), date(2019, 4, 29), False),  # four working days: 25, 26, 28, 29
        (date(2019, 4, 25), date(2019, 4, 29), True),
        (date(2019, 4, 29), date(2019, 4, 29), True),
        (date(2019, 4, 30), date(2019, 4, 29), True),
        (date(2019, 5, 1), date(2019, 4, 29), False),  # nobody is reminded on a holiday
        (date(2019, 4, 27), date(2019, 4, 29), False),  # nor on a free Saturday
        (date(2019, 4, 28), date(2019, 4, 29), True),  # but on a worked Sunday
    ],
)
def test_reminded_from_three_working_days_before(today: date, due_on: date, reminded: bool) -> None:
    assert is_to_remind(CALENDAR, today, due_on, Reminding()) is reminded


@pytest.mark.parametrize(
    ("late_until", "after", "rungs"),
    [
        (FRIDAY, 3, 0),
        (date(2019, 4, 29), 3, 0),
        (date(2019, 4, 30), 3, 1),  # 28, 29, 30
        (date(2019, 5, 7), 3, 2),  # and 5, 6, 7 of May
        (date(2019, 5, 7), 1, 6),
        (date(2019, 6, 28), None, 0),
    ],
)
def test_a_rung_for_every_so_many_working_days(late_until: date, after: int | None, rungs: int) -> None:
    assert rung(CALENDAR, late_until, FRIDAY, Reminding(escalate_after=after)) == rungs


def test_every_stage_has_a_ladder() -> None:
    assert LADDER.keys() == STAGES.keys()


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2019, 4, 25), "还有 1 个工作日"),
        (FRIDAY, "今天截止"),
        (date(2019, 4, 27), "已过期，尚未满 1 个工作日"),
        (date(2019, 4, 29), "已逾期 2 个工作日"),
    ],
)
def test_days_left_in_words(today: date, said: str) -> None:
    assert term(CALENDAR, today, FRIDAY).words == said


def test_what_is_late_is_late_by_its_date_also_on_a_weekend() -> None:
    weekend = term(CALENDAR, date(2019, 4, 27), FRIDAY)
    assert (weekend.is_late, weekend.left) == (True, 0)
    assert not term(CALENDAR, FRIDAY, FRIDAY).is_late


@pytest.mark.parametrize(
    ("returned_on", "today", "late", "excused", "said"),
    [
        (FRIDAY, date(2019, 4, 29), False, True, "原期限已过"),
        (date(2019, 5, 6), date(2019, 5, 9), False, True, "原期限已过"),
        (date(2019, 5, 6), date(2019, 5, 10), True, False, "已逾期 9 个工作日"),
        (date(2019, 4, 22), FRIDAY, False, False, "今天截止"),
    ],
)
def test_what_was_sent_back_is_late_only_three_working_days_after(
    returned_on: date, today: date, late: bool, excused: bool, said: str
) -> None:
    left = after_return(CALENDAR, term(CALENDAR, today, FRIDAY), returned_on)
    assert (left.is_late, left.is_excused, left.words) == (late, excused, said)


def test_what_a_law_counts_in_days_is_said_in_days_of_the_calendar() -> None:
    before, after = every_day(date(2019, 4, 6), FRIDAY), every_day(date(2019, 4, 29), FRIDAY)
    assert (before.words, after.words) == ("还有 20 个自然日", "已逾期 3 个自然日")
