"""Dates, periods and how often something happens."""

import re
from decimal import Decimal

from perfapp.core.figures.figure import Kind
from perfapp.core.figures.reading.mark import Mark, label
from perfapp.core.figures.reading.numerals import NUMERAL, decimal_of, whole_of

_N = rf"(?:[0-9]{{1,3}}|{NUMERAL}{{1,4}})"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[一二][〇零九][〇零一二三四五六七八九]{2})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY_NUMBER = r"(?:0?[1-9]|[12][0-9]|3[01])"
_FORMS = (
    rf"(?P<y1>{_YEAR}) ?年 ?(?P<m1>{_N}) ?月(?:份)?(?: ?(?P<d1>{_N}) ?[日号])?",
    rf"(?P<y2>(?:19|20)[0-9]{{2}}) ?[-./] ?(?P<m2>0?[1-9]|1[0-2]) ?[-./] ?(?P<d2>{_DAY_NUMBER})(?![0-9.])",
    rf"(?P<y3>{_YEAR}) ?年(?:度(?!假|汛))?(?!级)",
    r"(?P<y4>(?:19|20)[0-9]{2})(?= ?[~至、-] ?(?:19|20)[0-9]{2} ?年)",
    rf"(?P<m5>{_MONTH}) ?月(?:份)?(?!月)(?: ?(?P<d5>{_N}) ?[日号](?!楼|文))?",
    r"(?P<m6>1[0-2]|[1-9])(?= ?[~至、-] ?(?:1[0-2]|[1-9]) ?月)",
    rf"(?P<d6>{_DAY_NUMBER}) ?日(?!内|常|均|前|期|益|后|照|程|之)",
    r"(?P<y7>[0-9]{2}) ?年(?=度|初|末|底|预算|决算)度?",
)
_DATE = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_QUARTER = re.compile(r"(?:第 ?)?[1-4一二三四] ?季度")
_BARE_YEAR = re.compile(r"(?:19[89]|20[0-4])[0-9](?![0-9])")
_PERIOD = "年度?|季度?|个?月|周|天|日|星期|个?学期|旬|半年"
_OFTEN = re.compile(
    rf"每(?P<span>[0-9]{{1,2}}|[两二三四六半])? ?个?(?P<period>{_PERIOD})[^0-9，,。；;、:每\t]{{0,6}}?"
    r"(?P<times>[0-9]{1,2}|[一二两三四五六七八九十]{1,2}) ?(?:次|回|遍|期(?!间))(?!性|数)"
    r"|(?P<span2>[一两三])(?P<period2>年|季度?|月|周|天|日)(?P<times2>[一二两三四]) ?(?:次(?!性)|回|评|考|报|调度)"
)
_PLAIN_PERIODS = {"季": "季度", "星期": "周", "日": "天"}


def date_at(line: str, start: int) -> Mark | None:
    """A day, month or year; `value` is the number printed last. A quarter is no date and no quantity."""
    match = _DATE.match(line, start)
    if match is None:
        quarter = _QUARTER.match(line, start)
        return label(start, quarter.end()) if quarter else None
    parts = {key[0]: whole_of(words) for key, words in match.groupdict().items() if words}
    year, month, day = parts.get("y"), parts.get("m"), parts.get("d")
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if year is not None and year < 100:
        year += 2000
    unit = "日" if day else "月" if month else "年"
    value = Decimal(day or month or year or 0)
    return Mark(start, match.end(), Kind.DATE, value, unit, year=year, month=month, day=day)


def bare_year(line: str, start: int, end: int) -> Mark | None:
    """2018 without 年."""
    if not _BARE_YEAR.fullmatch(line, start, end):
        return None
    year = int(line[start:end])
    return Mark(start, end, Kind.DATE, Decimal(year), "年", year=year)


def frequency_at(line: str, start: int) -> Mark | None:
    """每两月一次 is 1 次/2月, 每周两次 2 次/周."""
    match = _OFTEN.match(line, start)
    if match is None or line.endswith("平均", 0, start):
        return None  # 平均每月12次: so many a month in the mean, not a habit
    span = match["span"] or match["span2"] or ""
    period = (match["period"] or match["period2"]).replace("个", "").removesuffix("度")
    size = span if span in ("", "半") else str(whole_of(span) or "")
    unit = f"次/{'' if size == '1' else size}{_PLAIN_PERIODS.get(period, period)}"
    return Mark(start, match.end(), Kind.FREQUENCY, decimal_of(match["times"] or match["times2"]), unit)
