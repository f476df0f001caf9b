"""绩效运行监控: the editor opens a checkpoint, every office answers for its indicators on one page and hands in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from perfapp.core.checkpoints import MAX_WORDS, Answer, Outlook, Pace, Period, added_up, pace
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.scoring.indicators import Indicator
from perfapp.core.scoring.measure import measure
from perfapp.data import checkpoints, cycles, events, facts, forms
from perfapp.data.checkpoints import AnswerView, CheckpointView, HandIn
from perfapp.data.cycles import CycleView
from perfapp.data.session import transaction
from perfapp.services import self_scores, telling

SPENDING, BUDGETS = "total-spending", ("adjusted-budget", "opening-budget")
NAMES = {"so_far": "完成情况", "reason": "原因", "measure": "措施"}


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator at a checkpoint. `computed`: its value by the months entered so far; '' where unknown."""

    indicator: Indicator
    heading: str
    computed: str
    view: AnswerView | None

    @property
    def answer(self) -> Answer:
        return self.view.answer if self.view else Answer()

    @property
    def number(self) -> int:
        return self.view.number if self.view else 0


@dataclass(frozen=True, slots=True)
class OfficePart:
    """The indicators of one office, whether they have been handed in, and why the reader may not fill; '' if he may."""

    office_id: int
    office_name: str
    lines: tuple[Line, ...]
    handed_in: HandIn | None
    bar: str

    @property
    def answered(self) -> int:
        return sum(1 for line in self.lines if not line.answer.is_empty)

    @property
    def doubted(self) -> tuple[Line, ...]:
        """The indicators whose target is in doubt."""
        return tuple(line for line in self.lines if line.answer.outlook in (Outlook.RISK, Outlook.MISS))


@dataclass(frozen=True, slots=True)
class Look:
    """A checkpoint as its pages show it."""

    checkpoint: CheckpointView
    cycle: CycleView
    pace: Pace
    parts: tuple[OfficePart, ...]

    def part(self, office_id: int) -> OfficePart:
        found = next((one for one in self.parts if one.office_id == office_id), None)
        if found is None:
            raise NotFound("这个科室没有要回顾的指标。")
        return found


def open_checkpoint(actor: Actor, cycle_id: int, period: str, due_on: date) -> int:
    """Ask every office with indicators to look back; returns the checkpoint's id. Asked again, only the day changes."""
    if not actor.may(Permission.ARRANGE):
        raise Forbidden("绩效监控由统稿人发起。")
    if period not in set(Period):
        raise Invalid("请选择监控到哪个季度末。", field="period")
    wanted = Period(period)
    with transaction():
        cycle = cycles.lock(cycle_id, actor.unit_id)
        if forms.pinned(cycle.id, "indicators") is None:
            raise Invalid("这个年度任务没有自评指标，不能开展绩效监控。")
        if due_on < wanted.ends_on(cycle.fiscal_year):
            raise Invalid(f"填报期限不能早于{wanted.called}末（{wanted.ends_on(cycle.fiscal_year)}）。", field="due_on")
        asked = (one for one in checkpoints.of_unit(actor.unit_id) if one.cycle_id == cycle_id)
        known = next((one for one in asked if one.period is wanted), None)
        if known is not None:
            checkpoints.set_due(known.id, due_on)
            return known.id
        checkpoint_id = checkpoints.add(cycle.id, wanted, due_on, actor.id)
        checkpoints.ask_offices(checkpoint_id, (part.office_id for part in look(actor, checkpoint_id).parts))
        event_id = _record(actor, cycle, "open_checkpoint", wanted)
        title = checkpoints.visible(actor.unit_id, checkpoint_id).title
        telling.checkpoint_opened(event_id, cycle.unit_id, by=actor, title=title, due_on=due_on)
        return checkpoint_id


def look(actor: Actor, checkpoint_id: int) -> Look:
    """Everything about one checkpoint."""
    checkpoint = checkpoints.visible(actor.unit_id, checkpoint_id)
    cycle = cycles.get(checkpoint.cycle_id)
    present = self_scores.of_cycle(cycle)
    months = _months(cycle)
    so_far = added_up(present.sheet, months, checkpoint.period)
    answers = checkpoints.answers(checkpoint.id)
    handed_in = checkpoints.handed_in(checkpoint.id)
    by_office: dict[int, list[Line]] = {}
    for line in present.scored.lines:
        office_id = present.owner(line.indicator)
        if office_id is not None:
            value = measure(line.indicator, so_far).value if line.indicator.actual else None
            computed = f"{value.normalize():f}{line.indicator.unit}" if value is not None else ""
            view = answers.get(line.indicator.key)
            by_office.setdefault(office_id, []).append(Line(line.indicator, line.heading.name, computed, view))
    parts = tuple(
        OfficePart(one.id, one.name, tuple(by_office[one.id]), handed_in.get(one.id), _bar(actor, one.id, one.name))
        for one in present.offices
        if one.id in by_office
    )
    budget = next((found for key in BUDGETS if (found := present.sheet.amount(key)) is not None), None)
    return Look(checkpoint, cycle, pace(checkpoint.period, so_far.amount(SPENDING), budget), parts)


def fill(
    actor: Actor, checkpoint_id: int, office_id: int, typed: Mapping[str, Mapping[str, str]], *, hand_in: bool
) -> dict[str, int]:
    """Keep what the office typed, by indicator; with `hand_in` it must be complete and is handed in.

    Each of `typed` carries "number", the answer it was typed over: another's answer in between is a Conflict, unless
    nothing was changed here. Returns the number of every indicator's answer.
    """
    with transaction():
        cycle, part = _locked(actor, checkpoint_id, office_id)
        if part.handed_in is not None:
            raise Conflict(f"{part.handed_in.person_name}已经交了，要修改请先取回。")
        given = {}
        for line in part.lines:
            key = line.indicator.key
            given[key] = _given(checkpoint_id, line, typed.get(key, {}))
            if given[key] != line.answer:
                checkpoints.add_answer(checkpoint_id, key, line.number + 1, given[key], actor.id)
        if hand_in:
            _demand_whole([(line.indicator, given[line.indicator.key].lacks) for line in part.lines])
            checkpoints.set_handed_in(checkpoint_id, office_id, actor.id)
            _record(actor, cycle, "hand_in_checkpoint", checkpoints.visible(actor.unit_id, checkpoint_id).period)
        return {line.indicator.key: line.number + (given[line.indicator.key] != line.answer) for line in part.lines}


def _demand_whole(lacks: Sequence[tuple[Indicator, str]]) -> None:
    """Every gap is named at once; names with quotation marks of their own stand without further ones."""
    gaps = [(indicator, said) for indicator, said in lacks if said]
    if gaps:
        named = "；".join(f"{indicator.name}：{said.rstrip('。')}" for indicator, said in gaps)
        raise Invalid(f"还差 {len(gaps)} 项。{named}。", field=gaps[0][0].key)


def overtaken(
    actor: Actor, checkpoint_id: int, office_id: int, typed: Mapping[str, Mapping[str, str]]
) -> tuple[Line, ...]:
    """The indicators that somebody else answered while this was typed, with his answers."""
    part = look(actor, checkpoint_id).part(office_id)
    if part.handed_in is not None or part.bar:
        return ()
    found = []
    for line in part.lines:
        try:
            _given(checkpoint_id, line, typed.get(line.indicator.key, {}))
        except Conflict:
            found.append(line)
        except Invalid:
            continue
    return tuple(found)


def take_back(actor: Actor, checkpoint_id: int, office_id: int) -> None:
    """The office takes its answers back to change them."""
    with transaction():
        cycle, part = _locked(actor, checkpoint_id, office_id)
        if part.handed_in is None:
            raise Conflict("还没有交，可以直接修改。")
        checkpoints.set_handed_in(checkpoint_id, office_id, None)
        _record(actor, cycle, "take_back_checkpoint", checkpoints.visible(actor.unit_id, checkpoint_id).period)


# --- inside -------------------------------------------------------------------------------------------------------


def _locked(actor: Actor, checkpoint_id: int, office_id: int) -> tuple[CycleView, OfficePart]:
    cycle = cycles.lock(checkpoints.visible(actor.unit_id, checkpoint_id).cycle_id, actor.unit_id)
    part = look(actor, checkpoint_id).part(office_id)
    if part.bar:
        raise Forbidden(part.bar)
    return cycle, part


def _bar(actor: Actor, office_id: int, office_name: str) -> str:
    return self_scores.fill_bar(actor, office_id, office_name)


def _answer(line: Line, typed: Mapping[str, str]) -> Answer:
    """What was typed; a field that did not come is left as it was."""
    old = line.answer
    words = {name: typed.get(name, getattr(old, name)).strip() for name in NAMES}
    for name, text in words.items():
        if len(text) > MAX_WORDS:
            raise Invalid(f"“{line.indicator.name}”的{NAMES[name]}最多 {MAX_WORDS} 字。", field=line.indicator.key)
    said = typed.get("outlook")
    if said not in (None, "", *Outlook):
        raise Invalid(f"“{line.indicator.name}”请选择全年能否完成。", field=line.indicator.key)
    outlook = old.outlook if said is None else Outlook(said) if said else None
    return Answer(words["so_far"], outlook, words["reason"], words["measure"])


def _given(checkpoint_id: int, line: Line, typed: Mapping[str, str]) -> Answer:
    """What the indicator is to say now; a field that was only left standing does not undo another's answer."""
    answer = _answer(line, typed)
    number = typed.get("number")
    if answer == line.answer or number == str(line.number):
        return answer
    if (
        number is not None
        and re.fullmatch(r"[0-9]{1,6}", number)
        and answer == _shown_at(checkpoint_id, line, int(number))
    ):
        return line.answer
    raise Conflict(f"“{line.indicator.name}”在您打开之后有人填过：您填的还在，请看过对方填的再保存。")


def _shown_at(checkpoint_id: int, line: Line, number: int) -> Answer | None:
    """What the form showed that was opened at this number: before the first answer, the sum of the months."""
    if number == 0:
        return Answer(so_far=line.computed)
    return checkpoints.answer_at(checkpoint_id, line.indicator.key, number)


def _months(cycle: CycleView) -> dict[tuple[str, str], Decimal]:
    keys = {fact.id: fact.key for fact in facts.of_unit(cycle.unit_id)}
    return {
        (keys[fact_id], period): value.amount
        for (fact_id, period), value in facts.present(cycle.id, period=None).items()
        if period != facts.YEAR and fact_id in keys and value.amount is not None
    }


def _record(actor: Actor, cycle: CycleView, action: str, period: Period) -> int:
    details = {"period": period.called}
    return events.record(action, actor_id=actor.id, unit_id=cycle.unit_id, cycle_id=cycle.id, details=details)
