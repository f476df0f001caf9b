"""加签 and 转办: somebody else is brought to a step, with a reason, for exactly the content that is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from perfapp import clock
from perfapp.core import delegation
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.flow import Decision
from perfapp.core.joint import Joint, Kind, Mode
from perfapp.core.permissions import ADMIN_ROLES, Actor, Permission
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportAction, ReportFacts, ReportState
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionFacts, SectionState
from perfapp.data import board, events, referrals, sections
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import looking, report_facts, telling
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts
from perfapp.services.joints import REPORT_STEPS, SECTION_STEPS

ORDER = {Kind.BEFORE: "之前", Kind.AFTER: "之后"}
_SECTION_ACTION = {
    Kind.BEFORE: SectionAction.ADD,
    Kind.AFTER: SectionAction.ADD,
    Kind.INSTEAD: SectionAction.HAND_ON,
}
_REPORT_ACTION = {Kind.BEFORE: ReportAction.ADD, Kind.AFTER: ReportAction.ADD, Kind.INSTEAD: ReportAction.HAND_ON}


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to bring in, how, and why."""

    kind: Kind
    to_id: int
    reason: str


def pass_section(actor: Actor, section_id: int, wish: Wish, *, version: int) -> SectionView:
    """Bring somebody to the section's present step."""
    with transaction():
        report, section = section_acts.locked(actor, section_id)
        known = section_acts.facts(section, report)
        action = _SECTION_ACTION[wish.kind]
        decision = SECTION_FLOW.decide(known, action, actor, version=version, reason=wish.reason)
        step = SectionAction(_station(decision))
        person = _chosen(section_candidates(actor, section, known, wish.kind), known.joints[step], wish)
        _write(
            wish,
            actor,
            section_id=section.id,
            step=step.value,
            round=section.round,
            covers_sha256=section.content_sha256,
        )
        details: dict[str, object] = {"person": person.name, "order": ORDER.get(wish.kind, "")}
        return section_acts.carry_out(actor, section, report, decision, reason=wish.reason, details=details)


def pass_report(actor: Actor, report_id: int, wish: Wish, *, version: int, seen_sha256: str | None) -> ReportView:
    """Bring somebody to the report's present step."""
    with transaction():
        report = report_acts.locked(actor, report_id)
        known = report_facts.facts(report)
        action = _REPORT_ACTION[wish.kind]
        decision = REPORT_FLOW.decide(known, action, actor, version=version, reason=wish.reason)
        looking.demand_seen(report, seen_sha256)
        step = ReportAction(_station(decision))
        person = _chosen(report_candidates(actor, report, known, wish.kind), known.joints[step], wish)
        digest = report.snapshot_sha256 or ""
        _write(wish, actor, report_id=report.id, step=step.value, round=0, covers_sha256=digest)
        details: dict[str, object] = {"person": person.name, "order": ORDER.get(wish.kind, "")}
        return report_acts.carry_out(actor, report, decision, reason=wish.reason, changes={}, details=details)


def take_back(actor: Actor, referral_id: int) -> referrals.ReferralView:
    """收回: until the other has acted, whoever brought him in sends him away again."""
    found = referrals.get(actor.unit_id, referral_id)
    with transaction():
        if found.section_id is not None:
            report, section = section_acts.locked(actor, found.section_id)
            joint = section_acts.facts(section, report).joints[found.step]
        else:
            report, section = report_acts.locked(actor, found.report_id or 0), None
            joint = report_facts.facts(report).joints[found.step]
        brought = found.referral
        if brought.by_id != actor.id:
            raise Forbidden("只有请他来办的人可以收回。")
        if brought not in joint.referrals or brought.to_id in joint.agreed:
            raise Conflict(f"{brought.to_name}已经办理，或者这一步已经过去，不能再收回。")
        referrals.take_back(brought.id)
        event_id = events.record(
            "take_back",
            actor_id=actor.id,
            unit_id=report.unit_id,
            cycle_id=report.cycle_id,
            section_id=found.section_id,
            report_id=found.report_id,
            details={"person": brought.to_name},
        )
        subject = f"不用再办理：{section.heading if section else report.title}"
        telling.of_person(event_id, brought.to_id, by=actor, subject=subject, body=f"{actor.name}收回了给您的这一步。")
    return found


def section_candidates(actor: Actor, section: SectionView, known: SectionFacts, kind: Kind) -> tuple[PersonBrief, ...]:
    """Who could be brought in: readers of the section who did not write it; for 转办 only who may take the step."""
    step = section_step(section.state, holds_money=section.holds_money)
    if step is None:
        return ()
    offices = () if section.owner_office_id is None else (section.owner_office_id,)
    permission = SECTION_STEPS[step]
    return _candidates(
        actor,
        known,
        known.joints[step],
        lambda person: (
            sections.is_readable(person, section)
            and (kind is not Kind.INSTEAD or delegation.may_take(person, permission, offices))
        ),
    )


def report_candidates(actor: Actor, report: ReportView, known: ReportFacts, kind: Kind) -> tuple[PersonBrief, ...]:
    step = report_step(report.state)
    if step is None:
        return ()
    return _candidates(
        actor,
        known,
        known.joints[step],
        lambda person: (
            person.may(Permission.READ_REPORT)
            and person.may(Permission.READ_DRAFTS)
            and (kind is not Kind.INSTEAD or delegation.may_take(person, REPORT_STEPS[step], ()))
        ),
    )


def section_step(state: SectionState, *, holds_money: bool) -> SectionAction | None:
    """The joint step that a section in this state waits for."""
    if state is SectionState.HEAD_APPROVED:
        return SectionAction.CHECK if holds_money else SectionAction.ACCEPT
    steps = {SectionState.SUBMITTED: SectionAction.ENDORSE, SectionState.FINANCE_CHECKED: SectionAction.ACCEPT}
    return steps.get(state)


def report_step(state: ReportState) -> ReportAction | None:
    steps = {ReportState.REVIEWING: ReportAction.ENDORSE, ReportState.AWAITING_ISSUE: ReportAction.ISSUE}
    return steps.get(state)


def _candidates(
    actor: Actor, known: SectionFacts | ReportFacts, joint: Joint, fits: Callable[[Actor], bool]
) -> tuple[PersonBrief, ...]:
    staff = board.staff([actor.unit_id], clock.today())[actor.unit_id]
    in_it = {person_id for one in joint.referrals for person_id in (one.by_id, one.to_id)}  # nobody waits in a ring
    known_to_it = in_it | joint.agreed.keys() | known.author_ids | {actor.id}
    if joint.rule.mode is not Mode.ANY:
        known_to_it |= joint.in_turn
    return tuple(
        staff.briefs[person.id]
        for person in staff.actors
        if person.id not in known_to_it and not person.roles & ADMIN_ROLES and fits(person)
    )


def _chosen(candidates: tuple[PersonBrief, ...], joint: Joint, wish: Wish) -> PersonBrief:
    if wish.to_id in joint.agreed:
        raise Invalid("这位人员已经同意过这一稿，不用再请。", field="person")
    found = next((person for person in candidates if person.id == wish.to_id), None)
    if found is None:
        raise Invalid("请选一位能看到这份内容、没有写过它、也还没有被请来办这一步的人。", field="person")
    return found


def _station(decision: Decision[Any, Any]) -> str:
    """The joint step that somebody is brought to."""
    return str(decision.joint)


def _write(
    wish: Wish, actor: Actor, *, section_id: int | None = None, report_id: int | None = None, **about: Any
) -> None:
    referrals.add(
        wish.kind,
        section_id=section_id,
        report_id=report_id,
        by_id=actor.id,
        to_id=wish.to_id,
        reason=wish.reason.strip(),
        **about,
    )
