"""上级加盖: what waits for the superior's keeper, and the page where he presses."""

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.review import forms
from perfapp.core.errors import Conflict, DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.data import seals
from perfapp.services import countersigning, verifying


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    one = "/countersigns/<int:countersign_id>"
    blueprint.add_url_rule(one, "countersign", countersign, methods=["GET"])
    blueprint.add_url_rule(one, "countersign_do", countersign_do, methods=["POST"])
    blueprint.add_url_rule(f"{one}/refuse", "countersign_refuse", countersign_refuse, methods=["POST"])
    blueprint.add_url_rule(f"{one}/report.pdf", "countersign_pdf", countersign_pdf, methods=["GET"])
    asking = "/reports/<int:report_id>/countersign"
    blueprint.add_url_rule(asking, "countersign_ask", countersign_ask, methods=["GET"])
    blueprint.add_url_rule(asking, "countersign_ask_do", countersign_ask_do, methods=["POST"])
    blueprint.add_url_rule(f"{asking}/withdraw", "countersign_withdraw", countersign_withdraw, methods=["POST"])


@requires(Permission.KEEP_SEALS)
def countersign(countersign_id: int) -> ResponseReturnValue:
    return _page(countersign_id, 200)


@requires(Permission.KEEP_SEALS)
def countersign_do(countersign_id: int) -> ResponseReturnValue:
    """Press the superior's seal."""
    try:
        countersigning.press(
            actor(),
            countersign_id,
            version=forms.version(),
            seen_sha256=request.form.get("seen", ""),
            password=request.form.get("password", ""),
        )
    except (Conflict, Invalid) as refusal:
        return _page(countersign_id, refusal.status, "press", refusal)
    flash("正在加盖，盖好后会通知对方单位。", "active")
    return redirect(url_for("sealing.countersign", countersign_id=countersign_id), code=303)


@requires(Permission.KEEP_SEALS)
def countersign_refuse(countersign_id: int) -> ResponseReturnValue:
    try:
        countersigning.refuse(actor(), countersign_id, version=forms.version(), reason=forms.words("reason"))
    except (Conflict, Invalid) as refusal:
        return _page(countersign_id, refusal.status, "refuse", refusal)
    flash("已退回，对方单位会收到您的理由。", "done")
    return redirect(url_for("desk.index"), code=303)


@requires(Permission.KEEP_SEALS)
def countersign_pdf(countersign_id: int) -> ResponseReturnValue:
    """The sealed PDF that waits, for whoever is asked to countersign it."""
    data = countersigning.sealed_pdf(actor(), countersign_id)
    return send_file(
        io.BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name="待加盖的报告.pdf", max_age=0
    )


@requires(Permission.REQUEST_SEAL)
def countersign_ask(report_id: int) -> ResponseReturnValue:
    return _asking_page(report_id, 200)


@requires(Permission.REQUEST_SEAL)
def countersign_ask_do(report_id: int) -> ResponseReturnValue:
    """请上级加盖: the editor says whom he asks, and why."""
    chosen = request.form.get("superior_id", "")
    superior_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) <= 9 else None
    try:
        countersigning.ask(actor(), report_id, superior_id=superior_id, reason=request.form.get("reason", ""))
    except (Conflict, Invalid) as refusal:
        return _asking_page(report_id, refusal.status, refusal)
    flash("已请上级加盖，对方的印章管理员和主要领导会收到提醒。", "done")
    return redirect(url_for("review.report", report_id=report_id), code=303)


@requires(Permission.REQUEST_SEAL)
def countersign_withdraw(report_id: int) -> ResponseReturnValue:
    """The editor takes his request back."""
    try:
        countersigning.withdraw(actor(), report_id, version=forms.version())
    except (Conflict, Invalid) as refusal:
        return _asking_page(report_id, refusal.status, refusal)
    flash("已撤回，不再请上级加盖。", "done")
    return redirect(url_for("review.report", report_id=report_id), code=303)


def _asking_page(report_id: int, status: int, refusal: DomainError | None = None) -> ResponseReturnValue:
    page = countersigning.asking(actor(), report_id)
    chosen = request.form.get("superior_id", "") or (str(page.superiors[0][0]) if len(page.superiors) == 1 else "")
    html = render_template(
        "sealing/countersign_ask.html",
        page=page,
        longest=countersigning.LONGEST_REASON,
        typed={"superior_id": chosen, "reason": request.form.get("reason", "")},
        refusal=refusal.message if refusal else "",
        field=refusal.field if isinstance(refusal, Invalid) else None,
    )
    return html, status


def _page(countersign_id: int, status: int, form: str = "", refusal: DomainError | None = None) -> ResponseReturnValue:
    found = countersigning.read(actor(), countersign_id)
    page = render_template(
        "sealing/countersign.html",
        one=found.countersign,
        report=found.report,
        seal=seals.get(found.countersign.seal_id),
        verdict=verifying.verify(countersigning.sealed_pdf(actor(), countersign_id)),
        form=form,
        refusal=refusal.message if refusal else "",
        reason=request.form.get("reason", "") if form == "refuse" else "",
    )
    return page, status
