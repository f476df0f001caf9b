"""Work told in numbers: yearly totals against monthly averages, how often against how many times, durations."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from perfapp.core.checking.book import Rule
from perfapp.core.checking.case import Case
from perfapp.core.checking.findings import Severity, Verdict
from perfapp.core.checking.sentences.adding import INNER
from perfapp.core.checking.sentences.numbers import amount, half, misprint, plain, say, say_like
from perfapp.core.checking.sentences.prose import Paragraph, Quantity, prose
from perfapp.core.checking.sentences.verdicts import Verdicts
from perfapp.core.figures.figure import Figure, Kind, Role
from perfapp.core.figures.units import rounded
from perfapp.core.manuscript import Place

_MONTHLY = re.compile(r"(?:平均)?每月|月均|月平均|每个月")
_OF_EACH_BESIDES = re.compile(r"每[^，。；月季]{1,3}每|每月每|[人户车]均每?月")
_DAILY = re.compile(r"日均|天均|平均每[天日]|每[天日]平均")
_SOME_DAYS = re.compile(r"节假日|假日|周末|工作日|高峰|旺季|淡季|最高|其中|期间|假期")
_OPEN_DAYS = re.compile(
    r"全年|累计|开放|开馆|运行|运营|营业|供餐|供水|供热|发电|作业|生产|服务|工作|接待|办公|上班|出勤"
)
_EACH = re.compile(r"平均每(?P<unit>[期场次批户家个])(?P<what>[一-鿿]{0,2})")
_QUARTERLY = re.compile(r"(?:平均)?每季度?|季均")
_UNTIL = re.compile(
    r"(?:截[至止]|1 ?月?[-—～~至到] ?)(?:20\d\d年)?(?P<month>\d{1,2})月|(?P<half>上半年)|前(?P<three>三季度)"
)
_SOME_MONTHS = re.compile(r"\d{1,2} ?月(?:份)?[-—~～至到]+ ?\d{1,2} ?月|上半年|下半年|前三季度|汛期|采暖期|[寒暑]假")
_IN_A_YEAR = {
    "季度": 4,
    "每季度": 4,
    "每季": 4,
    "月度": 12,
    "每月": 12,
    "每两月": 6,
    "每两个月": 6,
    "每双月": 6,
    "半年度": 2,
    "每半年": 2,
}
_OFTEN = re.compile(
    r"(?P<before>[一-鿿]{0,4}?)(?P<how>每两个?月|每双月|每半年|每季度?|每月|季度|月度|半年度)"
    r"(?:(?P<loose>至少|不少于)|(?:定期|组织|召开|开展|进行|举办|对)*)(?:[一1] ?次)?的?(?P<what>[一-鿿]{2,12})"
)
_WORKS = (
    *("考核", "检查", "例会", "培训", "评比", "巡查", "巡检", "演练", "测评", "通报", "督查", "会议", "盘点", "抽查"),
    *("检测", "监测", "评议", "走访", "消杀", "清洗", "保养", "点评"),
)
_YEARLY = re.compile(r"全年|年度|年内|一年|本年|当年|20\d\d年|共|累计")
_LASTING = re.compile(r"历时|用时|耗时|为期|工期|历经|时长|持续")
_BEGUN = re.compile(r"开工|动工|开始|启动|进场")
_DONE = re.compile(r"竣工|完工|完成|结束|投入使用|交付|验收")
_SPAN = re.compile(r"^[^。；，]{0,6}(?:至|到|—|-|－|～|~)[^。；，]{0,4}$")
_MONTHS_IN_YEAR = 12
_FAR = 10  # times more or less that one wrong digit may make of a number
_LOOK_BACK = 40  # quantities around an average that are looked through


# --- averages ------------------------------------------------------------------------------------------------------


def average_times_months(case: Case, rule: Rule) -> Verdict:
    """W1: the year's total is the monthly average times twelve, or times the months that are said to be covered."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for average in paragraph.quantities:
            days = _days(paragraph, average)
            ways = [way] if (way := _periods(average)) else _occasions(paragraph, average)
            ways = ways or ([(int(amount(days)), "天")] if days else [])
            totals = _totals_of(paragraph, average) if ways else ()
            fitting = [way for way in ways if any(_is_product(one, average.figure, way[0]) for one in totals)]
            if totals and (fitting or len(ways) == 1):  # of several counts only one that fits is known to be meant
                _judge_average(verdicts, paragraph, totals, average.figure, *(fitting or ways)[0], days=days)
    return verdicts.verdict()


def _periods(average: Quantity) -> tuple[int, str] | None:
    """How many of the periods of this average make a year."""
    if average.figure.role is not Role.AVERAGE or average.figure.value is None or average.figure.is_rough:
        return None
    if _OF_EACH_BESIDES.search(average.lead):
        return None  # 每村每月1场: of each village, not of all
    if _MONTHLY.search(average.lead):
        return 12, "个月"
    return (4, "个季度") if _QUARTERLY.search(average.lead) else None


def _occasions(paragraph: Paragraph, average: Quantity) -> list[tuple[int, str]]:
    """How many occasions there were of those the average is taken over: 12期 … 平均每期80人次.

    平均每个村 is taken over 8个村 and not over 48个岗位.
    """
    each = _EACH.search(average.lead)
    if not each or average.figure.role is not Role.AVERAGE or average.figure.value is None or average.figure.is_rough:
        return []
    near = paragraph.quantities[max(0, average.rank - _LOOK_BACK) : average.rank]
    told = [q for q in near if q.sentence == average.sentence and q.is_amount and q.figure.value]
    what = each["what"] if each["unit"] == "个" else ""
    named = [q for q in told if q.after.startswith(what) or what in q.name]
    counts = [q for q in named if q.figure.unit == each["unit"]]
    return [(int(amount(q.figure)), each["unit"]) for q in reversed(counts)]


def _days(paragraph: Paragraph, average: Quantity) -> Figure | None:
    """The days of a daily average, told before it in its sentence: 全年开放310天 … 日均300人次."""
    figure = average.figure
    if figure.role is not Role.AVERAGE or figure.value is None or figure.is_rough:
        return None
    if not _DAILY.search(average.clause) or _SOME_DAYS.search(average.clause):
        return None
    near = paragraph.quantities[max(0, average.rank - _LOOK_BACK) : average.rank]
    told = [
        q.figure
        for q in near
        if q.sentence == average.sentence and q.figure.unit == "天" and _OPEN_DAYS.search(q.clause)
    ]
    exact = [one for one in told if one.value and not one.is_rough]
    return exact[0] if len(exact) == 1 and len(told) == 1 else None


def _totals_of(paragraph: Paragraph, average: Quantity) -> tuple[Figure, ...]:
    """The totals of the same thing in the sentence: those before, the likeliest first, or one of the year after."""
    alike = [
        quantity
        for quantity in paragraph.quantities[max(0, average.rank - _LOOK_BACK) : average.rank + _LOOK_BACK]
        if quantity.sentence == average.sentence and quantity.is_amount and quantity.figure.unit == average.figure.unit
    ]
    before = [q for q in alike if q.figure.place < average.figure.place and _same_thing(q, average)]
    after = [q.figure for q in alike if q.figure.place > average.figure.place and re.search("全年|共|累计|总", q.lead)]
    inner = next((q for q in alike if q.figure.place < average.figure.place and INNER.search(q.lead)), None)
    before.sort(key=lambda q: inner is None or q.rank < inner.rank)  # 624场，其中…，平均52场 is of the whole
    return tuple(q.figure for q in reversed(before)) or tuple(after[:1])


def _same_thing(total: Quantity, average: Quantity) -> bool:
    one, other = total.figure.label, average.figure.label.removeprefix("平均")
    if other.startswith("每"):
        return True
    return not one or not other or one in other or other in one or one[-2:] == other[-2:]


def _judge_average(
    verdicts: Verdicts,
    paragraph: Paragraph,
    totals: tuple[Figure, ...],
    average: Figure,
    periods: int,
    name: str,
    *,
    days: Figure | None,
) -> None:
    sentence = paragraph.sentence_text(paragraph.sentence_of(average.place.start))
    covered = periods if days else _covered(sentence, periods)
    total = next((one for one in totals if _is_product(one, average, covered)), totals[0])
    if not covered <= amount(total) / (amount(average) or 1) * _FAR <= covered * _FAR * _FAR:
        return  # another thing altogether
    product = amount(average) * covered
    reckoned = f"平均每{name.removeprefix('个')}{say(average)}×{covered}{name}＝{say_like(product, total)}"
    message = f"{reckoned}，文中总数为{say(total)}"
    where = (total, average, *((days,) if days else ()))
    if _is_product(total, average, covered):
        verdicts.holds(f"{message}，相符。", product, total.value, where)
        return
    if days and not misprint((total, average, days), _is_of_days(average)):
        return  # days of something else, it seems
    times = amount(total) / amount(average) if amount(average) else Decimal(0)
    fits = f"；按平均数计，总数相当于{plain(rounded(times, 2))}{name}" if times else ""
    verdicts.fails(
        f"{message}，相差{say_like(abs(product - amount(total)), total)}{fits}。",
        total.value,
        product,
        where,
        suggestion="请核对总数和平均数；总数只统计到某个月的，请写明起止月份，或补到年底。",
        subject=f"{average.unit}月均",
    )


def _is_of_days(average: Figure) -> Callable[[Sequence[Decimal]], bool]:
    def holds(values: Sequence[Decimal]) -> bool:
        whole, each, days = values
        return days > 0 and abs(whole / days - each) * 2 <= Decimal(1).scaleb(-average.decimals)

    return holds


def _is_product(total: Figure, average: Figure, covered: int) -> bool:
    exact = amount(total) / covered
    return abs(exact - amount(average)) <= (half(average) if exact != amount(average) else 0)


def _covered(sentence: str, periods: int) -> int:
    """How many periods the sentence says it covers; the whole year where it does not say."""
    found = _UNTIL.search(sentence)
    if not found:
        return periods
    months = 6 if found["half"] else 9 if found["three"] else int(found["month"])
    share = Decimal(months) * periods / _MONTHS_IN_YEAR
    return int(share) if 1 <= months <= _MONTHS_IN_YEAR and share == int(share) and share else periods


# --- how often -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Habit:
    """Something done at fixed intervals: 物业季度考核 is 4 a year."""

    what: str
    work: str
    subject: str
    times: int
    place: Place


def times_a_year(case: Case, rule: Rule) -> Verdict:
    """W2: what is done every quarter is done four times a year, where the paragraph tells the year's count."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        habits = list(_habits(paragraph))
        if not habits:
            continue
        for count in paragraph.of_kind(Kind.COUNT):
            habit = next((habit for habit in habits if _is_of(count, habit, paragraph)), None)
            if habit:
                _judge_times(verdicts, habit, count.figure)
    return verdicts.verdict()


def _habits(paragraph: Paragraph) -> Iterator[_Habit]:
    for found in _OFTEN.finditer(paragraph.text):
        work = next((work for work in _WORKS if work in found["what"]), None)
        how = found["how"]
        if not work or found["loose"] or (how in ("季度", "月度", "半年度") and not found["what"].startswith(work)):
            continue
        what = found[0][len(found["before"]) :].split(work)[0] + work
        subject = (found["before"] + found["what"].split(work)[0]).strip("的")
        yield _Habit(what, work, subject, _IN_A_YEAR[how], Place(paragraph.line.number, found.start(), found.end()))


def _is_of(count: Quantity, habit: _Habit, paragraph: Paragraph) -> bool:
    """Is this the year's count of the same work?"""
    figure = count.figure
    if (
        figure.unit != "次"
        or not count.is_amount
        or habit.work not in figure.label
        or figure.place.start < habit.place.end
    ):
        return False
    sentence = paragraph.sentence_text(count.sentence)
    if _SOME_MONTHS.search(sentence):
        return False  # 5月至9月共5次
    if not (_YEARLY.search(sentence) or "全年" in figure.qualifiers):
        return False
    subject = re.sub(r"工作|情况|活动", "", figure.label.replace(habit.work, ""))
    return not subject or not habit.subject or bool(set(_pairs(subject)) & set(_pairs(habit.subject)))


def _pairs(text: str) -> Iterator[str]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _judge_times(verdicts: Verdicts, habit: _Habit, count: Figure) -> None:
    message = f"“{habit.what}”一年应为{habit.times}次，文中全年{habit.work}{say(count)}"
    expected = Decimal(habit.times)
    if amount(count) == expected:
        verdicts.holds(f"{message}，相符。", expected, count.value, (count, habit.place))
        return
    verdicts.fails(
        f"{message}，不相符。",
        count.value,
        expected,
        (count, habit.place),
        suggestion="请核对次数；有增减的，请写明原因。",
        subject=habit.what,
    )


# --- durations -----------------------------------------------------------------------------------------------------


def duration_of_dates(case: Case, rule: Rule) -> Verdict:
    """W3: a duration is from its beginning to its end; the first and last month may both be counted."""
    verdicts = Verdicts(rule)
    for paragraph in case.once(prose):
        for lasting in paragraph.of_kind(Kind.DURATION):
            figure = lasting.figure
            is_told = _LASTING.search(lasting.clause) or _LASTING.search(figure.label)
            if figure.unit == "个月" and is_told and not figure.is_rough and figure.value is not None:
                _judge_duration(verdicts, paragraph, figure)
    return verdicts.verdict()


def _judge_duration(verdicts: Verdicts, paragraph: Paragraph, lasting: Figure) -> None:
    found = _beginning_and_end(paragraph, lasting)
    if not found:
        return
    start, end, is_explicit = found
    months = (end.month or 0) - (start.month or 0)
    if start.year and end.year and start.year != end.year:
        months += (end.year - start.year) * _MONTHS_IN_YEAR
    elif months < 0:
        months += _MONTHS_IN_YEAR
    said = lasting.value or Decimal(0)
    message = f"从{start.text}到{end.text}是{months}个月（首尾都算为{months + 1}个月），文中为{lasting.text}"
    if Decimal(months) <= said <= months + 1:
        verdicts.holds(f"{message}，相符。", said, said, (lasting, start, end))
        return
    verdicts.fails(
        f"{message}，不相符。",
        said,
        Decimal(months),
        (lasting, start, end),
        suggestion="请写明开始和结束的日期，并据此核对历时。",
        subject="历时",
        severity=None if is_explicit else Severity.NOTE,
    )


def _beginning_and_end(paragraph: Paragraph, lasting: Figure) -> tuple[Figure, Figure, bool] | None:
    """从3月至8月 before the duration; or else the last month named before it and the first one after it."""
    months = [date for date in paragraph.dates if date.month]
    before = [date for date in months if date.place < lasting.place]
    after = [date for date in months if date.place > lasting.place]
    sentence = paragraph.sentence_of(lasting.place.start)
    if len(before) > 1 and _SPAN.match(paragraph.between(before[-2], before[-1])):
        near = paragraph.sentence_of(before[-1].place.start) == sentence
        return (before[-2], before[-1], True) if near else None
    if len(before) > 1 and paragraph.sentence_of(before[-2].place.start) == sentence:
        since, until = paragraph.between(before[-2], before[-1]), paragraph.between(before[-1], lasting)
        if _BEGUN.search(since) and _DONE.search(until):
            return before[-2], before[-1], True
    if not before or not after or paragraph.sentence_of(after[0].place.start) != sentence:
        return None
    is_near = sentence - paragraph.sentence_of(before[-1].place.start) <= 2
    return (before[-1], after[0], False) if is_near else None
