"""Imports: how files of a shape are read, and which files were read into what. No rules here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.data.models import Blob, ImportBatch, ImportShape, Person
from perfapp.extensions import db

FACTS = "facts"


@dataclass(frozen=True, slots=True)
class BatchView:
    """A file that was read in: into what, how many amounts or rows, by whom."""

    id: int
    unit_id: int
    cycle_id: int
    target: str
    sha256: str
    filename: str
    media_type: str
    mapping: dict[str, Any]
    row_count: int
    person_name: str
    at: datetime


def ledger_target(key: str) -> str:
    return f"ledger:{key}"


def shape(unit_id: int, target: str, shape_sha256: str) -> dict[str, Any] | None:
    """How the last file of this shape was read; None where there was none."""
    row = _shape(unit_id, target, shape_sha256)
    return row.mapping if row else None


def keep_shape(unit_id: int, target: str, shape_sha256: str, mapping: dict[str, Any], *, person_id: int) -> None:
    """Remember how files of this shape are read. The unit's cycle is locked by the caller."""
    row = _shape(unit_id, target, shape_sha256) or ImportShape(
        unit_id=unit_id, target=target, shape_sha256=shape_sha256
    )
    row.mapping, row.saved_by, row.saved_at = mapping, person_id, clock.now()
    db.session.add(row)
    db.session.flush()


def add_batch(
    unit_id: int,
    cycle_id: int,
    target: str,
    *,
    sha256: str,
    filename: str,
    mapping: dict[str, Any],
    row_count: int,
    person_id: int,
) -> int:
    row = ImportBatch(
        unit_id=unit_id,
        cycle_id=cycle_id,
        target=target,
        sha256=sha256,
        filename=filename,
        mapping=mapping,
        row_count=row_count,
        person_id=person_id,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def of_cycle(cycle_id: int, target: str | None = None) -> list[BatchView]:
    """The cycle's imports, newest first; of one target if asked."""
    wanted: list[ColumnElement[bool]] = [ImportBatch.cycle_id == cycle_id]
    if target is not None:
        wanted.append(ImportBatch.target == target)
    return _views(*wanted)


def get(unit_id: int, batch_id: int) -> BatchView:
    found = _views(ImportBatch.id == batch_id, ImportBatch.unit_id == unit_id)
    if not found:
        raise NotFound("没有找到这次导入。")
    return found[0]


def last_id(cycle_id: int, target: str) -> int:
    """The number of the newest import into the target; 0 where there is none."""
    query = select(ImportBatch.id).where(ImportBatch.cycle_id == cycle_id, ImportBatch.target == target)
    return db.session.scalar(query.order_by(ImportBatch.id.desc()).limit(1)) or 0


def _shape(unit_id: int, target: str, shape_sha256: str) -> ImportShape | None:
    return db.session.scalar(
        select(ImportShape).where(
            ImportShape.unit_id == unit_id, ImportShape.target == target, ImportShape.shape_sha256 == shape_sha256
        )
    )


def _views(*conditions: ColumnElement[bool]) -> list[BatchView]:
    query = (
        select(ImportBatch, Person.name, Blob.media_type)
        .join(Person, Person.id == ImportBatch.person_id)
        .join(Blob, Blob.sha256 == ImportBatch.sha256)
        .where(*conditions)
        .order_by(ImportBatch.id.desc())
    )
    return [
        BatchView(
            row.id,
            row.unit_id,
            row.cycle_id,
            row.target,
            row.sha256,
            row.filename,
            media_type,
            row.mapping,
            row.row_count,
            name,
            row.at,
        )
        for row, name, media_type in db.session.execute(query)
    ]
