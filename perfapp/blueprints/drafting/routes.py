"""The page of a section: writing, reviewing, its history, its files."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.comparing import page as comparison_page
from perfapp.blueprints.drafting import acts, card, choosing, history_page, live, saving, section_page
from perfapp.blueprints.drafting.acts import Act, Wish
from perfapp.blueprints.incoming import file_name, number
from perfapp.core.document import PictureAttrs
from perfapp.core.errors import Conflict, DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.data import cycles, reports
from perfapp.services import delegating, downloads, drafting, known_facts
from perfapp.services import sections as section_acts

blueprint = Blueprint("drafting", __name__)

READERS = (Permission.READ_OWN, Permission.READ_DRAFTS)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/sections/<int:section_id>")
@requires(*READERS)
def section(section_id: int) -> ResponseReturnValue:
    return render_template("drafting/section.html", **section_page.context(actor(), section_id))


# --- what the editor calls --------------------------------------------------------------------------------------


@blueprint.put("/sections/<int:section_id>/document")
@requires(Permission.WRITE)
def save(section_id: int) -> ResponseReturnValue:
    version, raw = saving.posted(request)
    try:
        saved = drafting.save(actor(), section_id, version=version, raw=raw)
    except Conflict as refusal:
        return saving.present_state(actor(), section_id, version, refusal.message)
    lapsed = f"改动使 {saved.lapsed} 项审批失效。" if saved.lapsed else ""
    return {"version": saved.version, "saved_at": saved.at.isoformat(), "message": f"已保存。{lapsed}"}


@blueprint.post("/sections/<int:section_id>/pictures")
@requires(Permission.WRITE)
def add_picture(section_id: int) -> ResponseReturnValue:
    (file,) = _files()[:1] or _no_file()
    try:
        sha256 = drafting.add_picture(actor(), section_id, file_name(file), file.read())
    except DomainError as refusal:
        return {"message": refusal.message}, refusal.status
    return {"sha256": sha256, "width_mm": PictureAttrs(sha256=sha256).width_mm}, 201


@blueprint.get("/sections/<int:section_id>/pictures/<sha256>")
@requires(*READERS)
def picture(section_id: int, sha256: str) -> ResponseReturnValue:
    data, media_type = drafting.picture(actor(), section_id, sha256)
    response = send_file(BytesIO(data), mimetype=media_type, etag=sha256)
    response.headers["Cache-Control"] = "private, no-cache"  # asked again each time: the right may have ended
    return response


@blueprint.get("/sections/<int:section_id>/live.json")
@requires(*READERS)
def live_text(section_id: int) -> ResponseReturnValue:
    return live.told(actor(), section_id)


@blueprint.get("/sections/<int:section_id>/facts.json")
@requires(*READERS)
def find_facts(section_id: int) -> ResponseReturnValue:
    section, _ = section_page.readable(actor(), section_id)
    return choosing.found(known_facts.of_cycle(cycles.get(section.cycle_id)), request.args)


@blueprint.get("/cycles/<int:cycle_id>/facts/<key>/card")
@requires(Permission.READ_FIGURES)
def fact_card(cycle_id: int, key: str) -> ResponseReturnValue:
    """A fragment that the page shows beside the figure."""
    return render_template("drafting/card.html", **card.context(actor(), cycle_id, key, request.args))


# --- acts ---------------------------------------------------------------------------------------------------------


@blueprint.post("/sections/<int:section_id>/act")
@requires(*READERS)
def act(section_id: int) -> ResponseReturnValue:
    wish = Wish.read(request.form)
    present, _ = section_page.readable(actor(), section_id)
    try:
        acts.demand_words(section_acts.facts(present, reports.current(present.cycle_id)), wish)
        changed = section_acts.act(
            delegating.acting(actor(), wish.principal_id),
            section_id,
            wish.action,
            version=wish.version,
            reason=wish.reason,
            direct=wish.direct,
            kind=wish.kind,
        )
    except (Conflict, Invalid) as refusal:
        return _refused(section_id, wish, refusal)
    turn = section_page.turn_of(changed, section_acts.facts(changed, reports.current(changed.cycle_id)))
    flash(acts.said_after(wish.action, changed.owner_office_name, turn), "done")
    return _back(section_id)


@blueprint.get("/sections/<int:section_id>/act/<action>")
@requires(*READERS)
def reason(section_id: int, action: str) -> ResponseReturnValue:
    """The page that asks for the reason of an act, where no dialog can."""
    context = section_page.context(actor(), section_id)
    chosen = _chosen(context["acts"], action)
    if chosen is None or chosen.obstacle or chosen.is_passing:
        flash(chosen.obstacle if chosen and chosen.obstacle else "这一步现在不能办理，请看本节现在的状态。", "late")
        return _back(section_id)
    return render_template("drafting/reason.html", act=chosen, wish=None, **context)


def _refused(section_id: int, wish: Wish, refusal: DomainError) -> ResponseReturnValue:
    """The same page again, with the sentence and everything that was typed."""
    context = section_page.context(actor(), section_id)
    chosen = _chosen(context["acts"], wish.action.value)
    context["refusal"] = refusal.message
    if wish.reason or (chosen is not None and chosen.needs_reason):
        return render_template("drafting/reason.html", act=chosen, wish=wish, **context), refusal.status
    return render_template("drafting/section.html", **context), refusal.status


def _chosen(offered: Sequence[Act], action: str) -> Act | None:
    return next((one for one in offered if one.action.value == action and one.needs_reason), None)


# --- history ------------------------------------------------------------------------------------------------------


@blueprint.get("/sections/<int:section_id>/history")
@requires(*READERS)
def history(section_id: int) -> ResponseReturnValue:
    everything = request.args.get("all") == "1"
    return render_template("drafting/history.html", **history_page.listed(actor(), section_id, everything=everything))


@blueprint.post("/sections/<int:section_id>/restore")
@requires(Permission.WRITE)
def restore(section_id: int) -> ResponseReturnValue:
    version, number = _number("version"), _number("number")
    try:
        drafting.restore(actor(), section_id, version=version, number=number)
    except Conflict as refusal:
        context = comparison_page.section(actor(), section_id, str(number), "now", refusal.message)
        return render_template("comparing/section.html", **context), refusal.status
    flash(f"已恢复第 {number} 号版本。恢复之前的文字仍在历史里。", "done")
    return _back(section_id)


@blueprint.post("/sections/<int:section_id>/versions/<int:number>/name")
@requires(Permission.WRITE)
def name_version(section_id: int, number: int) -> ResponseReturnValue:
    label = request.form.get("label", "")
    try:
        drafting.name_version(actor(), section_id, number, label)
    except Invalid as refusal:
        context = history_page.listed(actor(), section_id, everything=True)
        context |= {"naming": number, "typed": label, "refusal": refusal.message}
        return render_template("drafting/history.html", **context), refusal.status
    flash(f"第 {number} 号版本已命名为“{label.strip()}”。", "done")
    return redirect(url_for("drafting.history", section_id=section_id), code=303)


# --- Word, PDF ----------------------------------------------------------------------------------------------------


@blueprint.get("/sections/<int:section_id>/section.docx")
@requires(*READERS)
def export(section_id: int) -> ResponseReturnValue:
    data, name = drafting.export_word(actor(), section_id)
    return send_file(BytesIO(data), mimetype=DOCX, as_attachment=True, download_name=name)


@blueprint.get("/sections/<int:section_id>/import")
@requires(Permission.WRITE)
def import_form(section_id: int) -> ResponseReturnValue:
    context = section_page.context(actor(), section_id)
    if not context["editable"]:
        flash("本节现在不能修改，不能导入。", "late")
        return _back(section_id)
    return render_template("drafting/import.html", **context)


@blueprint.post("/sections/<int:section_id>/import")
@requires(Permission.WRITE)
def import_word(section_id: int) -> ResponseReturnValue:
    try:
        (file,) = _files()[:1] or _no_file()
        _, dropped = drafting.import_word(actor(), section_id, version=_number("version"), data=file.read())
    except (Conflict, Invalid) as refusal:
        context = section_page.context(actor(), section_id)
        return render_template("drafting/import.html", **{**context, "refusal": refusal.message}), refusal.status
    flash(f"已从“{file_name(file)}”导入。原来的文字在历史里，可以恢复。", "done")
    if dropped:
        flash(f"没有带过来的内容：{''.join(dropped[:8])}", "waiting")
    return _back(section_id)


@blueprint.post("/sections/<int:section_id>/preview")
@requires(*READERS)
def ask_preview(section_id: int) -> ResponseReturnValue:
    job_id = drafting.ask_preview(actor(), section_id)
    return redirect(url_for("drafting.preview", section_id=section_id, job_id=job_id), code=303)


@blueprint.get("/sections/<int:section_id>/preview/<int:job_id>")
@requires(*READERS)
def preview(section_id: int, job_id: int) -> ResponseReturnValue:
    present, _ = section_page.readable(actor(), section_id)
    job = downloads.follow(actor(), job_id)
    return render_template("drafting/preview.html", section=present, job=job)


# --- evidence -----------------------------------------------------------------------------------------------------


@blueprint.post("/sections/<int:section_id>/evidence")
@requires(Permission.WRITE)
def add_evidence(section_id: int) -> ResponseReturnValue:
    """Each file for itself: one that is refused does not take the others with it."""
    files, kept, refused = _files(), 0, []
    note = request.form.get("note", "").strip()
    for file in files:
        try:
            drafting.add_evidence(actor(), section_id, file_name(file), file.read(), note)
            kept += 1
        except Invalid as refusal:
            refused.append(refusal.message)
    if not files:
        refused.append("请选择要上传的文件。")
    if kept:
        flash(f"已上传 {kept} 份佐证材料。", "done")
    if not refused:
        return _back(section_id, "section-side-files")
    context = section_page.context(actor(), section_id)
    return render_template("drafting/section.html", **{**context, "refusal": "".join(refused)}), 422


@blueprint.get("/sections/<int:section_id>/evidence/<int:evidence_id>")
@requires(*READERS)
def evidence(section_id: int, evidence_id: int) -> Response:
    data, media_type, name = drafting.read_evidence(actor(), section_id, evidence_id)
    return send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name)


@blueprint.post("/sections/<int:section_id>/evidence/<int:evidence_id>/remove")
@requires(Permission.WRITE)
def remove_evidence(section_id: int, evidence_id: int) -> ResponseReturnValue:
    name = drafting.remove_evidence(actor(), section_id, evidence_id)
    flash(f"已移除“{name}”。", "done")
    return _back(section_id, "section-side-files")


# --- inside -------------------------------------------------------------------------------------------------------


def _back(section_id: int, anchor: str | None = None) -> Response:
    target = url_for("drafting.section", section_id=section_id, _anchor=anchor)
    return redirect(target, code=303)  # type: ignore[return-value]


def _number(field: str) -> int:
    try:
        return number(request.form.get(field, ""))
    except ValueError as error:
        raise Invalid("浏览器发来的内容不完整，请刷新页面后再办理。") from error


def _files() -> list[FileStorage]:
    return [file for file in request.files.getlist("file") if file.filename]


def _no_file() -> Any:
    raise Invalid("请选择文件。", field="file")
