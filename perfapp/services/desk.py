"""What waits for one person now, what others hold for him, and what is done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from perfapp import clock
from perfapp.core import turns
from perfapp.core.deadlines import Term, term
from perfapp.core.permissions import Actor, Permission, Principal
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.section_flow import SectionAction
from perfapp.core.working_days import Calendar
from perfapp.data import calendars, checkpoints, cycles, disputes, facts, notices, reports
from perfapp.data.checkpoints import CheckpointView
from perfapp.data.cycles import CycleView
from perfapp.data.disputes import DisputeView
from perfapp.data.notices import NoticeView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import disputes as contesting
from perfapp.services import fact_table, findings, remarks, reuse, standing
from perfapp.services.remarks import Counted
from perfapp.services.standing import CycleStanding, ReportStanding, SectionStanding

P = Permission
_REPORT_STEPS = (P.MERGE, P.REVIEW_REPORT, P.ISSUE, P.PRESS_SEAL, P.DELIVER)
"""Whoever holds one of these has steps of the report's own table."""
_SEALED = frozenset({ReportState.SEALING, ReportState.SEALED, ReportState.DELIVERED, ReportState.VOIDED})
_BEFORE_SEAL = frozenset(ReportState) - _SEALED


@dataclass(frozen=True, slots=True)
class SectionTask:
    cycle: CycleView
    standing: SectionStanding
    deed: str  # the words of its one button
    action: SectionAction
    principal: Principal | None = None  # in whose place the person would act

    @property
    def term(self) -> Term | None:
        return self.standing.term


@dataclass(frozen=True, slots=True)
class ReportTask:
    cycle: CycleView
    standing: ReportStanding
    deed: str
    action: ReportAction
    at_seal: bool  # done on the page of the seal
    obstacle: str  # what must be mended first, as a sentence
    principal: Principal | None = None

    @property
    def term(self) -> Term | None:
        return self.standing.term


class FigureDeed(StrEnum):
    ENTER = "enter"  # facts of the person's office that nobody has entered
    CONFIRM = "confirm"  # values that wait for his word
    DISPUTE = "dispute"  # a contested value that he is to answer for or to decide
    ANSWER = "answer"  # explanations of findings that finance has not accepted or refused
    EXPLAIN = "explain"  # paragraphs of his that repeat earlier texts, without a word why
    LOOK_BACK = "look_back"  # a checkpoint that his office has not handed in


@dataclass(frozen=True, slots=True)
class FigureTask:
    """Figures of a cycle that wait for the person, counted; a dispute stands for itself."""

    cycle: CycleView
    deed: FigureDeed
    count: int
    term: Term | None
    dispute: DisputeView | None = None
    checkpoint: CheckpointView | None = None
    office_id: int | None = None  # whose answers the checkpoint waits for
    section: SectionView | None = None  # whose paragraphs are to be explained


@dataclass(frozen=True, slots=True)
class Waiting:
    """Mine, but somebody else's turn."""

    cycle: CycleView
    report: ReportStanding
    section: SectionStanding | None  # None: it is the report itself


@dataclass(frozen=True, slots=True)
class RemarkTask:
    """Remarks that wait for the person, or lie before all reviewers, where it is not his turn otherwise."""

    cycle: CycleView
    standing: SectionStanding
    term: Term | None = None


Task = SectionTask | ReportTask | FigureTask | RemarkTask


@dataclass(frozen=True, slots=True)
class Desk:
    tasks: list[Task]  # the most urgent first
    waiting: list[Waiting]
    done: list[SectionStanding]
    delivered: list[ReportView]  # reports of closed cycles that the person may read
    cycles: list[CycleView]  # the open ones
    remarks: Mapping[int, Counted]  # the open remarks he may see, by section
    calendar: Calendar  # the unit's, by which days are counted


def desk(actor: Actor) -> Desk:
    """The person's desk. The number of queries depends on his unit's open cycles only, never on their sections."""
    known = cycles.of_unit(actor.unit_id)
    latest, calendar = reports.currents([cycle.id for cycle in known]), calendars.of_unit(actor.unit_id)
    started = [cycle for cycle in known if latest[cycle.id].state not in standing.CLOSED]
    works_on_reports = any(actor.may(permission) for permission in _REPORT_STEPS)
    works = works_on_reports or actor.may(P.READ_OWN)
    views = standing.of_cycles(started, with_reports=works_on_reports, current=latest) if works else []
    tasks: list[Task] = [task for view in views for task in _tasks(view, actor)]
    counts = remarks.counted(actor, [item.section for view in views for item in view.sections])
    tasks += _remark_tasks(views, tasks, counts)
    tasks += _copied_tasks(views, actor, calendar)
    if actor.may(P.READ_FIGURES):
        tasks += _figure_tasks(actor, started, latest, calendar)
    return Desk(
        tasks=sorted(tasks, key=_urgency),
        waiting=[item for view in views for item in _waiting(view, actor, with_report=works_on_reports)],
        done=[item for view in views for item in view.sections if item.is_done and _mine(item, actor)],
        delivered=[r for r in latest.values() if r.state in standing.CLOSED] if actor.may(P.READ_SEALED) else [],
        cycles=started,
        remarks=counts,
        calendar=calendar,
    )


def _urgency(task: Task) -> tuple[bool, date, int]:
    """The earliest date first; on one date what came back before what is new, and figures last."""
    rank = 2 if isinstance(task, FigureTask | RemarkTask) else int(task.standing.returned is None)
    return task.term is None, task.term.due_on if task.term else date.max, rank


def read_notice(actor: Actor, notice_id: int | None) -> NoticeView | None:
    """Mark one of the person's notices read and return it, or (None) all of them."""
    with transaction():
        notice = notices.own(actor.id, notice_id) if notice_id is not None else None
        notices.mark_read(actor.id, notice_id)
    return notice


def _tasks(view: CycleStanding, actor: Actor) -> Iterable[SectionTask | ReportTask]:
    """Each once: what the person may do himself he does not do for another."""
    capacities = [actor, *(one for one in view.deputies if one.id == actor.id)]
    for item in view.sections:
        for who in capacities:
            action = turns.section_task(item.facts, who)
            if action is not None:
                deed = turns.section_deed(action, item.section.state, returned=item.returned is not None)
                yield SectionTask(view.cycle, item, deed, action, who.principal)
                break
    for who in capacities:
        found = _report_task(view, who)
        if found is not None:
            step, obstacle = found
            at_seal = step in turns.SEAL_ACTS
            yield ReportTask(view.cycle, view.report, turns.REPORT_DEEDS[step], step, at_seal, obstacle, who.principal)
            break


def _remark_tasks(
    views: Iterable[CycleStanding], tasks: Iterable[Task], counts: Mapping[int, Counted]
) -> list[RemarkTask]:
    there = {task.standing.section.id for task in tasks if isinstance(task, SectionTask)}
    return [
        RemarkTask(view.cycle, item)
        for view in views
        for item in view.sections
        if item.section.id in counts and counts[item.section.id].asks and item.section.id not in there
    ]


def _copied_tasks(views: Iterable[CycleStanding], actor: Actor, calendar: Calendar) -> list[FigureTask]:
    """Of the sections he writes, those that were handed in with paragraphs that he can still explain or rewrite."""
    written = {
        item.section.id: (view.cycle, item.section)
        for view in views
        for item in view.sections
        if not item.is_locked
        and item.section.owner_office_id is not None
        and actor.may_at(P.WRITE, item.section.owner_office_id)
    }
    rates = reuse.rates([section for _, section in written.values()])
    open_ones = [(*written[section_id], rate.open_count) for section_id, rate in rates.items() if rate.open_count]
    return [
        FigureTask(cycle, FigureDeed.EXPLAIN, count, cycle.term("draft", calendar, clock.today()), section=section)
        for cycle, section, count in open_ones
    ]


def _figure_tasks(
    actor: Actor, started: Iterable[CycleView], latest: Mapping[int, ReportView], calendar: Calendar
) -> list[FigureTask]:
    """Entering while the report is written; confirming and disputes until it is sealed. Five queries in all."""
    today = clock.today()
    by_id = {cycle.id: cycle for cycle in started if latest[cycle.id].state in _BEFORE_SEAL}
    found: list[FigureTask] = []

    def add(cycle_id: int, deed: FigureDeed, count: int, stage: str, dispute: DisputeView | None = None) -> None:
        cycle = by_id[cycle_id]
        found.append(FigureTask(cycle, deed, count, cycle.term(stage, calendar, today), dispute))

    if not by_id:
        return found
    written = [cycle_id for cycle_id in by_id if latest[cycle_id].state is ReportState.DRAFTING]
    offices = [office_id for office_id in actor.office_ids if actor.may_at(P.ENTER_FIGURE, office_id)]
    for cycle_id, count in facts.missing_counts(written, offices).items() if written and offices else ():
        add(cycle_id, FigureDeed.ENTER, count, "draft")
    for deed, cycle_id, count in _words_awaited(actor, by_id):
        add(cycle_id, deed, count, "check")
    for one, office_id in checkpoints.awaited(by_id, offices) if offices else ():
        left = term(calendar, today, one.due_on)
        cycle = by_id[one.cycle_id]
        found.append(FigureTask(cycle, FigureDeed.LOOK_BACK, 1, left, checkpoint=one, office_id=office_id))
    for dispute in disputes.undecided(by_id):
        if contesting.waits_for(dispute, actor):
            add(dispute.cycle_id, FigureDeed.DISPUTE, 1, "check", dispute)
    return found


def _words_awaited(actor: Actor, known: Mapping[int, CycleView]) -> Iterator[tuple[FigureDeed, int, int]]:
    """What waits for a word of his, by cycle: values to confirm, explanations to accept or refuse."""
    for cycle_id, count in Counter(value.cycle_id for _, value in fact_table.waiting(actor, known)).items():
        yield FigureDeed.CONFIRM, cycle_id, count
    for cycle_id, count in findings.to_answer(actor, known).items():
        yield FigureDeed.ANSWER, cycle_id, count


def _report_task(view: CycleStanding, actor: Actor) -> tuple[ReportAction, str] | None:
    return turns.report_task(view.report.facts, actor) if view.report.facts else None


def _waiting(view: CycleStanding, actor: Actor, *, with_report: bool) -> Iterable[Waiting]:
    if with_report and view.report.stage and actor.id not in {person.id for person in view.report.holders}:
        yield Waiting(view.cycle, view.report, None)
    for item in view.sections:
        if (
            not item.is_done
            and not item.is_locked
            and _mine(item, actor)
            and actor.id not in {person.id for person in item.holders}
        ):
            yield Waiting(view.cycle, view.report, item)


def _mine(item: SectionStanding, actor: Actor) -> bool:
    """Whether the person has a part in the section: his office's, for finance what holds money, for the editor all."""
    section = item.section
    own = section.owner_office_id in actor.office_ids
    return own or actor.may(P.ACCEPT) or (actor.may(P.CHECK_MONEY) and section.holds_money)
