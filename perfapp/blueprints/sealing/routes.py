"""Pressing the seal, and the register of its use (用印登记)."""

import io
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import workbook
from perfapp.blueprints.review import forms
from perfapp.blueprints.sealing import countersign_pages, forms_of_use, reading
from perfapp.core.errors import Conflict, DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportAction
from perfapp.data import reports, seal_uses
from perfapp.data.reports import ReportView
from perfapp.services import registering, using
from perfapp.services import reports as report_acts

blueprint = Blueprint("sealing", __name__)
countersign_pages.add_to(blueprint)

PRESSERS = (Permission.PRESS_OWN_ISSUE, Permission.PRESS_SEAL)


@blueprint.get("/reports/<int:report_id>/seal")
@requires(*PRESSERS)
def seal(report_id: int) -> ResponseReturnValue:
    return _page(report_id, 200)


@blueprint.post("/reports/<int:report_id>/seal")
@requires(*PRESSERS)
def press(report_id: int) -> ResponseReturnValue:
    """Press, or press again after a try that failed."""

    def carry_out() -> ReportView:
        action = ReportAction.RETRY_SEAL if request.form.get("action") == "retry_seal" else ReportAction.PRESS
        return report_acts.press(
            actor(),
            report_id,
            action,
            version=forms.version(),
            seen_sha256=request.form.get("seen", ""),
            password=request.form.get("password", ""),
            wanted=forms_of_use.wanted() if "purpose" in request.form else None,
        )

    return _answer(report_id, "press", carry_out, "正在盖章，盖好后会自动显示。")


@blueprint.get("/reports/<int:report_id>/seal-request")
@requires(Permission.REQUEST_SEAL)
def ask(report_id: int) -> ResponseReturnValue:
    return _ask_page(report_id, 200)


@blueprint.post("/reports/<int:report_id>/seal-request")
@requires(Permission.REQUEST_SEAL)
def ask_do(report_id: int) -> ResponseReturnValue:
    """The editor asks the keeper for the seal."""
    try:
        done = using.request_seal(
            actor(),
            report_id,
            version=forms.version(),
            seen_sha256=request.form.get("seen"),
            wanted=forms_of_use.wanted(),
        )
    except (Conflict, Invalid) as refusal:
        return _ask_page(report_id, refusal.status, refusal)
    flash("已申请用印，印章管理员会收到提醒。", "done")
    return redirect(url_for("review.report", report_id=done.id), code=303)


@blueprint.post("/reports/<int:report_id>/seal/refuse")
@requires(*PRESSERS)
def refuse(report_id: int) -> ResponseReturnValue:
    """The keeper sends the request back with a reason."""
    return _answer(
        report_id, "refuse", _by_reason(report_id, ReportAction.REFUSE_SEAL), "已退回用印申请，统稿人会收到提醒。"
    )


@blueprint.post("/reports/<int:report_id>/seal/abandon")
@requires(*PRESSERS)
def abandon(report_id: int) -> ResponseReturnValue:
    """Give up a try that failed: the report is issued and unsealed again."""
    return _answer(
        report_id, "abandon", _by_reason(report_id, ReportAction.ABANDON_SEAL), "已放弃这次盖章，报告回到已签发。"
    )


@blueprint.get("/reports/<int:report_id>/seal/picture")
@requires(*PRESSERS)
def picture(report_id: int) -> ResponseReturnValue:
    """The picture of the seal that would be pressed, for those who press it."""
    data, media_type = reading.picture(actor(), report_id)
    return send_file(io.BytesIO(data), mimetype=media_type, max_age=0)


@blueprint.get("/seal-uses")
@requires(Permission.READ_SEAL_USES)
def uses() -> ResponseReturnValue:
    found = seal_uses.uses(actor().unit_id)
    own = [use.report_id for use in found if not use.is_countersign]
    return render_template("sealing/uses.html", uses=found, successors=reports.successors(own))


@blueprint.get("/seal-uses.xlsx")
@requires(Permission.READ_SEAL_USES)
def uses_xlsx() -> ResponseReturnValue:
    data = registering.register_xlsx(actor())
    name = f"用印登记 {clock.today():%Y-%m-%d}.xlsx"
    return workbook(name, data)


def _by_reason(report_id: int, action: ReportAction) -> Callable[[], ReportView]:
    return lambda: report_acts.act(actor(), report_id, action, version=forms.version(), reason=forms.words("reason"))


def _answer(report_id: int, form: str, carry_out: Callable[[], ReportView], told: str) -> ResponseReturnValue:
    try:
        done = carry_out()
    except (Conflict, Invalid) as refusal:
        return _page(report_id, refusal.status, form, refusal)
    flash(told, "active" if form == "press" else "done")
    endpoint = "sealing.seal" if form == "press" else "review.report"
    return redirect(url_for(endpoint, report_id=done.id), code=303)


def _ask_page(report_id: int, status: int, refusal: DomainError | None = None) -> ResponseReturnValue:
    page = reading.asking(actor(), report_id)
    typed = forms_of_use.typed(page.usual)
    field = refusal.field if isinstance(refusal, Invalid) else None
    return render_template("sealing/ask.html", page=page, typed=typed, refusal=refusal, field=field), status


def _page(report_id: int, status: int, form: str = "", refusal: DomainError | None = None) -> ResponseReturnValue:
    page = reading.read(actor(), report_id)
    reason = request.form.get("reason", "") if form in {"refuse", "abandon"} else ""
    message = refusal.message if refusal else ""
    return render_template(
        "sealing/seal.html",
        page=page,
        form=form,
        refusal=message,
        field=refusal.field if isinstance(refusal, Invalid) else None,
        reason=reason,
        typed=forms_of_use.typed(page.wanted or page.usual),
    ), status
