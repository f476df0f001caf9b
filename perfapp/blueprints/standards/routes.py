"""Views of the standards area: the unit's indicators and rules, changed in the browser, used for a year."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.standards import rule_form, set_form, table_form
from perfapp.blueprints.standards.rule_form import BookForm
from perfapp.blueprints.standards.set_form import SetForm
from perfapp.blueprints.standards.table_form import TableForm
from perfapp.core.annexes import layout_text
from perfapp.core.annexes.base_table import BaseTable
from perfapp.core.checking.book import RuleBook
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.permissions import Permission
from perfapp.core.scoring import rule_text
from perfapp.data import cycles
from perfapp.services import standards
from perfapp.services.standards import PART_NAMES, Standard

P = Permission
blueprint = Blueprint("standards", __name__, url_prefix="/standards")
INDICATORS, RULES, BASE_TABLE = PART_NAMES


@blueprint.get("")
@requires(P.DEFINE_FIGURES)
def index() -> ResponseReturnValue:
    return render_template(
        "standards/index.html",
        groups=[
            (words, [one for one in standards.listed(actor()) if one.part == part])
            for part, words in PART_NAMES.items()
        ],
        cycles=cycles.of_unit(actor().unit_id),
    )


@blueprint.get("/indicators/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def indicators(form_key: str) -> ResponseReturnValue:
    found = standards.get(actor(), INDICATORS, form_key)
    return _set_page(found, set_form.filled(found.content, standards.definitions(actor())))


@blueprint.post("/indicators/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def save_indicators(form_key: str) -> ResponseReturnValue:
    """Answers with the page, not a redirect, where only a row was added: it is nowhere but in the form."""
    found = standards.get(actor(), INDICATORS, form_key)
    form = SetForm()
    if not form.validate_on_submit():
        return _set_page(found, form, 422, ["填写的内容有误，请看各处的提示。"])
    try:
        if request.form.get("act") in _ADDING:
            _ADDING[request.form["act"]](form)
            return _set_page(found, form)
        content = set_form.said(form, found.content, standards.definitions(actor()))
        saved = standards.save(actor(), INDICATORS, form_key, content, last_version=form.seen_version.data)
    except (Invalid, Conflict) as refusal:
        return _set_page(found, form, refusal.status, refusal.message.split("\n"))
    return _saved(saved)


@blueprint.get("/rules/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def rules(form_key: str) -> ResponseReturnValue:
    found = standards.get(actor(), RULES, form_key)
    return _rule_page(found, rule_form.filled(found.content))


@blueprint.post("/rules/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def save_rules(form_key: str) -> ResponseReturnValue:
    found = standards.get(actor(), RULES, form_key)
    form = BookForm()
    if not form.validate_on_submit():
        return _rule_page(found, form, 422, ["填写的内容有误，请看各处的提示。"])
    try:
        content = rule_form.said(form, found.content)
        saved = standards.save(actor(), RULES, form_key, content, last_version=form.seen_version.data)
    except (Invalid, Conflict) as refusal:
        return _rule_page(found, form, refusal.status, refusal.message.split("\n"))
    return _saved(saved)


@blueprint.get("/base-tables/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def base_table(form_key: str) -> ResponseReturnValue:
    found = standards.get(actor(), BASE_TABLE, form_key)
    return _table_page(found, table_form.filled(found.content, standards.definitions(actor())))


@blueprint.post("/base-tables/<string:form_key>")
@requires(P.DEFINE_FIGURES)
def save_base_table(form_key: str) -> ResponseReturnValue:
    found = standards.get(actor(), BASE_TABLE, form_key)
    form = TableForm()
    if not form.validate_on_submit():
        return _table_page(found, form, 422, ["填写的内容有误，请看各处的提示。"])
    try:
        content = table_form.said(form, found.content, standards.definitions(actor()))
        saved = standards.save(actor(), BASE_TABLE, form_key, content, last_version=form.seen_version.data)
    except (Invalid, Conflict) as refusal:
        return _table_page(found, form, refusal.status, refusal.message.split("\n"))
    return _saved(saved)


@blueprint.post("/<any(indicators, rules, 'base-table'):part>/<string:form_key>/reset")
@requires(P.DEFINE_FIGURES)
def reset(part: str, form_key: str) -> ResponseReturnValue:
    version = request.form.get("seen_version", type=incoming.number)
    if version is None:
        raise Invalid("页面内容不完整，请刷新后再试。")
    return _saved(standards.reset(actor(), part, form_key, last_version=version))


@blueprint.post("/<any(indicators, rules, 'base-table'):part>/<string:form_key>/use")
@requires(P.DEFINE_FIGURES)
def use(part: str, form_key: str) -> ResponseReturnValue:
    cycle_id = request.form.get("cycle_id", type=incoming.number)
    if cycle_id is None:
        raise Invalid("请选择用于哪个年度任务。")
    cycle = standards.use(actor(), part, form_key, cycle_id)
    flash(f"{cycle.fiscal_year}年度改用这套{PART_NAMES[part]}。", "done")
    return redirect(url_for("standards.index"), code=303)


_ADDING = {"row": set_form.add_row, "heading": set_form.add_heading}


def _saved(saved: Standard) -> ResponseReturnValue:
    flash(f"已保存“{saved.name}”第 {saved.version} 版。以后的年度任务用它，今年要用的请点“用于”。", "done")
    return redirect(url_for("standards.index"), code=303)


def _set_page(found: Standard, form: SetForm, status: int = 200, wrong: list[str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "standards/indicators.html",
        standard=found,
        form=form,
        wrong=wrong or [],
        examples=rule_text.EXAMPLES,
        kinds=rule_text.KIND_NAMES,
        names=[one.name for one in standards.definitions(actor()).values()],
    )
    return page, status


def _table_page(
    found: Standard, form: TableForm, status: int = 200, wrong: list[str] | None = None
) -> ResponseReturnValue:
    layout, known = BaseTable.model_validate(found.content), standards.definitions(actor())
    names = {key: one.name for key, one in known.items()}
    page = render_template(
        "standards/base_table.html",
        standard=found,
        form=form,
        wrong=wrong or [],
        names=names.values(),
        drawn=[[(one, layout_text.holds(one, names, layout.words)) for one in row] for row in layout.rows],
    )
    return page, status


def _rule_page(
    found: Standard, form: BookForm, status: int = 200, wrong: list[str] | None = None
) -> ResponseReturnValue:
    book = RuleBook.model_validate(found.content)
    page = render_template(
        "standards/rules.html",
        standard=found,
        form=form,
        wrong=wrong or [],
        rules={rule.code: rule for rule in book.rules},
        basis=book.basis,
        units=rule_form.TOLERANCE_UNITS,
    )
    return page, status
