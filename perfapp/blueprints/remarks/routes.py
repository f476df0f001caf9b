"""Remarks on a section: its own page with all of them, and what the forms of every page send."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.incoming import number
from perfapp.blueprints.remarks import of_report, panel
from perfapp.core.document import Document
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import Permission
from perfapp.core.remarks.anchors import Anchor
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.core.section_flow import may_write
from perfapp.data import cycles, reports, sections
from perfapp.data import remarks as table
from perfapp.data.sections import SectionView
from perfapp.services import looking, remarks, sheets
from perfapp.services.remarks import NewRemark
from perfapp.services.sections import facts

blueprint = Blueprint("remarks", __name__)

READERS = (Permission.READ_OWN, Permission.READ_DRAFTS)
_DONE: Mapping[RemarkAct, str] = {
    RemarkAct.REPLY: "已回复。",
    RemarkAct.RESOLVE: "已标为解决，需要时可以重新提出。",
    RemarkAct.REOPEN: "已重新提出。",
    RemarkAct.ACCEPT: "已采纳，正文有了新的版本，原来的文字在历史里。",
    RemarkAct.REFUSE: "已记下不采纳的理由，提建议的人会收到。",
}
INCOMPLETE = "浏览器发来的内容不完整，请刷新页面后再办理。"


@blueprint.get("/sections/<int:section_id>/remarks")
@requires(*READERS)
def index(section_id: int) -> ResponseReturnValue:
    """All remarks of the section, on a page that needs no script."""
    return _page(_section(section_id), 200)


@blueprint.get("/sections/<int:section_id>/remarks.json")
@requires(*READERS)
def live(section_id: int) -> ResponseReturnValue:
    """What an open page of the section asks for now and then: who may see what is asked anew each time."""
    section = _section(section_id)
    found = panel.of_section(actor(), section, _as_read(section))
    editable = may_write(facts(section, reports.current(section.cycle_id)), actor())
    html = render_template("remarks/_of_section.html", remarks=found, editable=editable)
    return {"stamp": found.stamp, "open": found.open_count, "html": html}


@blueprint.get("/reports/<int:report_id>/remarks.json")
@requires(Permission.READ_DRAFTS)
def live_of_report(report_id: int) -> ResponseReturnValue:
    """The same for the page of the report; once it is sealed there is nothing to follow."""
    report = reports.visible(actor(), report_id)
    if not looking.is_followed(report):
        raise NotFound("报告已经盖章，不再有新的批注。")
    found = of_report.of_report(actor(), report, sections.outline(report.cycle_id), looking.shown(report))
    html = render_template("remarks/_of_report.html", remarks=found, report_id=report_id)
    return {"stamp": found.stamp, "open": found.open_count, "html": html}


@blueprint.post("/sections/<int:section_id>/remarks")
@requires(*READERS)
def add(section_id: int) -> ResponseReturnValue:
    return _add(section_id)


@blueprint.post("/reports/<int:report_id>/remarks")
@requires(Permission.READ_DRAFTS)
def add_in_report(report_id: int) -> ResponseReturnValue:
    """The same from the page of the whole report: the form says which section."""
    reports.visible(actor(), report_id)
    section_id = request.form.get("section", type=number)
    if section_id is None:
        raise Invalid(INCOMPLETE)
    return _add(section_id)


@blueprint.post("/remarks/<int:remark_id>/act")
@requires(*READERS)
def act(remark_id: int) -> ResponseReturnValue:
    code, words = request.form.get("action", ""), request.form.get("words", "").replace("\r\n", "\n")
    if code not in set(RemarkAct):
        raise Invalid(INCOMPLETE)
    try:
        done, lapsed = remarks.act(
            actor(), remark_id, RemarkAct(code), words, seen=request.form.get("seen", "").replace("\r\n", "\n")
        )
    except (Conflict, Invalid, Forbidden) as refusal:
        section = _section(table.section_of(remark_id))
        return _page(section, refusal.status, answering=(remark_id, words, refusal.message))
    flash(_DONE[RemarkAct(code)] + (f"改动使 {lapsed} 项审批失效。" if lapsed else ""), "done")
    return redirect(_back(done.section_id, remark_id), code=303)


def _add(section_id: int) -> ResponseReturnValue:
    section = _section(section_id)
    try:
        remark_id = remarks.add(actor(), section_id, _new())
    except (Conflict, Invalid, Forbidden) as refusal:
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        return _page(section, refusal.status, typed=typed, refusal=refusal.message)
    flash("已提交批注，要答复的人会收到提醒。", "done")
    return redirect(_back(section_id, remark_id), code=303)


def _new() -> NewRemark:
    form = request.form
    deed, audience = form.get("deed", Deed.COMMENT.value), form.get("audience", Audience.EVERYBODY.value)
    if deed not in set(Deed) or audience not in set(Audience):
        raise Invalid(INCOMPLETE)
    texts = {name: form.get(name, "").replace("\r\n", "\n") for name in ("quoted", "words", "replacement")}
    return NewRemark(
        quoted=texts["quoted"].strip("\n"),
        near=_near(),
        deed=Deed(deed),
        audience=Audience(audience),
        words=texts["words"],
        replacement="" if deed in (Deed.COMMENT, Deed.DELETE) else texts["replacement"],
    )


def _near() -> Anchor | None:
    """Where the person saw the words; what is no number is a page without the script."""
    block, row, start, end = (request.form.get(name, type=number) for name in ("block", "row", "start", "end"))
    if block is None or start is None or end is None:
        return None
    return Anchor(block, row, start, max(start, end))


def _section(section_id: int) -> SectionView:
    section = sections.visible(actor(), section_id)
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    return section


def _as_read(section: SectionView) -> Document:
    present = sheets.sheet(cycles.get(section.cycle_id))
    return sheets.as_read(section, sections.content(section.id), present).document


def _page(
    section: SectionView,
    status: int,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: str = "",
    answering: tuple[int, str, str] | None = None,
) -> ResponseReturnValue:
    found = panel.of_section(actor(), section, _as_read(section))
    form = panel.form(section, remarks.side(actor(), section), typed, refusal)
    page = render_template(
        "remarks/index.html", section=section, panel=found, form=form, answering=answering, report_id=_report_id()
    )
    return page, status


def _report_id() -> int | None:
    return request.form.get("report", type=number)


def _back(section_id: int, remark_id: int) -> str:
    """To the page the person came from, at the remark."""
    report_id, anchor = _report_id(), f"remark-{remark_id}"
    if report_id is not None:
        return url_for("review.report", report_id=report_id, _anchor=anchor)
    if request.form.get("from") == "remarks":
        return url_for("remarks.index", section_id=section_id, _anchor=anchor)
    return url_for("drafting.section", section_id=section_id, _anchor=anchor)
