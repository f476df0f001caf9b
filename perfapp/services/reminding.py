"""The morning's digest: computed from where things stand now, one a person, channel and working day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from perfapp import clock
from perfapp.core.channels import Mode
from perfapp.core.chinese import local_time
from perfapp.core.deadlines import AT_OFFICE, LADDER, Term, is_to_remind, rung
from perfapp.core.permissions import Permission
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar
from perfapp.data import board, calendars, channels, events, notices, outbox, people, surroundings
from perfapp.data.session import transaction
from perfapp.services import posting, standing, watching
from perfapp.services.standing import CycleStanding, ReportStanding, SectionStanding

REMIND = "remind"
ESCALATE = "escalate"
_LINES = 30
_BACK = timedelta(days=14)  # how far a first digest looks back
Item = SectionStanding | ReportStanding


@dataclass(frozen=True, slots=True)
class _Line:
    due_on: date
    is_late: bool
    text: str
    office_id: int | None
    path: str


@dataclass(slots=True)
class _Sheet:
    """What one person, or one group, is told today."""

    own: list[_Line] = field(default_factory=list)
    below: list[_Line] = field(default_factory=list)  # late with those he leads
    news: list[str] = field(default_factory=list)


def remind() -> int:
    """Remind everybody of what he holds and what is due soon, today or late; returns how many were told.

    Only on working days. Run twice on one day it tells nobody twice: the unit's event of the day is the proof, and
    the outbox takes one digest a recipient, channel and day.
    """
    return sum(_remind_unit(unit_id) for unit_id in board.unit_ids())


def _remind_unit(unit_id: int) -> int:
    with transaction():
        people.lock_unit(unit_id)
        last, today, calendar = board.last_of_unit(unit_id, REMIND), clock.today(), calendars.of_unit(unit_id)
        if not calendar.is_working(today) or (last is not None and local_time(last).date() >= today):
            return 0
        sheets: dict[int, _Sheet] = {}
        every: list[_Line] = []
        for view in standing.of_cycles(standing.open_cycles(unit_id)):
            every += _collect(view, calendar, sheets)
        _add_what_outlives(unit_id, calendar, sheets)
        _add_news(unit_id, sheets)
        if not sheets:
            return 0
        event_id = events.record(REMIND, actor_id=None, unit_id=unit_id, details={"count": len(sheets)})
        _tell(event_id, sheets)
        _tell_groups(unit_id, every)
    return len(sheets)


def _collect(view: CycleStanding, calendar: Calendar, sheets: dict[int, _Sheet]) -> list[_Line]:
    today, lines = clock.today(), []
    items: list[Item] = [*view.sections, view.report]
    for item in items:
        if item.term is None or item.due_on is None or item.stage is None:
            continue
        if not is_to_remind(calendar, today, item.due_on, view.cycle.reminding):
            continue
        line = _line(item, item.term)
        lines.append(line)
        for person in item.holders:
            sheets.setdefault(person.id, _Sheet()).own.append(line)
        for person_id in _above(view, item, rung(calendar, today, item.term.counts_from, view.cycle.reminding)):
            sheets.setdefault(person_id, _Sheet()).below.append(line)
    return lines


def _above(view: CycleStanding, item: Item, height: int) -> list[int]:
    """Whose people have let it lie so long that he is told, each rung once; written on the time line."""
    section_id = item.section.id if isinstance(item, SectionStanding) else None
    report_id = None if section_id else view.report.report.id
    if not height:
        return []
    told = board.last_escalation(section_id=section_id, report_id=report_id)
    reached = told.details.get("rung", 0) if told and told.at >= item.since else 0
    ladder = LADDER.get(item.stage or "", ())
    if height <= reached or reached >= len(ladder):
        return []
    height = min(height, len(ladder))
    office_id = item.section.owner_office_id if isinstance(item, SectionStanding) else None
    holding = {person.id for person in item.holders}
    found = {
        actor.id: actor.name
        for permission in _rungs(ladder, reached, height)
        if permission not in AT_OFFICE or office_id is not None
        for actor in view.staff.holders(permission, office_id if permission in AT_OFFICE else None)
        if actor.id not in holding
    }
    if found:
        events.record(
            ESCALATE,
            actor_id=None,
            unit_id=view.cycle.unit_id,
            cycle_id=view.cycle.id,
            section_id=section_id,
            report_id=report_id,
            details={"rung": height, "names": list(found.values())},
        )
    return list(found)


def _rungs(ladder: tuple[tuple[Permission, ...], ...], reached: int, height: int) -> Iterable[Permission]:
    return (permission for step in ladder[reached:height] for permission in step)


def _line(item: Item, left: Term) -> _Line:
    if isinstance(item, SectionStanding):
        name, office_id, path = item.section.heading, item.section.owner_office_id, f"/sections/{item.section.id}"
    else:
        report = item.report
        name, office_id, path = f"{report.title}（{report.edition_name}）", None, f"/reports/{report.id}"
    text = f"{name}：{STAGES[item.stage or '']}，{left.due_on.month}月{left.due_on.day}日截止（{left.words}）"
    return _Line(left.due_on, left.is_late, text, office_id, path)


def _add_what_outlives(unit_id: int, calendar: Calendar, sheets: dict[int, _Sheet]) -> None:
    """Disclosure and measures: only to whoever must act. Groups are not told, a measure's words may name somebody."""
    for one in watching.to_remind_of(unit_id, calendar):
        day = f"{one.term.due_on.month}月{one.term.due_on.day}日"
        text = f"{one.title}：{day}截止（{one.term.words}）"
        line = _Line(one.term.due_on, one.term.is_late, text, one.office_id, one.path)
        for person_id in one.holders:
            sheets.setdefault(person_id, _Sheet()).own.append(line)


def _add_news(unit_id: int, sheets: dict[int, _Sheet]) -> None:
    """For those who want one message a day: what they were told since the last one and have not read."""
    everybody = [person.id for person in people.persons(unit_id) if person.disabled_at is None]
    waiting = posting.contacts(everybody, Mode.DIGEST)
    since = outbox.last_digest(waiting)
    first = min((since.get((c.recipient, c.channel), clock.now() - _BACK) for c in waiting), default=clock.now())
    unread = notices.unread_since({c.person_id or 0 for c in waiting}, first)
    for contact in waiting:
        begins = since.get((contact.recipient, contact.channel), clock.now() - _BACK)
        news = [subject for at, subject in unread.get(contact.person_id or 0, []) if at >= begins]
        if news:
            sheets.setdefault(contact.person_id or 0, _Sheet()).news = news


def _tell(event_id: int, sheets: dict[int, _Sheet]) -> None:
    today = clock.today()
    digesting = {contact.person_id for contact in posting.contacts(sheets, Mode.DIGEST)}
    for contact in posting.contacts(sheets, Mode.EACH, Mode.DIGEST):
        sheet = sheets[contact.person_id or 0]
        news = sheet.news if contact.person_id in digesting else []
        if sheet.own or sheet.below or news:
            subject, body = _subject(sheet, news), _body(sheet, news, with_links=True)
            posting.digest(contact, today, subject=subject, body=body, path="/")
    for person_id, sheet in sheets.items():
        if sheet.own or sheet.below:
            subject, body = _subject(sheet, []), _body(sheet, [], with_links=False)
            notices.write(event_id, [person_id], subject=subject, body=body, is_task=True)


def _tell_groups(unit_id: int, lines: list[_Line]) -> None:
    """To the robots of groups: titles and dates, and of persons nothing."""
    offices = {office.id: office.name for office in people.offices(unit_id)}
    for contact, office_id in channels.groups(unit_id):
        own = [line for line in lines if office_id in (None, line.office_id)]
        if not own:
            continue
        late = sum(line.is_late for line in own)
        subject = f"{offices.get(office_id or 0, '全单位')}：{len(own)} 件事将到期或已到期" + _of_which(late)
        texts = [
            (f"【{offices[line.office_id]}】" if office_id is None and line.office_id in offices else "") + line.text
            for line in _ordered(own)
        ]
        posting.digest(contact, clock.today(), subject=subject, body="\n".join(_cut(texts)), path="/progress")


def _subject(sheet: _Sheet, news: list[str]) -> str:
    parts = []
    if sheet.own:
        parts.append(f"{len(sheet.own)} 件事等您办理" + _of_which(sum(line.is_late for line in sheet.own)))
    if sheet.below:
        parts.append(f"{len(sheet.below)} 件事逾期未办，请您督促")
    if news:
        parts.append(f"{len(news)} 条新消息")
    return f"{'到期提醒' if sheet.own or sheet.below else '今日消息'}：{'；'.join(parts)}"


def _of_which(late: int) -> str:
    return f"，其中 {late} 件已逾期" if late else ""


def _body(sheet: _Sheet, news: list[str], *, with_links: bool) -> str:
    address = surroundings.settings().public_url if with_links else None
    texts: list[str] = []
    if sheet.own:
        texts += _cut([_linked(line, address) for line in _ordered(sheet.own)])
        texts.append("您收到这条提醒，是因为这些事现在轮到您办理。办好后不再提醒。")
    if sheet.below:
        texts.append("以下事项逾期未办，现报告您：")
        texts += _cut([_linked(line, address) for line in _ordered(sheet.below)])
    if news:
        texts += ["上次汇总以来的新消息：", *_cut(news)]
    return "\n".join(texts)


def _linked(line: _Line, address: str | None) -> str:
    return f"{line.text}\n{address.rstrip('/')}{line.path}" if address else line.text


def _ordered(lines: Iterable[_Line]) -> list[_Line]:
    return sorted(lines, key=lambda line: line.due_on)


def _cut(texts: list[str]) -> list[str]:
    if len(texts) <= _LINES:
        return texts
    return [*texts[:_LINES], f"另有 {len(texts) - _LINES} 件，请到系统里看。"]
