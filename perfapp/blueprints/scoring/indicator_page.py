"""One indicator of one year: what it measures, its points and why, what is filled in, and every entry so far."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.handing_out import handed_out
from perfapp.blueprints.scoring.forms import EntryForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.scoring.amounts import plain, points_text
from perfapp.core.scoring.entries import Entry
from perfapp.core.scoring.indicators import Indicator
from perfapp.core.scoring.measure import amount, in_words, title
from perfapp.core.scoring.rules import CheckList, Graded
from perfapp.core.scoring.score import Line
from perfapp.core.scoring.standard import standard
from perfapp.data import cycles, indicators
from perfapp.data.cycles import CycleView
from perfapp.services import annexing, scoring, self_scores
from perfapp.services.self_scores import SelfScore

P = Permission
_ADDRESS = "/cycles/<int:cycle_id>/scoring/indicators/<string:indicator>"
_ANSWERS = {"yes": True, "no": False}


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule(_ADDRESS, "indicator", indicator, methods=["GET"])
    blueprint.add_url_rule(_ADDRESS, "fill", fill, methods=["POST"])
    blueprint.add_url_rule("/scoring/entries/<int:entry_id>/consent", "consent", consent, methods=["POST"])
    blueprint.add_url_rule("/scoring/entries/<int:entry_id>/evidence", "evidence", evidence, methods=["GET"])


@requires(P.READ_FIGURES)
def indicator(cycle_id: int, indicator: str) -> ResponseReturnValue:
    return _page(self_scores.of_cycle(cycles.visible(actor(), cycle_id)), indicator)


@requires(P.READ_FIGURES)
def fill(cycle_id: int, indicator: str) -> ResponseReturnValue:
    """Whether this person may fill it in, the service decides: the refusal names the office."""
    cycle = cycles.visible(actor(), cycle_id)
    present = self_scores.of_cycle(cycle)
    line = scoring.line_of(present, indicator)
    form = EntryForm()
    if not form.validate_on_submit():
        return _page(present, indicator, form, 422)
    try:
        scoring.fill(actor(), cycle.id, indicator, _filled(form, line.indicator), last_number=form.seen_number.data)
    except (Invalid, Conflict) as refusal:
        return _page(present, indicator, form, refusal.status, blame(form, refusal))
    flash(f"已保存“{line.indicator.name}”。", "done")
    return _back(cycle, indicator)


@requires(P.CONFIRM_FIGURE)
def consent(entry_id: int) -> ResponseReturnValue:
    view = scoring.consent(actor(), entry_id)
    flash("已同意，自评得分计入总分。", "done")
    return _back(cycles.get(view.cycle_id), view.indicator_key)


@requires(P.READ_FIGURES)
def evidence(entry_id: int) -> ResponseReturnValue:
    return handed_out(annexing.evidence(actor(), entry_id))


def _page(
    present: SelfScore, key: str, form: EntryForm | None = None, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    """The page; a form that was refused keeps what was typed in it."""
    line = scoring.line_of(present, key)
    row = present.row(actor(), line)
    refused = form is not None
    if form is None:
        form = _form(line.entry)
    if not refused:
        form.seen_number.data = row.view.number if row.view else 0
    rule = line.indicator.rule
    if isinstance(rule, Graded):
        form.grade.choices = [SelectChoice("", "请选择"), *(SelectChoice(one.name, one.name) for one in rule.grades)]
    else:
        form.grade.choices = []
    page = render_template(
        "scoring/indicator.html",
        cycle=present.cycle,
        row=row,
        line=line,
        indicator=line.indicator,
        standard=standard(line.indicator),
        sources=_sources(present, line),
        checks=_checks(line, refused),
        form=form,
        refused=refused,
        refusal=refusal,
        doubts=[finding for finding in present.doubts if finding.subject == key],
        history=indicators.history(present.cycle.id, key),
        points=points_text,
    )
    return page, status


def _form(entry: Entry) -> EntryForm:
    own = entry.own
    return EntryForm(
        formdata=None,
        actual="" if entry.actual is None else plain(entry.actual),
        said=entry.said,
        grade=entry.grade,
        percent="" if entry.percent is None else plain(entry.percent),
        points="" if entry.points is None else plain(entry.points),
        deviation=entry.deviation,
        own_points="" if own is None else plain(own.points),
        own_reason="" if own is None else own.reason,
    )


def _filled(form: EntryForm, about: Indicator) -> scoring.Filled:
    count = len(about.rule.checks) if isinstance(about.rule, CheckList) else 0
    return scoring.Filled(
        actual=form.actual.data or "",
        said=form.said.data or "",
        checks=tuple(_ANSWERS.get(request.form.get(f"checks-{number}", "")) for number in range(count)),
        grade=form.grade.data or "",
        percent=form.percent.data or "",
        points=form.points.data or "",
        deviation=form.deviation.data or "",
        own_points=form.own_points.data or "",
        own_reason=form.own_reason.data or "",
        evidence=_uploaded(form.evidence.data),
        drops_evidence=form.drops_evidence.data,
    )


def _uploaded(file: FileStorage | None) -> tuple[str, bytes] | None:
    if file is None or not file.filename:
        return None
    return incoming.file_name(file), file.read()


def _sources(present: SelfScore, line: Line) -> list[tuple[str, str, str, bool]]:
    """The facts behind the value: key, name, amount, whether it is last year's."""
    found = []
    for source in line.sources:
        definition = present.sheet.definitions.get(source.key)
        if definition is not None:
            base = amount(source, present.sheet)
            shown = "" if base is None else in_words(base, definition)
            found.append((source.key, title(source, present.sheet), shown, source.is_last_year))
    return found


def _checks(line: Line, refused: bool) -> list[tuple[str, str, str]]:
    """Each point of a check list: its words, what it costs, and the answer: yes, no or ''."""
    rule = line.indicator.rule
    if not isinstance(rule, CheckList):
        return []
    answers: list[str] = []
    for number in range(len(rule.checks)):
        given = line.entry.checks[number] if number < len(line.entry.checks) else None
        kept = {True: "yes", False: "no", None: ""}[given]
        answers.append(request.form.get(f"checks-{number}", "") if refused else kept)
    pairs = zip(rule.checks, answers, strict=True)
    return [(check.name, points_text(check.points), answer) for check, answer in pairs]


def _back(cycle: CycleView, key: str) -> ResponseReturnValue:
    return redirect(url_for("scoring.indicator", cycle_id=cycle.id, indicator=key), code=303)
