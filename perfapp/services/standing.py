"""Where every section and report of a cycle stands: whose turn, until when, what blocks it. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from perfapp import clock
from perfapp.core import delegation, turns
from perfapp.core.deadlines import Term
from perfapp.core.flow import Scope
from perfapp.core.joint import Rule
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import Is, ReportAction, ReportFacts, ReportState
from perfapp.core.section_flow import Is as SectionIs
from perfapp.core.section_flow import SectionAction, SectionFacts
from perfapp.core.words import ROLE_OF
from perfapp.core.working_days import Calendar
from perfapp.data import approvals, board, calendars, cycles, delegations, referrals, reports, sections, step_rules
from perfapp.data.approvals import ApprovalView
from perfapp.data.board import Act, Staff
from perfapp.data.cycles import CycleView
from perfapp.data.delegations import DelegationView
from perfapp.data.people import PersonBrief
from perfapp.data.referrals import ReferralView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import lapsed, report_facts
from perfapp.services import sections as section_acts
from perfapp.services.joints import Known

RETURNS = ("return", "reopen", "recall")
URGE = "urge"
CLOSED = frozenset({ReportState.DELIVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a section and a report have in common on the board."""

    stage: str | None
    due_on: date | None
    term: Term | None  # how long until then; None where nothing can be done now
    holders: tuple[PersonBrief, ...]  # who must act now
    role: str  # the same in a word, for when nobody holds the post
    obstacle: str  # what stops it, as a sentence; empty when it only waits for its holders
    since: datetime
    returned: Act | None
    urged: Act | None

    @property
    def is_late(self) -> bool:
        return self.term is not None and self.term.is_late


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionStanding(Standing):
    section: SectionView
    facts: SectionFacts
    passed_over: tuple[SectionAction, ...] = ()  # steps that 直达 left out: nobody approved the present text there

    @property
    def is_done(self) -> bool:
        return self.stage is None

    @property
    def is_locked(self) -> bool:
        """The report is being merged or further: nobody can move the section now."""
        return SectionIs.REPORT_OPEN not in self.facts.conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStanding(Standing):
    report: ReportView
    facts: ReportFacts | None  # None where nobody asked for more than the state


@dataclass(frozen=True, slots=True)
class CycleStanding:
    cycle: CycleView
    report: ReportStanding
    sections: tuple[SectionStanding, ...]  # those with text, in printed order
    staff: Staff
    deputies: tuple[Actor, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.report.report.state not in CLOSED


def open_cycles(unit_id: int) -> list[CycleView]:
    """The unit's cycles whose report is still under way, newest year first."""
    known = cycles.of_unit(unit_id)
    latest = reports.currents([cycle.id for cycle in known])
    return [cycle for cycle in known if latest[cycle.id].state not in CLOSED]


def of_cycles(
    wanted: Iterable[CycleView], *, with_reports: bool = True, current: Mapping[int, ReportView] | None = None
) -> list[CycleStanding]:
    """The standing of the cycles. The number of queries does not depend on the number of their sections.

    `with_reports` False leaves out what only the holders of the report's own steps need; `current` are the latest
    editions by cycle, where they have been read already.
    """
    chosen = list(wanted)
    if not chosen:
        return []
    today, ids = clock.today(), [cycle.id for cycle in chosen]
    outlines, wrote = sections.outlines(ids), board.authors(ids)
    current = reports.currents(ids) if current is None else current
    acts = {(act.section_id, act.report_id, act.action): act for act in board.last_acts(ids, (*RETURNS, URGE))}
    units = {cycle.unit_id for cycle in chosen}
    staff, held = board.staff(units, today), delegations.holding(units, today)
    worked = calendars.of_units(units)
    decided, brought, rules = (
        approvals.of_cycle_sections(*ids),
        referrals.of_cycle_sections(*ids),
        step_rules.of_cycles(ids),
    )
    found = []
    for cycle in chosen:
        reading = _Reading(
            cycle,
            staff[cycle.unit_id],
            acts,
            today,
            worked[cycle.unit_id],
            decided,
            brought,
            rules[cycle.id],
            deputies(staff, cycle, held),
            {},
        )
        report = reading.report(current[cycle.id], outlines[cycle.id], with_facts=with_reports)
        texts = tuple(
            reading.section(section, report.report, wrote.get(section.id, frozenset()))
            for section in outlines[cycle.id]
            if section.has_text
        )
        found.append(CycleStanding(cycle, report, texts, reading.staff, reading.deputies))
    return found


def deputies(staff: Mapping[int, Staff], cycle: CycleView, held: Iterable[DelegationView]) -> tuple[Actor, ...]:
    """The unit's delegates as they act for their principals today."""
    actors = {actor.id: actor for actor in staff[cycle.unit_id].actors}
    lent: dict[tuple[int, int], list[delegation.Scope]] = {}
    for one in held:
        if one.from_id in actors and one.to_id in actors:
            lent.setdefault((one.to_id, one.from_id), []).append(one.scope)
    found = (delegation.acting_for(actors[to], actors[giver], scopes) for (to, giver), scopes in lent.items())
    return tuple(actor for actor in found if actor is not None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One cycle while it is read: what all its sections are judged by."""

    cycle: CycleView
    staff: Staff
    acts: Mapping[tuple[int | None, int | None, str], Act]
    today: date
    calendar: Calendar
    decided: Mapping[int, Sequence[ApprovalView]]
    brought: Mapping[int, Sequence[ReferralView]]
    rules: Mapping[str, Rule]
    deputies: tuple[Actor, ...]  # as they act for others
    known: dict[tuple[Permission, int | None], tuple[Actor, ...]]

    def section(self, section: SectionView, report: ReportView, authors: frozenset[int]) -> SectionStanding:
        facts = section_acts.facts(section, report, authors=authors, known=self._known(section.id))
        asked = turns.section_permissions(facts)
        holders = [
            actor
            for actor in [*self._candidates(asked, section.owner_office_id), *self._others(facts)]
            if turns.section_task(facts, actor) is not None
        ]
        locked = report.state is not ReportState.DRAFTING
        stage = turns.section_stage(facts)
        returns = [act for action in RETURNS if (act := self.acts.get((section.id, None, action)))]
        return SectionStanding(
            section=section,
            facts=facts,
            passed_over=lapsed.passed_over(section, self.decided.get(section.id, ())),
            stage=stage,
            due_on=self.cycle.due.get(stage) if stage else None,
            term=None if locked else self.cycle.term(stage, self.calendar, self.today, returned_on=section.returned_on),
            holders=self._briefs(holders),
            role=turns.spoken_role(asked, ROLE_OF),
            obstacle="" if holders or stage is None else _why_nobody(locked, asked),
            since=section.state_since,
            returned=max(returns, key=lambda act: act.at) if returns and section.returned_by else None,
            urged=self.acts.get((section.id, None, URGE)),
        )

    def report(self, report: ReportView, outline: Sequence[SectionView], *, with_facts: bool) -> ReportStanding:
        facts = report_facts.facts(report, outline=outline) if with_facts else None
        asked = turns.report_permissions(facts) if facts else ()
        tasks = [
            (actor, task)
            for actor in [*self._candidates(asked, None), *(self._others(facts) if facts else ())]
            if facts and (task := turns.report_task(facts, actor)) is not None
        ]
        stage = turns.report_stage(facts) if facts else None
        return ReportStanding(
            report=report,
            facts=facts,
            stage=stage,
            due_on=self.cycle.due.get(stage) if stage else None,
            term=self.cycle.term(stage, self.calendar, self.today),
            holders=self._briefs([actor for actor, _ in tasks]),
            role=turns.spoken_role(asked, ROLE_OF),
            obstacle=_report_obstacle(facts, tasks, asked),
            since=report.state_since,
            returned=self.acts.get((None, report.id, "return")) if report.state is ReportState.DRAFTING else None,
            urged=self.acts.get((None, report.id, URGE)),
        )

    def _candidates(self, asked: Iterable[tuple[Permission, Scope]], office_id: int | None) -> list[Actor]:
        found: dict[int, Actor] = {}
        for permission, scope in asked:
            key = (permission, office_id if scope is Scope.OWN_OFFICE else None)
            if key not in self.known:
                nobody = scope is Scope.OWN_OFFICE and office_id is None
                self.known[key] = () if nobody else self.staff.holders(*key)
            found |= {actor.id: actor for actor in self.known[key]}
        return list(found.values())

    def _known(self, section_id: int) -> Known:
        return Known(self.decided.get(section_id, ()), self.brought.get(section_id, ()), self.rules, self._holders_of)

    def _holders_of(self, permission: Permission, office_id: int | None) -> frozenset[int]:
        return frozenset(actor.id for actor in self.staff.holders(permission, office_id))

    def _others(self, facts: SectionFacts | ReportFacts) -> Iterable[Actor]:
        """Who may be asked besides the holders of the post: those brought in, and those who stand in for somebody."""
        brought = {one.to_id for joint in facts.joints.values() for one in joint.referrals}
        yield from (actor for actor in self.staff.actors if actor.id in brought)
        yield from self.deputies

    def _briefs(self, actors: Iterable[Actor]) -> tuple[PersonBrief, ...]:
        """Each once; who stands in for another with both names."""
        found: dict[tuple[int, int], PersonBrief] = {}
        for actor in actors:
            brief = self.staff.briefs[actor.id]
            found[actor.id, actor.seat_id] = PersonBrief(brief.id, actor.signature, brief.phone)
        return tuple(found.values())


def _why_nobody(locked: bool, asked: Iterable[tuple[Permission, Scope]]) -> str:
    if locked:
        return "报告已合稿，本节锁定"
    role = turns.spoken_role(asked, ROLE_OF) or "经办人"
    return f"没有可以办理的{role}：无人任职，或任职的人写过本节，请安全管理员授权"


def _report_obstacle(
    facts: ReportFacts | None,
    tasks: list[tuple[Actor, tuple[ReportAction, str]]],
    asked: Iterable[tuple[Permission, Scope]],
) -> str:
    if facts is None:
        return ""
    if turns.waits_for_sections(facts):
        return facts.sentences.get(Is.ALL_ACCEPTED, "")
    if tasks:
        return next((why for _, (_, why) in tasks if why), "")
    role = turns.spoken_role(asked, ROLE_OF)
    return f"没有可以办理的{role}，请安全管理员授权" if role else ""
