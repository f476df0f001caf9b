"""Facts: their definitions, their values over cycles and months, and which sections show them. No rules here."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.figures import periods
from perfapp.core.figures.facts import Definition
from perfapp.data.fact_views import FactView, NewValue, ValueView, defined, fact_view, value_view
from perfapp.data.models import Blob, Cycle, Fact, FactValue, Office, Person
from perfapp.extensions import db

YEAR, LAST = periods.YEAR, periods.LAST
_LATER, _ENTERER, _CONFIRMER = aliased(FactValue), aliased(Person), aliased(Person)  # made once: it is not cheap


# --- definitions --------------------------------------------------------------------------------------------------


def of_unit(unit_id: int, *, retired: bool = False) -> tuple[FactView, ...]:
    """The unit's facts in their order; those out of use only when asked for."""
    standing: list[ColumnElement[bool]] = [Fact.unit_id == unit_id]
    if not retired:
        standing.append(Fact.retired_at.is_(None))
    return _views(*standing)


def definitions(unit_id: int) -> tuple[Definition, ...]:
    """What every fact of the unit is, those out of use included: all that a sheet needs, in one light query."""
    columns = (Fact.key, Fact.name, Fact.aliases, Fact.unit, Fact.decimals, Fact.is_money, Fact.formula)
    rows = db.session.execute(select(*columns).where(Fact.unit_id == unit_id).order_by(Fact.position, Fact.id))
    return tuple(defined(key, name, tuple(aliases), *rest) for key, name, aliases, *rest in rows)


def get(unit_id: int, key: str) -> FactView:
    """The fact of this unit; NotFound for another's."""
    found = _views(Fact.unit_id == unit_id, Fact.key == key)
    if not found:
        raise NotFound("没有找到这项数据。")
    return found[0]


def lock(unit_id: int, key: str) -> FactView:
    """The fact of this unit, locked until the transaction ends."""
    query = select(Fact.id).where(Fact.unit_id == unit_id, Fact.key == key).with_for_update()
    if db.session.scalar(query) is None:
        raise NotFound("没有找到这项数据。")
    return get(unit_id, key)


def add(unit_id: int, definition: Definition, *, office_id: int | None, position: int) -> int:
    row = Fact(unit_id=unit_id, key=definition.key, position=position, created_at=clock.now(), **_columns(definition))
    row.office_id = office_id
    db.session.add(row)
    db.session.flush()
    return row.id


def add_all(unit_id: int, owned: Iterable[tuple[Definition, int | None]], *, after: int) -> None:
    """Add many facts with their owner offices, in this order behind the first `after`."""
    rows = [
        {
            "unit_id": unit_id,
            "key": definition.key,
            "position": position,
            "created_at": clock.now(),
            "office_id": office_id,
            **_columns(definition),
        }
        for position, (definition, office_id) in enumerate(owned, start=after + 1)
    ]
    if rows:
        db.session.execute(insert(Fact), rows)


def change(fact_id: int, definition: Definition, *, office_id: int | None) -> None:
    row = db.session.get_one(Fact, fact_id)
    for column, value in _columns(definition).items():
        setattr(row, column, value)
    row.office_id = office_id
    row.version += 1
    db.session.flush()


def retire(fact_id: int, *, retired: bool) -> None:
    """Take the fact out of use, or back into it; its values stay."""
    row = db.session.get_one(Fact, fact_id)
    row.retired_at = clock.now() if retired else None
    row.version += 1
    db.session.flush()


# --- values -------------------------------------------------------------------------------------------------------


def present(cycle_id: int, *, period: str | None = YEAR) -> dict[tuple[int, str], ValueView]:
    """The present value of every fact of the cycle, by fact and period; `period` None is all of them."""
    wanted: list[ColumnElement[bool]] = [FactValue.cycle_id == cycle_id]
    if period is not None:
        wanted.append(FactValue.period == period)
    return {(value.fact_id, value.period): value for value in _values(*wanted, _is_present())}


def present_among(fact_ids: Iterable[int], cycle_id: int) -> dict[tuple[int, str], ValueView]:
    """The present values of these facts in the cycle, year and months, by fact and period."""
    found = _values(FactValue.cycle_id == cycle_id, FactValue.fact_id.in_(list(fact_ids)), _is_present())
    return {(value.fact_id, value.period): value for value in found}


def unsure_keys(cycle_ids: Iterable[int], period: str = YEAR) -> dict[int, tuple[str, ...]]:
    """The keys of the facts whose present value for the period nobody has confirmed, by cycle, in the facts' order."""
    found: dict[int, list[str]] = {cycle_id: [] for cycle_id in cycle_ids}
    query = (
        select(FactValue.cycle_id, Fact.key)
        .join(Fact, Fact.id == FactValue.fact_id)
        .where(FactValue.cycle_id.in_(list(found)), FactValue.period == period, FactValue.confirmed_at.is_(None))
        .where(FactValue.amount.is_not(None), _is_present())
        .order_by(Fact.position, Fact.id)
    )
    for cycle_id, key in db.session.execute(query):
        found[cycle_id].append(key)
    return {cycle_id: tuple(keys) for cycle_id, keys in found.items()}


def present_value(fact_id: int, cycle_id: int, period: str = YEAR) -> ValueView | None:
    found = _values(
        FactValue.fact_id == fact_id, FactValue.cycle_id == cycle_id, FactValue.period == period, _is_present()
    )
    return found[0] if found else None


def unconfirmed(cycle_ids: Iterable[int], unit_id: int) -> list[tuple[FactView, ValueView]]:
    """The present values of the cycles that nobody has confirmed, in the order of the facts, months after the year.

    The months of a ledger are the parts of its year and not confirmed one by one.
    """
    found = _values(
        FactValue.cycle_id.in_(list(cycle_ids)),
        (FactValue.period == YEAR) | (FactValue.source_kind != "ledger"),
        FactValue.confirmed_at.is_(None),
        FactValue.amount.is_not(None),
        _is_present(),
    )
    if not found:
        return []
    known = {fact.id: fact for fact in of_unit(unit_id)}
    pairs = [(known[value.fact_id], value) for value in found if value.fact_id in known]
    return sorted(pairs, key=lambda pair: (pair[0].position, pair[0].id, pair[1].period != YEAR, pair[1].period))


def missing_counts(cycle_ids: Iterable[int], office_ids: Iterable[int]) -> dict[int, int]:
    """How many facts of the offices nobody has entered for each cycle; formulas do not count."""
    value = (
        select(FactValue.id)
        .where(FactValue.fact_id == Fact.id, FactValue.cycle_id == Cycle.id, FactValue.period == YEAR)
        .where(FactValue.amount.is_not(None), _is_present())
    )
    query = (
        select(Cycle.id, func.count(Fact.id))
        .join(Fact, Fact.unit_id == Cycle.unit_id)
        .where(Cycle.id.in_(list(cycle_ids)), Fact.office_id.in_(list(office_ids)), Fact.retired_at.is_(None))
        .where(Fact.formula == "", ~value.exists())
        .group_by(Cycle.id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def amounts(cycle_ids: Iterable[int], period: str = YEAR) -> dict[int, dict[str, Decimal]]:
    """The amounts by fact key, for each cycle: what formulas and sentences work with."""
    found: dict[int, dict[str, Decimal]] = {cycle_id: {} for cycle_id in cycle_ids}
    query = (
        select(FactValue.cycle_id, Fact.key, FactValue.amount)
        .join(Fact, Fact.id == FactValue.fact_id)
        .where(
            FactValue.cycle_id.in_(list(found)),
            FactValue.period == period,
            FactValue.amount.is_not(None),
            _is_present(),
        )
    )
    for cycle_id, key, amount in db.session.execute(query):
        if amount is not None:
            found[cycle_id][key] = amount
    return found


def value(unit_id: int, value_id: int) -> tuple[FactView, ValueView]:
    """A value with its fact, both of this unit."""
    found = _values(FactValue.id == value_id)
    owner = _views(Fact.id == found[0].fact_id, Fact.unit_id == unit_id) if found else ()
    if not owner:
        raise NotFound("没有找到这个数值。")
    return owner[0], found[0]


def past(fact_id: int, wanted: Iterable[str], *, offset: int, limit: int) -> list[ValueView]:
    """The values the fact had for these periods of any year, newest first, the present ones among them."""
    query = _value_query().where(FactValue.fact_id == fact_id, FactValue.period.in_(list(wanted)))
    return [
        value_view(row) for row in db.session.execute(query.order_by(FactValue.id.desc()).offset(offset).limit(limit))
    ]


def past_count(fact_id: int, wanted: Iterable[str]) -> int:
    query = select(func.count()).select_from(FactValue)
    return db.session.scalar(query.where(FactValue.fact_id == fact_id, FactValue.period.in_(list(wanted)))) or 0


def superseded(value_ids: Iterable[int]) -> frozenset[int]:
    """Those of the values that another has taken the place of."""
    query = select(FactValue.supersedes_id).where(FactValue.supersedes_id.in_(list(value_ids)))
    return frozenset(value_id for value_id in db.session.scalars(query) if value_id is not None)


def history(fact_id: int, cycle_id: int | None = None) -> list[ValueView]:
    """Every value the fact ever had, newest first."""
    wanted: list[ColumnElement[bool]] = [FactValue.fact_id == fact_id]
    if cycle_id is not None:
        wanted.append(FactValue.cycle_id == cycle_id)
    return sorted(_values(*wanted), key=lambda one: one.id, reverse=True)


def has_values(fact_id: int) -> bool:
    """Whether anybody ever entered a value."""
    return db.session.scalar(select(FactValue.id).where(FactValue.fact_id == fact_id).limit(1)) is not None


def add_value(fact_id: int, cycle_id: int, period: str, new: NewValue, *, person_id: int) -> int:
    """Write the next value; the one before stays. The fact's row is locked by the caller."""
    last = present_value(fact_id, cycle_id, period)
    row = FactValue(
        fact_id=fact_id,
        cycle_id=cycle_id,
        period=period,
        number=last.number + 1 if last else 1,
        supersedes_id=last.id if last else None,
        as_of=new.as_of,
        amount=new.amount,
        typed=new.typed,
        source_kind=new.source_kind,
        source=dict(new.source or {}),
        evidence_sha256=new.evidence_sha256,
        evidence_filename=new.evidence_filename,
        evidence_page=new.evidence_page,
        note=new.note,
        entered_by=person_id,
        entered_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def confirm(value_id: int, person_id: int) -> None:
    row = db.session.get_one(FactValue, value_id)
    row.confirmed_by, row.confirmed_at = person_id, clock.now()
    db.session.flush()


def evidence_of(value_id: int) -> tuple[str, str, str] | None:
    """SHA-256, file name and media type of the value's evidence page, if it has one."""
    query = (
        select(FactValue.evidence_sha256, FactValue.evidence_filename, Blob.media_type)
        .join(Blob, Blob.sha256 == FactValue.evidence_sha256)
        .where(FactValue.id == value_id)
    )
    row = db.session.execute(query).one_or_none()
    return (str(row[0]), row[1], row[2]) if row else None


# --- inside -------------------------------------------------------------------------------------------------------


def _columns(definition: Definition) -> dict[str, Any]:
    return {
        "name": definition.name,
        "aliases": list(definition.aliases),
        "group": definition.group,
        "scope": definition.scope,
        "unit": definition.unit,
        "decimals": definition.decimals,
        "is_money": definition.is_money,
        "formula": definition.formula,
    }


def _views(*conditions: ColumnElement[bool]) -> tuple[FactView, ...]:
    query = select(Fact, Office.name).outerjoin(Office, Office.id == Fact.office_id).where(*conditions)
    rows = db.session.execute(query.order_by(Fact.position, Fact.id))
    return tuple(fact_view(row[0], row[1] or "") for row in rows)


def _is_present() -> ColumnElement[bool]:
    """No later value supersedes it."""
    return ~select(_LATER.id).where(_LATER.supersedes_id == FactValue.id).exists()


def _values(*conditions: ColumnElement[bool]) -> list[ValueView]:
    return [value_view(row) for row in db.session.execute(_value_query().where(*conditions).order_by(FactValue.id))]


def _value_query() -> Select[FactValue, str, str]:
    return (
        select(FactValue, _ENTERER.name, func.coalesce(_CONFIRMER.name, ""))
        .join(_ENTERER, _ENTERER.id == FactValue.entered_by)
        .outerjoin(_CONFIRMER, _CONFIRMER.id == FactValue.confirmed_by)
    )
