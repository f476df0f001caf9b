"""Everything the sealing page shows."""

from dataclasses import dataclass
from datetime import datetime

from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor
from perfapp.core.report_flow import FLOW, ReportAction, ReportState
from perfapp.core.seal_use import USUAL, Wanted
from perfapp.data import approvals, blobs, jobs, reports, seal_uses, seals
from perfapp.data.approvals import ApprovalView
from perfapp.data.reports import ReportView
from perfapp.data.seal_uses import SealUseView
from perfapp.data.seals import SealView
from perfapp.services import downloads, report_facts
from perfapp.services.downloads import Standing

A = ReportAction
_SHOWN = frozenset(
    {ReportState.ISSUED, ReportState.AWAITING_SEAL, ReportState.SEALING, ReportState.SEALED, ReportState.DELIVERED}
)


@dataclass(frozen=True, slots=True)
class SealPage:
    """What would be sealed, by which decision, with which seal; and how far the last try is."""

    report: ReportView
    seal: SealView | None
    issue: ApprovalView | None
    pdf_size: int | None
    number: int
    press: str  # the act behind the one button: press, retry_seal or empty
    obstacle: str
    may_refuse: bool
    may_abandon: bool
    use: SealUseView | None
    wanted: Wanted | None  # what the editor asked for, or was asked for at an earlier try
    usual: Wanted
    job: Standing | None
    is_failed: bool
    awaited: str  # what keeps the seal waiting, tried again and again by itself; else empty
    next_try: datetime | None


def read(actor: Actor, report_id: int) -> SealPage:
    """The page as this person sees it; NotFound before there is anything to seal."""
    report = _sealable(actor, report_id)
    facts = report_facts.facts(report)
    available = FLOW.available(facts, actor)
    press = next((act for act in (A.PRESS, A.RETRY_SEAL) if act in available), None)
    own = [a for a in approvals.of_report(report.id) if a.action == A.ISSUE and a.stands_for(report.snapshot_sha256)]
    use = seal_uses.latest_use(report.id)
    job = jobs.find(report_facts.SEAL, f"use:{use.id}") if use else None
    pdf = blobs.describe(report.pdf_sha256) if report.pdf_sha256 else None
    return SealPage(
        report=report,
        seal=seals.active(report.unit_id),
        issue=own[-1] if own else None,
        pdf_size=pdf.size if pdf else None,
        number=seal_uses.next_number(report.unit_id),
        press=press.value if press else "",
        obstacle=(FLOW.obstacle(facts, press, actor) or "") if press else "",
        may_refuse=A.REFUSE_SEAL in available,
        may_abandon=A.ABANDON_SEAL in available,
        use=use,
        wanted=seal_uses.request_of(report.id),
        usual=Wanted(use.purpose, use.copies, use.recipient) if use and use.recipient else USUAL,
        job=downloads.standing(job) if job and report.state is ReportState.SEALING else None,
        is_failed=report_facts.has_seal_failed(report),
        awaited=report_facts.awaited_by_seal(report),
        next_try=job.run_after if job else None,
    )


@dataclass(frozen=True, slots=True)
class AskPage:
    """申请用印: the report, and what such reports are usually sealed for."""

    report: ReportView
    seal: SealView | None
    usual: Wanted
    obstacle: str


def asking(actor: Actor, report_id: int) -> AskPage:
    """NotFound where there is nothing to ask for."""
    report = _sealable(actor, report_id)
    facts = report_facts.facts(report)
    if A.REQUEST_SEAL not in FLOW.available(facts, actor):
        raise NotFound("这份报告现在不需要申请用印。")
    return AskPage(
        report=report,
        seal=seals.active(report.unit_id),
        usual=seal_uses.request_of(report.id) or USUAL,
        obstacle=FLOW.obstacle(facts, A.REQUEST_SEAL, actor) or "",
    )


def picture(actor: Actor, report_id: int) -> tuple[bytes, str]:
    """The seal's picture and its media type."""
    report = _sealable(actor, report_id)
    seal = seals.active(report.unit_id)
    found = blobs.describe(seal.picture_sha256) if seal else None
    if found is None:
        raise NotFound("没有登记的印章图样。")
    return blobs.read(found.sha256), found.media_type


def _sealable(actor: Actor, report_id: int) -> ReportView:
    report = reports.visible(actor, report_id)
    if report.state not in _SHOWN:
        raise NotFound("这份报告还没有签发，不能盖章。")
    return report
