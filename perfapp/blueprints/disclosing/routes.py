"""The page of a disclosure: what will be public, who has cleared and approved it, and the acts."""

import io

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import markup
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.disclosing import plan_form
from perfapp.blueprints.disclosing.plan_form import PlanRows
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.page import spoken_moment
from perfapp.blueprints.standing_words import spoken_term, term_tone
from perfapp.core.disclosing.due import BASIS, COUNTED
from perfapp.core.disclosing.flow import DisclosureAction, DisclosureState
from perfapp.core.errors import Conflict, DomainError, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.core.words import DISCLOSURE_ACTIONS, DISCLOSURE_STATES
from perfapp.data import blobs, jobs
from perfapp.services import disclosing, downloads, duties, watching
from perfapp.services.disclosing import Prepared
from perfapp.services.downloads import PDF, File

blueprint = Blueprint("disclosing", __name__)
P = Permission
A = DisclosureAction
_GATES = (P.PREPARE_DISCLOSURE, P.CLEAR_DISCLOSURE, P.APPROVE_DISCLOSURE)
_ASKS = {
    A.SUBMIT: "请核对公开方案：哪些公开、哪些遮盖，然后提交保密审查。",
    A.CLEAR: "请您做保密审查：看过下面的公开件，写明审查意见。",
    A.APPROVE: "请您审签：看过下面的公开件，同意公开或者退回。",
    A.PUBLISH: "已审签，请公开。",
}
_STAGES = (
    ("准备", DisclosureState.PREPARING),
    ("保密审查", DisclosureState.CLEARING),
    ("审签", DisclosureState.AWAITING_APPROVAL),
    ("公开", DisclosureState.APPROVED),
)


@blueprint.post("/reports/<int:report_id>/disclosure")
@requires(P.PREPARE_DISCLOSURE)
def begin(report_id: int) -> ResponseReturnValue:
    view = disclosing.begin(actor(), report_id)
    return redirect(url_for("disclosing.page", disclosure_id=view.id), code=303)


@blueprint.get("/disclosures/<int:disclosure_id>")
@requires(P.READ_REPORT)
def page(disclosure_id: int) -> ResponseReturnValue:
    found = disclosing.read(actor(), disclosure_id)
    return _page(found, plan_form.stored(found)), 200


@blueprint.post("/disclosures/<int:disclosure_id>/plan")
@requires(P.PREPARE_DISCLOSURE)
def change(disclosure_id: int) -> ResponseReturnValue:
    """Save the plan; a refusal gives back everything that was typed."""
    found = disclosing.read(actor(), disclosure_id)
    try:
        disclosing.change(actor(), disclosure_id, plan_form.plan(found), version=_version())
    except (Invalid, Conflict) as refusal:
        return _page(found, plan_form.typed(found), refusal=refusal), refusal.status
    flash("公开方案已保存；以前的审查和审签只对当时的内容有效。", "done")
    return redirect(url_for("disclosing.page", disclosure_id=disclosure_id), code=303)


@blueprint.post("/disclosures/<int:disclosure_id>/act")
@requires(*_GATES)
def act(disclosure_id: int) -> ResponseReturnValue:
    """A step of the way, for whoever it belongs to."""
    found = disclosing.read(actor(), disclosure_id)
    code, reason = request.form.get("action", ""), request.form.get("reason", "").strip()[:1000]
    try:
        if code not in set(A):
            raise Invalid("没有这一步，请刷新页面再试。")
        done = disclosing.act(
            actor(),
            disclosure_id,
            A(code),
            version=_version(),
            seen_sha256=request.form.get("seen", ""),
            reason=reason,
        )
    except (Invalid, Conflict) as refusal:
        return _page(found, plan_form.stored(found), act_refusal=refusal, reason=reason), refusal.status
    where = f"公开地址：{url_for('opening.report', index_number=done.index_number)}" if done.is_public else ""
    flash(f"已办理：{DISCLOSURE_ACTIONS[A(code)]}。{where}", "done")
    return redirect(url_for("disclosing.page", disclosure_id=disclosure_id), code=303)


@blueprint.get("/disclosures/<int:disclosure_id>/public.pdf")
@requires(P.READ_REPORT)
def pdf(disclosure_id: int) -> ResponseReturnValue:
    """What the public will be given: the sealed PDF, or the covered one."""
    view = disclosing.read(actor(), disclosure_id).view
    if view.pdf_sha256 is None:
        raise NotFound("公开件的 PDF 还没有生成好，请过一会儿再看。")
    name = f"公开件-{view.index_number}.pdf"
    return handed_out(File(io.BytesIO(blobs.read(view.pdf_sha256)), name, PDF, view.pdf_sha256), inline=True)


def _version() -> int:
    try:
        return int(request.form["version"])
    except (KeyError, ValueError) as error:
        raise Conflict("页面已经过期，请刷新后再办理。") from error


def _page(
    found: Prepared,
    rows: PlanRows,
    *,
    refusal: DomainError | None = None,
    act_refusal: DomainError | None = None,
    reason: str = "",
) -> str:
    offered = dict(disclosing.available(actor(), found.view))
    primary = disclosing.waits_for(actor(), found.view)
    frozen = offered.get(A.CHANGE) or ""  # why nothing of the plan can be changed any more
    job = jobs.find(disclosing.JOB, f"{found.view.id}:{found.view.content_sha256}")
    left = duties.disclosure_term(found.due_on, found.view)
    at = [state for _, state in _STAGES]
    place = at.index(found.view.state) if found.view.state in at else len(at)
    return render_template(
        "disclosing/page.html",
        found=found,
        rows=rows,
        refusal=refusal.message if refusal else "",
        act_refusal=act_refusal.message if act_refusal else "",
        reason=reason,
        primary=primary,
        offered=offered,
        ask=_ASKS.get(primary, "") if primary and not frozen else "",
        following=() if primary else watching.next_on(found.view),
        job=downloads.standing(job) if job and found.view.pdf_sha256 is None else None,
        due=spoken_term(left),
        due_tone=term_tone(left),
        stages=[
            (name, "done" if n < place else "current" if n == place else "todo", None)
            for n, (name, _) in enumerate(_STAGES)
        ],
        decisions=[
            {
                "when": spoken_moment(one.at),
                "iso": one.at.isoformat(),
                "who": one.person,
                "what": DISCLOSURE_ACTIONS[one.action] + ("" if one.lapsed_at is None else "（已失效）"),
                "reason": one.reason,
                "tone": "done" if one.stands_for(found.view.content_sha256) else "idle",
                "digest": one.covers_sha256[:16],
            }
            for one in found.decisions
        ][::-1],
        body=markup.of_snapshot(
            found.edition.snapshot,
            lambda sha256: url_for("documents.picture", report_id=found.report.id, sha256=sha256),
        ),
        actions=DISCLOSURE_ACTIONS,
        DISCLOSURE_STATES=DISCLOSURE_STATES,
        due_basis=BASIS,
        due_counted=COUNTED,
        may_change=A.CHANGE in offered and not frozen,
        frozen=frozen,
    )
