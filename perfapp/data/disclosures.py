"""公开: editions on their way to the public and what has been published. The public's own queries are here too."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from perfapp import clock
from perfapp.core.disclosing.flow import DisclosureAction, DisclosureState
from perfapp.core.errors import NotFound
from perfapp.core.flow import Decision
from perfapp.data import people
from perfapp.data.models import Cycle, Disclosure, DisclosureDecision, Report, Unit
from perfapp.extensions import db

NOT_THERE = "没有找到这份公开件。"


@dataclass(frozen=True, slots=True)
class DisclosureView:
    id: int
    unit_id: int
    unit_name: str
    report_id: int
    cycle_id: int
    fiscal_year: int
    edition: int
    title: str
    state: DisclosureState
    version: int
    index_number: str
    plan: dict[str, Any]
    content_sha256: str
    edition_blob: str
    pdf_sha256: str | None
    prepared_by: int
    last_actor_id: int | None
    state_since: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @property
    def is_public(self) -> bool:
        return self.state is DisclosureState.PUBLISHED

    @property
    def was_public(self) -> bool:
        """It once stood at its address, where something has to be found for ever."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class DecisionView:
    action: DisclosureAction
    person_id: int
    person: str
    covers_sha256: str
    reason: str
    at: datetime
    lapsed_at: datetime | None

    def stands_for(self, content_sha256: str) -> bool:
        return self.lapsed_at is None and self.covers_sha256 == content_sha256


def get(unit_id: int, disclosure_id: int) -> DisclosureView:
    """The disclosure of this unit; another's is not there."""
    found = _views(Disclosure.id == disclosure_id, Disclosure.unit_id == unit_id)
    if not found:
        raise NotFound(NOT_THERE)
    return found[0]


def lock(unit_id: int, disclosure_id: int) -> DisclosureView:
    query = select(Disclosure.id).where(Disclosure.id == disclosure_id, Disclosure.unit_id == unit_id)
    if db.session.scalar(query.with_for_update()) is None:
        raise NotFound(NOT_THERE)
    db.session.refresh(db.session.get_one(Disclosure, disclosure_id))
    return get(unit_id, disclosure_id)


def of_reports(report_ids: Iterable[int]) -> dict[int, DisclosureView]:
    """By report, in one query."""
    return {view.report_id: view for view in _views(Disclosure.report_id.in_(list(report_ids)))}


def add(unit_id: int, report_id: int, **values: Any) -> int:
    row = Disclosure(unit_id=unit_id, report_id=report_id, state_since=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    return row.id


def write(disclosure_id: int, **values: Any) -> None:
    row = db.session.get_one(Disclosure, disclosure_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def write_state(
    disclosure_id: int, decision: Decision[DisclosureState, DisclosureAction], *, actor_id: int, **values: Any
) -> None:
    row = db.session.get_one(Disclosure, disclosure_id)
    if decision.new is not decision.old:
        row.state_since = clock.now()
    row.state, row.last_actor_id, row.version = decision.new.value, actor_id, row.version + 1
    write(disclosure_id, **values)


def add_decision(disclosure_id: int, action: DisclosureAction, person_id: int, covers: str, reason: str) -> None:
    row = DisclosureDecision(
        disclosure_id=disclosure_id,
        action=action.value,
        person_id=person_id,
        covers_sha256=covers,
        reason=reason,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()


def lapse(disclosure_id: int, content_sha256: str | None) -> int:
    """Let every standing decision lapse that was given for other content; returns how many did."""
    query = select(DisclosureDecision).where(
        DisclosureDecision.disclosure_id == disclosure_id, DisclosureDecision.lapsed_at.is_(None)
    )
    gone = [row for row in db.session.scalars(query) if row.covers_sha256 != content_sha256]
    for row in gone:
        row.lapsed_at = clock.now()
    db.session.flush()
    return len(gone)


def decisions(disclosure_id: int) -> list[DecisionView]:
    """Oldest first."""
    query = select(DisclosureDecision).where(DisclosureDecision.disclosure_id == disclosure_id)
    rows = list(db.session.scalars(query.order_by(DisclosureDecision.id)))
    names = people.names(row.person_id for row in rows)
    return [
        DecisionView(
            action=DisclosureAction(row.action),
            person_id=row.person_id,
            person=names.get(row.person_id, ""),
            covers_sha256=row.covers_sha256,
            reason=row.reason,
            at=row.at,
            lapsed_at=row.lapsed_at,
        )
        for row in rows
    ]


def public(index_number: str) -> DisclosureView:
    """What stands, or once stood, at a public address; nothing on its way is there."""
    found = _views(Disclosure.index_number == index_number, Disclosure.published_at.is_not(None))
    if not found:
        raise NotFound("没有找到这份公开的报告，请核对地址或索引号。")
    return found[0]


def published(*, year: int | None = None, words: str = "") -> list[DisclosureView]:
    """What the public can find, newest year first: every published edition, by year and by words of unit and title."""
    conditions: list[ColumnElement[bool]] = [Disclosure.state == DisclosureState.PUBLISHED.value]
    if year is not None:
        conditions.append(Cycle.fiscal_year == year)
    for word in words.split():
        conditions.append(
            Unit.name.icontains(word, autoescape=True)
            | Cycle.title.icontains(word, autoescape=True)
            | Disclosure.index_number.icontains(word, autoescape=True)
        )
    return sorted(_views(*conditions), key=lambda view: (-view.fiscal_year, view.unit_name, -view.edition))


def published_years() -> list[int]:
    """The years of which something is public, newest first."""
    query = (
        select(Cycle.fiscal_year)
        .join(Report, Report.cycle_id == Cycle.id)
        .join(Disclosure, Disclosure.report_id == Report.id)
        .where(Disclosure.state == DisclosureState.PUBLISHED.value)
        .distinct()
        .order_by(Cycle.fiscal_year.desc())
    )
    return list(db.session.scalars(query))


def later_published(view: DisclosureView) -> DisclosureView | None:
    """The newest public edition of the same report that came after this one."""
    found = _views(
        Report.cycle_id == view.cycle_id,
        Report.edition > view.edition,
        Disclosure.state == DisclosureState.PUBLISHED.value,
    )
    return max(found, key=lambda one: one.edition) if found else None


def _views(*conditions: ColumnElement[bool]) -> list[DisclosureView]:
    query = (
        select(Disclosure, Report, Unit.name, Cycle.fiscal_year, Cycle.title)
        .join(Report, Report.id == Disclosure.report_id)
        .join(Cycle, Cycle.id == Report.cycle_id)
        .join(Unit, Unit.id == Disclosure.unit_id)
        .where(*conditions)
        .order_by(Disclosure.id)
    )
    return [
        DisclosureView(
            id=row.id,
            unit_id=row.unit_id,
            unit_name=unit,
            report_id=row.report_id,
            cycle_id=report.cycle_id,
            fiscal_year=year,
            edition=report.edition,
            title=title,
            state=DisclosureState(row.state),
            version=row.version,
            index_number=row.index_number,
            plan=row.plan,
            content_sha256=row.content_sha256,
            edition_blob=row.edition_blob,
            pdf_sha256=row.pdf_sha256,
            prepared_by=row.prepared_by,
            last_actor_id=row.last_actor_id,
            state_since=row.state_since,
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_reason=row.withdrawn_reason,
        )
        for row, report, unit, year, title in db.session.execute(query)
    ]
