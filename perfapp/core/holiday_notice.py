"""Reads the State Council's notice of a year's holidays, as it is copied from the page where it was published."""

import re
from collections.abc import Iterator
from datetime import date

from perfapp.core.errors import Invalid
from perfapp.core.working_days import CalendarYear, Holiday

_WEEKDAYS = "一二三四五六日"
_HEAD = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|\d+[.．、])?\s*(?P<name>[\u4e00-\u9fff、]{2,12})[：:](?P<rest>.+)$"
)
_DAY = (
    r"(?:(?P<{0}year>\d{{4}})年)?(?:(?P<{0}month>\d{{1,2}})月)?(?P<{0}day>\d{{1,2}})日"
    r"(?:[（(](?P<{0}note>[^）)]*)[）)])?"
)
_FIRST = re.compile(_DAY.format(""))
_OFF = re.compile(_DAY.format("") + r"(?:\s*[至—–-]\s*" + _DAY.format("to_") + r")?\s*(?:放假|补休)")
_COUNT = re.compile(r"共\s*(\d{1,2})\s*天")
_WORK = re.compile(r"[^。；;]*上班")


def read_notice(year: int, basis: str, text: str) -> CalendarYear:
    """The notice as data; Invalid, in sentences, for a line that does not add up or a year that cannot be true."""
    holidays: list[Holiday] = []
    worked: list[date] = []
    wrong: list[str] = []
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head is None or "日" not in head["rest"]:
            continue
        try:
            holidays += _holidays(year, head["name"], head["rest"])
            worked += _worked(year, head["rest"])
        except Invalid as refusal:
            wrong.append(f"“{head['name']}”：{refusal.message}")
    found = CalendarYear(
        year=year,
        basis=tuple(part for part in re.split(r"[\s；;，,]+", basis) if part),
        holidays=tuple(sorted(holidays, key=lambda holiday: holiday.first)),
        worked=tuple(sorted(set(worked))),
    )
    if not holidays and not wrong:
        wrong = ["没有读到放假安排。请把通知正文里“一、元旦：1月1日……放假”这样的各行原样粘贴在这里。"]
    if wrong := wrong or found.problems():
        raise Invalid("\n".join(wrong), field="text")
    return found


def _holidays(year: int, name: str, rest: str) -> Iterator[Holiday]:
    spans = list(_OFF.finditer(rest))
    if not spans:
        raise Invalid("没有读到放假日期。")
    for span in spans:
        first = _day(year, span, "", None)
        last = _day(year, span, "to_", first) if span["to_day"] else first
        yield Holiday(name=name, first=first, last=last)
        sentence = rest[span.end() :].partition("。")[0]
        told = _COUNT.search(sentence)
        if told and (last - first).days + 1 != int(told[1]):
            raise Invalid(f"写的是共 {told[1]} 天，起止日期算下来是 {(last - first).days + 1} 天。")


def _worked(year: int, rest: str) -> Iterator[date]:
    for sentence in _WORK.findall(rest):
        before: date | None = None
        for match in _FIRST.finditer(sentence):
            before = _day(year, match, "", before)
            yield before


def _day(year: int, match: re.Match[str], side: str, before: date | None) -> date:
    """The day of a match; month and year that are not said are those of the day `before` it."""
    month = match[f"{side}month"] or (str(before.month) if before else None)
    if month is None:
        raise Invalid(f"“{match[0]}”没有写月份。")
    said = match[f"{side}year"]
    try:
        day = date(int(said) if said else before.year if before else year, int(month), int(match[f"{side}day"]))
        if not said and before and day < before:
            day = day.replace(year=day.year + 1)  # 2018年12月30日至1月1日
    except ValueError:
        raise Invalid(f"没有“{month}月{match[f'{side}day']}日”这一天。") from None
    note = re.search(r"(?:周|星期)([一二三四五六日])", match[f"{side}note"] or "")
    if note and _WEEKDAYS[day.weekday()] != note[1]:
        raise Invalid(f"{day.year}年{day.month}月{day.day}日是星期{_WEEKDAYS[day.weekday()]}，写的是{note[0]}。")
    return day
