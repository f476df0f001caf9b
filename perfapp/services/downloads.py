"""What people follow and take away: jobs in progress, previews, the report's files, the evidence bundle."""

import io
import re
import tempfile
from dataclasses import dataclass
from typing import IO

from perfapp.core.comparison import Comparison
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.data import blobs, deliveries, disputes, facts, jobs, report_files, reports, seal_uses, sections
from perfapp.data.archives import ArchiveView
from perfapp.data.jobs import JobView
from perfapp.data.reports import ReportView
from perfapp.documents import bundle
from perfapp.services import archive_watch, looking

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
NO_JOB = "没有找到这项任务。"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_SPILL_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a job is, in words for people. `report_id` or `section_id` names what it is about."""

    id: int
    kind: str
    state: str
    progress: int
    message: str
    attempt: int
    report_id: int | None
    section_id: int | None


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to be taken away, under a name a person understands."""

    data: IO[bytes]
    name: str
    media_type: str
    etag: str = ""


def standing(job: JobView) -> Standing:
    """The job as people see it."""
    report_id = job.payload.get("report_id")
    if job.kind == "seal":
        report_id = seal_uses.use(job.payload["use_id"]).report_id
    return Standing(
        id=job.id,
        kind=job.kind,
        state=job.state,
        progress=job.progress,
        message=_message(job),
        attempt=job.attempt,
        report_id=report_id,
        section_id=job.payload.get("section_id"),
    )


def follow(actor: Actor, job_id: int) -> Standing:
    """How far the job is, for whoever may read what it makes; for everybody else it is not there."""
    return standing(_readable(actor, job_id))


def preview_file(actor: Actor, job_id: int) -> File:
    """The finished preview, a PDF with a 草稿 watermark, or the marked copy of two versions."""
    job = _readable(actor, job_id)
    digest = job.result.get("pdf_sha256")
    if job.kind != "preview" or job.state != "done" or not digest:
        raise NotFound("预览还没有生成好，请回到刚才的页面等一等。")
    name = _marked_name(job.payload["comparison_blob"]) if "comparison_blob" in job.payload else "预览（草稿）.pdf"
    return File(io.BytesIO(blobs.read(digest)), name, PDF, digest)


def _marked_name(blob: str) -> str:
    """2018年度部门整体支出绩效自评报告（花脸稿）.pdf: of what, and that it is no clean copy."""
    title = Comparison.model_validate_json(blobs.read(blob)).title
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", title)[:60] + "（花脸稿）.pdf"


def report_docx(actor: Actor, report_id: int) -> File:
    report = reports.visible(actor, report_id)
    digest = _made(report, report.docx_sha256)
    return File(io.BytesIO(blobs.read(digest)), f"{file_stem(report)}.docx", DOCX, digest)


def report_pdf(actor: Actor, report_id: int) -> File:
    """The sealed PDF as filed, or the compiled one, whose name says that it bears no seal."""
    report = reports.visible(actor, report_id)
    if report.sealed_sha256:
        mark = "（已作废）" if report.void_reason is not None else "（已盖章）"
        return File(
            io.BytesIO(blobs.read(report.sealed_sha256)), f"{file_stem(report)}{mark}.pdf", PDF, report.sealed_sha256
        )
    digest = _made(report, report.pdf_sha256)
    return File(io.BytesIO(blobs.read(digest)), f"{file_stem(report)}（未盖章）.pdf", PDF, digest)


def renewed(report: ReportView) -> ArchiveView | None:
    """The sealed PDF with a later archive time stamp, where there is one."""
    known = archive_watch.newest(report.id, report.sealed_sha256) if report.sealed_sha256 else None
    return known if known is not None and known.is_renewed else None


def renewed_pdf(actor: Actor, report_id: int) -> File:
    report = reports.visible(actor, report_id)
    found = renewed(report)
    if found is None:
        raise NotFound("这份报告的存档时间戳还没有续过。")
    name = f"{file_stem(report)}（已盖章，存档续期）.pdf"
    return File(io.BytesIO(blobs.read(found.pdf_sha256)), name, PDF, found.pdf_sha256)


def detached_signature(actor: Actor, report_id: int) -> File:
    """The GB/T 38540 signature that belongs to the sealed PDF."""
    report = reports.visible(actor, report_id)
    digest = _detached(report)
    if digest is None:
        raise NotFound("这份报告没有国密签章文件。")
    return File(
        io.BytesIO(blobs.read(digest)), f"{file_stem(report)}（国密签章）.es", "application/octet-stream", digest
    )


def has_detached(report: ReportView) -> bool:
    return _detached(report) is not None


def _detached(report: ReportView) -> str | None:
    return seal_uses.detached_of(report.sealed_sha256) if report.sealed_sha256 else None


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One of the documents that go with the report, with the title people know it by."""

    kind: str
    format: str
    title: str


def package(report: ReportView) -> list[PackageFile]:
    """What goes with the report as it now is: its figures, and each annex in its formats."""
    if not report.snapshot_sha256:
        return []
    titles = {
        report_files.REPORT: "报告的数据和表格",
        report_files.ENTRIES: "财政录入表",
        report_files.EVIDENCE_INDEX: "佐证材料目录",
        report_files.CIRCULATION: "流转单",
        report_files.CIRCULATION_OUT: "流转单（报送用，不含内部意见）",
    } | {
        report_files.annex_kind(number): f"{annex.mark} {annex.title}".strip()
        for number, annex in enumerate(looking.shown(report).annexes, start=1)
    }
    return [
        PackageFile(file.kind, file.format, titles[file.kind])
        for file in report_files.of_report(report.id, report.snapshot_sha256)
        if file.kind in titles
    ]


def package_file(actor: Actor, report_id: int, kind: str, format_: str) -> File:
    """One of the documents that go with the report."""
    return of_package(reports.visible(actor, report_id), kind, format_)


def of_package(report: ReportView, kind: str, format_: str) -> File:
    """The same of a report that the reader has been found to be allowed."""
    wanted = next((one for one in package(report) if (one.kind, one.format) == (kind, format_)), None)
    made = report_files.of_report(report.id, report.snapshot_sha256 or "")
    found = next((one for one in made if (one.kind, one.format) == (kind, format_)), None)
    if wanted is None or found is None:
        raise NotFound("这份文件还没有生成好，请回到报告页面查看进度。")
    name = _UNSAFE.sub("", f"{file_stem(report)}-{wanted.title}.{format_}")
    return File(io.BytesIO(blobs.read(found.sha256)), name, found.media_type, found.sha256)


def picture(actor: Actor, report_id: int, sha256: str) -> File:
    """A picture in the text that the report's page shows."""
    report = reports.visible(actor, report_id)
    found = blobs.describe(sha256) if looking.may_read(actor, report) else None
    if found is None or sha256 not in looking.shown(report).picture_digests:
        raise NotFound("没有找到这张图片。")
    return File(io.BytesIO(blobs.read(sha256)), "图片", found.media_type, sha256)


def receipt(actor: Actor, report_id: int) -> File:
    """The receipt that was filed with the delivery."""
    report = reports.visible(actor, report_id)
    delivery = deliveries.of_report(report.id)
    found = blobs.describe(delivery.receipt_sha256) if delivery and delivery.receipt_sha256 else None
    if delivery is None or found is None:
        raise NotFound("这份报告没有登记回执文件。")
    return File(io.BytesIO(blobs.read(found.sha256)), delivery.receipt_filename, found.media_type, found.sha256)


def evidence_bundle(actor: Actor, report_id: int) -> File:
    """Every evidence file by section in printed order, with its list, as frozen with the report."""
    report = reports.visible(actor, report_id)
    if not actor.may(Permission.READ_DRAFTS):
        raise NotFound("没有找到这份报告的佐证材料。")
    files = looking.shown(report).evidence
    if not files:
        raise NotFound("这份报告还没有佐证材料。")
    out = tempfile.SpooledTemporaryFile(max_size=_SPILL_BYTES)  # noqa: SIM115 (handed over to the response)
    bundle.write_bundle(out, files, blobs.read, title=report.title, unit=report.unit_name, edition=report.edition)
    out.seek(0)
    return File(out, f"{file_stem(report)}佐证材料.zip", ZIP)


def figure_evidence(actor: Actor, value_id: int) -> File:
    """The page that stands behind a value of the unit."""
    facts.value(actor.unit_id, value_id)
    return _kept(facts.evidence_of(value_id))


def dispute_evidence(actor: Actor, dispute_id: int) -> File:
    """What was shown when a value of the unit was contested."""
    disputes.get(actor.unit_id, dispute_id)
    return _kept(disputes.evidence_of(dispute_id))


def file_stem(report: ReportView) -> str:
    """The report's name as the start of a file name, on any system."""
    name = f"{report.unit_name}{report.title}" if report.unit_name not in report.title else report.title
    return _UNSAFE.sub("", name)[:80] + (f"（{report.edition_name}）" if report.edition > 1 else "")


def _made(report: ReportView, digest: str | None) -> str:
    if digest is None or not report.is_compiled:
        raise NotFound("报告文件还没有生成好，请回到报告页面查看进度。")
    return digest


def _kept(found: tuple[str, str, str] | None) -> File:
    """The file of this digest, name and media type."""
    if found is None:
        raise NotFound("没有附佐证材料。")
    sha256, filename, media_type = found
    return File(io.BytesIO(blobs.read(sha256)), filename, media_type, sha256)


def _readable(actor: Actor, job_id: int) -> JobView:
    job = jobs.get(job_id)
    if (
        job is None
        or job.unit_id != actor.unit_id
        or job.kind not in {"compile", "paper", "preview", "seal", "disclose"}
    ):
        raise NotFound(NO_JOB)
    section_id = job.payload.get("section_id")
    if section_id:
        sections.visible(actor, section_id)
        return job
    if not actor.may(Permission.READ_DRAFTS if job.kind == "preview" else Permission.READ_REPORT):
        raise NotFound(NO_JOB)
    return job


def _message(job: JobView) -> str:
    if job.state == "failed":
        return job.error
    if job.state == "done":
        return "已完成"
    if job.state == "queued":
        return f"{job.error}稍后自动重试。" if job.error else "正在排队"
    return job.step or "正在处理"
