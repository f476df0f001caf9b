"""The reports of a unit, and the page of one report: read it, decide on it, follow it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.review import forms, reading
from perfapp.blueprints.review.reading import Typed
from perfapp.core import return_kinds
from perfapp.core.errors import Conflict, DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import FLOW, ReportAction, ReportState
from perfapp.core.words import REPORT_ACTIONS
from perfapp.data import disputes, reports, sections
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.services import compiling, delegating, delivering, looking, report_facts, telling
from perfapp.services import reports as report_acts
from perfapp.services import sections as section_acts

blueprint = Blueprint("review", __name__)

_SEALED = (ReportState.SEALED, ReportState.DELIVERED, ReportState.VOIDED)
READ = (Permission.READ_REPORT, Permission.READ_SEALED)


@blueprint.get("/reports")
@requires(*READ)
def index() -> ResponseReturnValue:
    return render_template("review/index.html", reports=reports.readable(actor()))


@blueprint.get("/reports/<int:report_id>")
@requires(*READ)
def report(report_id: int) -> ResponseReturnValue:
    return _page(report_id, 200, Typed())


@blueprint.post("/reports/<int:report_id>/act")
@requires(Permission.READ_REPORT)
def act(report_id: int) -> ResponseReturnValue:
    """Any step that needs no more than a comment, a reason or a date."""

    def carry_out() -> ReportView:
        action, seen = forms.action(), forms.seen()
        dated_on = forms.day("dated_on", "成文日期") if "dated_on" in request.form else None
        reason = forms.words("reason")
        return report_acts.act(
            delegating.acting(actor(), forms.principal_id()),
            report_id,
            action,
            version=seen.version,
            seen_sha256=seen.sha256,
            reason=reason,
            dated_on=dated_on,
        )

    return _answer(report_id, request.form.get("form", ""), carry_out)


@blueprint.post("/reports/<int:report_id>/send-back")
@requires(Permission.READ_REPORT)
def send_back(report_id: int) -> ResponseReturnValue:
    """Return the chosen sections to their writers, with a reason."""

    def carry_out() -> ReportView:
        seen = forms.seen()
        return report_acts.send_back(
            delegating.acting(actor(), forms.principal_id()),
            report_id,
            version=seen.version,
            seen_sha256=seen.sha256,
            reason=forms.words("reason"),
            section_ids=forms.ids("section"),
            direct=request.form.get("way") == "direct",
            kind=return_kinds.read(request.form.get("kind", "")),
        )

    return _answer(report_id, "send-back", carry_out)


@blueprint.post("/reports/<int:report_id>/deliver")
@requires(Permission.READ_REPORT)
def deliver(report_id: int) -> ResponseReturnValue:
    """Record when and to whom the sealed report was handed in."""

    def carry_out() -> ReportView:
        seen, upload = forms.seen(), request.files.get("receipt_file")
        if request.form.get("lane") == "online":
            return delivering.deliver_online(actor(), report_id, version=seen.version, seen_sha256=seen.sha256)
        return delivering.deliver(
            actor(),
            report_id,
            version=seen.version,
            seen_sha256=seen.sha256,
            recipient=forms.words("recipient", 100),
            delivered_on=forms.day("delivered_on", "报送日期"),
            receipt=forms.words("receipt", 200),
            receipt_file=(incoming.file_name(upload), upload.stream.read()) if upload and upload.filename else None,
        )

    return _answer(report_id, "deliver", carry_out)


@blueprint.post("/reports/<int:report_id>/reissue")
@requires(Permission.READ_REPORT)
def reissue(report_id: int) -> ResponseReturnValue:
    """Begin the edition that replaces a voided one."""

    def carry_out() -> ReportView:
        seen = forms.seen()
        return report_acts.reissue(
            actor(), report_id, version=seen.version, seen_sha256=seen.sha256, reason=forms.words("reason")
        )

    return _answer(report_id, "reissue", carry_out)


@blueprint.post("/reports/<int:report_id>/seen")
@requires(Permission.READ_REPORT)
def seen(report_id: int) -> ResponseReturnValue:
    """The page tells that its content has been before the person's eyes."""
    looking.look(actor(), report_id, request.args.get("content", ""))
    return "", 204


@blueprint.post("/reports/<int:report_id>/retry")
@requires(Permission.READ_REPORT)
def retry(report_id: int) -> ResponseReturnValue:
    compiling.retry(actor(), report_id)
    return redirect(url_for("review.report", report_id=report_id), code=303)


@blueprint.post("/reports/<int:report_id>/preview")
@requires(Permission.READ_DRAFTS)
def preview(report_id: int) -> ResponseReturnValue:
    job_id = compiling.ask_preview(actor(), report_id)
    return redirect(url_for("review.report", report_id=report_id, preview=job_id, _anchor="files"), code=303)


def _answer(report_id: int, form: str, carry_out: Callable[[], ReportView]) -> ResponseReturnValue:
    """Do it and go on; a refusal gives the page back with everything that was typed."""
    try:
        done = carry_out()
    except (Conflict, Invalid) as refusal:
        return _refused(report_id, form, refusal)
    flash(_told(report_id, done), "done")
    if ReportAction.PRESS in FLOW.available(report_facts.facts(done), actor()):
        return redirect(url_for("sealing.seal", report_id=done.id), code=303)
    return redirect(url_for("review.report", report_id=done.id), code=303)


def _refused(report_id: int, form: str, refusal: DomainError) -> ResponseReturnValue:
    typed = Typed(form, refusal.message, forms.typed(), frozenset(forms.ids("section")))
    return _page(report_id, refusal.status, typed)


def _told(report_id: int, done: ReportView) -> str:
    """What has happened, and who is next."""
    if done.id != report_id:
        return f"已建立{done.edition_name}，从上一版的文字开始修改。"
    code = request.form.get("action", "")
    what = {"send_back": "已退回，所选章节的经办人会收到提醒", "deliver": "报送已登记"}.get(
        (request.endpoint or "").split(".")[-1]
    ) or f"已办理：{REPORT_ACTIONS[ReportAction(code)]}"
    names = "、".join(dict.fromkeys(str(person) for person in _next(done) if person.id != actor().id))
    return f"{what}。" + (f"下一步由{names}办理。" if names else "")


def _next(done: ReportView) -> list[PersonBrief]:
    """Whose turn it is: with a report in drafting that of the sections' people, else that of the report's."""
    if done.state is not ReportState.DRAFTING:
        turns = telling.report_turn(done, report_facts.facts(done))
        return [person for _, persons in turns[:1] for person in persons[:3]]
    returned = [s for s in sections.outline(done.cycle_id) if s.returned_by == actor().id]
    found = [telling.section_turn(s, section_acts.facts(s, done)) for s in returned]
    return [person for turns in found for _, persons in turns[:1] for person in persons]


def _page(report_id: int, status: int, typed: Typed) -> ResponseReturnValue:
    preview_id = request.args.get("preview", type=incoming.number)
    page = reading.read(actor(), report_id, preview_id)
    may_look = actor().may(Permission.READ_FIGURES) and page.report.state not in _SEALED
    contested = disputes.undecided([page.report.cycle_id]) if may_look else []
    return render_template("review/report.html", page=page, typed=typed, disputed=contested), status
