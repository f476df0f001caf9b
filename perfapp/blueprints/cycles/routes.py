"""Year tasks: opening one, its dates and its notice."""

import io
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.cycles import outline, steps
from perfapp.blueprints.cycles.forms import CycleForm, OpeningForm, show_current_version
from perfapp.blueprints.incoming import file_name
from perfapp.core.deadlines import Reminding
from perfapp.core.errors import Conflict, DomainError, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportState
from perfapp.core.words import STAGES
from perfapp.data import blobs, calendars, catalog, cycles, people, reports, sections
from perfapp.data.cycles import CycleView
from perfapp.services import cycles as arranging

P = Permission
blueprint = Blueprint("cycles", __name__)
blueprint.register_blueprint(outline.blueprint)
steps.add_to(blueprint)


@blueprint.get("/cycles")
@requires(P.ARRANGE)
def index() -> ResponseReturnValue:
    found = cycles.of_unit(actor().unit_id)
    ids = [cycle.id for cycle in found]
    return render_template(
        "cycles/index.html",
        cycles=found,
        reports=reports.currents(ids),
        outlines=sections.outlines(ids) if ids else {},
        next_due=_next_due,
    )


@blueprint.get("/cycles/new")
@requires(P.ARRANGE)
def new() -> ResponseReturnValue:
    known = [cycle.fiscal_year for cycle in cycles.of_unit(actor().unit_id)]
    form = OpeningForm(
        fiscal_year=max(known) + 1 if known else clock.today().year - 1,
        form_key=catalog.forms()[0].form.key,
    )
    return _new_page(form, 200)


@blueprint.post("/cycles/new")
@requires(P.ARRANGE)
def open_cycle() -> ResponseReturnValue:
    form = OpeningForm()
    _offer_forms(form)
    if not form.validate_on_submit():
        return _new_page(form, 422)
    opening = arranging.Opening(
        fiscal_year=form.fiscal_year.data,
        period=(form.period_from.data, form.period_to.data),
        form_key=form.form_key.data,
        notice_number=form.notice_number.data or "",
        due=form.due(),
        after=form.after(),
    )
    try:
        cycle_id = arranging.open_cycle(actor(), opening)
    except (Invalid, Conflict, NotFound) as refusal:
        return _new_page(form, refusal.status, blame(form, refusal))
    flash(_opened_words(cycles.visible(actor(), cycle_id)), "done")
    return redirect(url_for("cycles.show", cycle_id=cycle_id), code=303)


@blueprint.get("/cycles/<int:cycle_id>")
@requires(P.ARRANGE)
def show(cycle_id: int) -> ResponseReturnValue:
    cycle = cycles.visible(actor(), cycle_id)
    report = reports.current(cycle_id)
    parts = sections.outline(cycle_id)
    offices = {office.id: office for office in people.offices(actor().unit_id, with_closed=True)}
    return render_template(
        "cycles/show.html",
        cycle=cycle,
        report=report,
        rows=outline.rows(parts, offices, is_open=report.state is ReportState.DRAFTING),
        is_open=report.state is ReportState.DRAFTING,
        orphans=outline.orphans(parts, offices),
        previous=_previous(cycle),
        today=clock.today(),
        calendar=calendars.of_unit(cycle.unit_id),
    )


@blueprint.get("/cycles/<int:cycle_id>/edit")
@requires(P.ARRANGE)
def edit(cycle_id: int) -> ResponseReturnValue:
    cycle = cycles.visible(actor(), cycle_id)
    form = CycleForm(
        title=cycle.title,
        notice_number=cycle.notice_number,
        period_from=cycle.period_from,
        period_to=cycle.period_to,
        version=cycle.version,
        remind_before=cycle.reminding.before,
        escalate_after=cycle.reminding.escalate_after,
        **{stage: day for stage, day in cycle.due.items() if stage not in cycle.after},
        **{f"{stage}_after": days for stage, days in cycle.after.items()},
    )
    return _edit_page(cycle, form, 200)


@blueprint.post("/cycles/<int:cycle_id>/edit")
@requires(P.ARRANGE)
def change(cycle_id: int) -> ResponseReturnValue:
    cycle, form = cycles.visible(actor(), cycle_id), CycleForm()
    if not form.validate_on_submit():
        return _edit_page(cycle, form, 422)
    try:
        arranging.change_cycle(
            actor(),
            cycle_id,
            version=form.version.data,
            title=form.title.data,
            notice_number=form.notice_number.data or "",
            period=(form.period_from.data, form.period_to.data),
            due=form.due(),
            after=form.after(),
            reminding=Reminding(form.remind_before.data, form.escalate_after.data),
        )
    except (Invalid, Conflict) as refusal:
        return _edit_page(cycle, form, refusal.status, blame(form, refusal))
    flash("已保存，各科室看到的截止日期同时更新。", "done")
    return redirect(url_for("cycles.show", cycle_id=cycle_id), code=303)


@blueprint.post("/cycles/<int:cycle_id>/notice")
@requires(P.ARRANGE)
def attach_notice(cycle_id: int) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("请选择通知文件。")
    arranging.attach_notice(actor(), cycle_id, file_name(file), file.read())
    flash("通知文件已保存。", "done")
    return redirect(url_for("cycles.show", cycle_id=cycle_id), code=303)


@blueprint.get("/cycles/<int:cycle_id>/notice")
@requires(P.ARRANGE, P.READ_OWN, P.READ_REPORT)
def notice(cycle_id: int) -> ResponseReturnValue:
    """The notice the cycle follows, for everybody who works on the report."""
    cycle = cycles.visible(actor(), cycle_id)
    blob = blobs.describe(cycle.notice_sha256) if cycle.notice_sha256 else None
    if blob is None:
        raise NotFound("这个年度任务还没有附通知文件。")
    return send_file(
        io.BytesIO(blobs.read(blob.sha256)),
        mimetype=blob.media_type,
        as_attachment=True,
        download_name=cycle.notice_filename,
    )


def _new_page(form: OpeningForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer_forms(form)
    page = render_template(
        "cycles/new.html",
        form=form,
        refusal=refusal,
        catalogue=[entry.form for entry in catalog.forms()],
        latest=next(iter(cycles.of_unit(actor().unit_id)), None),
    )
    return page, status


def _edit_page(cycle: CycleView, form: CycleForm, status: int, refusal: str = "") -> ResponseReturnValue:
    show_current_version(form, cycle.version)
    return render_template("cycles/edit.html", cycle=cycle, form=form, refusal=refusal), status


def _offer_forms(form: OpeningForm) -> None:
    form.form_key.choices = [SelectChoice(entry.form.key, entry.form.name) for entry in catalog.forms()]


def _previous(cycle: CycleView) -> CycleView | None:
    """Last year's cycle; nothing where it cannot be read any more."""
    if cycle.previous_id is None:
        return None
    try:
        return cycles.visible(actor(), cycle.previous_id)
    except DomainError:
        return None


def _opened_words(cycle: CycleView) -> str:
    previous = _previous(cycle)
    if previous is not None and previous.form_key == cycle.form_key:
        copied = f"沿用了{previous.fiscal_year}年度的章节结构和负责科室，正文没有带过来"
        return f"{cycle.fiscal_year}年度任务已建立，{copied}。请核对提纲。"
    return f"{cycle.fiscal_year}年度任务已建立，章节按报告格式生成。请核对提纲、指定负责科室。"


def _next_due(cycle: CycleView) -> tuple[str, date, int] | None:
    """The next stage that is due today or later: its name, its day and the days left."""
    today = clock.today()
    ahead = [(STAGES[stage], cycle.due[stage]) for stage in STAGES if stage in cycle.due and cycle.due[stage] >= today]
    return (ahead[0][0], ahead[0][1], (ahead[0][1] - today).days) if ahead else None
