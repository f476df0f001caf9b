"""Disputes over values, and what was said in them. No rules here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.figures.dispute_flow import UNDECIDED, DisputeState
from perfapp.data.models import Blob, Dispute, DisputeStep, Fact, FactValue, Person
from perfapp.extensions import db

_IS_UNDECIDED = Dispute.state.in_([state.value for state in UNDECIDED])


@dataclass(frozen=True, slots=True)
class StepView:
    """One thing that was said; `action` is 'open' or a DisputeAction."""

    action: str
    person_name: str
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A contested value. Amounts are in base units (money: 元); `value_amount` is what was contested."""

    id: int
    unit_id: int
    fact_id: int
    fact_key: str
    fact_name: str
    fact_unit: str
    fact_decimals: int
    is_money: bool
    office_id: int | None
    cycle_id: int
    period: str
    value_id: int
    value_amount: Decimal | None
    value_entered_by: int
    state: DisputeState
    version: int
    rival_amount: Decimal
    rival_typed: str
    evidence_sha256: str | None
    evidence_filename: str
    opened_by: int
    opened_by_name: str
    opened_at: datetime
    last_actor_id: int | None
    upholds_rival: bool | None

    @property
    def is_open(self) -> bool:
        return self.state in UNDECIDED


@dataclass(frozen=True, slots=True)
class NewDispute:
    """What is written when a value is contested."""

    fact_id: int
    cycle_id: int
    value_id: int
    rival_amount: Decimal
    rival_typed: str
    evidence_sha256: str | None = None
    evidence_filename: str = ""


def add(unit_id: int, new: NewDispute, *, person_id: int) -> int:
    row = Dispute(
        unit_id=unit_id,
        fact_id=new.fact_id,
        cycle_id=new.cycle_id,
        value_id=new.value_id,
        rival_amount=new.rival_amount,
        rival_typed=new.rival_typed,
        evidence_sha256=new.evidence_sha256,
        evidence_filename=new.evidence_filename,
        opened_by=person_id,
        opened_at=clock.now(),
        last_actor_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def get(unit_id: int, dispute_id: int) -> DisputeView:
    """The dispute of this unit; NotFound for another's."""
    found = _views(Dispute.unit_id == unit_id, Dispute.id == dispute_id)
    if not found:
        raise NotFound("没有找到这项争议。")
    return found[0]


def of_fact(fact_id: int, cycle_id: int) -> list[DisputeView]:
    """The fact's disputes of the cycle, newest first."""
    return _views(Dispute.fact_id == fact_id, Dispute.cycle_id == cycle_id)


def undecided(cycle_ids: Iterable[int]) -> list[DisputeView]:
    """The disputes of the cycles that nobody has decided yet, newest first."""
    return _views(Dispute.cycle_id.in_(list(cycle_ids)), _IS_UNDECIDED)


def undecided_of_fact(fact_id: int) -> list[DisputeView]:
    """The fact's disputes, of any cycle, that nobody has decided yet."""
    return _views(Dispute.fact_id == fact_id, _IS_UNDECIDED)


def open_count(cycle_id: int) -> int:
    """How many disputes of the cycle are not decided: none may be when the seal is pressed."""
    query = select(func.count()).select_from(Dispute).where(Dispute.cycle_id == cycle_id)
    return db.session.scalar(query.where(_IS_UNDECIDED)) or 0


def write_state(dispute_id: int, state: DisputeState, *, person_id: int, upholds_rival: bool | None) -> None:
    """The state after a step; counts the version on."""
    row = db.session.get_one(Dispute, dispute_id)
    row.state, row.upholds_rival, row.last_actor_id = state.value, upholds_rival, person_id
    row.version += 1
    db.session.flush()


def add_step(dispute_id: int, action: str, person_id: int, said: str) -> None:
    """Add what was said; nothing takes it away again."""
    db.session.add(DisputeStep(dispute_id=dispute_id, action=action, person_id=person_id, said=said, at=clock.now()))
    db.session.flush()


def steps(dispute_ids: Iterable[int]) -> dict[int, tuple[StepView, ...]]:
    """What was said in each of the disputes, in order."""
    found: dict[int, list[StepView]] = {dispute_id: [] for dispute_id in dispute_ids}
    query = (
        select(DisputeStep, Person.name)
        .join(Person, Person.id == DisputeStep.person_id)
        .where(DisputeStep.dispute_id.in_(list(found)))
        .order_by(DisputeStep.id)
    )
    for step, name in db.session.execute(query) if found else ():
        found[step.dispute_id].append(StepView(step.action, name, step.said, step.at))
    return {dispute_id: tuple(said) for dispute_id, said in found.items()}


def evidence_of(dispute_id: int) -> tuple[str, str, str] | None:
    """SHA-256, file name and media type of what the opener showed, if anything."""
    query = (
        select(Dispute.evidence_sha256, Dispute.evidence_filename, Blob.media_type)
        .join(Blob, Blob.sha256 == Dispute.evidence_sha256)
        .where(Dispute.id == dispute_id)
    )
    row = db.session.execute(query).one_or_none()
    return (str(row[0]), row[1], row[2]) if row else None


def _views(*conditions: ColumnElement[bool]) -> list[DisputeView]:
    opener = aliased(Person)
    query = (
        select(Dispute, Fact, FactValue.period, FactValue.amount, FactValue.entered_by, opener.name)
        .join(Fact, Fact.id == Dispute.fact_id)
        .join(FactValue, FactValue.id == Dispute.value_id)
        .join(opener, opener.id == Dispute.opened_by)
        .where(*conditions)
        .order_by(Dispute.id.desc())
    )
    return [
        DisputeView(
            id=row.id,
            unit_id=row.unit_id,
            fact_id=row.fact_id,
            fact_key=fact.key,
            fact_name=fact.name,
            fact_unit=fact.unit,
            fact_decimals=fact.decimals,
            is_money=fact.is_money,
            office_id=fact.office_id,
            cycle_id=row.cycle_id,
            period=period,
            value_id=row.value_id,
            value_amount=amount,
            value_entered_by=entered_by,
            state=DisputeState(row.state),
            version=row.version,
            rival_amount=row.rival_amount,
            rival_typed=row.rival_typed,
            evidence_sha256=row.evidence_sha256,
            evidence_filename=row.evidence_filename,
            opened_by=row.opened_by,
            opened_by_name=name,
            opened_at=row.opened_at,
            last_actor_id=row.last_actor_id,
            upholds_rival=row.upholds_rival,
        )
        for row, fact, period, amount, entered_by, name in db.session.execute(query)
    ]
