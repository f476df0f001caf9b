"""The board of a cycle, who may see how much of it, and 催办. Reading is one constant set of queries."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from perfapp import clock
from perfapp.core import return_kinds
from perfapp.core.chinese import local_time
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from perfapp.core.permissions import GRANTS, Actor, Permission, Role
from perfapp.core.section_flow import SectionState
from perfapp.core.words import REPORT_STATES, SECTION_STATES
from perfapp.data import board as table
from perfapp.data import cycles, events, reports, sections
from perfapp.data.board import Move
from perfapp.data.cycles import CycleView
from perfapp.data.events import EventView
from perfapp.data.people import PersonBrief
from perfapp.data.session import transaction
from perfapp.services import remarks, standing, telling
from perfapp.services.remarks import Counted
from perfapp.services.standing import RETURNS, URGE, CycleStanding, ReportStanding, SectionStanding

URGE_PAUSE = timedelta(hours=4)
CHART_POINTS = 60
PAGE = 50
_IN_HAND = frozenset({SectionState.NOT_STARTED, SectionState.DRAFTING})
P = Permission


@dataclass(frozen=True, slots=True)
class OfficeStanding:
    """One office's part in the cycle. `writers` and `heads` are who to ask."""

    id: int | None
    name: str
    heads: tuple[PersonBrief, ...]
    writers: tuple[PersonBrief, ...]
    sections: tuple[SectionStanding, ...]
    handed_in: int
    accepted: int
    late: int
    returned_for: tuple[tuple[str, int], ...]  # what something came back for, and how often
    took_part: int  # how many persons wrote

    @property
    def returned(self) -> int:
        """How often something came back."""
        return sum(count for _, count in self.returned_for)


@dataclass(frozen=True, slots=True)
class Board:
    cycles: list[CycleView]
    cycle: CycleView
    report: ReportStanding
    sections: tuple[SectionStanding, ...]  # what the viewer may see
    offices: tuple[OfficeStanding, ...]
    counts: dict[SectionState, int]
    late: int
    days: list[tuple[date, int, int]]  # day, handed in until then, accepted until then
    whole_unit: bool
    urgeable: frozenset[int]  # sections this person may urge now
    may_urge_report: bool
    remarks: Mapping[int, Counted]  # the open remarks the viewer may see, by section


def board(actor: Actor, cycle_id: int | None = None) -> Board | None:
    """The board of the chosen cycle, else of the newest open one; None where the unit has no cycle yet."""
    whole = actor.may(P.SEE_BOARD)
    if not whole and not actor.may(P.SEE_OWN_BOARD):
        raise Forbidden("您没有查看进度的权限。")
    known, chosen = _chosen(actor, cycle_id)
    if chosen is None:
        return None
    view = standing.of_cycles([chosen], with_reports=whole)[0]
    seen = tuple(s for s in view.sections if whole or s.section.owner_office_id in actor.office_ids)
    return _board(known, view, seen, actor, whole=whole)


def counts(actor: Actor, cycle_id: int | None = None) -> Board | None:
    """The same for those who see numbers only: whoever draws it must not draw a title, a text or a reason."""
    if not actor.may(P.SEE_COUNTS):
        raise Forbidden("您没有查看进度的权限。")
    known, chosen = _chosen(actor, cycle_id)
    if chosen is None:
        return None
    view = standing.of_cycles([chosen], with_reports=False)[0]
    return _board(known, view, view.sections, actor, whole=False)


def timeline(
    actor: Actor, cycle_id: int, *, section_id: int | None = None, report_id: int | None = None, page: int = 1
) -> tuple[CycleView, list[EventView], int]:
    """A page of the cycle's events, newest first, with how many there are: all of them, or one's own offices'."""
    cycle = cycles.visible(actor, cycle_id)
    whole = actor.may(P.SEE_BOARD)
    if not whole and not actor.may(P.SEE_OWN_BOARD):
        raise Forbidden("您没有查看办理经过的权限。")
    found, total = table.timeline(
        cycle.id,
        office_ids=None if whole else actor.office_ids,
        section_id=section_id,
        report_id=report_id,
        offset=(page - 1) * PAGE,
        limit=PAGE,
    )
    if page > 1 and not found:
        raise NotFound("没有这一页。")
    return cycle, found, total


def urge_section(actor: Actor, section_id: int) -> tuple[PersonBrief, ...]:
    """催办: remind whoever must act on the section now; returns them. At most once in four hours."""
    with transaction():
        report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
        section = sections.lock(section_id, actor.unit_id)
        if not _may_urge(actor, section.owner_office_id):
            raise Forbidden("只能催办本科室的章节。" if actor.may(P.URGE) else "您没有催办的权限。")
        view = standing.of_cycles([cycles.get(report.cycle_id)], with_reports=False)[0]
        item = next((s for s in view.sections if s.section.id == section_id), None)
        if item is None or item.is_done:
            raise Conflict(f"“{section.heading}”已经办完，不用催办。")
        holders = _to_urge(item, actor)
        _not_too_often(section_id=section_id)
        due = _due_words(item)
        event_id = events.record(
            URGE,
            actor_id=actor.id,
            unit_id=actor.unit_id,
            cycle_id=section.cycle_id,
            section_id=section_id,
            details={"names": [person.name for person in holders]},
        )
        telling.urge(
            event_id,
            holders,
            by=actor,
            subject=f"催办：{section.heading}",
            body=f"{actor.name}请您尽快办理：{section.heading}（{SECTION_STATES[section.state][0]}{due}）。",
            section_id=section_id,
        )
    return holders


def urge_report(actor: Actor, report_id: int) -> tuple[PersonBrief, ...]:
    """催办: remind whoever must act on the report now; returns them. At most once in four hours."""
    if not _may_urge(actor, None):
        raise Forbidden("科室负责人只能催办本科室的章节。" if actor.may(P.URGE) else "您没有催办的权限。")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        item = standing.of_cycles([cycles.get(report.cycle_id)])[0].report
        if item.report.id != report_id or (item.stage is None and not item.holders):
            raise Conflict("这份报告现在没有人要办，不用催办。")
        holders = _to_urge(item, actor)
        _not_too_often(report_id=report_id)
        due = _due_words(item)
        event_id = events.record(
            URGE,
            actor_id=actor.id,
            unit_id=actor.unit_id,
            cycle_id=report.cycle_id,
            report_id=report_id,
            details={"names": [person.name for person in holders]},
        )
        title = f"{report.title}（{report.edition_name}）"
        telling.urge(
            event_id,
            holders,
            by=actor,
            subject=f"催办：{title}",
            body=f"{actor.name}请您尽快办理：{title}（{REPORT_STATES[report.state][0]}{due}）。",
            report_id=report_id,
        )
    return holders


def progress_days(
    moves: list[Move], section_ids: frozenset[int], first: date, last: date
) -> list[tuple[date, int, int]]:
    """How many sections were handed in, and accepted, at the end of each day; thinned out where there are many days."""
    handed, accepted = set[int](), set[int]()
    by_day: dict[date, list[Move]] = {}
    for move in moves:
        if move.section_id in section_ids:
            by_day.setdefault(local_time(move.at).date(), []).append(move)
    days: list[tuple[date, int, int]] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for move in by_day.get(day, ()):
            state = SectionState(move.new_state)
            _put(handed, move.section_id, state not in _IN_HAND)
            _put(accepted, move.section_id, state is SectionState.ACCEPTED)
        days.append((day, len(handed), len(accepted)))
    every = -(-len(days) // CHART_POINTS)
    return days[::-1][::every][::-1]


def _board(
    known: list[CycleView], view: CycleStanding, seen: tuple[SectionStanding, ...], actor: Actor, *, whole: bool
) -> Board:
    moves = table.moves(view.cycle.id)
    ids = frozenset(item.section.id for item in seen)
    first = local_time(min([view.cycle.opened_at, *(move.at for move in moves[:1])])).date()
    last = clock.today() if view.is_open else local_time(view.report.since).date()
    return Board(
        cycles=known,
        cycle=view.cycle,
        report=view.report,
        sections=seen,
        offices=_offices(view, seen, moves),
        counts=dict(Counter(item.section.state for item in seen)),
        late=sum(item.is_late for item in seen),
        days=progress_days(moves, ids, first, max(first, last)),
        whole_unit=whole,
        urgeable=frozenset(
            item.section.id
            for item in seen
            if _may_urge(actor, item.section.owner_office_id) and _is_urgeable(item, actor)
        ),
        remarks=remarks.counted(actor, [item.section for item in seen]),
        may_urge_report=_may_urge(actor, None) and _is_urgeable(view.report, actor),
    )


def _offices(view: CycleStanding, seen: tuple[SectionStanding, ...], moves: list[Move]) -> tuple[OfficeStanding, ...]:
    came_back = [move for move in moves if move.action in RETURNS]
    grouped: dict[int | None, list[SectionStanding]] = {}
    for item in seen:
        grouped.setdefault(item.section.owner_office_id, []).append(item)
    order = {office_id: place for place, (office_id, _) in enumerate(table.offices(view.cycle.unit_id))}
    found = []
    for office_id in sorted(grouped, key=lambda key: order.get(key or 0, len(order))):
        items = grouped[office_id]
        found.append(
            OfficeStanding(
                id=office_id,
                name=items[0].section.owner_office_name or "未指定科室",
                heads=view.staff.at(Role.OFFICE_HEAD, office_id) if office_id else (),
                writers=view.staff.at(Role.WRITER, office_id) if office_id else (),
                sections=tuple(items),
                handed_in=sum(item.section.state not in _IN_HAND for item in items),
                accepted=sum(item.section.state is SectionState.ACCEPTED for item in items),
                late=sum(item.is_late for item in items),
                returned_for=_returned_for(came_back, items),
                took_part=len(frozenset[int]().union(*(item.facts.author_ids for item in items))),
            )
        )
    return tuple(found)


def _returned_for(came_back: list[Move], items: list[SectionStanding]) -> tuple[tuple[str, int], ...]:
    ids = {item.section.id for item in items}
    return return_kinds.counted(move.kind for move in came_back if move.section_id in ids)


def _chosen(actor: Actor, cycle_id: int | None) -> tuple[list[CycleView], CycleView | None]:
    known = cycles.of_unit(actor.unit_id)
    if cycle_id is not None:
        chosen = next((cycle for cycle in known if cycle.id == cycle_id), None)
        if chosen is None:
            raise NotFound("没有找到这个年度任务。")
        return known, chosen
    latest = reports.currents([cycle.id for cycle in known])
    started = [cycle for cycle in known if latest[cycle.id].state not in standing.CLOSED]
    return known, next(iter(started or known), None)


def _may_urge(actor: Actor, office_id: int | None) -> bool:
    """Heads urge in their own office; who sees the whole board urges anywhere."""
    if any({P.URGE, P.SEE_BOARD} <= GRANTS[post.role] for post in actor.posts):
        return True
    return office_id is not None and actor.may_at(P.URGE, office_id)


def _is_urgeable(item: SectionStanding | ReportStanding, actor: Actor) -> bool:
    """Somebody else holds it, and nobody has urged it just now."""
    rested = item.urged is None or clock.now() - item.urged.at >= URGE_PAUSE
    return rested and any(person.id != actor.id for person in item.holders)


def _to_urge(item: SectionStanding | ReportStanding, actor: Actor) -> tuple[PersonBrief, ...]:
    if not item.holders:
        raise Invalid(f"现在催不了：{item.obstacle or '没有人在办'}。".replace("。。", "。"))
    others = tuple(person for person in item.holders if person.id != actor.id)
    if not others:
        raise Invalid("现在轮到您自己办理，不用催办。")
    return others


def _not_too_often(*, section_id: int | None = None, report_id: int | None = None) -> None:
    last = table.last_urge(section_id=section_id, report_id=report_id)
    if last is None or clock.now() - last.at >= URGE_PAUSE:
        return
    at, again = local_time(last.at), local_time(last.at + URGE_PAUSE)
    when = f"{last.actor_name}已于{at.month}月{at.day}日 {at:%H:%M} 催办过"
    raise TooMany(f"{when}，同一件事 4 小时内只催一次，{again:%H:%M} 以后可以再催。")


def _due_words(item: SectionStanding | ReportStanding) -> str:
    if item.term is None or item.due_on is None:
        return ""
    day = f"{item.due_on.month}月{item.due_on.day}日"
    return f"，{day}截止，{item.term.words}" if item.is_late else f"，{day}截止"


def _put(members: set[int], member: int, inside: bool) -> None:
    (members.add if inside else members.discard)(member)
