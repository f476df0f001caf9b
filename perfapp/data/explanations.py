"""Explanations of findings: one sentence by the owner, an answer by finance. Append-only by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from perfapp import clock
from perfapp.core.checking.findings import Finding
from perfapp.core.errors import NotFound
from perfapp.data.models import Cycle, Explanation, Person
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """The explanation of one finding. `is_accepted` is None until finance has answered."""

    id: int
    cycle_id: int
    section_id: int | None
    fingerprint: str
    code: str
    message: str
    explanation: str
    explained_by: int
    explained_by_name: str
    explained_at: datetime
    answered_by_name: str
    is_accepted: bool | None
    refused_reason: str


def of_cycle(cycle_id: int) -> dict[str, ExplanationView]:
    """The last explanation of each finding, by the finding's fingerprint."""
    return {view.fingerprint: view for view in _views(Explanation.cycle_id == cycle_id)}


def unanswered(cycle_ids: Iterable[int]) -> list[ExplanationView]:
    """What finance has said nothing of; a later explanation of the same finding takes an earlier one's place."""
    last = {(view.cycle_id, view.fingerprint): view for view in _views(Explanation.cycle_id.in_(list(cycle_ids)))}
    return [view for view in last.values() if view.is_accepted is None]


def get(unit_id: int, explanation_id: int) -> ExplanationView:
    own = select(Cycle.id).where(Cycle.unit_id == unit_id)
    found = _views(Explanation.id == explanation_id, Explanation.cycle_id.in_(own))
    if not found:
        raise NotFound("没有找到这条说明。")
    return found[0]


def add(cycle_id: int, section_id: int | None, finding: Finding, text: str, person_id: int) -> int:
    """Write the next explanation of the finding. The cycle's row is locked by the caller."""
    last = db.session.scalar(
        select(func.max(Explanation.number)).where(
            Explanation.cycle_id == cycle_id, Explanation.fingerprint == finding.fingerprint
        )
    )
    row = Explanation(
        cycle_id=cycle_id,
        section_id=section_id,
        fingerprint=finding.fingerprint,
        number=(last or 0) + 1,
        code=finding.code,
        message=finding.message,
        explanation=text,
        explained_by=person_id,
        explained_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def answer(explanation_id: int, person_id: int, *, accept: bool, reason: str) -> None:
    row = db.session.get_one(Explanation, explanation_id)
    row.answered_by, row.answered_at, row.is_accepted, row.refused_reason = person_id, clock.now(), accept, reason
    db.session.flush()


def _views(*conditions: ColumnElement[bool]) -> list[ExplanationView]:
    """In the order they were written, so that the last of a fingerprint comes last."""
    answerer = aliased(Person)
    query = (
        select(Explanation, Person.name, answerer.name)
        .join(Person, Person.id == Explanation.explained_by)
        .outerjoin(answerer, answerer.id == Explanation.answered_by)
        .where(*conditions)
        .order_by(Explanation.number)
    )
    return [
        ExplanationView(
            id=row.id,
            cycle_id=row.cycle_id,
            section_id=row.section_id,
            fingerprint=row.fingerprint,
            code=row.code,
            message=row.message,
            explanation=row.explanation,
            explained_by=row.explained_by,
            explained_by_name=name,
            explained_at=row.explained_at,
            answered_by_name=answered or "",
            is_accepted=row.is_accepted,
            refused_reason=row.refused_reason,
        )
        for row, name, answered in db.session.execute(query)
    ]
