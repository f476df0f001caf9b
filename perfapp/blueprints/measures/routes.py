"""The list of measures, and the page of one: who owns it, until when, what was done, who confirms it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.incoming import chosen_cycle
from perfapp.blueprints.measure_lines import standing_of
from perfapp.blueprints.page import spoken_moment
from perfapp.blueprints.standing_words import spoken_term, term_tone
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.measures.flow import FLOW, MeasureAction
from perfapp.core.permissions import Permission
from perfapp.core.words import MEASURE_ACTIONS
from perfapp.core.working_days import Calendar
from perfapp.data import blobs, calendars, cycles, people
from perfapp.data import measures as table
from perfapp.data.measures import MeasureView
from perfapp.services import measure_opening, measures, watching
from perfapp.services.downloads import File
from perfapp.services.measures import Assignment

blueprint = Blueprint("measures", __name__)
P = Permission
A = MeasureAction
SOURCES = {"report": "报告承诺", "bureau": "财政审核意见", "own": "自行列入"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed when it was refused, and why; the page gives it back."""

    refusal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()


@blueprint.get("/measures")
@requires(P.READ_MEASURES)
def index() -> ResponseReturnValue:
    return _index(Typed()), 200


@blueprint.post("/measures")
@requires(P.KEEP_MEASURES)
def enter() -> ResponseReturnValue:
    """Put the chosen promises and what was typed into the list."""
    own, chosen = request.form.get("own", ""), request.form.getlist("text")
    try:
        cycle_id = request.form.get("cycle_id", type=incoming.number)
        if cycle_id is None:
            raise Invalid("请选择年度。")
        made = measures.enter(actor(), cycle_id, chosen) if chosen else []
        if own.strip():
            made += measures.enter(actor(), cycle_id, [own], source="own")
        if not made:
            raise Invalid("请至少选一条措施，或写一条新的。")
    except (Invalid, Conflict) as refusal:
        return _index(Typed(refusal.message, request.form, frozenset(chosen))), refusal.status
    flash(f"已列入 {len(made)} 条，请逐条定责任科室、时限和完成标志。", "done")
    return redirect(url_for("measures.index", cycle=cycle_id), code=303)


@blueprint.get("/measures/<int:measure_id>")
@requires(P.READ_MEASURES)
def page(measure_id: int) -> ResponseReturnValue:
    return _page(measure_id, Typed()), 200


@blueprint.post("/measures/<int:measure_id>/assign")
@requires(P.KEEP_MEASURES)
def assign(measure_id: int) -> ResponseReturnValue:
    try:
        done = measures.assign(actor(), measure_id, _assignment(), version=_version())
    except (Invalid, Conflict) as refusal:
        return _page(measure_id, Typed(refusal.message, request.form)), refusal.status
    flash(f"已定由{done.office_name}办理。", "done")
    return redirect(url_for("measures.page", measure_id=measure_id), code=303)


@blueprint.post("/measures/<int:measure_id>/act")
@requires(P.READ_MEASURES)
def act(measure_id: int) -> ResponseReturnValue:
    upload, code = request.files.get("evidence"), request.form.get("action", "")
    try:
        if code not in set(A):
            raise Invalid("没有这一步，请刷新页面再试。")
        measures.act(
            actor(),
            measure_id,
            A(code),
            version=_version(),
            text=request.form.get("text", ""),
            evidence=(incoming.file_name(upload), upload.stream.read()) if upload and upload.filename else None,
        )
    except (Invalid, Conflict) as refusal:
        return _page(measure_id, Typed(refusal.message, request.form)), refusal.status
    flash(f"已办理：{MEASURE_ACTIONS[A(code)]}。", "done")
    return redirect(url_for("measures.page", measure_id=measure_id), code=303)


@blueprint.get("/measures/<int:measure_id>/evidence/<int:note_id>")
@requires(P.READ_MEASURES)
def evidence(measure_id: int, note_id: int) -> ResponseReturnValue:
    sha256, filename, media_type = measures.evidence_of(actor(), note_id, measure_id)
    return handed_out(File(io.BytesIO(blobs.read(sha256)), filename, media_type, sha256))


@blueprint.post("/sections/<int:section_id>/last-measures")
@requires(P.WRITE)
def open_section(section_id: int) -> ResponseReturnValue:
    """Put last year's list with its state at the head of the section's text."""
    measure_opening.open_with(actor(), section_id)
    flash("落实情况表已放在正文开头；状态有变时再放一次即更新。", "done")
    return redirect(url_for("drafting.section", section_id=section_id), code=303)


def _assignment() -> Assignment:
    office_id = request.form.get("office_id", type=incoming.number)
    if office_id is None:
        raise Invalid("请选择责任科室。", field="office_id")
    try:
        due_on = incoming.day(request.form.get("due_on", ""))
    except ValueError as error:
        raise Invalid("请填写完成时限，例如 2019-06-30。", field="due_on") from error
    person_id = request.form.get("person_id", type=incoming.number)
    return Assignment(office_id, person_id, due_on, request.form.get("proof", ""))


def _version() -> int:
    try:
        return int(request.form["version"])
    except (KeyError, ValueError) as error:
        raise Conflict("页面已经过期，请刷新后再办理。") from error


def _index(typed: Typed) -> str:
    known = cycles.of_unit(actor().unit_id)
    cycle = chosen_cycle(known) if known else None
    listed, today = measures.list_of(actor()), clock.today()
    calendar = calendars.of_unit(actor().unit_id)
    return render_template(
        "measures/index.html",
        measures=[(one, *standing_of(one), _due(one, calendar)) for one in listed],
        late=sum(one.is_late(today) for one in listed),
        unfinished=sum(one.state in table.UNFINISHED for one in listed),
        done=sum(one.state not in table.UNFINISHED for one in listed),
        unassigned=sum(one.state in table.UNFINISHED and one.office_id is None for one in listed),
        sources=SOURCES,
        cycles=known,
        cycle=cycle,
        suggestions=measures.suggestions(actor(), cycle.id) if cycle else (),
        may_keep=actor().may(P.KEEP_MEASURES) and bool(known),
        typed=typed,
    )


def _page(measure_id: int, typed: Typed) -> str:
    measure = measures.one(actor(), measure_id)
    known = measures.facts(measure)
    word, tone = standing_of(measure)
    holders = people.holders_by_office(measure.unit_id, P.ACT_ON_MEASURES, clock.today())
    offices = people.offices(measure.unit_id)
    return render_template(
        "measures/measure.html",
        measure=measure,
        word=word,
        tone=tone.value,
        following="、".join(map(str, watching.next_on_measure(measure))),
        due=_due(measure, calendars.of_unit(measure.unit_id)),
        sources=SOURCES,
        offered=FLOW.available(known, actor()),
        actions=MEASURE_ACTIONS,
        offices=offices,
        persons=[(office, holders.get(office.id, ())) for office in offices],
        notes=[
            {
                "when": spoken_moment(note.at),
                "iso": note.at.isoformat(),
                "who": note.person,
                "what": MEASURE_ACTIONS[note.action],
                "reason": note.text,
                "tone": "done" if note.action is A.CONFIRM else "idle",
            }
            for note in table.notes(measure.id)
        ][::-1],
        files=[note for note in table.notes(measure.id) if note.evidence_sha256],
        typed=typed,
    )


def _due(measure: MeasureView, calendar: Calendar) -> tuple[str, str | None]:
    term = measure.term(calendar, clock.today())
    return spoken_term(term), term_tone(term)
