"""What people do to a section. One function, one intention, one transaction."""

from functools import partial

from perfapp.core.content import Content
from perfapp.core.errors import Conflict, Invalid, NotFound
from perfapp.core.flow import Decision
from perfapp.core.lazily import Conditions, Sentences
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import ReportFacts, ReportState
from perfapp.core.return_kinds import ReturnKind
from perfapp.core.section_flow import FLOW, Is, SectionAction, SectionFacts, SectionState
from perfapp.core.words import SECTION_ACTIONS
from perfapp.data import approvals, cycles, events, reports, sections
from perfapp.data.approvals import CONSENTED
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import delegating, findings, joints, keeping, reuse, sheets, telling
from perfapp.services.findings import SectionCheck

A = SectionAction
_NEXT = (A.CHECK, A.ACCEPT)
"""What the same person may settle with the step before, where the year's rules say so."""
PASSING = frozenset({A.ADD, A.HAND_ON})


def facts(
    section: SectionView,
    report: ReportView,
    *,
    is_complete: bool | None = None,
    authors: frozenset[int] | None = None,
    done: SectionCheck | None = None,
    known: joints.Known | None = None,
) -> SectionFacts:
    """What the rules need to know of the section. `report` is the cycle's latest edition.

    `authors` is everybody who ever wrote in it, `done` what the checks say of it, `known` its decisions and the
    rules of its year, where that is known already.
    """
    wrote = (sections.author_ids([section.id]) if authors is None else authors) | _maybe(section.last_author_id)
    complete = section.absent_reason is not None or section.character_count > 0
    stops = findings.SectionStops(section, done)
    flags = {
        Is.WITH_MONEY if section.holds_money else Is.WITHOUT_MONEY: True,
        Is.DIRECT if section.direct_to else Is.NOT_DIRECT: True,
        Is.COMPLETE: complete if is_complete is None else is_complete,
        Is.REPORT_OPEN: report.state is ReportState.DRAFTING,
        Is.MAY_BE_ABSENT: not section.is_required,
    }
    return SectionFacts(
        state=section.state,
        version=section.version,
        office_id=section.owner_office_id,
        direct_to=section.direct_to,
        author_ids=wrote,
        joints=joints.of_section(section, wrote, known),
        last_actor_id=section.last_actor_id,
        conditions=Conditions({**{flag: partial(bool, holds) for flag, holds in flags.items()}, **stops.tests}),
        sentences=Sentences(stops.sentences),
    )


def act(
    actor: Actor,
    section_id: int,
    action: SectionAction,
    *,
    version: int,
    reason: str = "",
    direct: bool = False,
    kind: ReturnKind | None = None,
    seen_sha256: str | None = None,
) -> SectionView:
    """Carry out `action`; raises DomainError. `version` is the one the person was looking at.

    `direct` (直达) and `kind` belong to a return: the section then comes straight back to whoever returned it; what it
    was returned for is counted. `seen_sha256` is the digest of the text that was decided upon, where a page showed
    several.
    """
    if action in PASSING:
        raise Invalid("加签、转办要先选人。")
    with transaction():
        report, section = locked(actor, section_id)
        if action is A.DECLARE_ABSENT:
            return _declare_absent(actor, section, report, version, reason)
        known = facts(section, report)
        decision = FLOW.decide(known, action, actor, version=version, reason=reason)
        if seen_sha256 is not None and seen_sha256 != section.content_sha256:
            raise Conflict("本节的文字在您打开之后已有变动，请看过新的内容再办理。")
        if direct and action is A.RETURN:
            demand_own_office(known, actor)
        changed = carry_out(actor, section, report, decision, reason=reason, direct=direct, kind=kind)
        return _settle(actor, changed, report) if decision.covers else changed


def carry_out(
    actor: Actor,
    section: SectionView,
    report: ReportView,
    decision: Decision[SectionState, SectionAction],
    *,
    reason: str,
    direct: bool = False,
    kind: ReturnKind | None = None,
    direct_to: SectionState | None = None,
    details: dict[str, object] | None = None,
) -> SectionView:
    """Write the decision with its event, approval and notices, in the open transaction."""
    action = decision.action
    returned = action in {A.RETURN, A.REOPEN, A.RECALL}
    back_to = (direct_to or decision.old) if returned and direct else None
    if action is A.SUBMIT:
        section = _keep_milestone(actor, section)
    more: dict[str, object] = (details or {}) | ({"direct": True} if direct else {})
    more |= {"kind": kind.value} if kind and returned else {}
    event_id = _record(actor, section, decision, reason, details=more)
    if decision.covers:
        approvals.add(
            CONSENTED if decision.is_consent else action.value,
            actor.id,
            section.content_sha256,
            section_id=section.id,
            comment=reason,
            on_behalf_of_id=actor.principal.id if actor.principal else None,
            round=section.round,
        )
    if decision.undoes:
        undone = CONSENTED if decision.is_consent else decision.undoes.value
        approvals.withdraw(actor.seat_id, undone, section_id=section.id)
    if action is A.SUBMIT and section.direct_to and section.returned_by:
        approvals.add(approvals.WAIVED, section.returned_by, section.content_sha256, section_id=section.id)
    sections.write_state(
        section.id, decision, actor_id=actor.id, direct_to=back_to, returned_by=actor.id if returned else None
    )
    changed = sections.lock(section.id, section.unit_id)
    what = SECTION_ACTIONS[action] + ("（直达）" if direct else "")
    telling.of_section(event_id, changed, facts(changed, report), decision, by=actor, what=what, reason=reason)
    return changed


def demand_own_office(known: SectionFacts | ReportFacts, actor: Actor) -> None:
    """直达 answers for the steps between: only whoever holds the post himself can."""
    if actor.principal or any(joint.asks(actor.id) for joint in known.joints.values()):
        raise Invalid("代理、加签、转办来的，退回时请选“重走”：直达要由本职的人承担中间各步。", field="direct")


def _settle(actor: Actor, section: SectionView, report: ReportView) -> SectionView:
    """Take the steps that the same person would be asked for next on this content, where the year's rules say so."""
    if not cycles.get(section.cycle_id).same_person_once:
        return section
    for action in _NEXT:
        known = facts(section, report)
        if not FLOW.settles(known, action, actor):
            continue
        decision = FLOW.decide(known, action, actor, version=section.version)
        section = carry_out(actor, section, report, decision, reason="同一人、同一内容，与上一步一并办理")
    return section


def _declare_absent(actor: Actor, section: SectionView, report: ReportView, version: int, reason: str) -> SectionView:
    decision = FLOW.decide(facts(section, report), A.DECLARE_ABSENT, actor, version=version, reason=reason)
    old = sections.content(section.id)
    new = Content(old.key, old.title, old.document, reason.strip())
    keeping.write_content(section.id, new, author_id=actor.id, kind="submitted", label="不适用")
    approvals.lapse_section(section.id, new.sha256)
    return carry_out(actor, sections.lock(section.id, section.unit_id), report, decision, reason=reason)


def locked(actor: Actor, section_id: int) -> tuple[ReportView, SectionView]:
    """Report, then section: the order of locks. A section the actor may not read is not there."""
    report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
    section = sections.lock(section_id, actor.unit_id)
    delegating.demand_standing(actor)
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    return report, section


def _record(
    actor: Actor,
    section: SectionView,
    decision: Decision[SectionState, SectionAction],
    reason: str,
    details: dict[str, object],
) -> int:
    if actor.principal:
        details = details | {"principal": actor.principal.name, "principal_id": actor.principal.id}
    return events.record(
        "consent" if decision.is_consent and decision.covers else decision.action.value,
        actor_id=actor.id,
        unit_id=section.unit_id,
        cycle_id=section.cycle_id,
        section_id=section.id,
        old_state=decision.old.value,
        new_state=decision.new.value,
        reason=reason.strip(),
        content_sha256=section.content_sha256,
        details=details,
    )


def _keep_milestone(actor: Actor, section: SectionView) -> SectionView:
    """Keep what is handed in, its figures as they are at this moment: from now on they stay."""
    present = sheets.sheet(cycles.get(section.cycle_id))
    content = sheets.as_read(section, sections.content(section.id), present)
    keeping.write_content(section.id, content, author_id=actor.id, kind="submitted")
    approvals.lapse_section(section.id, content.sha256)
    kept = sections.lock(section.id, section.unit_id)
    reuse.ask(kept)
    return kept


def _maybe(person_id: int | None) -> frozenset[int]:
    return frozenset() if person_id is None else frozenset({person_id})
