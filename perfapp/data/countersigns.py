"""上级加盖: which seal of a superior countersigns a unit's reports, and which reports wait for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.seal_flow import REPORT_KINDS, SealState
from perfapp.data.models import Countersignature, CountersignDemand, Person, Report, Seal, Unit
from perfapp.extensions import db

ASKED, PRESSING, DONE, REFUSED, WITHDRAWN = "asked", "pressing", "done", "refused", "withdrawn"


@dataclass(frozen=True, slots=True)
class CountersignView:
    """One report's wait for the superior's seal."""

    id: int
    report_id: int
    unit_id: int  # whose report it is
    seal_id: int
    superior_id: int  # whose seal it is
    superior_name: str
    seal_name: str
    state: str
    version: int
    use_id: int | None
    note: str
    reason: str
    asked_by: str  # '' where the unit's rule asks
    asked_by_id: int | None
    asked_at: datetime
    done_at: datetime | None


def demanded(unit_id: int) -> int | None:
    """The superior's seal that the unit's reports are countersigned with."""
    return db.session.scalar(select(CountersignDemand.seal_id).where(CountersignDemand.unit_id == unit_id))


def demand(unit_id: int, seal_id: int | None, *, set_by: int | None) -> None:
    """Say with which seal the unit's reports are countersigned from now on; None: with none."""
    row = db.session.get(CountersignDemand, unit_id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()
    if seal_id is not None:
        db.session.add(CountersignDemand(unit_id=unit_id, seal_id=seal_id, set_by=set_by, set_at=clock.now()))
    db.session.flush()


def ask(report_id: int, seal_id: int, *, reason: str = "", asked_by: int | None = None) -> int:
    """Ask for the seal, for the first time or again."""
    row = db.session.scalar(select(Countersignature).where(Countersignature.report_id == report_id).with_for_update())
    if row is None:
        row = Countersignature(report_id=report_id, version=0)
        db.session.add(row)
    row.seal_id, row.state, row.reason, row.asked_by = seal_id, ASKED, reason, asked_by
    row.version, row.note, row.asked_at, row.done_at, row.use_id = row.version + 1, "", clock.now(), None, None
    db.session.flush()
    return row.id


def of_report(report_id: int) -> CountersignView | None:
    found = _views(Countersignature.report_id == report_id)
    return found[0] if found else None


def of_use(use_id: int) -> CountersignView | None:
    found = _views(Countersignature.use_id == use_id)
    return found[0] if found else None


def own(superior_id: int, countersign_id: int) -> CountersignView:
    """One that waits for a seal of this unit; NotFound for any other."""
    found = _views(Countersignature.id == countersign_id, Seal.unit_id == superior_id)
    if not found:
        raise NotFound("没有找到这件加盖事项。")
    return found[0]


def waiting(superior_id: int) -> list[CountersignView]:
    """What waits for a seal of this unit, oldest first."""
    return _views(Seal.unit_id == superior_id, Countersignature.state.in_((ASKED, PRESSING)))


def lock(superior_id: int, countersign_id: int) -> CountersignView:
    """The same as `own`, kept from others until the transaction ends."""
    db.session.execute(select(Countersignature.id).where(Countersignature.id == countersign_id).with_for_update())
    return own(superior_id, countersign_id)


def change(countersign_id: int, state: str, **values: Any) -> None:
    row = db.session.get_one(Countersignature, countersign_id)
    row.state = state
    row.version += 1
    if state in {DONE, REFUSED, WITHDRAWN}:
        row.done_at = clock.now()
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def superiors(unit_id: int) -> list[tuple[int, str]]:
    """The units that could countersign: all others with a seal in use, the one above this unit first, then by name."""
    kinds = tuple(kind.value for kind in REPORT_KINDS)
    sealing = select(Seal.unit_id).where(Seal.state == SealState.ACTIVE.value, Seal.kind.in_(kinds))
    above = select(Unit.parent_id).where(Unit.id == unit_id).scalar_subquery()
    query = select(Unit.id, Unit.name).where(Unit.id != unit_id, Unit.id.in_(sealing))
    order = (case((Unit.id == above, 0), else_=1), Unit.name)
    return [(superior_id, name) for superior_id, name in db.session.execute(query.order_by(*order))]


def _views(*conditions: ColumnElement[bool]) -> list[CountersignView]:
    query = (
        select(Countersignature, Report.unit_id, Seal.unit_id, Seal.name, Unit.name, Person.name)
        .join(Report, Report.id == Countersignature.report_id)
        .join(Seal, Seal.id == Countersignature.seal_id)
        .join(Unit, Unit.id == Seal.unit_id)
        .outerjoin(Person, Person.id == Countersignature.asked_by)
        .where(*conditions)
        .order_by(Countersignature.id)
        .execution_options(populate_existing=True)
    )
    return [
        CountersignView(
            id=row.id,
            report_id=row.report_id,
            unit_id=unit_id,
            seal_id=row.seal_id,
            superior_id=superior_id,
            superior_name=superior_name,
            seal_name=seal_name,
            state=row.state,
            version=row.version,
            use_id=row.use_id,
            note=row.note,
            reason=row.reason,
            asked_by=asked_by or "",
            asked_by_id=row.asked_by,
            asked_at=row.asked_at,
            done_at=row.done_at,
        )
        for row, unit_id, superior_id, seal_name, superior_name, asked_by in db.session.execute(query)
    ]
