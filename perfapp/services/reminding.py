"""The morning reminder: computed from where things stand now, one message a person and day."""

from dataclasses import dataclass
from datetime import date

from perfapp import clock
from perfapp.core.chinese import local_time
from perfapp.core.words import STAGES
from perfapp.data import board, events, people
from perfapp.data.session import transaction
from perfapp.services import standing, telling
from perfapp.services.standing import CycleStanding, Standing

REMIND = "remind"
DAYS_AHEAD = 3
_LINES = 30


@dataclass(frozen=True, slots=True)
class _Line:
    days_left: int
    text: str


def remind() -> int:
    """Remind everybody of what he holds and what is due within three days, today or late; returns how many were told.

    Run twice on one day it tells nobody twice: the unit's event of the day is the proof.
    """
    return sum(_remind_unit(unit_id) for unit_id in board.unit_ids())


def _remind_unit(unit_id: int) -> int:
    with transaction():
        people.lock_unit(unit_id)
        last = board.last_of_unit(unit_id, REMIND)
        if last is not None and local_time(last).date() >= clock.today():
            return 0
        lines: dict[int, list[_Line]] = {}
        for view in standing.of_cycles(standing.open_cycles(unit_id)):
            _collect(view, lines)
        if not lines:
            return 0
        event_id = events.record(REMIND, actor_id=None, unit_id=unit_id, details={"count": len(lines)})
        for person_id, things in lines.items():
            telling.remind(event_id, person_id, subject=_subject(things), body=_body(things))
    return len(lines)


def _collect(view: CycleStanding, lines: dict[int, list[_Line]]) -> None:
    named: list[tuple[Standing, str]] = [(item, item.section.heading) for item in view.sections]
    named.append((view.report, f"{view.report.report.title}（{view.report.report.edition_name}）"))
    for item, name in named:
        if item.days_left is None or item.due_on is None or item.stage is None or item.days_left > DAYS_AHEAD:
            continue
        text = f"{name}：{STAGES[item.stage]}，{_when(item.days_left, item.due_on)}"
        for person in item.holders:
            lines.setdefault(person.id, []).append(_Line(item.days_left, text))


def _when(days_left: int, due_on: date) -> str:
    day = f"{due_on.month}月{due_on.day}日截止"
    if days_left == 0:
        return f"{day}（今天）"
    return f"{day}（还有 {days_left} 天）" if days_left > 0 else f"{day}（已逾期 {-days_left} 天）"


def _subject(things: list[_Line]) -> str:
    late = sum(thing.days_left < 0 for thing in things)
    return f"到期提醒：{len(things)} 件事等您办理" + (f"，其中 {late} 件已逾期" if late else "")


def _body(things: list[_Line]) -> str:
    ordered = sorted(things, key=lambda thing: thing.days_left)
    texts = [thing.text for thing in ordered[:_LINES]]
    if len(ordered) > _LINES:
        texts.append(f"另有 {len(ordered) - _LINES} 件，请到待办里看。")
    return "\n".join([*texts, "您收到这条提醒，是因为这些事现在轮到您办理。办好后不再提醒。"])
