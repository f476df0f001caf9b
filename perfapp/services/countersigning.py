"""上级加盖: after the unit's own seal its superior's keeper looks at the sealed PDF and presses his."""

from dataclasses import dataclass

from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.seal_flow import REPORT_KINDS, SealState
from perfapp.data import approvals, blobs, countersigns, events, jobs, people, reports, seal_uses, seals
from perfapp.data.countersigns import ASKED, DONE, PRESSING, REFUSED, CountersignView
from perfapp.data.reports import ReportView
from perfapp.data.seals import SealView
from perfapp.data.session import transaction
from perfapp.services import accounts, seal_watch, telling

JOB = "countersign"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One report that waits for a seal of the person's unit."""

    countersign: CountersignView
    report: ReportView


def waiting(actor: Actor) -> list[Waiting]:
    """What waits for this person's hand; empty for everybody but the superior's keepers and leaders."""
    if not actor.may(Permission.KEEP_SEALS):
        return []
    return [Waiting(one, reports.get(one.report_id)) for one in countersigns.waiting(actor.unit_id)]


def read(actor: Actor, countersign_id: int) -> Waiting:
    """One of them; NotFound where it waits for another unit."""
    _demand_keeper(actor)
    found = countersigns.own(actor.unit_id, countersign_id)
    return Waiting(found, reports.get(found.report_id))


def sealed_pdf(actor: Actor, countersign_id: int) -> bytes:
    """The file he is asked to countersign."""
    report = read(actor, countersign_id).report
    if report.sealed_sha256 is None:
        raise Conflict("这份报告现在没有盖章的文件。")
    return blobs.read(report.sealed_sha256)


def ask_where_demanded(report: ReportView) -> None:
    """In the transaction that sealed the report: ask the superior, where the unit's reports need his seal."""
    seal_id = countersigns.demanded(report.unit_id)
    if seal_id is not None and countersigns.of_report(report.id) is None:
        countersigns.ask(report.id, seal_id)
        _tell_asked(report, seals.get(seal_id))


def ask_again(actor: Actor, report_id: int) -> None:
    """After a refusal the editor asks once more."""
    if not actor.may(Permission.REQUEST_SEAL):
        raise Forbidden("您没有办理这一步的权限。")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        found = countersigns.of_report(report.id)
        if found is None or found.state != REFUSED or report.state is not ReportState.SEALED:
            raise Conflict("这份报告现在不需要再请上级加盖。")
        countersigns.change(found.id, ASKED, note="", done_at=None)
        _tell_asked(report, seals.get(found.seal_id), by=actor)


def press(actor: Actor, countersign_id: int, *, version: int, seen_sha256: str, password: str) -> None:
    """Press the superior's seal: the password once more, a line in its register, and a job that signs."""
    _demand_keeper(actor)
    accounts.confirm_password(actor, password)
    with transaction():
        found, report = _locked(actor, countersign_id, version)
        if seen_sha256 != report.sealed_sha256:
            raise Conflict("待加盖的文件在您打开之后已有变动，没有盖章，请核对新的文件。")
        seal = seals.get(found.seal_id)
        _refuse_unready(seal)
        issued_by = next(
            a.person_id for a in reversed(approvals.of_report(report.id)) if a.action == ReportAction.ISSUE
        )
        own = seal_uses.latest_use(report.id)
        use_id = seal_uses.add_use(
            actor.unit_id,
            seal.id,
            seal.certificate.id,
            report.id,
            is_countersign=True,
            subject=f"{report.title}（{report.edition_name}）",
            purpose=f"上级加盖：{report.unit_name}",
            copies=own.copies if own else 1,
            recipient=own.recipient if own else "",
            requested_by=report.last_actor_id or issued_by,
            approved_by=issued_by,
            pressed_by=actor.id,
            before_sha256=seen_sha256,
        )
        countersigns.change(found.id, PRESSING, use_id=use_id, note="")
        jobs.ask(JOB, f"use:{use_id}", {"use_id": use_id}, unit_id=actor.unit_id)


def refuse(actor: Actor, countersign_id: int, *, version: int, reason: str) -> None:
    """Send the request back: the report stays sealed by its own unit only, and is not delivered."""
    _demand_keeper(actor)
    if not reason.strip():
        raise Invalid("请写明退回的理由。", "reason")
    with transaction():
        found, report = _locked(actor, countersign_id, version)
        countersigns.change(found.id, REFUSED, note=reason.strip())
        event_id = _event("countersign_refused", report, seals.get(found.seal_id), by=actor, reason=reason.strip())
        telling.of_countersign(event_id, report, f"上级退回了加盖：{report.title}", f"{actor.name}：{reason.strip()}")


def record_done(found: CountersignView, report: ReportView, after_sha256: str) -> None:
    """The worker's last step, in its transaction: the file with both seals is stored and has been verified."""
    seal_uses.close_use(found.use_id or 0, "done", after_sha256=after_sha256)
    countersigns.change(found.id, DONE)
    reports.replace_sealed(report.id, after_sha256)
    event_id = _event("countersigned", report, seals.get(found.seal_id), by=None, digest=after_sha256)
    telling.of_countersign(event_id, report, f"上级已加盖：{report.title}", f"“{found.seal_name}”已加盖，可以报送。")


def give_back(found: CountersignView, sentence: str) -> None:
    """In the open transaction: the try failed, it waits again and says why."""
    countersigns.change(found.id, ASKED, note=sentence)


def missing(report_id: int) -> str:
    """Why the report may not be delivered yet; '' where no superior's seal is missing."""
    found = countersigns.of_report(report_id)
    if found is None or found.state == DONE:
        return ""
    if found.state == REFUSED:
        return f"上级退回了加盖（{found.note}），请改正后再请上级加盖。"
    return f"还要等上级加盖“{found.seal_name}”，加盖后才能报送。"


def set_demand(unit_id: int, superior_id: int | None, *, by: Actor | None = None) -> str:
    """Say which unit's seal countersigns this unit's reports, from the next one on; returns the seal's name."""
    seal = seals.active(superior_id) if superior_id is not None else None
    if superior_id == unit_id:
        raise Invalid("上级单位不能是本单位。")
    if superior_id is not None and seal is None:
        raise Invalid(f"“{people.unit(superior_id).name}”还没有启用的公章。")
    with transaction():
        countersigns.demand(unit_id, seal.id if seal else None, set_by=by.id if by else None)
        name = seal.name if seal else "不加盖"
        events.record("set_countersign", actor_id=by.id if by else None, unit_id=unit_id, details={"seal": name})
    return name


def _demand_keeper(actor: Actor) -> None:
    if not actor.may(Permission.KEEP_SEALS):
        raise Forbidden("您没有办理这一步的权限。")


def _locked(actor: Actor, countersign_id: int, version: int) -> tuple[CountersignView, ReportView]:
    unit_id = countersigns.own(actor.unit_id, countersign_id).unit_id
    report = reports.lock(countersigns.own(actor.unit_id, countersign_id).report_id, unit_id)
    found = countersigns.lock(actor.unit_id, countersign_id)
    if found.version != version or found.state != ASKED or report.state is not ReportState.SEALED:
        raise Conflict("这件加盖事项在您打开之后已有变动，请刷新页面。")
    return found, report


def _refuse_unready(seal: SealView) -> None:
    if seal.state is not SealState.ACTIVE or seal.kind not in REPORT_KINDS:
        raise Invalid(f"“{seal.name}”没有启用，不能盖章：请印章保管人在“印章”启用。")
    trouble = seal_watch.certificate_trouble(seal)
    if trouble:
        raise Invalid(trouble)


def _tell_asked(report: ReportView, seal: SealView, by: Actor | None = None) -> None:
    event_id = _event("countersign", report, seal, by=by)
    telling.asked_to_countersign(event_id, seal, report)


def _event(
    action: str, report: ReportView, seal: SealView, *, by: Actor | None, reason: str = "", digest: str = ""
) -> int:
    return events.record(
        action,
        actor_id=by.id if by else None,
        unit_id=report.unit_id,
        cycle_id=report.cycle_id,
        report_id=report.id,
        reason=reason,
        content_sha256=digest,
        details={"seal": seal.name},
    )
