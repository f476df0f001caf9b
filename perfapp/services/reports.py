"""What people do to a report edition. One function, one intention, one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.flow import Decision, Effect
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW, ReportAction, ReportState
from perfapp.core.return_kinds import ReturnKind
from perfapp.core.seal_use import USUAL, Wanted, checked
from perfapp.core.section_flow import FLOW as SECTION_FLOW
from perfapp.core.section_flow import SectionAction, SectionState
from perfapp.core.words import REPORT_ACTIONS
from perfapp.data import approvals, cycles, events, jobs, report_versions, reports, seal_uses, seals, sections
from perfapp.data.approvals import CONSENTED, WAIVED, ApprovalView
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.services import accounts, circulating, delegating, freezing, looking, telling
from perfapp.services import sections as section_acts
from perfapp.services.report_facts import SEAL, facts

A = ReportAction
PASSING = frozenset({A.ADD, A.HAND_ON})
_OWN_PAGES = frozenset(
    {A.REQUEST_SEAL, A.CONFIRM_PAPER, A.RETURN, A.DELIVER, A.REISSUE, A.RECEIVE, A.PASS, A.BUREAU_RETURN}
)
_PRESSES = frozenset({A.PRESS, A.RETRY_SEAL})


def act(
    actor: Actor,
    report_id: int,
    action: ReportAction,
    *,
    version: int,
    seen_sha256: str | None = None,
    reason: str = "",
    dated_on: date | None = None,
) -> ReportView:
    """Carry out an action that needs no more than a reason; raises DomainError.

    `seen_sha256` is the digest of the content on the page the person decided from (see services.looking).
    """
    if action in _PRESSES | PASSING | _OWN_PAGES:
        raise Invalid("这一步要在它自己的页面办理。")
    with transaction():
        report = locked(actor, report_id)
        decision = FLOW.decide(facts(report), action, actor, version=version, reason=reason)
        looking.demand_seen(report, seen_sha256)
        changes = _merge(actor, report, decision, dated_on)
        if action is A.ISSUE:
            changes["issued_sha256"] = report.snapshot_sha256
        if action is A.SEND:
            changes |= _come_straight_back(report)
        if action is A.VOID:
            changes["void_reason"] = reason.strip()
        if action is A.ABANDON_SEAL:
            _close_use(report, "abandoned", reason)
        return carry_out(actor, report, decision, reason=reason, changes=changes)


def send_back(
    actor: Actor,
    report_id: int,
    *,
    version: int,
    seen_sha256: str | None = None,
    reason: str,
    section_ids: Sequence[int],
    direct: bool,
    kind: ReturnKind | None = None,
) -> ReportView:
    """Return the report: the named sections go back to their writers, the others keep their approvals.

    `direct` (直达): after the corrections the report comes straight back to the stage it was returned from;
    otherwise (重走) every step is taken again.
    """
    with transaction():
        report = locked(actor, report_id)
        outline = {section.id: section for section in sections.outline(report.cycle_id)}
        named = [outline[section_id] for section_id in dict.fromkeys(section_ids) if section_id in outline]
        known = facts(report, named=bool(named))
        decision = FLOW.decide(known, A.RETURN, actor, version=version, reason=reason)
        looking.demand_seen(report, seen_sha256)
        if direct:
            section_acts.demand_own_office(known, actor)
        changes: dict[str, object] = {"direct_to": _stage_to_come_back_to(report) if direct else None}
        changes |= {"issued_sha256": None, "returned_by": actor.id if direct else None}
        returned = carry_out(
            actor,
            report,
            decision,
            reason=reason,
            changes=changes,
            details={"sections": [section.heading for section in named], "direct": direct},
        )
        recall(actor, returned, named, reason=reason, direct=direct, kind=kind)
        return returned


def recall(
    actor: Actor,
    report: ReportView,
    named: Iterable[SectionView],
    *,
    reason: str,
    direct: bool = False,
    kind: ReturnKind | None = None,
) -> None:
    """Give the named sections back to their writers, in the open transaction; the others keep their approvals."""
    for section in named:
        known = section_acts.facts(section, report)
        decision = SECTION_FLOW.decide(known, SectionAction.RECALL, None, version=section.version, reason=reason)
        section_acts.carry_out(
            actor, section, report, decision, reason=reason, direct=direct, kind=kind, direct_to=SectionState.ACCEPTED
        )


def press(
    actor: Actor,
    report_id: int,
    action: ReportAction,
    *,
    version: int,
    seen_sha256: str | None = None,
    password: str,
    wanted: Wanted | None = None,
) -> ReportView:
    """Press the seal: the password once more, a line in the register, and a job that signs what was approved.

    `seen_sha256` is the digest of the PDF on the page the person pressed from; `wanted` is what the leader who presses
    himself asks for, where nobody has asked for it before.
    """
    if action not in _PRESSES:
        raise Invalid("这一步不是盖章。")
    accounts.confirm_password(actor, password)
    with transaction():
        report = locked(actor, report_id)
        decision = FLOW.decide(facts(report), action, actor, version=version)
        if seen_sha256 is not None and seen_sha256 != report.pdf_sha256:
            raise Conflict("待盖章的文件在您打开之后已有变动，没有盖章，请核对新的文件。")
        _intend(actor, report, seal_uses.request_of(report.id) or checked(wanted or USUAL))
        return carry_out(actor, report, decision, reason="", changes={})


def reissue(actor: Actor, report_id: int, *, version: int, seen_sha256: str | None = None, reason: str) -> ReportView:
    """Begin a new edition that names the voided one; its sections start from the voided texts."""
    with transaction():
        report = locked(actor, report_id)
        decision = FLOW.decide(facts(report), A.REISSUE, actor, version=version, reason=reason)
        looking.demand_seen(report, seen_sha256)
        carry_out(actor, report, decision, reason=reason, changes={})
        return new_edition(actor, report, reason)


def new_edition(actor: Actor, report: ReportView, reason: str) -> ReportView:
    """The edition that replaces this one, in the open transaction; its sections start from the present texts."""
    new_id = reports.add(
        report.cycle_id, report.unit_id, report.edition + 1, replaces_id=report.id, reason=reason.strip()
    )
    events.record(
        "new_edition",
        actor_id=actor.id,
        unit_id=report.unit_id,
        cycle_id=report.cycle_id,
        report_id=new_id,
        new_state=ReportState.DRAFTING.value,
        reason=reason.strip(),
        details={"replaces": report.edition},
    )
    return reports.get(new_id)


def record_sealed(report: ReportView, use_id: int, sealed_sha256: str) -> None:
    """The worker's last step, in its transaction: the signed bytes are stored and have been verified again."""
    decision = FLOW.decide(facts(report), A.RECORD_SEALED, None, version=report.version)
    seal_uses.close_use(use_id, "done", after_sha256=sealed_sha256)
    carry_out(None, report, decision, reason="", changes={"sealed_sha256": sealed_sha256})


def carry_out(
    actor: Actor | None,
    report: ReportView,
    decision: Decision[ReportState, ReportAction],
    *,
    reason: str,
    changes: dict[str, object],
    details: dict[str, object] | None = None,
) -> ReportView:
    action, details = decision.action, details or {}
    if actor is not None and actor.principal:
        details = details | {"principal": actor.principal.name, "principal_id": actor.principal.id}
    digest = str(changes.get("snapshot_sha256") or report.snapshot_sha256 or "")
    event_id = events.record(
        "consent" if decision.is_consent and decision.covers else action.value,
        actor_id=actor.id if actor else None,
        unit_id=report.unit_id,
        cycle_id=report.cycle_id,
        report_id=report.id,
        old_state=decision.old.value,
        new_state=decision.new.value,
        reason=reason.strip(),
        content_sha256=digest,
        details=details,
    )
    if actor is not None and (decision.covers or action is A.RETURN):
        looking.remember(actor, report)
    if decision.covers and actor is not None:
        approvals.add(
            CONSENTED if decision.is_consent else action.value,
            actor.id,
            digest,
            report_id=report.id,
            comment=reason.strip(),
            on_behalf_of_id=actor.principal.id if actor.principal else None,
            covered=looking.present_digests(report.cycle_id),
        )
    if decision.undoes and actor is not None:
        undone = CONSENTED if decision.is_consent else decision.undoes.value
        approvals.withdraw(actor.seat_id, undone, report_id=report.id)
    if action is A.UNDO_ISSUE:
        changes["issued_sha256"] = None
    reports.write_state(report.id, decision, actor_id=actor.id if actor else report.last_actor_id, **changes)
    changed = reports.get(report.id)
    if changed.state in reports.SIGNED_STATES:
        circulating.ask(changed, event_id)
    what = REPORT_ACTIONS[action]
    telling.of_report(event_id, changed, facts(changed), decision, by=actor, what=what, reason=reason.strip())
    return changed


def _merge(
    actor: Actor, report: ReportView, decision: Decision[ReportState, ReportAction], dated_on: date | None
) -> dict[str, object]:
    """Freeze the content and ask for its documents, where the step says so; decisions on other content lapse."""
    if Effect.COMPILE not in decision.effects:
        return {}
    day = dated_on or report.dated_on or clock.today()
    frozen = freezing.snapshot(report, day)
    blob = freezing.store(frozen)
    approvals.lapse_report(report.id, frozen.sha256)
    report_versions.keep(report.id, frozen.sha256, blob, actor.id)
    freezing.ask_compile(report, frozen, blob)
    return {"dated_on": day, "snapshot_sha256": frozen.sha256, "snapshot_blob": blob}


def _come_straight_back(report: ReportView) -> dict[str, object]:
    """After 直达 whoever returned the report takes the steps between upon himself, for exactly this content."""
    if report.direct_to and report.returned_by and report.snapshot_sha256:
        approvals.add(WAIVED, report.returned_by, report.snapshot_sha256, report_id=report.id)
    return {"direct_to": None, "returned_by": None}


def _stage_to_come_back_to(report: ReportView) -> str | None:
    """Where a report returned with 直达 goes once it is corrected: to whoever returned it."""
    if report.state is ReportState.MERGING:
        return None  # the editor's own return: it passes through his hands anyway
    return (report.state if report.state is ReportState.REVIEWING else ReportState.AWAITING_ISSUE).value


def _intend(actor: Actor, report: ReportView, wanted: Wanted) -> None:
    """Write the register's line before the key is touched, and ask for the signature."""
    seal = seals.active(report.unit_id)
    if seal is None or report.pdf_sha256 is None:
        raise Invalid("没有可用的印章或文件，不能盖章。")
    _close_use(report, "abandoned", "重新盖章")
    decisions: list[ApprovalView] = approvals.of_report(report.id)
    issued_by = next(a.person_id for a in reversed(decisions) if a.action == A.ISSUE.value)
    use_id = seal_uses.add_use(
        report.unit_id,
        seal.id,
        seal.certificate.id,
        report.id,
        subject=f"{report.title}（{report.edition_name}）",
        purpose=wanted.purpose,
        copies=wanted.copies,
        recipient=wanted.recipient,
        requested_by=report.last_actor_id or actor.id,
        approved_by=issued_by,
        pressed_by=actor.id,
        before_sha256=report.pdf_sha256,
    )
    jobs.ask(SEAL, f"use:{use_id}", {"use_id": use_id}, unit_id=report.unit_id)


def _close_use(report: ReportView, state: str, note: str) -> None:
    use = seal_uses.latest_use(report.id)
    if use is not None and use.state in {"intended", "failed"}:
        seal_uses.close_use(use.id, state, note=f"{use.note}；{note}" if use.note else note)


def locked(actor: Actor, report_id: int) -> ReportView:
    """The report for an act of the unit's own people, with its cycle, until the transaction ends."""
    if not actor.may(Permission.READ_REPORT):
        raise Forbidden("您没有办理这一步的权限。")
    report = reports.lock(report_id, actor.unit_id)
    delegating.demand_standing(actor)
    cycles.lock(report.cycle_id, report.unit_id)  # no value is entered or contested while the report is decided upon
    return report
