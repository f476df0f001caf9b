"""How the standing of a section or report is said on the desk and on the board, and where it is opened."""

from dataclasses import dataclass, replace
from datetime import date

from perfapp.blueprints.page import due_day, spoken_due
from perfapp.core.chinese import local_time
from perfapp.core.words import REPORT_STATES, SECTION_STATES, Tone
from perfapp.data.people import PersonBrief
from perfapp.services.remarks import Counted
from perfapp.services.standing import ReportStanding, SectionStanding, Standing

SOON_DAYS = 3
_REASON = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the desk or board in words."""

    title: str
    url: str
    state: str
    tone: Tone
    why: str  # returned by whom and why, or what blocks it
    due: str
    due_tone: str | None
    holders: tuple[PersonBrief, ...]
    role: str
    since: str
    urged: str
    remarks: str = ""  # how many remarks are open, and how many wait for the reader


def section_line(item: SectionStanding, counted: Counted | None = None) -> Line:
    word, tone = SECTION_STATES[item.section.state]
    if item.returned:
        word, tone = "退回修改", Tone.LATE
    line = _line(item, item.section.heading, f"/sections/{item.section.id}", word, tone)
    return replace(line, remarks=spoken_remarks(counted))


def spoken_remarks(counted: Counted | None) -> str:
    """批注 3 条，2 条等您处理; empty where there are none."""
    if counted is None:
        return ""
    return f"批注 {counted.open} 条" + (f"，{counted.mine} 条等您处理" if counted.mine else "")


def report_line(item: ReportStanding) -> Line:
    word, tone = REPORT_STATES[item.report.state]
    title = f"{item.report.title}（{item.report.edition_name}）"
    return _line(item, title, f"/reports/{item.report.id}", word, tone)


def _line(item: Standing, title: str, url: str, word: str, tone: Tone) -> Line:
    return Line(
        title=title,
        url=url,
        state=word,
        tone=tone,
        why=_why(item),
        due=spoken_term(item.days_left, item.due_on),
        due_tone=term_tone(item.days_left),
        holders=item.holders,
        role=item.role,
        since=_moment_day(item),
        urged=_urged(item),
    )


def _why(item: Standing) -> str:
    if item.returned:
        first = (item.returned.reason.strip().splitlines() or [""])[0]
        short = first if len(first) <= _REASON else first[: _REASON - 1] + "…"
        return f"{item.returned.actor_name}退回：{short}"
    return item.obstacle


def spoken_term(days_left: int | None, due_on: date | None) -> str:
    """还有 6 天 · 5月8日前; 逾期 2 天 · 5月8日."""
    if days_left is None or due_on is None:
        return ""
    if days_left < 0:
        return f"逾期 {-days_left} 天 · {due_on.month}月{due_on.day}日"
    return f"{spoken_due(days_left)} · {due_day(due_on)}"


def term_tone(days: int | None) -> str | None:
    if days is None or days > SOON_DAYS:
        return None
    return "late" if days < 0 else "waiting"


def _moment_day(item: Standing) -> str:
    day = local_time(item.since).date()
    return f"{day.month}月{day.day}日"


def _urged(item: Standing) -> str:
    if item.urged is None or item.urged.at < item.since:
        return ""
    at = local_time(item.urged.at)
    return f"{item.urged.actor_name} {at.month}月{at.day}日 {at:%H:%M} 催办过"
