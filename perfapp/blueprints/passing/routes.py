"""加签 and 转办 of a section or a report, 代理, and approving several at once."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.passing import forms
from perfapp.blueprints.passing.forms import DelegationForm, PassForm
from perfapp.core.delegation import STEPS
from perfapp.core.errors import Conflict, Invalid, NotFound
from perfapp.core.joint import Kind
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportAction
from perfapp.core.section_flow import SectionAction, SectionFacts
from perfapp.data import delegations, reports, sections
from perfapp.data.people import PersonBrief
from perfapp.data.reports import ReportView
from perfapp.data.sections import SectionView
from perfapp.services import bulk, delegating, looking, passing, report_facts
from perfapp.services import sections as section_acts

P = Permission
READERS = (P.READ_OWN, P.READ_DRAFTS)
APPROVERS = (P.REVIEW, P.CHECK_MONEY, P.ACCEPT, P.REVIEW_REPORT, P.ISSUE)
blueprint = Blueprint("passing", __name__)


@blueprint.get("/sections/<int:section_id>/pass/<action>")
@requires(*READERS)
def of_section(section_id: int, action: str) -> ResponseReturnValue:
    """The page that asks whom to bring in, and why."""
    section, chosen = sections.visible(actor(), section_id), _section_action(action)
    form = PassForm(version=section.version, kind=Kind.BEFORE.value)
    return _section_page(section, chosen, form, 200)


@blueprint.post("/sections/<int:section_id>/pass/<action>")
@requires(*READERS)
def pass_section(section_id: int, action: str) -> ResponseReturnValue:
    section, chosen, form = sections.visible(actor(), section_id), _section_action(action), PassForm()
    kind = Kind.INSTEAD if chosen is SectionAction.HAND_ON else Kind(form.kind.data or Kind.BEFORE)
    _offer(form, passing.section_candidates(actor(), section, _facts(section), kind))
    if not form.validate_on_submit():
        return _section_page(section, chosen, form, 422)
    wish = passing.Wish(kind, form.person.data, form.reason.data)
    try:
        passing.pass_section(actor(), section_id, wish, version=form.version.data)
    except (Invalid, Conflict) as refusal:
        return _section_page(section, chosen, form, refusal.status, blame(form, refusal))
    flash(_told(kind), "done")
    return redirect(url_for("drafting.section", section_id=section_id), code=303)


@blueprint.get("/reports/<int:report_id>/pass/<action>")
@requires(P.READ_REPORT)
def of_report(report_id: int, action: str) -> ResponseReturnValue:
    report, chosen = reports.visible(actor(), report_id), _report_action(action)
    form = PassForm(version=report.version, kind=Kind.BEFORE.value, seen=looking.shown_sha256(report))
    return _report_page(report, chosen, form, 200)


@blueprint.post("/reports/<int:report_id>/pass/<action>")
@requires(P.READ_REPORT)
def pass_report(report_id: int, action: str) -> ResponseReturnValue:
    report, chosen, form = reports.visible(actor(), report_id), _report_action(action), PassForm()
    kind = Kind.INSTEAD if chosen is ReportAction.HAND_ON else Kind(form.kind.data or Kind.BEFORE)
    _offer(form, passing.report_candidates(actor(), report, report_facts.facts(report), kind))
    if not form.validate_on_submit():
        return _report_page(report, chosen, form, 422)
    wish = passing.Wish(kind, form.person.data, form.reason.data)
    try:
        passing.pass_report(actor(), report_id, wish, version=form.version.data, seen_sha256=form.seen.data)
    except (Invalid, Conflict) as refusal:
        return _report_page(report, chosen, form, refusal.status, blame(form, refusal))
    flash(_told(kind), "done")
    return redirect(url_for("review.report", report_id=report_id), code=303)


@blueprint.post("/referrals/<int:referral_id>/take-back")
@requires(*APPROVERS)
def take_back(referral_id: int) -> ResponseReturnValue:
    found = passing.take_back(actor(), referral_id)
    flash(f"已收回，{found.referral.to_name}不用再办理。", "done")
    if found.section_id is not None:
        return redirect(url_for("drafting.section", section_id=found.section_id), code=303)
    return redirect(url_for("review.report", report_id=found.report_id), code=303)


# --- 代理 ----------------------------------------------------------------------------------------------------------


@blueprint.get("/delegations")
@requires(P.READ_OWN)
def index() -> ResponseReturnValue:
    """Who stands in for me, and for whom I do."""
    form = DelegationForm(starts_on=clock.today(), steps=[step.value for step in delegating.lendable(actor())])
    return _delegations_page(form, 200)


@blueprint.post("/delegations")
@requires(*APPROVERS)
def delegate() -> ResponseReturnValue:
    form = DelegationForm()
    _offer_delegates(form)
    if not form.validate_on_submit():
        return _delegations_page(form, 422)
    wish = delegating.Wish(
        to_id=form.to_id.data,
        steps=form.chosen,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        office_id=form.office_id.data,
        reason=form.reason.data or "",
    )
    try:
        delegating.delegate(actor(), wish)
    except (Invalid, Conflict) as refusal:
        return _delegations_page(form, refusal.status, blame(form, refusal))
    flash("代理已登记，代理人已收到通知。您自己仍然可以办理；用印不在代理之内。", "done")
    return redirect(url_for("passing.index"), code=303)


@blueprint.post("/delegations/<int:delegation_id>/end")
@requires(P.READ_OWN, P.GRANT)
def end(delegation_id: int) -> ResponseReturnValue:
    delegating.end(actor(), delegation_id)
    flash("代理已结束，立即生效；已办的事不变。", "done")
    return redirect(url_for("passing.index") if actor().may(P.READ_OWN) else url_for("admin.people"), code=303)


# --- several at once -----------------------------------------------------------------------------------------------


@blueprint.post("/desk/approve")
@requires(*READERS)
def approve() -> ResponseReturnValue:
    """Answers with a page and not a redirect: each line has its own answer, and no session keeps them."""
    try:
        results = bulk.approve(actor(), forms.items())
    except Invalid as refusal:
        flash(refusal.message, "late")
        return redirect(url_for("desk.index"), code=303)
    refused = [one for one in results if not one.is_done]
    page = render_template("passing/approved.html", results=results, refused=refused, done=len(results) - len(refused))
    return page, 422 if refused else 200


def _section_page(
    section: SectionView, action: SectionAction, form: PassForm, status: int, refusal: str = ""
) -> ResponseReturnValue:
    known = _facts(section)
    kind = Kind.INSTEAD if action is SectionAction.HAND_ON else Kind.BEFORE
    _offer(form, passing.section_candidates(actor(), section, known, kind))
    back = url_for("drafting.section", section_id=section.id)
    here = url_for("passing.pass_section", section_id=section.id, action=action.value)
    return _page(form, section.heading, back, here, kind, refusal), status


def _report_page(
    report: ReportView, action: ReportAction, form: PassForm, status: int, refusal: str = ""
) -> ResponseReturnValue:
    kind = Kind.INSTEAD if action is ReportAction.HAND_ON else Kind.BEFORE
    _offer(form, passing.report_candidates(actor(), report, report_facts.facts(report), kind))
    back = url_for("review.report", report_id=report.id)
    here = url_for("passing.pass_report", report_id=report.id, action=action.value)
    return _page(form, f"{report.title}（{report.edition_name}）", back, here, kind, refusal), status


def _page(form: PassForm, title: str, back: str, here: str, kind: Kind, refusal: str) -> str:
    return render_template(
        "passing/bring_in.html",
        form=form,
        title=title,
        back=back,
        here=here,
        is_hand_on=kind is Kind.INSTEAD,
        refusal=refusal,
    )


def _delegations_page(form: DelegationForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer_delegates(form)
    today = clock.today()
    known = delegations.of_person(actor().id)
    page = render_template(
        "passing/delegations.html",
        form=form,
        refusal=refusal,
        today=today,
        given=[one for one in known if one.from_id == actor().id],
        taken=[one for one in known if one.to_id == actor().id],
        may_delegate=bool(delegating.lendable(actor())),
        offices=delegating.own_offices(actor()),
    )
    return page, status


def _offer(form: PassForm, candidates: Iterable[PersonBrief]) -> None:
    form.person.choices = [SelectChoice("", "请选择"), *(SelectChoice(one.id, str(one)) for one in candidates)]


def _offer_delegates(form: DelegationForm) -> None:
    """Whoever may take at least one of the steps; which fit together, the service says."""
    lendable = delegating.lendable(actor())
    found = {one.id: one for step in lendable for one in delegating.candidates(actor(), [step])}
    form.to_id.choices = [SelectChoice("", "请选择"), *(SelectChoice(one.id, str(one)) for one in found.values())]
    offices = delegating.own_offices(actor())
    form.office_id.choices = [SelectChoice("", "不限"), *(SelectChoice(one.id, one.name) for one in offices)]
    form.steps.choices = [SelectChoice(step.value, STEPS[step]) for step in lendable]


def _facts(section: SectionView) -> SectionFacts:
    return section_acts.facts(section, reports.current(section.cycle_id))


def _section_action(action: str) -> SectionAction:
    if action not in section_acts.PASSING:
        raise NotFound("没有这一页。")
    return SectionAction(action)


def _report_action(action: str) -> ReportAction:
    if action not in {ReportAction.ADD, ReportAction.HAND_ON}:
        raise NotFound("没有这一页。")
    return ReportAction(action)


def _told(kind: Kind) -> str:
    if kind is Kind.INSTEAD:
        return "已转办，对方已收到通知；在他办理之前，您可以收回。"
    if kind is Kind.BEFORE:
        return "已加签，对方已收到通知；他同意以后再由您办理，之前可以收回。"
    return "已加签；您同意以后，由他接着看。"
