"""Working days: weekends, and what the State Council's yearly notice says of holidays and 调休."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from pydantic import BaseModel, ConfigDict

from perfapp.core.chinese import long_date

_DAY = timedelta(days=1)
_LONGEST = 15
_STATUTORY = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Holidays that every notice has, on fixed days; without them something was left out."""


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Holiday(_Value):
    name: str
    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + n * _DAY for n in range((self.last - self.first).days + 1)]


class CalendarYear(_Value):
    """One year's notice: the days off, the weekend days that are worked instead, and the 文号 it goes by.

    The notice of a year may begin with the last days of the year before.
    """

    year: int
    basis: tuple[str, ...]
    holidays: tuple[Holiday, ...]
    worked: tuple[date, ...] = ()

    def problems(self) -> list[str]:
        """What cannot be true of a notice, in sentences."""
        found = [] if any(text.strip() for text in self.basis) else ["请填写依据文号，例如 国办发明电〔2025〕7号。"]
        found += [sentence for holiday in self.holidays for sentence in self._wrong_holiday(holiday)]
        if found:
            return found
        off = [day for holiday in self.holidays for day in holiday.days]
        found += [f"{long_date(day)}在两个假期里都有，请核对。" for day in sorted({d for d in off if off.count(d) > 1})]
        for fixed in (date(self.year, *rest) for rest in _STATUTORY):
            if fixed not in off:
                found.append(f"{fixed.month}月{fixed.day}日是法定节假日，没有列在放假日期里，请核对是否漏了一段。")
        for day in sorted(set(self.worked)):
            if not self._belongs(day):
                found.append(f"上班日 {long_date(day)}不在 {self.year} 年。")
            elif day in off:
                found.append(f"{long_date(day)}既写了放假又写了上班。")
            elif day.weekday() < 5:
                found.append(f"{long_date(day)}本来就是工作日，调休上班应是周六或周日。")
        return found

    def _wrong_holiday(self, holiday: Holiday) -> Iterator[str]:
        if holiday.last < holiday.first:
            yield f"“{holiday.name}”的结束日期早于开始日期。"
        elif (holiday.last - holiday.first).days >= _LONGEST:
            yield f"“{holiday.name}”超过 {_LONGEST} 天，请核对日期。"
        elif not (self._belongs(holiday.first) and self._belongs(holiday.last)):
            yield f"“{holiday.name}”的日期不在 {self.year} 年。"

    def _belongs(self, day: date) -> bool:
        return day.year == self.year or (day.year, day.month) == (self.year - 1, 12)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. In a year without a notice the weekends are all that is known."""

    off: frozenset[date]
    worked: frozenset[date]
    years: frozenset[int]

    @classmethod
    def of(cls, years: Iterable[CalendarYear]) -> "Calendar":
        known = list(years)
        return cls(
            off=frozenset(day for year in known for holiday in year.holidays for day in holiday.days),
            worked=frozenset(chain.from_iterable(year.worked for year in known)),
            years=frozenset(year.year for year in known),
        )

    def is_working(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and with `last`; negative when `last` is the earlier."""
        if last < first:
            return -self.between(last, first)
        weeks, rest = divmod((last - first).days, 7)
        tail = sum((first + n * _DAY).weekday() < 5 for n in range(1, rest + 1))
        fewer = sum(first < day <= last and day.weekday() < 5 for day in self.off - self.worked)
        more = sum(first < day <= last and day.weekday() >= 5 for day in self.worked)
        return weeks * 5 + tail - fewer + more

    def after(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day`: the day itself does not count."""
        if count < 1:
            raise ValueError(f"working days are counted from 1, not {count}")
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def unknown(self, days: Iterable[date]) -> list[int]:
        """The years of these days for which no notice is known."""
        return sorted({day.year for day in days} - self.years)
