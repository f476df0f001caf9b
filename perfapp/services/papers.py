"""The paper lane: print, sign and stamp by hand, upload the scan, have somebody else look, end as sealed."""

import io
from collections.abc import Collection, Sequence

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.paper import ScanState
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import FLOW, ReportAction, ReportState
from perfapp.core.seal_use import USUAL
from perfapp.data import approvals, blobs, countersigns, events, jobs, papers, reports, seal_uses, seals
from perfapp.data.papers import ScanView
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.session import transaction
from perfapp.documents import guard
from perfapp.documents.paper.printing import print_edition
from perfapp.services import accounts, telling
from perfapp.services import reports as report_acts
from perfapp.services.downloads import PDF, File, file_stem
from perfapp.services.report_facts import facts

P = Permission
JOB = "paper"
MAX_FILES = 40
OPEN = frozenset({ReportState.ISSUED, ReportState.AWAITING_SEAL})
TAKES_PART = (P.REQUEST_SEAL, P.PRESS_OWN_ISSUE, P.PRESS_SEAL)
_KINDS = frozenset({"application/pdf", "image/jpeg", "image/png"})


def printable(actor: Actor, report_id: int) -> File:
    """The edition for signing by hand: exactly the issued file, with its marks on every page."""
    report = _visible(actor, report_id)
    if report.state not in OPEN or not report.is_compiled or report.pdf_sha256 is None:
        raise NotFound("报告签发之后、盖章之前才能打印签批件。")
    data = print_edition(blobs.read(report.pdf_sha256), report.id, report.pdf_sha256)
    return File(io.BytesIO(data), f"{file_stem(report)}（纸质签批件）.pdf", PDF)


def upload(actor: Actor, report_id: int, files: Sequence[tuple[str, bytes]]) -> int:
    """Bring the scan, in any order and any number of files; it is read by a job. Returns the scan's id."""
    if not files:
        raise Invalid("请选择扫描件。", field="files")
    if len(files) > MAX_FILES:
        raise Invalid(f"一次最多 {MAX_FILES} 个文件，请把扫描件合成一个 PDF 再上传。", field="files")
    kinds = [guard.sniff(name, data) for name, data in files]
    for (name, _), kind in zip(files, kinds, strict=True):
        if kind not in _KINDS:
            raise Invalid(f"“{name}”不是扫描件，请上传 pdf、jpg 或 png。", field="files")
    with transaction():
        report = report_acts.locked(actor, report_id)
        _demand_part(actor)
        if report.state not in OPEN or report.pdf_sha256 is None or not report.is_compiled:
            raise Conflict("报告现在不能登记纸质签章件：签发之后、盖章之前才可以。")
        _refuse_demanded(report)
        kept = [(name[-200:], blobs.put(data, kind)) for (name, data), kind in zip(files, kinds, strict=True)]
        scan_id = papers.add(report.id, report.pdf_sha256, kept, actor.id)
        _record(actor, report, "upload_paper", f"{len(files)} 个文件")
        jobs.ask(JOB, f"scan:{scan_id}", {"scan_id": scan_id, "report_id": report.id}, unit_id=report.unit_id)
    return scan_id


def confirm(
    actor: Actor, scan_id: int, *, version: int, password: str, looked_at: Collection[int], reason: str
) -> ReportView:
    """A second person has held every difference against the print: the scan becomes the sealed record."""
    accounts.confirm_password(actor, password)
    with transaction():
        report, scan = _locked(actor, scan_id)
        decision = FLOW.decide(facts(report), ReportAction.CONFIRM_PAPER, actor, version=version)
        _refuse_demanded(report)
        if actor.id == scan.uploaded_by:
            raise Forbidden("扫描件是您上传的，须由另一人核对确认。")
        doubtful = scan.doubtful
        left = [page.number for page in doubtful if page.number not in looked_at]
        if left:
            raise Invalid(f"第 {'、'.join(map(str, left))} 页与打印件有不同，请逐页核对并勾选。", field="page")
        if doubtful and not reason.strip():
            raise Invalid("与打印件有不同的，请写明是什么（例如：领导签名）。", field="reason")
        papers.write(
            scan.id,
            ScanState.CONFIRMED,
            confirmed_by=actor.id,
            ended_by=actor.id,
            ended_at=clock.now(),
            reason=reason.strip(),
        )
        _register(actor, report, scan)
        return report_acts.carry_out(
            actor,
            report,
            decision,
            reason=reason.strip(),
            changes={"sealed_sha256": scan.record_sha256, "is_on_paper": True},
            details={"doubtful": [page.number for page in doubtful]},
        )


def _refuse_demanded(report: ReportView) -> None:
    """A superior's seal cannot be pressed beside a scan, so a unit that needs it stays with the electronic one."""
    if countersigns.demanded(report.unit_id) is not None:
        raise Conflict("本单位的报告须由上级加盖电子印章，不能走纸质签批，请用电子盖章。")


def send_back(actor: Actor, scan_id: int, reason: str) -> ScanView:
    """The second person does not accept the scan; whoever brought it hears why."""
    if not reason.strip():
        raise Invalid("请写明退回的理由。", field="reason")
    with transaction():
        report, scan = _locked(actor, scan_id)
        if not (actor.may(P.PRESS_OWN_ISSUE) or actor.may(P.PRESS_SEAL)):
            raise Forbidden("纸质签章件由盖章的人核对。")
        ended = {"ended_by": actor.id, "ended_at": clock.now(), "reason": reason.strip()}
        papers.write(scan.id, ScanState.RETURNED, **ended)
        event_id = _record(actor, report, "return_paper", reason.strip())
        told = [PersonBrief(scan.uploaded_by, scan.uploader, "")]
        body = f"{actor.name}没有接收您上传的纸质签章件。\n理由：{reason.strip()}"
        telling.from_system(
            event_id, told, f"纸质签章件被退回：{report.title}", body, report_id=report.id, is_task=True
        )
        return papers.get(scan.id)


def may_take_part(actor: Actor, report: ReportView) -> bool:
    """Whether the report can now be signed on paper, and the person has a part in that."""
    return report.state in OPEN and any(actor.may(permission) for permission in TAKES_PART)


def latest(actor: Actor, report_id: int) -> tuple[ReportView, ScanView | None]:
    report = _visible(actor, report_id)
    return report, papers.latest(report.id)


def picture(actor: Actor, scan_id: int, number: int) -> File:
    """A page and its scan side by side, the differences framed."""
    scan = papers.get(scan_id)
    _visible(actor, scan.report_id)
    page = next((page for page in scan.doubtful if page.number == number), None)
    if page is None or page.marked_sha256 is None:
        raise NotFound("没有找到这一页的比对图。")
    return File(io.BytesIO(blobs.read(page.marked_sha256)), "比对图.png", "image/png", page.marked_sha256)


def record(actor: Actor, scan_id: int) -> File:
    """The scan as one PDF, upright and in order."""
    scan = papers.get(scan_id)
    report = _visible(actor, scan.report_id)
    if scan.record_sha256 is None:
        raise NotFound("扫描件还没有读完，或者没有接收。")
    name = f"{file_stem(report)}（纸质签章扫描件）.pdf"
    return File(io.BytesIO(blobs.read(scan.record_sha256)), name, PDF, scan.record_sha256)


def _register(actor: Actor, report: ReportView, scan: ScanView) -> None:
    """The register's line: the same register as for the electronic seal, for it is the same seal."""
    seal = seals.active(report.unit_id)
    if seal is None:
        raise Invalid("印章登记里没有在用的印章，请先登记这枚公章，用印才能入册。")
    issued = [one for one in approvals.of_report(report.id) if one.action == ReportAction.ISSUE.value]
    wanted = seal_uses.request_of(report.id) or USUAL
    use_id = seal_uses.add_use(
        report.unit_id,
        seal.id,
        seal.certificate.id,
        report.id,
        subject=f"{report.title}（{report.edition_name}）",
        purpose=wanted.purpose,
        copies=wanted.copies,
        recipient=wanted.recipient,
        requested_by=scan.uploaded_by,
        approved_by=issued[-1].person_id,
        pressed_by=actor.id,
        before_sha256=scan.pdf_sha256,
    )
    seal_uses.close_use(use_id, "done", after_sha256=scan.record_sha256, note="纸质盖章，存扫描件，没有用电子印章")


def _visible(actor: Actor, report_id: int) -> ReportView:
    report = reports.visible(actor, report_id)
    _demand_part(actor)
    return report


def _demand_part(actor: Actor) -> None:
    if not any(actor.may(permission) for permission in TAKES_PART):
        raise Forbidden("纸质签批由统稿人和盖章的人办理。")


def _locked(actor: Actor, scan_id: int) -> tuple[ReportView, ScanView]:
    known = papers.get(scan_id)
    report = report_acts.locked(actor, known.report_id)
    scan = papers.lock(scan_id)
    if scan.state is not ScanState.READY or scan.pdf_sha256 != report.pdf_sha256:
        raise Conflict("这份扫描件已经办理过，或者报告已有变动，请刷新后查看。")
    return report, scan


def _record(actor: Actor, report: ReportView, action: str, reason: str) -> int:
    return events.record(
        action,
        actor_id=actor.id,
        unit_id=report.unit_id,
        cycle_id=report.cycle_id,
        report_id=report.id,
        reason=reason,
        content_sha256=report.snapshot_sha256 or "",
    )
