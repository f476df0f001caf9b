"""Working days by the notices that ship, and the notice as a person pastes it."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfapp.core.errors import Invalid
from perfapp.core.holiday_notice import read_notice
from perfapp.core.working_days import Calendar, CalendarYear, Holiday
from perfapp.data.calendars import shipped

CALENDAR = Calendar.of(shipped())
DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))
NOTICE_2026 = """各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
国务院办公厅
2025年11月4日"""


@pytest.mark.parametrize("year", shipped(), ids=lambda year: str(year.year))
def test_every_shipped_year_is_a_possible_notice(year: CalendarYear) -> None:
    assert year.problems() == []


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2018, 2, 11), True),  # a Sunday worked for 春节
        (date(2018, 2, 16), False),
        (date(2018, 12, 29), True),  # by the notice of the year after
        (date(2018, 12, 31), False),
        (date(2019, 5, 3), False),  # by the second notice of 2019
        (date(2020, 2, 1), False),  # a working Saturday until the holidays were prolonged
        (date(2024, 2, 9), True),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2030, 10, 1), True),  # nothing is known of 2030 but its weekends
    ],
)
def test_holidays_and_days_worked_instead(day: date, is_working: bool) -> None:
    assert CALENDAR.is_working(day) is is_working


@given(first=DAYS, last=DAYS)
def test_the_days_between_are_counted_one_by_one(first: date, last: date) -> None:
    low, high = min(first, last), max(first, last)
    one_by_one = sum(CALENDAR.is_working(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert CALENDAR.between(first, last) == (one_by_one if first <= last else -one_by_one)


def test_a_date_that_is_far_away_is_counted_at_once() -> None:
    assert CALENDAR.between(date(2019, 1, 1), date(9999, 12, 31)) > 2_000_000


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2019, 3, 15), 1, date(2019, 3, 18)),  # Friday to Monday
        (date(2019, 4, 30), 1, date(2019, 5, 5)),  # over 劳动节 to the Sunday that is worked
        (date(2019, 9, 27), 3, date(2019, 10, 8)),  # Sunday 29th and Monday 30th are worked, then a week is off
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
    ],
)
def test_so_many_working_days_after(start: date, count: int, end: date) -> None:
    assert CALENDAR.after(start, count) == end


@given(DAYS, st.integers(1, 90))
def test_after_and_between_agree(day: date, count: int) -> None:
    later = CALENDAR.after(day, count)
    assert CALENDAR.is_working(later)
    assert CALENDAR.between(day, later) == count
    assert CALENDAR.between(later, day) == -count


@given(DAYS, DAYS, DAYS)
def test_between_adds_up_over_any_day(first: date, middle: date, last: date) -> None:
    assert CALENDAR.between(first, middle) + CALENDAR.between(middle, last) == CALENDAR.between(first, last)


@given(DAYS)
def test_a_year_without_notice_knows_weekends_only(day: date) -> None:
    assert Calendar.of([]).is_working(day) is (day.weekday() < 5)


def test_the_years_that_nothing_is_known_of() -> None:
    assert CALENDAR.unknown([date(2026, 12, 31), date(2027, 1, 4), date(2030, 1, 1)]) == [2027, 2030]


def test_a_pasted_notice_is_read_as_the_shipped_year() -> None:
    assert read_notice(2026, "国办发明电〔2025〕7号", NOTICE_2026) == shipped()[-1]


def test_a_notice_that_begins_in_the_year_before() -> None:
    rest = "\n".join(["国庆节：10月1日至7日放假调休，共7天。", "劳动节：5月1日放假，与周末连休。"])
    found = read_notice(
        2019, "甲", f"一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。\n{rest}"
    )
    assert found.holidays[0] == Holiday(name="元旦", first=date(2018, 12, 30), last=date(2019, 1, 1))
    assert found.worked == (date(2018, 12, 29),)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("共9天", "共8天"), "“春节”：写的是共 8 天，起止日期算下来是 9 天。"),
        (("5日（周二）", "5日（周三）"), "“劳动节”：2026年5月5日是星期二，写的是周三。"),
        (("2月28日（周六）", "2月30日"), "“春节”：没有“2月30日”这一天。"),
        (("5月9日（周六）上班", "5月8日上班"), "2026年5月8日本来就是工作日，调休上班应是周六或周日。"),
        (("5月9日（周六）上班", "5月3日上班"), "2026年5月3日既写了放假又写了上班。"),
        (("四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。", ""), "5月1日是法定节假日，没有列在放假日期里"),
        (("9月25日（周五）至27日（周日）放假，共3天", "9月25日至10月1日放假，共7天"), "10月1日在两个假期里都有"),
    ],
)
def test_a_slip_in_the_notice_is_named(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_notice(2026, "甲", NOTICE_2026.replace(*change))
    assert sentence in refusal.value.message


def test_no_basis_or_no_lines_is_refused() -> None:
    with pytest.raises(Invalid, match="依据文号"):
        read_notice(2026, " ", NOTICE_2026)
    with pytest.raises(Invalid, match="没有读到放假安排"):
        read_notice(2026, "甲", "今年照常放假。")


@given(st.lists(st.tuples(DAYS, st.integers(-3, 20)), max_size=4), st.lists(DAYS, max_size=4))
def test_any_year_is_judged_without_breaking(spans: Iterable[tuple[date, int]], worked: list[date]) -> None:
    holidays = tuple(Holiday(name="假", first=day, last=day + timedelta(days=more)) for day, more in spans)
    year = CalendarYear(year=2024, basis=("甲",), holidays=holidays, worked=tuple(worked))
    if not year.problems():
        off = {day for holiday in holidays for day in holiday.days}
        assert not off & set(worked)


@given(st.text(max_size=200))
def test_any_other_text_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Invalid, match=r"[\u4e00-\u9fff]{4}"):
        read_notice(2027, "甲", text)
