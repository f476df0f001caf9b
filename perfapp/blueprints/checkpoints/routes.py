"""Views of the checkpoints area."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.checkpoints import answers_json
from perfapp.blueprints.checkpoints.forms import OpenForm
from perfapp.blueprints.incoming import chosen_cycle
from perfapp.core.checkpoints import MAX_WORDS, Outlook
from perfapp.core.errors import Conflict, DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.data import checkpoints, cycles
from perfapp.services import checkpoints as acts
from perfapp.services.checkpoints import Line

blueprint = Blueprint("checkpoints", __name__)
P = Permission
Typed = dict[str, dict[str, str]]
PAST_SHOWN = 5
_FIELDS = ("so_far", "outlook", "reason", "measure", "number")


@blueprint.get("/checkpoints")
@requires(P.READ_FIGURES)
def index() -> ResponseReturnValue:
    """Every look back of the unit; the editor asks for a new one here."""
    return _index(OpenForm())


@blueprint.post("/cycles/<int:cycle_id>/checkpoints")
@requires(P.ARRANGE)
def open_one(cycle_id: int) -> ResponseReturnValue:
    form = OpenForm()
    if not form.validate() or form.due_on.data is None:
        return _index(form), 422
    try:
        checkpoint_id = acts.open_checkpoint(actor(), cycle_id, form.period.data, form.due_on.data)
    except Invalid as refusal:
        form.blame(refusal)
        return _index(form), 422
    flash("已发起，各科室经办人会收到通知。", "done")
    return redirect(url_for(".show", checkpoint_id=checkpoint_id), code=303)


@blueprint.get("/checkpoints/<int:checkpoint_id>")
@requires(P.READ_FIGURES)
def show(checkpoint_id: int) -> ResponseReturnValue:
    """Who has handed in, and every indicator in doubt."""
    return render_template("checkpoints/show.html", look=acts.look(actor(), checkpoint_id))


@blueprint.get("/checkpoints/<int:checkpoint_id>/offices/<int:office_id>")
@requires(P.READ_FIGURES)
def office(checkpoint_id: int, office_id: int) -> ResponseReturnValue:
    """The indicators of one office on one page."""
    return _office(checkpoint_id, office_id)


@blueprint.post("/checkpoints/<int:checkpoint_id>/offices/<int:office_id>")
@requires(P.ENTER_FIGURE)
def fill(checkpoint_id: int, office_id: int) -> ResponseReturnValue:
    here = redirect(url_for(".office", checkpoint_id=checkpoint_id, office_id=office_id), code=303)
    if "take_back" in request.form:
        acts.take_back(actor(), checkpoint_id, office_id)
        flash("已取回，可以修改。", "done")
        return here
    typed, hand_in = _typed(request.form), "hand_in" in request.form
    try:
        acts.fill(actor(), checkpoint_id, office_id, typed, hand_in=hand_in)
    except (Invalid, Conflict) as refusal:
        return _office(checkpoint_id, office_id, typed, refusal), refusal.status
    flash("已交。年终自评时，预计有风险的指标要交代结果。" if hand_in else "已保存，填完后请点“交”。", "done")
    return here


@blueprint.put("/checkpoints/<int:checkpoint_id>/offices/<int:office_id>/answers")
@requires(P.ENTER_FIGURE)
def keep(checkpoint_id: int, office_id: int) -> ResponseReturnValue:
    """What the page saves by itself: the indicators that were touched. The numbers of the others stay as they were."""
    version, typed = answers_json.posted(request)
    try:
        numbers = acts.fill(actor(), checkpoint_id, office_id, typed, hand_in=False)
    except Conflict as refusal:
        theirs = acts.overtaken(actor(), checkpoint_id, office_id, typed)
        return answers_json.overtaken(refusal.message, theirs), refusal.status
    except DomainError as refusal:
        return {"message": refusal.message}, refusal.status
    return answers_json.saved(version, typed, numbers)


def _index(form: OpenForm) -> str:
    years = cycles.of_unit(actor().unit_id)
    return render_template(
        "checkpoints/index.html",
        cycle=chosen_cycle(years) if years else None,
        known=checkpoints.of_unit(actor().unit_id),
        form=form,
        may_open=actor().may(P.ARRANGE),
    )


def _office(
    checkpoint_id: int, office_id: int, typed: Typed | None = None, refusal: Invalid | Conflict | None = None
) -> str:
    look = acts.look(actor(), checkpoint_id)
    part = look.part(office_id)
    theirs = acts.overtaken(actor(), checkpoint_id, office_id, typed) if isinstance(refusal, Conflict) and typed else ()
    shown = {line.indicator.key: (typed or {}).get(line.indicator.key) or _stored(line) for line in part.lines}
    for line in theirs:  # the next save is over what is shown beside it now
        shown[line.indicator.key] = {**shown[line.indicator.key], "number": str(line.number)}
    return render_template(
        "checkpoints/office.html",
        look=look,
        part=part,
        shown=shown,
        theirs={line.indicator.key: line for line in theirs},
        past=checkpoints.past(checkpoint_id, PAST_SHOWN),
        version=answers_json.version(part),
        outlooks=tuple(Outlook),
        person_id=actor().id,
        refusal=refusal.message if refusal else "",
        refused=(refusal.field or "") if isinstance(refusal, Invalid) else "",
        max_words=MAX_WORDS,
    )


def _stored(line: Line) -> dict[str, str]:
    answer = line.answer
    return {
        "so_far": answer.so_far,
        "outlook": answer.outlook.value if answer.outlook else "",
        "reason": answer.reason,
        "measure": answer.measure,
        "number": str(line.number),
    }


def _typed(form: Mapping[str, str]) -> Typed:
    """What was typed, by indicator: the fields are called `<indicator>.<field>`."""
    found: Typed = {}
    for name, text in form.items():
        key, _, field = name.rpartition(".")
        if key and field in _FIELDS:
            found.setdefault(key, {})[field] = text
    for said in found.values():
        said.setdefault("outlook", "")  # no radio button chosen
        for field in _FIELDS:
            said.setdefault(field, "")
    return found
