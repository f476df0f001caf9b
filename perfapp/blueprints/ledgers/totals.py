"""Which facts a ledger feeds, changed in the browser: one line for each, its fact by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from perfapp.core.errors import Invalid
from perfapp.core.figures.ledgers import ColumnKind, LedgerForm, Total
from perfapp.data.fact_views import FactView

MOST = 12
COUNT = ""
"""Instead of a column: the rows are counted."""
_BETWEEN = "="


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A total as it is typed; one without a fact is not there. `only` is the column and the choice that count."""

    place: int
    fact: str = ""
    column: str = COUNT
    only: str = ""

    @property
    def id(self) -> str:
        return f"total{self.place}"


def typed() -> list[TotalLine]:
    """What the form holds."""

    def field(number: int, name: str) -> str:
        return request.form.get(f"total{number}-{name}", "").strip()

    lines = [TotalLine(n, field(n, "fact"), field(n, "column"), field(n, "only")) for n in range(MOST)]
    return [line for line in lines if line.fact]


def lines(form: LedgerForm, names: dict[str, str]) -> list[TotalLine]:
    """The totals there are, and two empty lines."""
    found = [
        TotalLine(
            number,
            names.get(total.fact, ""),
            total.column or COUNT,
            f"{total.where}{_BETWEEN}{total.equals}" if total.where else "",
        )
        for number, total in enumerate(form.totals)
    ]
    return found + [TotalLine(number) for number in range(len(found), min(len(found) + 2, MOST))]


def sums(form: LedgerForm) -> list[tuple[str, str]]:
    """What can be added up: the rows, or a column of numbers."""
    numbers = [column for column in form.columns if column.kind is ColumnKind.NUMBER]
    return [(COUNT, "笔数"), *((one.key, f"“{one.name}”合计（{one.unit or '个'}）") for one in numbers)]


def limits(form: LedgerForm) -> list[tuple[str, str]]:
    """Which rows can be counted alone: those with a choice."""
    return [
        ("", "全部"),
        *(
            (f"{column.key}{_BETWEEN}{choice}", f"只算“{column.name}”是“{choice}”的")
            for column in form.columns
            for choice in column.choices
        ),
    ]


def said(form: LedgerForm, typed_lines: Iterable[TotalLine], known: Iterable[FactView]) -> list[Total]:
    """The totals that the lines say; Invalid for one that names no fact, or nothing of the ledger."""
    keys = {name: one.key for one in known for name in reversed(one.definition.names)}
    possible, counted = dict(sums(form)), dict(limits(form))
    found = []
    for line in typed_lines:
        if line.fact not in keys:
            raise Invalid(f"没有名为“{line.fact[:40]}”的数据，请用“数据定义”里的名称。", field="totals")
        if line.column not in possible or line.only not in counted:
            raise Invalid(f"“{line.fact[:40]}”的汇总办法已不在台账里，请刷新页面再选。", field="totals")
        where, _, equals = line.only.partition(_BETWEEN)
        found.append(Total(fact=keys[line.fact], column=line.column or None, where=where or None, equals=equals))
    return found
