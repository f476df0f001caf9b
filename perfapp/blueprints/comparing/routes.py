"""Any two versions of a section or of a report: as one page with three views, and as PDF."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.comparing import page
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Permission
from perfapp.data import reports
from perfapp.services import comparing, downloads

blueprint = Blueprint("comparing", __name__)

SECTION_READERS = (Permission.READ_OWN, Permission.READ_DRAFTS)
REPORT_READERS = (Permission.READ_REPORT, Permission.READ_SEALED)


@blueprint.get("/sections/<int:section_id>/compare")
@requires(*SECTION_READERS)
def section(section_id: int) -> ResponseReturnValue:
    """Version `from` beside version `to`, or beside the present text."""
    left, right = request.args.get("from", ""), request.args.get("to") or comparing.NOW
    return render_template("comparing/section.html", **page.section(actor(), section_id, left, right))


@blueprint.post("/sections/<int:section_id>/compare/pdf")
@requires(*SECTION_READERS)
def section_pdf(section_id: int) -> ResponseReturnValue:
    """Ask for the marked copy as PDF."""
    comparison = comparing.of_section(actor(), section_id, *_asked())
    job_id = comparing.ask_pdf(actor(), comparison, section_id=section_id)
    return redirect(url_for("comparing.section_job", section_id=section_id, job_id=job_id), code=303)


@blueprint.get("/sections/<int:section_id>/compare/pdf/<int:job_id>")
@requires(*SECTION_READERS)
def section_job(section_id: int, job_id: int) -> ResponseReturnValue:
    present, job = page.readable(actor(), section_id), downloads.follow(actor(), job_id)
    if job.section_id != section_id:
        raise NotFound(downloads.NO_JOB)
    back = url_for("drafting.section", section_id=section_id)
    return render_template("comparing/job.html", heading=present.heading, back=back, job=job)


@blueprint.get("/reports/<int:report_id>/compare")
@requires(*REPORT_READERS)
def report(report_id: int) -> ResponseReturnValue:
    """Two versions of the report's editions; where none are named, the newest with the one before it."""
    left, right = request.args.get("from", ""), request.args.get("to", "")
    return render_template("comparing/report.html", **page.report(actor(), report_id, left, right))


@blueprint.post("/reports/<int:report_id>/compare/pdf")
@requires(Permission.READ_DRAFTS)
def report_pdf(report_id: int) -> ResponseReturnValue:
    comparison = comparing.of_reports(actor(), report_id, *_asked())
    job_id = comparing.ask_pdf(actor(), comparison, report_id=report_id)
    return redirect(url_for("comparing.report_job", report_id=report_id, job_id=job_id), code=303)


@blueprint.get("/reports/<int:report_id>/compare/pdf/<int:job_id>")
@requires(Permission.READ_DRAFTS)
def report_job(report_id: int, job_id: int) -> ResponseReturnValue:
    present, job = reports.visible(actor(), report_id), downloads.follow(actor(), job_id)
    if job.report_id != report_id:
        raise NotFound(downloads.NO_JOB)
    back = url_for("review.report", report_id=report_id)
    return render_template("comparing/job.html", heading=present.title, back=back, job=job)


def _asked() -> tuple[str, str]:
    return request.form.get("from", ""), request.form.get("to", "") or comparing.NOW
