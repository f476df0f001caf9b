"""Jobs as JSON, previews, and the files people take away."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import handed_out
from perfapp.core.permissions import Permission
from perfapp.services import delivery_package as package_service
from perfapp.services import downloads
from perfapp.services.downloads import Standing

blueprint = Blueprint("documents", __name__)

READERS = (Permission.READ_OWN, Permission.READ_REPORT, Permission.READ_SEALED)


@blueprint.get("/jobs/<int:job_id>")
@requires(*READERS)
def job(job_id: int) -> ResponseReturnValue:
    """How far a job is: what the progress bar of a page asks for."""
    standing = downloads.follow(actor(), job_id)
    return {
        "state": standing.state,
        "progress": standing.progress,
        "message": standing.message,
        "attempt": standing.attempt,
        "result_url": _result_url(standing),
    }


@blueprint.get("/previews/<int:job_id>.pdf")
@requires(*READERS)
def preview_file(job_id: int) -> ResponseReturnValue:
    return handed_out(downloads.preview_file(actor(), job_id), inline=True)


@blueprint.get("/reports/<int:report_id>/report.docx")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def docx(report_id: int) -> ResponseReturnValue:
    return handed_out(downloads.report_docx(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/report.pdf")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def pdf(report_id: int) -> ResponseReturnValue:
    return handed_out(downloads.report_pdf(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/renewed.pdf")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def renewed_pdf(report_id: int) -> ResponseReturnValue:
    """The sealed PDF with a later archive time stamp."""
    return handed_out(downloads.renewed_pdf(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/report.es")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def detached_signature(report_id: int) -> ResponseReturnValue:
    """The GB/T 38540 signature beside the sealed PDF."""
    return handed_out(downloads.detached_signature(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/evidence.zip")
@requires(Permission.READ_DRAFTS)
def evidence(report_id: int) -> ResponseReturnValue:
    return handed_out(downloads.evidence_bundle(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/files/<kind>.<any(docx,pdf,xlsx):extension>")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def package_file(report_id: int, kind: str, extension: str) -> ResponseReturnValue:
    """One of the documents that go with the report: an annex, or the report's figures."""
    return handed_out(downloads.package_file(actor(), report_id, kind, extension))


@blueprint.get("/reports/<int:report_id>/delivery.zip")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def delivery_package(report_id: int) -> ResponseReturnValue:
    """What goes to the bureau, as one file that can be checked."""
    return handed_out(package_service.download(actor(), report_id))


@blueprint.get("/reports/<int:report_id>/pictures/<string(length=64):sha256>")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def picture(report_id: int, sha256: str) -> ResponseReturnValue:
    return handed_out(downloads.picture(actor(), report_id, sha256), inline=True)


@blueprint.get("/reports/<int:report_id>/receipt")
@requires(Permission.READ_REPORT, Permission.READ_SEALED)
def receipt(report_id: int) -> ResponseReturnValue:
    return handed_out(downloads.receipt(actor(), report_id))


def _result_url(standing: Standing) -> str | None:
    if standing.state != "done":
        return None
    if standing.kind == "preview":
        return url_for("documents.preview_file", job_id=standing.id)
    return url_for("review.report", report_id=standing.report_id)
