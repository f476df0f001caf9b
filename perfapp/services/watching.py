"""Due dates that outlive a report, its disclosure and its measures, with whoever must act on them today."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from perfapp import clock
from perfapp.core.deadlines import Term, is_to_remind
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.working_days import Calendar
from perfapp.data import board, cycles, disclosures, reports
from perfapp.data import measures as measure_table
from perfapp.data.cycles import CycleView
from perfapp.data.disclosures import DisclosureView
from perfapp.data.measures import MeasureView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.services import disclosing, duties, measures

P = Permission
_IsDue = Callable[[Term | None, int], bool]
_DISCLOSE = (P.PREPARE_DISCLOSURE, P.CLEAR_DISCLOSURE, P.APPROVE_DISCLOSURE)


@dataclass(frozen=True, slots=True)
class Watched:
    title: str
    path: str
    term: Term
    office_id: int | None
    holders: tuple[int, ...]  # who must act now


def to_remind_of(unit_id: int, calendar: Calendar) -> list[Watched]:
    """What is due soon, today or late. How early, each year's cycle says."""
    known = {cycle.id: cycle for cycle in cycles.of_unit(unit_id)}
    actors = board.staff([unit_id], clock.today())[unit_id].actors

    def is_due(term: Term | None, cycle_id: int) -> bool:
        return term is not None and is_to_remind(calendar, term.today, term.due_on, known[cycle_id].reminding)

    found = [*_disclosures(known, actors, is_due), *_measures(unit_id, calendar, actors, is_due)]
    return [one for one in found if one.holders]


def next_on(view: DisclosureView) -> tuple[PersonBrief, ...]:
    """Who is to act on the way of this edition to the public."""
    staff = board.staff([view.unit_id], clock.today())[view.unit_id]
    return tuple(staff.briefs[actor.id] for actor in staff.actors if _may_act(actor, view))


def next_on_measure(measure: MeasureView) -> tuple[PersonBrief, ...]:
    """Who is to act on this measure."""
    staff = board.staff([measure.unit_id], clock.today())[measure.unit_id]
    return tuple(staff.briefs[actor.id] for actor in staff.actors if measures.waits_for(measure, actor) is not None)


def _may_act(actor: Actor, view: DisclosureView) -> bool:
    concerned = any(actor.may(permission) for permission in _DISCLOSE)
    return concerned and disclosing.waits_for(actor, view) is not None


def _disclosures(known: Mapping[int, CycleView], actors: Sequence[Actor], is_due: _IsDue) -> Iterator[Watched]:
    current = [one for one in reports.currents(list(known)).values() if one.state is ReportState.DELIVERED]
    views = disclosures.of_reports(report.id for report in current)
    for report in current:
        view = views.get(report.id)
        term = duties.disclosure_term(disclosing.due_day(report), view)
        if term is None or not is_due(term, report.cycle_id):
            continue
        holders = tuple(actor.id for actor in actors if _acts(actor, report, view))
        path = f"/disclosures/{view.id}" if view else f"/reports/{report.id}#disclosure"
        yield Watched(f"公开：{report.title}（{report.edition_name}）", path, term, None, holders)


def _acts(actor: Actor, report: ReportView, view: DisclosureView | None) -> bool:
    if view is None:
        return disclosing.may_begin(actor, report)
    return _may_act(actor, view)


def _measures(unit_id: int, calendar: Calendar, actors: Sequence[Actor], is_due: _IsDue) -> Iterator[Watched]:
    today = clock.today()
    for measure in measure_table.of_unit(unit_id, states=measure_table.UNFINISHED):
        term = measure.term(calendar, today)
        if term is None or not is_due(term, measure.cycle_id):
            continue
        holders = tuple(actor.id for actor in actors if measures.waits_for(measure, actor) is not None)
        title = f"整改：{measure.text[:60]}"
        yield Watched(title, f"/measures/{measure.id}", term, measure.office_id, holders)
