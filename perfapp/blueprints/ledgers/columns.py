"""What a ledger asks for, changed in the browser: its columns, the office that keeps it, the facts it feeds."""

import re
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import ValidationError

from perfapp.blueprints import incoming
from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.ledgers import totals
from perfapp.blueprints.ledgers.totals import TotalLine
from perfapp.core.errors import Conflict, Invalid
from perfapp.core.figures.ledger_change import new_key
from perfapp.core.figures.ledgers import MAX_COLUMNS, Column, ColumnKind, LedgerForm
from perfapp.core.figures.units import UNITS
from perfapp.core.permissions import Permission
from perfapp.data import facts, ledgers, people
from perfapp.data.ledgers import LedgerView
from perfapp.services import ledgers as keeping

P = Permission
KINDS = ((ColumnKind.TEXT, "文字"), (ColumnKind.NUMBER, "数字"), (ColumnKind.CHOICE, "选一项"))
_BLANK_LINES = 2
_LISTED = re.compile(r"[、,，;；\s]+")


@dataclass(slots=True)
class ColumnLine:
    """A column as it is typed; one without a name is not there."""

    place: int
    key: str
    name: str = ""
    kind: str = ColumnKind.TEXT.value
    unit: str = ""
    decimals: str = "0"
    required: bool = False
    choices: str = ""
    aliases: str = ""
    is_known: bool = False  # it was there before
    error: str = ""

    @property
    def id(self) -> str:
        return f"column{self.place}"


def add_to(blueprint: Blueprint) -> None:
    """Give the pages to the area's blueprint."""
    blueprint.add_url_rule("/ledgers/<string:key>/columns", "columns", columns, methods=["GET"])
    blueprint.add_url_rule("/ledgers/<string:key>/columns", "change_columns", change_columns, methods=["POST"])
    blueprint.add_url_rule("/ledgers/<string:key>/totals", "change_totals", change_totals, methods=["POST"])


@requires(P.DEFINE_FIGURES)
def columns(key: str) -> ResponseReturnValue:
    about = ledgers.get(actor().unit_id, key)
    return _page(about, _lines(about.form), about.form.date_name, "")


@requires(P.DEFINE_FIGURES)
def change_columns(key: str) -> ResponseReturnValue:
    about = ledgers.get(actor().unit_id, key)
    typed = [_typed(number) for number in range(MAX_COLUMNS + _BLANK_LINES)]
    lines = [line for line in typed if line.name or line.key]
    date_name = request.form.get("date_name", "").strip()
    version = request.form.get("version", type=incoming.number)
    try:
        keeping.change_columns(actor(), key, _columns(about.form, lines), date_name=date_name, version=version or 0)
    except (Conflict, Invalid) as refusal:
        line = next((one for one in lines if isinstance(refusal, Invalid) and one.key == refusal.field), None)
        if line is not None:
            line.error = refusal.message
        return _page(about, lines, date_name, "" if line else refusal.message), refusal.status
    flash(f"已保存“{about.name}”的列，已登记的内容都在。", "done")
    return redirect(url_for("ledgers.columns", key=key), code=303)


@requires(P.DEFINE_FIGURES)
def change_totals(key: str) -> ResponseReturnValue:
    about = ledgers.get(actor().unit_id, key)
    typed = totals.typed()
    version = request.form.get("version", type=incoming.number)
    try:
        wanted = totals.said(about.form, typed, facts.of_unit(about.unit_id))
        keeping.change_totals(actor(), key, wanted, version=version or 0)
    except (Conflict, Invalid) as refusal:
        page = _page(
            about, _lines(about.form), about.form.date_name, "", total_lines=typed, total_refusal=refusal.message
        )
        return page, refusal.status
    flash(f"已保存“{about.name}”的汇总，还没有送审的年度已重新合计。", "done")
    return redirect(url_for("ledgers.columns", key=key, _anchor="totals"), code=303)


def _typed(number: int) -> ColumnLine:
    def field(name: str, default: str = "") -> str:
        return request.form.get(f"column{number}-{name}", default).strip()

    return ColumnLine(
        number,
        field("key"),
        field("name"),
        _kind(field("kind")),
        field("unit"),
        field("decimals", "0"),
        bool(field("required")),
        field("choices"),
        field("aliases"),
    )


def _kind(typed: str) -> str:
    return typed if typed in {kind.value for kind in ColumnKind} else ColumnKind.TEXT.value


def _columns(form: LedgerForm, lines: list[ColumnLine]) -> list[Column]:
    """What the lines say. A line of a column that was there and has no name any more takes the column away."""
    known = {column.key for column in form.columns}
    taken, found = set(known), []
    for line in lines:
        line.is_known = line.key in known
        if not line.is_known:
            line.key = new_key(frozenset(taken))
            taken.add(line.key)
        if line.name:
            found.append(_column(line))
    return found


def _column(line: ColumnLine) -> Column:
    is_choice, is_number = line.kind == ColumnKind.CHOICE, line.kind == ColumnKind.NUMBER
    choices = _listed(line.choices) if is_choice else ()
    if is_choice and not choices:
        raise Invalid(f"请写出“{line.name}”可选的几项，用顿号隔开。", field=line.key)
    if is_number and not (line.decimals.isdigit() and len(line.decimals) == 1 and int(line.decimals) <= 6):
        raise Invalid(f"“{line.name}”的小数位数应是 0 到 6。", field=line.key)
    try:
        return Column(
            key=line.key,
            name=line.name,
            aliases=_listed(line.aliases),
            kind=ColumnKind(line.kind),
            unit=line.unit[:20] if is_number else "",
            decimals=int(line.decimals) if is_number else 0,
            required=line.required,
            choices=choices,
        )
    except (ValidationError, ValueError) as error:
        raise Invalid(f"“{line.name[:40]}”这一列不合要求：名称最多 40 字。", field=line.key) from error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part[:40] for part in _LISTED.split(text) if part))[:40]


def _lines(form: LedgerForm) -> list[ColumnLine]:
    return [
        ColumnLine(
            number,
            column.key,
            column.name,
            column.kind.value,
            column.unit,
            str(column.decimals),
            column.required,
            "、".join(column.choices),
            "、".join(column.aliases),
            is_known=True,
        )
        for number, column in enumerate(form.columns)
    ]


def _page(
    about: LedgerView,
    lines: list[ColumnLine],
    date_name: str,
    refusal: str,
    *,
    total_lines: list[TotalLine] | None = None,
    total_refusal: str = "",
) -> str:
    free = set(range(MAX_COLUMNS + _BLANK_LINES)) - {line.place for line in lines}
    blank = [ColumnLine(number, "") for number in sorted(free)[: min(_BLANK_LINES, MAX_COLUMNS - len(lines))]]
    known = facts.of_unit(actor().unit_id)
    names = {fact.key: fact.name for fact in known}
    return render_template(
        "ledgers/columns.html",
        ledger=about,
        lines=lines,
        blank=blank,
        date_name=date_name,
        refusal=refusal,
        kinds=KINDS,
        words_of={kind.value: words for kind, words in KINDS},
        units=list(UNITS),
        max_columns=MAX_COLUMNS,
        offices=people.offices(actor().unit_id),
        totals=totals.lines(about.form, names) if total_lines is None else total_lines,
        sums=totals.sums(about.form),
        limits=totals.limits(about.form),
        entered=[fact.name for fact in known if fact.is_entered],
        total_refusal=total_refusal,
    )
