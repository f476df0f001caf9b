"""Facts and their values as the rest of the house sees them: frozen, without the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from perfapp.core.figures.facts import Definition
from perfapp.data.models import Fact, FactValue


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact of a unit: its definition and who owns it."""

    id: int
    unit_id: int
    definition: Definition
    office_id: int | None
    office_name: str
    position: int
    version: int
    retired_at: datetime | None

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def name(self) -> str:
        return self.definition.name

    @property
    def is_entered(self) -> bool:
        """Typed, imported or added up from a ledger; not worked out by a formula."""
        return not self.definition.formula


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value with where it came from. `amount` is in base units (money: 元); None: taken back."""

    id: int
    fact_id: int
    cycle_id: int
    period: str
    number: int
    supersedes_id: int | None
    as_of: date
    amount: Decimal | None
    typed: str
    source_kind: str
    source: dict[str, Any]
    evidence_sha256: str | None
    evidence_filename: str
    evidence_page: str
    note: str
    entered_by: int
    entered_by_name: str
    entered_at: datetime
    confirmed_by: int | None
    confirmed_by_name: str
    confirmed_at: datetime | None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class NewValue:
    """What is written for a fact: see `ValueView`."""

    amount: Decimal | None
    as_of: date
    typed: str = ""
    source_kind: str = "manual"
    source: Mapping[str, Any] | None = None
    evidence_sha256: str | None = None
    evidence_filename: str = ""
    evidence_page: str = ""
    note: str = ""


def fact_view(row: Fact, office_name: str) -> FactView:
    columns = row.key, row.name, tuple(row.aliases), row.unit, row.decimals, row.is_money, row.formula
    return FactView(
        row.id,
        row.unit_id,
        defined(*columns, group=row.group, scope=row.scope),
        row.office_id,
        office_name,
        row.position,
        row.version,
        row.retired_at,
    )


@lru_cache(maxsize=20_000)
def defined(
    key: str,
    name: str,
    aliases: tuple[str, ...],
    unit: str,
    decimals: int,
    is_money: bool,
    formula: str,
    *,
    group: str = "",
    scope: str = "",
) -> Definition:
    """The definition that was checked when it was stored. A unit has a thousand, nearly every page asks for all."""
    return Definition.model_construct(
        key=key,
        name=name,
        aliases=aliases,
        group=group,
        scope=scope,
        unit=unit,
        decimals=decimals,
        is_money=is_money,
        office="",
        formula=formula,
    )


def value_view(row: Row[FactValue, str, str]) -> ValueView:
    one = row[0]
    return ValueView(
        id=one.id,
        fact_id=one.fact_id,
        cycle_id=one.cycle_id,
        period=one.period,
        number=one.number,
        supersedes_id=one.supersedes_id,
        as_of=one.as_of,
        amount=one.amount,
        typed=one.typed,
        source_kind=one.source_kind,
        source=one.source,
        evidence_sha256=one.evidence_sha256,
        evidence_filename=one.evidence_filename,
        evidence_page=one.evidence_page,
        note=one.note,
        entered_by=one.entered_by,
        entered_by_name=row[1],
        entered_at=one.entered_at,
        confirmed_by=one.confirmed_by,
        confirmed_by_name=row[2],
        confirmed_at=one.confirmed_at,
    )
