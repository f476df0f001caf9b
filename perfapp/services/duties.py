"""What waits for a person once a report is sealed: at the bureau, on the way to the public, in the list of measures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from perfapp import clock
from perfapp.core.deadlines import Term, every_day
from perfapp.core.disclosing.flow import DisclosureAction
from perfapp.core.measures.flow import MeasureAction
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.words import DISCLOSURE_STATES, MEASURE_STATES, Tone
from perfapp.core.working_days import Calendar
from perfapp.data import calendars, disclosures, reports
from perfapp.data import measures as measure_table
from perfapp.data.disclosures import DisclosureView
from perfapp.data.measures import MeasureView
from perfapp.data.reports import ReportView
from perfapp.services import delivered, disclosing, measures

P = Permission
_DISCLOSE = {
    DisclosureAction.SUBMIT: "去提交审查",
    DisclosureAction.CLEAR: "去审查",
    DisclosureAction.APPROVE: "去审签",
    DisclosureAction.PUBLISH: "去公开",
}
_MEASURE = {MeasureAction.ASSIGN: "定责任", MeasureAction.CLAIM: "去办理", MeasureAction.CONFIRM: "去确认"}
_STARTED = (ReportState.SEALED, ReportState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do, with the path of its page."""

    title: str
    path: str
    deed: str
    state: str
    tone: Tone
    why: str
    term: Term | None
    fiscal_year: int


def of_person(actor: Actor) -> list[Duty]:
    """Everything that waits for this person, the most urgent first."""
    found = [*_deliveries(actor)]
    if actor.may(P.READ_REPORT):
        found += _disclosures(actor)
    if actor.may(P.READ_MEASURES):
        found += _measures(actor)
    return sorted(found, key=lambda duty: (duty.term is None, duty.term.due_on if duty.term else date.max))


@dataclass(frozen=True, slots=True)
class DisclosureStanding:
    """How far an edition is on its way to the public, for the board: words, and the last day."""

    word: str
    tone: Tone
    due_on: date | None
    term: Term | None  # None once it has been public
    path: str


def disclosure_of(report: ReportView) -> DisclosureStanding | None:
    """None before the edition can be disclosed."""
    view = disclosures.of_reports([report.id]).get(report.id)
    due = disclosing.due_day(report)
    if view is None and due is None:
        return None
    word, tone = DISCLOSURE_STATES[view.state] if view is not None else ("未公开", Tone.WAITING)
    left = disclosure_term(due, view)
    path = f"/disclosures/{view.id}" if view is not None else f"/reports/{report.id}#disclosure"
    return DisclosureStanding(word, tone, due, left, path)


def disclosure_term(due: date | None, view: DisclosureView | None) -> Term | None:
    """How long until the edition has to be public, in the days that the law counts; None once it has been."""
    if due is None or (view is not None and view.was_public):
        return None
    return every_day(clock.today(), due)


def measures_of(actor: Actor) -> tuple[int, int]:
    """How many of the unit's measures are unfinished, and how many of those are late."""
    if not actor.may(P.READ_MEASURES):
        return 0, 0
    listed = measure_table.of_unit(actor.unit_id, states=measure_table.UNFINISHED)
    return len(listed), sum(one.is_late(clock.today()) for one in listed)


def _deliveries(actor: Actor) -> Iterator[Duty]:
    for row in delivered.waiting(actor):
        is_new = row.delivery.awaits_receipt
        yield Duty(
            title=f"{row.report.unit_name}：{row.report.title}（{row.report.edition_name}）",
            path=f"/deliveries/{row.delivery.id}",
            deed="去签收" if is_new else "去审核",
            state=row.delivery.standing[0],
            tone=Tone(row.delivery.standing[1]),
            why="",
            term=None,
            fiscal_year=row.report.fiscal_year,
        )


def _disclosures(actor: Actor) -> Iterator[Duty]:
    mine = [report for report in reports.readable(actor) if report.state is ReportState.DELIVERED]
    known = disclosures.of_reports(report.id for report in mine)
    for report in mine:
        view = known.get(report.id)
        action = disclosing.waits_for(actor, view) if view is not None else None
        begins = view is None and disclosing.due_day(report) is not None and disclosing.may_begin(actor, report)
        if action is None and not begins:
            continue
        standing = disclosure_of(report)
        if standing is not None:
            yield Duty(
                title=f"公开：{report.title}（{report.edition_name}）",
                path=standing.path,
                deed=_DISCLOSE[action] if action is not None else "去准备公开",
                state=standing.word,
                tone=standing.tone,
                why="",
                term=standing.term,
                fiscal_year=report.fiscal_year,
            )


def _measures(actor: Actor) -> Iterator[Duty]:
    listed, calendar = measure_table.of_unit(actor.unit_id), calendars.of_unit(actor.unit_id)
    for measure in listed:
        action = measures.waits_for(measure, actor) if measure.state in measure_table.UNFINISHED else None
        if action is not None:
            yield _measure_duty(measure, action, calendar)
    if actor.may(P.KEEP_MEASURES):
        yield from _promises(actor, {measure.cycle_id for measure in listed})


def _measure_duty(measure: MeasureView, action: MeasureAction, calendar: Calendar) -> Duty:
    today = clock.today()
    word, tone = ("逾期", Tone.LATE) if measure.is_late(today) else MEASURE_STATES[measure.state]
    return Duty(
        title=f"整改：{measure.text[:60]}",
        path=f"/measures/{measure.id}",
        deed=_MEASURE[action],
        state=word,
        tone=tone,
        why=f"完成标志：{measure.proof}" if measure.proof else "",
        term=measure.term(calendar, today),
        fiscal_year=measure.fiscal_year,
    )


def _promises(actor: Actor, known: set[int]) -> Iterator[Duty]:
    """A sealed report whose promises nobody has put into the list."""
    for report in reports.currents(_cycles(actor)).values():
        if report.state not in _STARTED or report.cycle_id in known:
            continue
        count = len(measures.suggestions(actor, report.cycle_id))
        if count:
            yield Duty(
                title=f"{report.fiscal_year}年度报告写了 {count} 条改进措施，还没有列入整改台账",
                path=f"/measures?cycle={report.cycle_id}",
                deed="去列入",
                state="待列入",
                tone=Tone.WAITING,
                why="",
                term=None,
                fiscal_year=report.fiscal_year,
            )


def _cycles(actor: Actor) -> list[int]:
    return list(dict.fromkeys(report.cycle_id for report in reports.readable(actor)))
