"""How the standing of a section or report is said on the desk and on the board, and where it is opened."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from perfapp.blueprints.page import due_day
from perfapp.core.chinese import local_time
from perfapp.core.deadlines import Term
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.core.words import REPORT_STATES, SECTION_STATES, Tone
from perfapp.data.people import PersonBrief
from perfapp.data.sections import SectionView
from perfapp.services.remarks import Counted
from perfapp.services.standing import ReportStanding, SectionStanding, Standing

SOON_DAYS = 3
MOST_NAMED = 6
_REASON = 60
_STEPS = {SectionAction.ENDORSE: "科室审核", SectionAction.CHECK: "财务核数"}


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
    word, tone = spoken_state(item.section, item.passed_over)
    if item.returned:
        word, tone = "退回修改", Tone.LATE
    line = _line(item, item.section.heading, f"/sections/{item.section.id}", word, tone)
    return replace(line, remarks=spoken_remarks(counted))


def spoken_state(section: SectionView, passed_over: Sequence[SectionAction]) -> tuple[str, Tone]:
    """Its state; where 直达 left steps out, that their approvals no longer hold and whose word is awaited instead."""
    if not passed_over:
        return SECTION_STATES[section.state]
    money_next = section.holds_money and section.state is SectionState.HEAD_APPROVED
    steps = "、".join(_STEPS[one] for one in passed_over)
    return f"{steps}已失效，直达{'财务' if money_next else '统稿'}", Tone.WAITING


def spoken_remarks(counted: Counted | None) -> str:
    """批注 3 条，2 条等您处理; empty where there are none."""
    if counted is None:
        return ""
    said = [f"{counted.mine} 条等您处理"] if counted.mine else []
    said += [f"{counted.inside} 条只给审核人看"] if counted.inside else []
    return "，".join([f"批注 {counted.open} 条", *said])


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
        due=spoken_term(item.term),
        due_tone=term_tone(item.term),
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


def who_next(items: Iterable[Standing]) -> str:
    """接下来轮到 王某（8520）：3 件，其中逾期 1 件；李某：2 件。 Who holds most of what is late comes first."""
    count, late, names, nobody = Counter[int](), Counter[int](), dict[int, PersonBrief](), 0
    for item in items:
        for person_id, person in {person.id: person for person in item.holders}.items():
            names.setdefault(person_id, person)
            count[person_id] += 1
            late[person_id] += item.is_late
        nobody += isinstance(item, SectionStanding) and not item.holders  # a report only waits for its sections
    order = sorted(names, key=lambda one: (-late[one], -count[one], one))
    told = [f"{names[one]}：{count[one]} 件" + (f"，其中逾期 {late[one]} 件" if late[one] else "") for one in order]
    told = told if len(told) <= MOST_NAMED else [*told[:MOST_NAMED], f"另有 {len(told) - MOST_NAMED} 人"]
    told += [f"{nobody} 件现在没有人能办"] if nobody else []
    return f"接下来轮到 {'；'.join(told)}。" if told else ""


def spoken_term(term: Term | None) -> str:
    """还有 6 个工作日 · 5月8日前; 已逾期 2 个工作日 · 5月8日."""
    if term is None:
        return ""
    day = f"{term.due_on.month}月{term.due_on.day}日"
    if term.is_excused:
        return f"原期限{day}已过"
    return f"{term.words} · {day if term.is_late else due_day(term.due_on)}"


def until(term: Term | None) -> str:
    """5月8日前，还有 6 个工作日, for the head of a page."""
    if term is None or term.is_excused:
        return spoken_term(term)
    return f"{due_day(term.due_on)}，{term.words}"


def term_tone(term: Term | None) -> str | None:
    if term is None or term.left > SOON_DAYS:
        return None
    return "late" if term.is_late else "waiting"


def _moment_day(item: Standing) -> str:
    day = local_time(item.since).date()
    return f"{day.month}月{day.day}日"


def _urged(item: Standing) -> str:
    if item.urged is None or item.urged.at < item.since:
        return ""
    at = local_time(item.urged.at)
    return f"{item.urged.actor_name} {at.month}月{at.day}日 {at:%H:%M} 催办过"
