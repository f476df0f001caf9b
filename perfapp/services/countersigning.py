"""上级加盖: after the unit's own seal its superior's keeper looks at the sealed PDF and presses his."""

from dataclasses import dataclass

from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.core.seal_flow import REPORT_KINDS, SealState
from perfapp.data import approvals, blobs, countersigns, events, jobs, people, reports, seal_uses, seals
from perfapp.data.countersigns import ASKED, DONE, PRESSING, REFUSED, WITHDRAWN, CountersignView
from perfapp.data.reports import ReportView
from perfapp.data.seals import SealView
from perfapp.data.session import transaction
from perfapp.services import accounts, seal_watch, telling
from perfapp.signing.seal_places import has_place

JOB = "countersign"
LONGEST_REASON = 300


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


def is_possible(unit_id: int) -> bool:
    """Whether anybody could countersign this unit's reports: then a place is made before its own seal."""
    return bool(countersigns.superiors(unit_id))


def ask_where_demanded(report: ReportView) -> None:
    """In the transaction that sealed the report: ask the superior, where the unit's reports need his seal."""
    seal_id = countersigns.demanded(report.unit_id)
    if seal_id is not None and countersigns.of_report(report.id) is None:
        countersigns.ask(report.id, seal_id)
        _tell_asked(report, seals.get(seal_id))


@dataclass(frozen=True, slots=True)
class Asking:
    """What the editor may do about the superior's seal on a report that is sealed."""

    report: ReportView
    present: CountersignView | None
    superiors: list[tuple[int, str]]
    obstacle: str  # why nobody can be asked; '' when somebody can
    may_withdraw: bool


def asking(actor: Actor, report_id: int) -> Asking:
    """The page of 请上级加盖; NotFound before the report is sealed."""
    report = reports.visible(actor, report_id)
    if not report.is_sealed:
        raise NotFound("这份报告还没有盖章，盖章后才能请上级加盖。")
    present, demanded = countersigns.of_report(report.id), countersigns.demanded(report.unit_id)
    known = countersigns.superiors(report.unit_id)
    if demanded is not None:
        superior_id = seals.get(demanded).unit_id
        known = [one for one in known if one[0] == superior_id]
    may_withdraw = present is not None and present.state in {ASKED, REFUSED} and demanded is None
    return Asking(report, present, known, _obstacle(report, present, known), may_withdraw)


def _obstacle(report: ReportView, present: CountersignView | None, known: list[tuple[int, str]]) -> str:
    if present is not None and present.state in {ASKED, PRESSING}:
        return f"已请{present.superior_name}加盖，等对方办理。"
    if present is not None and present.state == DONE:
        return f"{present.superior_name}已经加盖。"
    if report.state is not ReportState.SEALED:
        return "已盖章、还没有报送的报告才能请上级加盖。"
    if report.is_on_paper:
        return "这份报告是在纸上盖的章，不能再加盖电子印章。"
    if not known:
        return "本系统里没有别的单位启用了公章，没有可以请的上级单位。"
    if not has_place(blobs.read(report.sealed_sha256 or "")):
        return "盖章时没有给上级预留位置，或存档时间戳已经续期，不能再加盖；需要时请作废后重新编制。"
    return ""


def ask(actor: Actor, report_id: int, *, superior_id: int | None, reason: str) -> None:
    """请上级加盖: the editor asks a superior unit for its seal, and says why; after a refusal, once more."""
    if not actor.may(Permission.REQUEST_SEAL):
        raise Forbidden("您没有办理这一步的权限。")
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(f"请写明请上级加盖的理由，不超过 {LONGEST_REASON} 字。", "reason")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        page = asking(actor, report.id)
        if page.obstacle:
            raise Conflict(page.obstacle)
        if superior_id not in dict(page.superiors):
            raise Invalid("请选择由哪个上级单位加盖。", "superior_id")
        seal = seals.active(superior_id)
        if seal is None:
            raise Conflict("这个单位的公章刚刚停用，不能请它加盖，请刷新页面。")
        countersigns.ask(report.id, seal.id, reason=why, asked_by=actor.id)
        _tell_asked(report, seal, by=actor, reason=why)


def withdraw(actor: Actor, report_id: int, *, version: int) -> None:
    """The editor takes back what he asked for: the report stands with its own unit's seal, and can be delivered."""
    if not actor.may(Permission.REQUEST_SEAL):
        raise Forbidden("您没有办理这一步的权限。")
    with transaction():
        report = reports.lock(report_id, actor.unit_id)
        page = asking(actor, report.id)
        if page.present is None or not page.may_withdraw or page.present.version != version:
            raise Conflict("这件加盖事项不能撤回，或在您打开之后已有变动，请刷新页面。")
        countersigns.change(page.present.id, WITHDRAWN, note="")
        seal = seals.get(page.present.seal_id)
        event_id = _event("countersign_withdrawn", report, seal, by=actor)
        telling.countersign_withdrawn(event_id, seal, report, by=actor)


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
            requested_by=found.asked_by_id or report.last_actor_id or issued_by,
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
    if found is None or found.state in {DONE, WITHDRAWN}:
        return ""
    if found.state == REFUSED:
        return f"{found.superior_name}退回了加盖（{found.note}），请改正后再请上级加盖。"
    return f"还要等{found.superior_name}加盖印章，加盖后才能报送。"


def awaited(report_id: int) -> str:
    """The superior whose turn it is; '' where none is."""
    found = countersigns.of_report(report_id)
    return found.superior_name if found is not None and found.state in {ASKED, PRESSING} else ""


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


def _tell_asked(report: ReportView, seal: SealView, by: Actor | None = None, reason: str = "") -> None:
    event_id = _event("countersign", report, seal, by=by, reason=reason)
    telling.asked_to_countersign(event_id, seal, report, reason)


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
