"""Adding a year's notice of holidays; dates that were given in working days follow it, and people are told."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from perfapp import clock
from perfapp.core.deadlines import resolve
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.holiday_notice import read_notice
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.words import STAGES
from perfapp.core.working_days import Calendar, CalendarYear
from perfapp.data import calendars, cycles, events, people, reports
from perfapp.data.cycles import CycleView
from perfapp.data.session import transaction
from perfapp.services import standing, telling

P = Permission
_DOER = {
    "draft": P.WRITE,
    "review": P.REVIEW,
    "check": P.CHECK_MONEY,
    "merge": P.MERGE,
    "joint": P.REVIEW_REPORT,
    "issue": P.ISSUE,
    "deliver": P.DELIVER,
}
"""Whose work a stage is; its new date concerns them, and the editor in any case."""
_AHEAD = {
    ReportState.DRAFTING: tuple(STAGES),
    ReportState.MERGING: ("merge", "joint", "issue", "deliver"),
    ReportState.REVIEWING: ("joint", "issue", "deliver"),
    ReportState.SEALED: ("deliver",),
}
"""The stages that are not yet behind a report; between review and seal it is being issued."""


@dataclass(frozen=True, slots=True)
class Move:
    """A stage's date before and after."""

    cycle: CycleView
    stage: str
    old: date
    new: date

    @property
    def words(self) -> str:
        return f"{STAGES[self.stage]}：{self.old:%Y-%m-%d} 改为 {self.new:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A notice as it was read, and what keeping it does to dates that are running."""

    year: CalendarYear
    moves: tuple[Move, ...]
    stuck: tuple[str, ...]  # cycles where a reckoned day would pass one that was set: their dates stay

    @property
    def seen(self) -> str:
        """Changes with anything that a person has looked at before saving."""
        said = [self.year.model_dump_json(), *(f"{one.cycle.id}{one.words}" for one in self.moves), *self.stuck]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def foresee(actor: Actor, year: int, basis: str, text: str) -> Foreseen:
    """Read the notice and say which due dates would move. Nothing is kept."""
    if not actor.may(P.MANAGE_PEOPLE):
        raise Forbidden("工作日历由系统管理员维护。")
    if not 2000 <= year <= 2100:
        raise Invalid("年份应在 2000 至 2100 之间。", field="year")
    found = read_notice(year, basis, text)
    moves: list[Move] = []
    stuck: list[str] = []
    calendar = calendars.with_year(actor.unit_id, found)
    for cycle in standing.open_cycles(actor.unit_id):
        due = _reckoned(cycle, calendar)
        if due is None:
            stuck.append(cycle.title)
        else:
            moves += [
                Move(cycle, stage, cycle.due[stage], day) for stage, day in due.items() if day != cycle.due[stage]
            ]
    return Foreseen(found, tuple(moves), tuple(stuck))


def add_year(actor: Actor, year: int, basis: str, text: str, *, seen: str) -> Foreseen:
    """Keep the notice, move the dates, tell whom it concerns. `seen` is of what the person had before his eyes."""
    with transaction():
        people.lock_unit(actor.unit_id)
        found = foresee(actor, year, basis, text)
        if seen != found.seen:
            raise Conflict("通知或截止日期与您刚才看到的不同，请再看一遍下面的变动，再保存。")
        calendars.keep(actor.unit_id, found.year, actor.id)
        event_id = events.record(
            "change_calendar",
            actor_id=actor.id,
            unit_id=actor.unit_id,
            details={"period": str(year), "fact": "、".join(found.year.basis), "place": "/progress"},
        )
        for cycle in dict.fromkeys(one.cycle.id for one in found.moves):
            _redate(actor, [one for one in found.moves if one.cycle.id == cycle])
        _tell(actor, event_id, found)
    return found


def _redate(actor: Actor, moves: list[Move]) -> None:
    cycle = cycles.lock(moves[0].cycle.id, actor.unit_id)
    cycles.set_dates(cycle.id, cycle.due | {one.stage: one.new for one in moves}, cycle.after)
    cycles.change(cycle.id)
    events.record(
        "redate_cycle",
        actor_id=actor.id,
        unit_id=actor.unit_id,
        cycle_id=cycle.id,
        reason="；".join(one.words for one in moves),
    )


def _tell(actor: Actor, event_id: int, found: Foreseen) -> None:
    """One message a person, with the dates that concern him."""
    lines: dict[int, list[str]] = {}
    for one in found.moves:
        for person_id in _concerned(one):
            lines.setdefault(person_id, []).append(f"{one.cycle.title}，{one.words}")
    basis = "、".join(found.year.basis)
    for brief in people.briefs(lines):
        body = "\n".join(
            [f"{found.year.year} 年节假日安排（{basis}）已录入，按工作日推算的期限随之变动：", *lines[brief.id]]
        )
        telling.announce(event_id, [brief], by=actor, subject="截止日期有变动，请看新的日期", body=body)


def _concerned(move: Move) -> Iterable[int]:
    state = reports.current(move.cycle.id).state
    ahead = _AHEAD.get(state, ("issue", "deliver"))
    wanted = [_DOER[move.stage], P.MERGE] if move.stage in ahead else []
    holders = (people.holders(move.cycle.unit_id, one, clock.today()) for one in wanted)
    return dict.fromkeys(person.id for group in holders for person in group)


def _reckoned(cycle: CycleView, calendar: Calendar) -> dict[str, date] | None:
    """Its dates by this calendar; None where one would come after the day that was set for a later stage."""
    given = {stage: day for stage, day in cycle.due.items() if stage not in cycle.after}
    try:
        return resolve(given, cycle.after, calendar)
    except Invalid:
        return None
