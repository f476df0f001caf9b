"""How many must agree in each step of the year."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from perfapp import clock
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.chinese_form import ChineseForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.joint import Mode, Rule
from perfapp.core.permissions import Permission
from perfapp.data import cycles, people, reports, step_rules
from perfapp.data.cycles import CycleView
from perfapp.services import step_policy

P = Permission


def _field(step: str) -> str:
    return step.replace(".", "_")


class RulesForm(ChineseForm):
    """For each step a mode, and a number that counts with one of them."""

    version = IntegerField(validators=[InputRequired()])
    same_person_once = BooleanField("同一人先后办理同一内容的，只办一次")

    def rules(self) -> dict[str, Rule]:
        return {
            step: Rule(Mode(self[_field(step)].data), self[f"{_field(step)}_least"].data or 1)
            for step in step_policy.STEPS
        }


_SENTENCE = f"请填 1 到 {step_policy.MOST}。"
for _step, (_name, _) in step_policy.STEPS.items():
    _choices = [SelectChoice(mode.value, words) for mode, words in step_policy.MODES.items()]
    setattr(RulesForm, _field(_step), RadioField(_name, choices=_choices, validators=[InputRequired("请选一种。")]))
    setattr(
        RulesForm,
        f"{_field(_step)}_least",
        IntegerField("须几人同意", default=1, validators=[NumberRange(1, step_policy.MOST, _SENTENCE)]),
    )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/cycles/<int:cycle_id>/steps", "steps", steps, methods=["GET"])
    blueprint.add_url_rule("/cycles/<int:cycle_id>/steps", "set_steps", set_steps, methods=["POST"])


@requires(P.ARRANGE)
def steps(cycle_id: int) -> ResponseReturnValue:
    cycle = cycles.visible(actor(), cycle_id)
    present = step_rules.of_cycle(cycle_id)
    shown: dict[str, object] = {_field(step): rule.mode.value for step, rule in present.items()}
    shown |= {f"{_field(step)}_least": rule.least for step, rule in present.items()}
    form = RulesForm(version=cycle.version, same_person_once=cycle.same_person_once, **shown)
    return _page(cycle, form, 200)


@requires(P.ARRANGE)
def set_steps(cycle_id: int) -> ResponseReturnValue:
    cycle, form = cycles.visible(actor(), cycle_id), RulesForm()
    if not form.validate_on_submit():
        return _page(cycle, form, 422)
    try:
        step_policy.set_rules(
            actor(),
            cycle_id,
            version=form.version.data,
            rules=form.rules(),
            same_person_once=form.same_person_once.data,
        )
    except (Invalid, Conflict) as refusal:
        return _page(cycle, form, refusal.status, blame(form, refusal))
    flash("审批规则已保存，还没有办完的步骤按新规则办理。", "done")
    return redirect(url_for("cycles.show", cycle_id=cycle_id), code=303)


def _page(cycle: CycleView, form: RulesForm, status: int, refusal: str = "") -> ResponseReturnValue:
    today = clock.today()
    form.version.data, form.version.raw_data = cycle.version, None
    rows = [
        (
            form[_field(step)],
            form[f"{_field(step)}_least"],
            len(people.holders(cycle.unit_id, permission, today)),
        )
        for step, (_, permission) in step_policy.STEPS.items()
    ]
    bar = step_policy.bar(reports.current(cycle.id).state)
    page = render_template("cycles/steps.html", cycle=cycle, form=form, rows=rows, refusal=refusal, bar=bar)
    return page, status
