"""纸质签批: print, upload the scan, hold it against the print, confirm."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.review import forms
from perfapp.core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import FLOW, ReportAction
from perfapp.data import jobs, papers
from perfapp.services import downloads, paper_telling, report_facts
from perfapp.services import papers as acts
from perfapp.services.downloads import File

P = Permission
blueprint = Blueprint("paper", __name__)
PART = (P.REQUEST_SEAL, P.PRESS_OWN_ISSUE, P.PRESS_SEAL)
PRESSERS = (P.PRESS_OWN_ISSUE, P.PRESS_SEAL)


@blueprint.get("/reports/<int:report_id>/paper")
@requires(*PART)
def index(report_id: int) -> ResponseReturnValue:
    return _page(report_id, 200)


@blueprint.get("/reports/<int:report_id>/paper/print.pdf")
@requires(*PART)
def printable_file(report_id: int) -> ResponseReturnValue:
    """The edition for printing."""
    return _sent(acts.printable(actor(), report_id), as_attachment=True)


@blueprint.post("/reports/<int:report_id>/paper")
@requires(*PART)
def upload(report_id: int) -> ResponseReturnValue:
    files = [(incoming.file_name(file), file.stream.read()) for file in request.files.getlist("files") if file.filename]
    return _answer(
        report_id, "upload", lambda: acts.upload(actor(), report_id, files), "扫描件已上传，正在读取，读完会自动显示。"
    )


@blueprint.post("/reports/<int:report_id>/paper/<int:scan_id>/confirm")
@requires(*PRESSERS)
def confirm(report_id: int, scan_id: int) -> ResponseReturnValue:
    def carry_out() -> object:
        _demand_own(report_id, scan_id)
        return acts.confirm(
            actor(),
            scan_id,
            version=forms.version(),
            password=request.form.get("password", ""),
            looked_at=forms.ids("page"),
            reason=forms.words("reason"),
        )

    return _answer(report_id, "confirm", carry_out, "纸质签章件已确认，报告已盖章。")


@blueprint.post("/reports/<int:report_id>/paper/<int:scan_id>/return")
@requires(*PRESSERS)
def send_back(report_id: int, scan_id: int) -> ResponseReturnValue:
    def carry_out() -> object:
        _demand_own(report_id, scan_id)
        return acts.send_back(actor(), scan_id, forms.words("reason"))

    return _answer(report_id, "return", carry_out, "已退回扫描件，上传的人会收到提醒。")


@blueprint.get("/reports/<int:report_id>/paper/<int:scan_id>/pages/<int:number>/picture")
@requires(*PART)
def picture(report_id: int, scan_id: int, number: int) -> ResponseReturnValue:
    """A page and its scan side by side."""
    _demand_own(report_id, scan_id)
    return _sent(acts.picture(actor(), scan_id, number), as_attachment=False)


@blueprint.get("/reports/<int:report_id>/paper/<int:scan_id>.pdf")
@requires(*PART)
def record_file(report_id: int, scan_id: int) -> ResponseReturnValue:
    """The scan as it would be filed."""
    _demand_own(report_id, scan_id)
    return _sent(acts.record(actor(), scan_id), as_attachment=True)


def _demand_own(report_id: int, scan_id: int) -> None:
    if papers.get(scan_id).report_id != report_id:
        raise NotFound("没有找到这份扫描件。")


def _answer(report_id: int, form: str, carry_out: Callable[[], object], told: str) -> ResponseReturnValue:
    try:
        carry_out()
    except (Conflict, Forbidden, Invalid) as refusal:
        return _page(report_id, refusal.status, form, refusal)
    flash(told, "active" if form == "upload" else "done")
    return redirect(url_for("paper.index", report_id=report_id), code=303)


def _page(report_id: int, status: int, form: str = "", refusal: DomainError | None = None) -> ResponseReturnValue:
    report, scan = acts.latest(actor(), report_id)
    facts = report_facts.facts(report)
    job = jobs.find(acts.JOB, f"scan:{scan.id}") if scan else None
    may_confirm = ReportAction.CONFIRM_PAPER in FLOW.available(facts, actor())
    return render_template(
        "paper/index.html",
        report=report,
        scan=scan,
        job=downloads.standing(job) if job else None,
        is_open=report.state in acts.OPEN,
        is_own=scan is not None and scan.uploaded_by == actor().id,
        may_confirm=may_confirm,
        obstacle=(FLOW.obstacle(facts, ReportAction.CONFIRM_PAPER, actor()) or "") if may_confirm else "",
        confirmers=paper_telling.confirmers(report, scan.uploaded_by) if scan else (),
        form=form,
        refusal=refusal.message if refusal else "",
        field=refusal.field if isinstance(refusal, Invalid) else None,
        typed={"reason": request.form.get("reason", ""), "pages": set(request.form.getlist("page"))},
        MAX_FILES=acts.MAX_FILES,
    ), status


def _sent(file: File, *, as_attachment: bool) -> ResponseReturnValue:
    return send_file(
        file.data, mimetype=file.media_type, as_attachment=as_attachment, download_name=file.name, max_age=0
    )
