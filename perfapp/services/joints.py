"""The joint steps of a section and of a report as they stand: who is asked, who has agreed, who was brought in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from perfapp import clock
from perfapp.core.joint import Joint, Rule
from perfapp.core.lazily import Later, Made
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction
from perfapp.data import approvals, people, referrals, step_rules
from perfapp.data.approvals import CONSENTED, ApprovalView
from perfapp.data.referrals import ReferralView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView

A = SectionAction
SECTION_STEPS: Mapping[SectionAction, Permission] = {
    A.ENDORSE: Permission.REVIEW,
    A.CHECK: Permission.CHECK_MONEY,
    A.ACCEPT: Permission.ACCEPT,
}
REPORT_STEPS: Mapping[ReportAction, Permission] = {
    ReportAction.ENDORSE: Permission.REVIEW_REPORT,
    ReportAction.ISSUE: Permission.ISSUE,
}
Holders = Callable[[Permission, int | None], frozenset[int]]
"""Who holds a permission today, at an office or (None) in the unit."""


@dataclass(frozen=True, slots=True)
class Known:
    """What several sections share or have been read for at once."""

    decisions: Sequence[ApprovalView]
    referrals: Sequence[ReferralView]
    rules: Mapping[str, Rule]
    holders: Holders


def of_section(section: SectionView, authors: frozenset[int], known: Known | None = None) -> Mapping[str, Joint]:
    """Each joint step, read when a rule first asks for one."""
    read: list[Known] = [known] if known else []

    def make(step: SectionAction) -> Joint:
        if not read:
            read.append(_read_section(section))
        return _section_joint(section, step, authors, read[0])

    return Made({step.value: lambda step=step: make(step) for step in SECTION_STEPS})  # type: ignore[misc]


def of_report(
    report: ReportView, authors: Callable[[], frozenset[int]], decisions: Callable[[], Sequence[ApprovalView]]
) -> Mapping[str, Joint]:
    """In the joint review every deputy leader has a seat who has not written in the report himself."""

    def make(step: ReportAction) -> Joint:
        found = decisions()
        brought = [r for r in referrals.of_report(report.id) if r.holds(step.value, 0, report.snapshot_sha256)]
        standing = [one for one in found if one.stands_for(report.snapshot_sha256)]
        seats = Later(lambda: holders(report.unit_id)(REPORT_STEPS[step], None) - authors())
        if step is ReportAction.ISSUE:
            return _joint(step.value, standing, brought, Rule(), seats)
        rule = step_rules.of_cycle(report.cycle_id)["report.endorse"]
        return _joint(step.value, standing, brought, rule, seats, floor=0)

    return Made({step.value: lambda step=step: make(step) for step in REPORT_STEPS})  # type: ignore[misc]


def holders(unit_id: int) -> Holders:
    def find(permission: Permission, office_id: int | None) -> frozenset[int]:
        found = people.holders(unit_id, permission, clock.today(), office_id=office_id)
        return frozenset(person.id for person in found)

    return find


def _read_section(section: SectionView) -> Known:
    return Known(
        approvals.of_section(section.id),
        referrals.of_sections([section.id]),
        step_rules.of_cycle(section.cycle_id),
        holders(section.unit_id),
    )


def _section_joint(section: SectionView, step: SectionAction, authors: frozenset[int], known: Known) -> Joint:
    """Decisions of this handing-in only: 重走 asks everybody again."""
    standing = [one for one in known.decisions if one.round == section.round and one.stands_for(section.content_sha256)]
    brought = [r for r in known.referrals if r.holds(step.value, section.round, section.content_sha256)]
    office = section.owner_office_id if step is A.ENDORSE else None
    barred = frozenset() if step is A.ACCEPT else authors
    seats = Later(lambda: known.holders(SECTION_STEPS[step], office) - barred)
    return _joint(step.value, standing, brought, known.rules[f"section.{step.value}"], seats)


def _joint(
    step: str,
    standing: Iterable[ApprovalView],
    brought: Sequence[ReferralView],
    rule: Rule,
    seats: Later[int],
    *,
    floor: int = 1,
) -> Joint:
    """Whoever was added gave his word on this content, in whichever step he was asked."""
    asked = {one.referral.to_id for one in brought}
    agreed = {
        one.seat_id: one.person_id
        for one in standing
        if one.action == step or (one.action == CONSENTED and one.person_id in asked)
    }
    referrals = tuple(one.referral for one in brought)
    return Joint(rule=rule, seats=seats, agreed=agreed, referrals=referrals, floor=floor)
