"""Views of the ledgers: a year's list, one ledger with its entry form, its files, its columns and its keeper."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import workbook
from perfapp.blueprints.ledgers import columns
from perfapp.blueprints.ledgers.forms import DAY, RowForm
from perfapp.core.errors import Invalid
from perfapp.core.permissions import Permission
from perfapp.data import cycles, ledgers
from perfapp.services import ledger_export, ledger_table
from perfapp.services import ledgers as keeping
from perfapp.services.ledger_table import Book

P = Permission
blueprint = Blueprint("ledgers", __name__)
columns.add_to(blueprint)
Tab = tuple[str, str, bool, int | None]
_LEDGER = "/cycles/<int:cycle_id>/ledgers/<string:key>"


@blueprint.get("/ledgers")
@requires(P.READ_FIGURES)
def index() -> ResponseReturnValue:
    known = cycles.of_unit(actor().unit_id)
    cycle = incoming.chosen_cycle(known) if known else None
    years = [
        (f"{one.fiscal_year}年度", url_for("ledgers.index", cycle=one.id), one.id == cycle.id, None)
        for one in known
        if cycle is not None
    ]
    return render_template(
        "ledgers/index.html",
        cycle=cycle,
        years=years,
        lines=ledger_table.lines(actor(), cycle) if cycle else (),
        may_define=actor().may(P.DEFINE_FIGURES),
    )


@blueprint.get(_LEDGER)
@requires(P.READ_FIGURES)
def ledger(cycle_id: int, key: str) -> ResponseReturnValue:
    return _page(cycle_id, key, {DAY: request.args.get("day", "")[:10]}), 200


@blueprint.post(_LEDGER)
@requires(P.READ_FIGURES)
def add_row(cycle_id: int, key: str) -> ResponseReturnValue:
    """Who may write in this ledger, the service decides: the refusal names the office that keeps it."""
    about = ledgers.get(actor().unit_id, key)
    names = (DAY, *(column.key for column in about.form.columns))
    typed = {name: request.form.get(name, "") for name in names}
    try:
        keeping.add_row(actor(), cycle_id, key, typed[DAY], typed)
    except Invalid as refusal:
        return _page(cycle_id, key, typed, refusal), refusal.status
    flash("已登记一笔。", "done")
    return redirect(url_for("ledgers.ledger", cycle_id=cycle_id, key=key, day=typed[DAY], _anchor="entry"), code=303)


@blueprint.post(f"{_LEDGER}/rows/<int:row_id>/remove")
@requires(P.READ_FIGURES)
def remove_row(cycle_id: int, key: str, row_id: int) -> ResponseReturnValue:
    keeping.remove_row(actor(), cycle_id, key, row_id)
    flash("已划去一笔，合计已重新计算。", "done")
    month = request.form.get("month", type=incoming.number)
    return redirect(url_for("ledgers.ledger", cycle_id=cycle_id, key=key, month=month, _anchor="rows"), code=303)


@blueprint.post("/ledgers/<string:key>/keeper")
@requires(P.DEFINE_FIGURES)
def assign(key: str) -> ResponseReturnValue:
    office_id = request.form.get("office_id", type=incoming.number)
    if office_id is None:
        raise Invalid("请选择由哪个科室登记。")
    keeping.assign(actor(), key, office_id)
    flash("已改由所选科室登记。", "done")
    return redirect(url_for("ledgers.columns", key=key), code=303)


@blueprint.get(f"{_LEDGER}.xlsx")
@requires(P.READ_FIGURES)
def export(cycle_id: int, key: str) -> ResponseReturnValue:
    """The rows that the page goes through, of the year or of one month."""
    return workbook(*ledger_export.rows(actor(), cycle_id, key, month=_month()))


@blueprint.get(f"{_LEDGER}/template.xlsx")
@requires(P.READ_FIGURES)
def template(cycle_id: int, key: str) -> ResponseReturnValue:
    """The empty table to fill in and to import."""
    return workbook(*ledger_export.template(actor(), cycle_id, key))


def _page(cycle_id: int, key: str, typed: dict[str, str], refusal: Invalid | None = None) -> str:
    month = _month()
    book = ledger_table.book(actor(), cycle_id, key, month=month, page=incoming.page())
    form = RowForm(book.ledger.form, book.cycle.fiscal_year, typed)
    if refusal is not None:
        form.blame(refusal)
    return render_template(
        "ledgers/ledger.html",
        book=book,
        form=form,
        month=month,
        years=_years(book),
        months=_months(book, month),
        head=ledger_export.head,
        cell_text=ledger_table.cell_text,
        may_define=actor().may(P.DEFINE_FIGURES),
    )


def _years(book: Book) -> list[Tab]:
    key, here = book.ledger.key, book.cycle.id
    return [
        (f"{one.fiscal_year}年度", url_for("ledgers.ledger", cycle_id=one.id, key=key), one.id == here, None)
        for one in cycles.of_unit(actor().unit_id)
    ]


def _months(book: Book, month: int | None) -> list[Tab]:
    """The year and every month that has rows, each with how many."""

    def address(one: int | None) -> str:
        return url_for("ledgers.ledger", cycle_id=book.cycle.id, key=book.ledger.key, month=one, _anchor="rows")

    year: Tab = ("全年", address(None), month is None, sum(book.by_month.values()))
    return [year, *((f"{one}月", address(one), one == month, count) for one, count in sorted(book.by_month.items()))]


def _month() -> int | None:
    """The month that the address asks for; None is the year."""
    found = request.args.get("month", type=incoming.number)
    return found if found in ledger_table.MONTHS else None
