"""Views of the findings area."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import workbook
from perfapp.blueprints.page import spoken_moment
from perfapp.blueprints.refusals import wants_json
from perfapp.core.checking.findings import SEVERITY_NAMES, Severity
from perfapp.core.checking.year_facts import DISAGREEING, UNCONFIRMED
from perfapp.core.manuscript import Place
from perfapp.core.measures.untouched import CODE as UNTOUCHED
from perfapp.core.permissions import Actor, Permission
from perfapp.data import cycles, disputes, sections
from perfapp.data.explanations import ExplanationView
from perfapp.services import findings
from perfapp.services.findings import CycleCheck, Judged
from perfapp.services.findings_export import findings_workbook

blueprint = Blueprint("findings", __name__)
P = Permission
_EXCERPT = 24  # characters shown on each side of a passage
TONES = {Severity.ERROR: "late", Severity.MUST_EXPLAIN: "waiting", Severity.NOTE: "idle"}


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a finding stands: the words around, the words themselves, and the page of the section."""

    heading: str
    before: str
    words: str
    after: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the page shows it."""

    judged: Judged
    passages: tuple[Passage, ...]
    tone: str
    severity: str
    state: str
    said: str
    edit_url: str
    edit_words: str
    may_explain: bool
    may_answer: bool


@blueprint.get("/cycles/<int:cycle_id>/checkup")
@requires(P.READ_FIGURES)
def checkup(cycle_id: int) -> ResponseReturnValue:
    """The findings of the whole report, or for those who read only their own sections, of these."""
    cycle = cycles.visible(actor(), cycle_id)
    done = findings.of_cycle(cycle, with_scores=True)
    lines = [_line(done, one) for one in done.judged if _concerns(actor(), done, one)]
    return render_template(
        "findings/checkup.html",
        cycle=cycle,
        check=done,
        whole=actor().may(P.READ_DRAFTS),
        counts=[(SEVERITY_NAMES[severity], _open(lines, severity), TONES[severity]) for severity in Severity],
        settled=sum(1 for line in lines if line.judged.is_settled),
        groups=[(SEVERITY_NAMES[severity], _of(lines, severity), TONES[severity]) for severity in Severity],
        passed=[one for one in done.checkup.passed if _reads_all(actor(), done, one.places)],
        disputed=disputes.undecided([cycle.id]),
    )


@blueprint.get("/cycles/<int:cycle_id>/checkup.xlsx")
@requires(P.READ_FIGURES)
def export(cycle_id: int) -> ResponseReturnValue:
    """What the page shows to this person."""
    cycle = cycles.visible(actor(), cycle_id)
    done = findings.of_cycle(cycle, with_scores=True)
    judged = [one for one in done.judged if _concerns(actor(), done, one)]
    passed = [one for one in done.checkup.passed if _reads_all(actor(), done, one.places)]
    data = findings_workbook(done, judged, passed)
    return workbook(f"体检-{cycle.fiscal_year}年度-{clock.today():%Y%m%d}.xlsx", data)


@blueprint.post("/cycles/<int:cycle_id>/findings/<fingerprint>/explain")
@requires(P.WRITE, P.MERGE)
def explain(cycle_id: int, fingerprint: str) -> ResponseReturnValue:
    findings.explain(actor(), cycle_id, fingerprint, request.form.get("explanation", ""))
    if wants_json():
        return "", 204
    flash("已说明，等财务认可。", "done")
    return redirect(url_for("findings.checkup", cycle_id=cycle_id, _anchor=f"f-{fingerprint}"), code=303)


@blueprint.post("/explanations/<int:explanation_id>/answer")
@requires(P.CHECK_MONEY)
def answer(explanation_id: int) -> ResponseReturnValue:
    accept = request.form.get("answer") == "accept"
    cycle_id = findings.answer(actor(), explanation_id, accept=accept, reason=request.form.get("reason", ""))
    flash("已认可这条说明。" if accept else "已退回这条说明，经办人会看到理由。", "done")
    return redirect(url_for("findings.checkup", cycle_id=cycle_id), code=303)


# --- inside -------------------------------------------------------------------------------------------------------


def _concerns(reader: Actor, done: CycleCheck, one: Judged) -> bool:
    """A finding quotes the text it is about: shown to those who may read all of it."""
    if reader.may(P.READ_DRAFTS):
        return True
    return bool(one.section_ids) and _reads_all(reader, done, one.finding.places)


def _reads_all(reader: Actor, done: CycleCheck, places: tuple[Place, ...]) -> bool:
    ids = {done.text.section_of(place) for place in places} - {None}
    return all(sections.is_readable(reader, section) for section in done.outline if section.id in ids)


def _line(done: CycleCheck, one: Judged) -> Line:
    me, said = actor(), one.explanation
    may_answer = said is not None and said.is_accepted is None and said.explained_by != me.id
    return Line(
        judged=one,
        passages=tuple(_passages(done, one)),
        tone="done" if one.is_settled else TONES[one.finding.severity],
        severity=SEVERITY_NAMES[one.finding.severity],
        state=_state(said),
        said=f"{said.explained_by_name} {spoken_moment(said.explained_at)}" if said else "",
        edit_url=_where_to_mend(done, one),
        edit_words=_words_to_mend(one, may_write=findings.may_explain(me, one, done.outline)),
        may_explain=findings.may_explain(me, one, done.outline),
        may_answer=may_answer and me.may(P.CHECK_MONEY),
    )


def _where_to_mend(done: CycleCheck, one: Judged) -> str:
    """The page of the section, of the measure, or of the indicator that a doubt about the score speaks of."""
    if one.section_ids:
        return url_for("drafting.section", section_id=one.section_ids[0])
    if one.finding.code == UNTOUCHED:
        return url_for("measures.page", measure_id=int(one.finding.subject))
    if one.finding.code in (UNCONFIRMED, DISAGREEING):
        return url_for("figures.fact", cycle_id=done.cycle.id, key=one.finding.subject.split()[0])
    indicator = one.finding.subject if one.finding.code.startswith("Z") else ""
    if indicator and done.score and done.score.form.indicator(indicator):
        return url_for("scoring.indicator", cycle_id=done.cycle.id, indicator=indicator)
    return ""


def _words_to_mend(one: Judged, *, may_write: bool) -> str:
    if not one.section_ids:
        named = {UNTOUCHED: "去看这条措施", UNCONFIRMED: "看这项数据", DISAGREEING: "看这项数据"}
        return named.get(one.finding.code, "看自评表")
    return "去修改" if may_write else "看原文"


def _passages(done: CycleCheck, one: Judged) -> list[Passage]:
    found = []
    headings = {section.id: section.heading for section in done.outline}
    for place in one.finding.places:
        text, section_id = done.text.manuscript.line(place.line).text, done.text.section_of(place)
        start, end = max(0, place.start - _EXCERPT), min(len(text), place.end + _EXCERPT)
        found.append(
            Passage(
                heading=headings.get(section_id or 0, "封面和标题"),
                before=("…" if start else "") + text[start : place.start],
                words=text[place.start : place.end],
                after=text[place.end : end] + ("…" if end < len(text) else ""),
                url=url_for("drafting.section", section_id=section_id) if section_id else "",
            )
        )
    return found


def _state(said: ExplanationView | None) -> str:
    if said is None:
        return ""
    if said.is_accepted is None:
        return "待财务认可"
    return (
        f"{said.answered_by_name}已认可"
        if said.is_accepted
        else f"{said.answered_by_name}没有认可：{said.refused_reason}"
    )


def _of(lines: list[Line], severity: Severity) -> list[Line]:
    return [line for line in lines if line.judged.finding.severity is severity]


def _open(lines: list[Line], severity: Severity) -> int:
    return sum(1 for line in _of(lines, severity) if not line.judged.is_settled)
