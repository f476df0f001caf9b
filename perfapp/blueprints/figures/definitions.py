"""What the facts are: the list of definitions, adding one, changing it, taking it out of use and back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from wtforms.fields.choices import SelectChoice

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.figures.forms import ChangedDefinitionForm, DefinitionForm, NewDefinitionForm, RetireForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.facts import Definition
from perfapp.core.figures.formula_names import with_keys, with_names
from perfapp.core.figures.units import UNITS
from perfapp.core.permissions import Permission
from perfapp.data import facts, people
from perfapp.data.fact_views import FactView
from perfapp.services import facts as defining

P = Permission
_LIST = "/figures/definitions"
_ONE = f"{_LIST}/<string:key>"


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule(_LIST, "definitions", definitions, methods=["GET"])
    blueprint.add_url_rule(f"{_LIST}/new", "new_definition", new_definition, methods=["GET"])
    blueprint.add_url_rule(f"{_LIST}/new", "define", define, methods=["POST"])
    blueprint.add_url_rule(_ONE, "definition", definition, methods=["GET"])
    blueprint.add_url_rule(_ONE, "redefine", redefine, methods=["POST"])
    blueprint.add_url_rule(f"{_ONE}/retire", "retire", retire, methods=["POST"])


@requires(P.DEFINE_FIGURES)
def definitions() -> ResponseReturnValue:
    known = facts.of_unit(actor().unit_id, retired=True)
    names = {fact.key: fact.name for fact in known}
    return render_template(
        "figures/definitions.html",
        facts=[(fact, with_names(fact.definition.formula, names)) for fact in known if fact.retired_at is None],
        retired=[fact for fact in known if fact.retired_at is not None],
    )


@requires(P.DEFINE_FIGURES)
def new_definition() -> ResponseReturnValue:
    return _page(None, NewDefinitionForm(unit="万元", decimals=2), 200)


@requires(P.DEFINE_FIGURES)
def define() -> ResponseReturnValue:
    form = NewDefinitionForm()
    return _save(None, form)


@requires(P.DEFINE_FIGURES)
def definition(key: str) -> ResponseReturnValue:
    fact = facts.get(actor().unit_id, key)
    about = fact.definition
    names = {one.key: one.name for one in facts.of_unit(actor().unit_id, retired=True)}
    form = ChangedDefinitionForm(
        name=about.name,
        aliases="、".join(about.aliases),
        group=about.group,
        scope=about.scope,
        unit=about.unit,
        decimals=about.decimals,
        is_money=about.is_money,
        office_id=fact.office_id,
        formula=with_names(about.formula, names),
        version=fact.version,
    )
    return _page(fact, form, 200)


@requires(P.DEFINE_FIGURES)
def redefine(key: str) -> ResponseReturnValue:
    return _save(facts.get(actor().unit_id, key), ChangedDefinitionForm())


@requires(P.DEFINE_FIGURES)
def retire(key: str) -> ResponseReturnValue:
    form = RetireForm()
    if not form.validate_on_submit():
        raise Invalid("页面内容不完整，请刷新后再试。")
    fact = defining.retire(actor(), key, version=form.version.data, retired=form.retired.data)
    flash(f"已停用“{fact.name}”，过去的数值都在。" if form.retired.data else f"已恢复“{fact.name}”。", "done")
    return redirect(url_for("figures.definitions"), code=303)


def _save(fact: FactView | None, form: DefinitionForm) -> ResponseReturnValue:
    _offer(form)
    if not form.validate_on_submit():
        return _page(fact, form, 422)
    try:
        defining.define(
            actor(),
            _definition(fact.key if fact else form["key"].data, form),
            office_id=form.office_id.data,
            version=form["version"].data if fact else None,
        )
    except (Invalid, Conflict) as refusal:
        return _page(fact, form, refusal.status, blame(form, refusal))
    flash(f"已保存“{form.name.data.strip()}”。", "done")
    return redirect(url_for("figures.definitions"), code=303)


def _definition(key: str, form: DefinitionForm) -> Definition:
    """What the form says; Invalid, beside its field, where it cannot be."""
    known = facts.of_unit(actor().unit_id, retired=True)
    keys = {name: fact.key for fact in known for name in reversed(fact.definition.names)}
    try:
        return Definition(
            key=key,
            name=form.name.data,
            aliases=form.alias_list(),
            group=(form.group.data or "").strip(),
            scope=(form.scope.data or "").strip(),
            unit=form.unit.data,
            decimals=form.decimals.data,
            is_money=form.is_money.data,
            formula=with_keys((form.formula.data or "").strip(), keys),
        )
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise Invalid("请检查这一项，填写的内容不合要求。", field=field) from error


def _offer(form: DefinitionForm) -> None:
    offices = [SelectChoice(office.id, office.name) for office in people.offices(actor().unit_id)]
    form.office_id.choices = [SelectChoice("", "未指定"), *offices]


def _page(fact: FactView | None, form: DefinitionForm, status: int, refusal: str = "") -> ResponseReturnValue:
    _offer(form)
    if fact is not None:  # a refused form keeps what was typed; saved once more, it is meant for what is there now
        form["version"].data, form["version"].raw_data = fact.version, None
    known = facts.of_unit(actor().unit_id)
    page = render_template(
        "figures/definition.html",
        fact=fact,
        form=form,
        refusal=refusal,
        groups=sorted({one.definition.group for one in known} - {""}),
        units=list(UNITS),
        names=[one.name for one in known if fact is None or one.key != fact.key],
    )
    return page, status
