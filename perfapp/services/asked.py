"""Whom a section or report waits for now: posts, whoever was brought in, and who stands in for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from perfapp import clock
from perfapp.core.flow import Decision, Scope
from perfapp.core.joint import Joint, Kind, Referral, Rule
from perfapp.core.permissions import Permission, signature
from perfapp.core.report_flow import FLOW as REPORT_FLOW
from perfapp.core.report_flow import ReportFacts
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionFacts
from perfapp.data import delegations, people
from perfapp.data.delegations import DelegationView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services.joints import REPORT_STEPS, SECTION_STEPS

Turn = tuple[tuple[Permission, tuple[PersonBrief, ...]], ...]
"""Each permission that moves the thing on, with the people who can now use it."""

_BROUGHT = {Kind.BEFORE: "加签", Kind.AFTER: "加签", Kind.INSTEAD: "转办"}
_STEP_OF = {permission: step.value for steps in (SECTION_STEPS, REPORT_STEPS) for step, permission in steps.items()}


def about_section(section: SectionView, facts: SectionFacts) -> Turn:
    wanted = SECTION_FLOW.next_permissions(facts)
    return _turn(wanted, section.unit_id, section.owner_office_id, facts)


def about_report(report: ReportView, facts: ReportFacts) -> Turn:
    return _turn(REPORT_FLOW.next_permissions(facts), report.unit_id, None, facts)


@dataclass(frozen=True, slots=True)
class JointView:
    """One joint step for people: who has agreed, who is awaited, how many it takes."""

    rule: Rule
    asked: int
    needed: int
    agreed: tuple[str, ...]
    consented: tuple[str, ...]  # of those who were added (加签)
    awaited: tuple[PersonBrief, ...]
    referrals: tuple[Referral, ...]


def joint_view(facts: SectionFacts | ReportFacts, step: str) -> JointView:
    joint = facts.joints[step]
    names = people.names({*joint.agreed, *joint.agreed.values()})
    signed = {seat: signature(names[hand], names[seat] if seat != hand else "") for seat, hand in joint.agreed.items()}
    agreed = tuple(name for seat, name in signed.items() if not joint.is_added(seat))
    consented = tuple(name for seat, name in signed.items() if joint.is_added(seat))
    awaited = people.briefs(joint.awaited() - (facts.author_ids if step != SectionAction.ACCEPT else frozenset()))
    return JointView(joint.rule, len(joint.in_turn), joint.needed, agreed, consented, awaited, joint.referrals)


def newly(facts: SectionFacts | ReportFacts, decision: Decision[Any, Any], seat: int) -> frozenset[int]:
    """Whose turn has come with the act, while the step as a whole still waits."""
    brought = facts.joints[str(decision.joint)].referrals
    if not decision.covers:  # 加签, 转办: the one who has just been brought in
        return frozenset(one.to_id for one in brought[-1:] if one.kind is not Kind.AFTER)
    after = {one.to_id for one in brought if one.kind is Kind.AFTER and one.by_id == seat}
    before = {one.by_id for one in brought if one.kind is Kind.BEFORE and one.to_id == seat}
    return frozenset(after | before)


def _turn(
    wanted: Iterable[tuple[Permission, Scope]],
    unit_id: int,
    office_id: int | None,
    facts: SectionFacts | ReportFacts,
) -> Turn:
    held: list[DelegationView] | None = None
    found = []
    for permission, scope in wanted:
        office = office_id if scope is Scope.OWN_OFFICE else None
        if scope is Scope.OWN_OFFICE and office is None:
            continue
        persons = people.holders(unit_id, permission, clock.today(), office_id=office)
        if permission in _STEP_OF:
            held = delegations.holding([unit_id], clock.today()) if held is None else held
            persons = _seated(persons, facts.joints[_STEP_OF[permission]])
            persons += stand_ins(persons, permission, office, held)
            barred = facts.author_ids if permission is not Permission.ACCEPT else frozenset()
            persons = tuple(person for person in persons if person.id not in barred)
        found.append((permission, persons))
    return tuple(found)


def _seated(holders: tuple[PersonBrief, ...], joint: Joint) -> tuple[PersonBrief, ...]:
    """The holders without those who have agreed or handed it on, with those who were brought in."""
    gone = {one.by_id for one in joint.referrals if one.kind is Kind.INSTEAD} | joint.agreed.keys()
    known = {person.id for person in holders}
    brought = {one.to_id: one.kind for one in joint.referrals if not joint.not_yet(one.to_id)}
    wanted = people.briefs(brought.keys() - joint.agreed.keys() - known)
    left = tuple(person for person in holders if person.id not in gone and not joint.not_yet(person.id))
    return left + tuple(replace(one, brought_by=_BROUGHT[brought[one.id]]) for one in wanted)


def stand_ins(
    persons: Iterable[PersonBrief], permission: Permission, office_id: int | None, held: Sequence[DelegationView]
) -> tuple[PersonBrief, ...]:
    """Who stands in for them in this step: 李四（代张三）."""
    waiting = {person.id: person for person in persons}
    lending = [
        one for one in held if one.from_id in waiting and permission in one.steps and one.office_id in {None, office_id}
    ]
    phones = {person.id: person for person in people.briefs({one.to_id for one in lending})}
    return tuple(
        PersonBrief(one.to_id, signature(one.to_name, one.from_name), phones[one.to_id].phone)
        for one in lending
        if one.to_id in phones
    )
