"""One fact in one year: its value, its months, its history, its formula, where it stands, what is said against it."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.blaming import blame
from perfapp.blueprints.figures import fact_reading as reading
from perfapp.blueprints.figures.forms import ContestForm, ValueForm
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.facts import doubt, hidden_digits, typed_amount
from perfapp.core.figures.periods import LAST, MONTHS, YEAR
from perfapp.core.figures.units import units_like
from perfapp.core.permissions import Permission
from perfapp.data import cycles, disputes, facts, sections
from perfapp.data.cycles import CycleView
from perfapp.data.disputes import DisputeView
from perfapp.data.fact_views import FactView, ValueView
from perfapp.services import at_stake, fact_table, sheets
from perfapp.services import disputes as disputing
from perfapp.services import facts as entering
from perfapp.services.fact_table import FactRow

P = Permission
CONTEST = "contest"
"""Before the names of the fields of the second form on the page."""
_ADDRESS = "/cycles/<int:cycle_id>/facts/<string:key>"


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule(_ADDRESS, "fact", fact, methods=["GET"])
    blueprint.add_url_rule(_ADDRESS, "enter", enter, methods=["POST"])
    blueprint.add_url_rule(f"{_ADDRESS}/confirm", "confirm", confirm, methods=["POST"])


@requires(P.READ_FIGURES)
def fact(cycle_id: int, key: str) -> ResponseReturnValue:
    return page(cycles.visible(actor(), cycle_id), facts.get(actor().unit_id, key))


@requires(P.READ_FIGURES)
def enter(cycle_id: int, key: str) -> ResponseReturnValue:
    """Whether this person may enter this fact, the service decides: the refusal names the owner."""
    cycle, about = cycles.visible(actor(), cycle_id), facts.get(actor().unit_id, key)
    entering.demand_entering(actor(), about)
    form = ValueForm()
    form.unit.choices = units_of(about)
    if not form.validate_on_submit():
        return page(cycle, about, form=form, status=422)
    entry = entering.Entry(
        typed=form.amount.data or "",
        as_of=form.as_of.data,
        unit=form.unit.data,
        note=form.note.data or "",
        evidence=uploaded(form.evidence.data),
        evidence_page=form.evidence_page.data or "",
        period=form.period.data or YEAR,
    )
    try:
        if not form.is_sure.data:
            demand_sure(about, entry.typed, entry.unit, is_sure=False, known=_known(cycle, about, entry.period))
            _demand_day(cycle, entry)
        value = entering.enter(actor(), cycle.id, key, entry, last_number=form.last_number.data)
    except (Invalid, Conflict) as refusal:
        return page(cycle, about, form=form, status=refusal.status, refusal=blame(form, refusal))
    confirmer = "财务" if about.definition.is_money else f"{about.office_name}负责人"
    taken_back = value.amount is None
    hidden = "" if value.amount is None else hidden_digits(value.amount, about.definition)
    saved = f"已保存“{about.name}”{f'：{hidden}' if hidden else ''}，现在由{confirmer}确认。"
    flash(f"已清空“{about.name}”。" if taken_back else saved, "done")
    return _back(cycle, key)


@requires(P.CONFIRM_FIGURE, P.CONFIRM_MONEY)
def confirm(cycle_id: int, key: str) -> ResponseReturnValue:
    cycle, about = cycles.visible(actor(), cycle_id), facts.get(actor().unit_id, key)
    value_id = request.form.get("value_id", type=incoming.number)
    if value_id is None:
        raise Invalid("页面内容不完整，请刷新后再试。")
    entering.confirm(actor(), value_id)
    flash(f"已确认“{about.name}”。", "done")
    return _back(cycle, key)


def page(
    cycle: CycleView,
    about: FactView,
    *,
    form: ValueForm | None = None,
    contest: ContestForm | None = None,
    status: int = 200,
    refusal: str = "",
) -> ResponseReturnValue:
    """The page of a fact; a form that was refused keeps what was typed in it."""
    known = facts.of_unit(actor().unit_id, retired=True)
    sheet = sheets.sheet(cycle, known)
    years = {one.id: one.fiscal_year for one in cycles.of_unit(about.unit_id)}
    present = {period: value for (_, period), value in facts.present_among([about.id], cycle.id).items()}
    contested = disputes.of_fact(about.id, cycle.id)
    row = fact_table.row(actor(), about, present.get(YEAR), sheet, is_disputed=any(one.is_open for one in contested))
    period, past_page = _period(form), incoming.page()
    shown = fact_table.places(cycle, about.key, sheet)
    if form is not None:
        _meant_for(form.last_number, present[period].number if period in present else 0)
    if contest is not None:
        _meant_for(contest.value_id, present[YEAR].id if YEAR in present else 0)
    answer = render_template(
        "figures/fact.html",
        cycle=cycle,
        fact=about,
        row=row,
        years=[
            (f"{year}年度", url_for("figures.fact", cycle_id=one, key=about.key), one == cycle.id, None)
            for one, year in years.items()
        ],
        value=present.get(YEAR),
        confirm_bar=_confirm_bar(row),
        enter_bar=entering.entering_bar(actor(), about, present.get(period)),
        form=form or _value_form(cycle, about, present.get(period), period),
        period=period,
        months=reading.months(about, present),
        history=reading.history(about, years, period, past_page),
        past_page=past_page,
        past_page_count=-(-facts.past_count(about.id, reading.of_a_kind(period)) // reading.PAGE),
        formula=reading.formula(about, sheet, known),
        places=[(one, is_old, sections.is_readable(actor(), one)) for one, is_old in shown],
        stake=at_stake.of_figure(cycle.id, [one for one, _ in shown]),
        quarrels=reading.quarrels(contested, present, actor()),
        contest=contest or _contest_form(about, present.get(YEAR)),
        contest_bar=_contest_bar(about, present.get(YEAR), contested),
        refused=form is not None,
        contest_refused=contest is not None,
        refusal=refusal,
        may_define=actor().may(P.DEFINE_FIGURES),
    )
    return answer, status


def uploaded(file: FileStorage | None) -> tuple[str, bytes] | None:
    """Name and bytes of a chosen file; None where none was chosen."""
    return (incoming.file_name(file), file.stream.read()) if file and file.filename else None


def units_of(about: FactView) -> list[SelectChoice]:
    """The units a value may be typed in, the fact's own first."""
    return [SelectChoice(name, name) for name in units_like(about.definition.unit)]


def demand_sure(
    about: FactView, typed: str, unit: str, *, is_sure: bool, known: Mapping[str, Decimal | None] = MappingProxyType({})
) -> None:
    """Ask once before a number is taken that is hardly meant so."""
    if is_sure or not typed.strip():
        return
    definition = about.definition
    if why := doubt(typed_amount(typed, unit or definition.unit), definition, known):
        raise Invalid(f"{why}。请核对；确实没有错，勾选“这个数没有错”再保存。", field="is_sure")


def _known(cycle: CycleView, about: FactView, period: str) -> dict[str, Decimal | None]:
    """What a number for the whole year is held against: months and last year's number have nothing of the kind."""
    if period != YEAR:
        return {}
    sheet = sheets.sheet(cycle)
    return {"上年数": sheet.amount(about.key, last_year=True), "原来的数": sheet.amount(about.key)}


def _demand_day(cycle: CycleView, entry: entering.Entry) -> None:
    """Ask once about a day that is not in the year the number is of."""
    year = cycle.fiscal_year - (entry.period == LAST)
    if entry.as_of is not None and entry.as_of.year != year:
        why = f"截止日期 {entry.as_of:%Y-%m-%d} 不在 {year} 年"
        raise Invalid(f"{why}。请核对；确实没有错，勾选“这个数没有错”再保存。", field="is_sure")


def _back(cycle: CycleView, key: str) -> ResponseReturnValue:
    return redirect(url_for("figures.fact", cycle_id=cycle.id, key=key), code=303)


def _period(form: ValueForm | None) -> str:
    wanted = (form.period.data if form else request.args.get("period")) or YEAR
    return wanted if wanted in (*MONTHS, LAST) else YEAR


def _value_form(cycle: CycleView, about: FactView, value: ValueView | None, period: str) -> ValueForm:
    """Empty but for what stays the same from one value to the next."""
    form = ValueForm(
        formdata=None,
        as_of=value.as_of if value else _last_day(cycle, period),
        unit=about.definition.unit,
        period=period,
        last_number=value.number if value else 0,
    )
    form.unit.choices = units_of(about)
    return form


def _meant_for(field: IntegerField, present: int) -> None:
    """A refused form keeps what was typed; sent once more, it is meant for what is there now."""
    field.data, field.raw_data = present, None


def _last_day(cycle: CycleView, period: str) -> date:
    """Of the year reported on, or of one of its months."""
    if period == YEAR:
        return cycle.period_to
    if period == LAST:
        return date(cycle.fiscal_year - 1, 12, 31)
    return date(cycle.fiscal_year, int(period), monthrange(cycle.fiscal_year, int(period))[1])


def _contest_form(about: FactView, value: ValueView | None) -> ContestForm:
    form = ContestForm(formdata=None, prefix=CONTEST, unit=about.definition.unit, value_id=value.id if value else 0)
    form.unit.choices = units_of(about)
    return form


def _confirm_bar(row: FactRow) -> str:
    """Why this person cannot confirm what waits to be confirmed; '' where he can, or nothing waits."""
    if row.value is None or row.value.amount is None or row.value.is_confirmed:
        return ""
    return entering.confirming_bar(actor(), row.fact, row.value)


def _contest_bar(about: FactView, value: ValueView | None, contested: Iterable[DisputeView]) -> str:
    why = disputing.contesting_bar(actor(), about)
    if why:
        return why
    if value is None or value.amount is None:
        return "还没有数值，填报之后才能提出争议。"
    if any(one.is_open and one.opened_by == actor().id for one in contested):
        return "您提出的争议正在办理。"
    return ""
