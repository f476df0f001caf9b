"""Report editions: read, lock, write. No rules here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from perfapp import clock
from perfapp.core.errors import NotFound
from perfapp.core.flow import Decision
from perfapp.core.permissions import Actor, Permission
from perfapp.core.report_flow import ReportAction, ReportState
from perfapp.data.models import Cycle, Report, Unit
from perfapp.extensions import db

SIGNED_STATES = frozenset({ReportState.SEALED, ReportState.DELIVERED, ReportState.VOIDED})


@dataclass(frozen=True, slots=True)
class ReportView:
    id: int
    cycle_id: int
    unit_id: int
    unit_name: str
    fiscal_year: int
    title: str
    edition: int
    state: ReportState
    direct_to: ReportState | None
    returned_by: int | None
    version: int
    dated_on: date | None
    snapshot_sha256: str | None
    snapshot_blob: str | None
    docx_sha256: str | None
    pdf_sha256: str | None
    compiled_sha256: str | None
    issued_sha256: str | None
    sealed_sha256: str | None
    verify_code: str | None
    is_on_paper: bool
    void_reason: str | None
    replaces_id: int | None
    replaces_reason: str
    last_actor_id: int | None
    state_since: datetime

    @property
    def is_compiled(self) -> bool:
        """DOCX and PDF of exactly the present snapshot are stored."""
        return self.snapshot_sha256 is not None and self.compiled_sha256 == self.snapshot_sha256

    @property
    def is_sealed(self) -> bool:
        return self.sealed_sha256 is not None

    @property
    def edition_name(self) -> str:
        return f"第{self.edition}版"


def visible(actor: Actor, report_id: int) -> ReportView:
    """The report if the actor may read it: drafts for those who read reports, sealed ones for all who may."""
    conditions = [Report.id == report_id, Report.unit_id == actor.unit_id]
    if not actor.may(Permission.READ_REPORT):
        if not actor.may(Permission.READ_SEALED):
            raise NotFound("没有找到这份报告。")
        conditions.append(Report.sealed_sha256.is_not(None))
    found = _views(*conditions)
    if not found:
        raise NotFound("没有找到这份报告。")
    return found[0]


def get(report_id: int) -> ReportView:
    found = _views(Report.id == report_id)
    if not found:
        raise NotFound("没有找到这份报告。")
    return found[0]


def by_id(report_ids: Iterable[int]) -> dict[int, ReportView]:
    """The reports of these ids in one query."""
    return {view.id: view for view in _views(Report.id.in_(list(report_ids)))}


def readable(actor: Actor) -> list[ReportView]:
    """Every edition of the unit that the actor may read, newest year and edition first."""
    if not actor.may(Permission.READ_REPORT) and not actor.may(Permission.READ_SEALED):
        return []
    conditions = [Report.unit_id == actor.unit_id]
    if not actor.may(Permission.READ_REPORT):
        conditions.append(Report.sealed_sha256.is_not(None))
    return sorted(_views(*conditions), key=lambda view: (-view.fiscal_year, -view.cycle_id, -view.edition))


def current(cycle_id: int) -> ReportView:
    """The latest edition of the cycle's report."""
    return editions(cycle_id)[0]


def currents(cycle_ids: list[int]) -> dict[int, ReportView]:
    """The latest edition of each cycle in one query."""
    latest: dict[int, ReportView] = {}
    for view in _views(Report.cycle_id.in_(cycle_ids)):
        latest.setdefault(view.cycle_id, view)
    return latest


def editions(cycle_id: int) -> list[ReportView]:
    """Every edition of the cycle's report, newest first."""
    return _views(Report.cycle_id == cycle_id)


def lock_current(cycle_id: int, unit_id: int) -> ReportView:
    """The cycle's latest edition, locked until the transaction ends: the first lock of every act on a cycle."""
    latest = select(func.max(Report.edition)).where(Report.cycle_id == cycle_id).scalar_subquery()
    return _locked(Report.cycle_id == cycle_id, Report.edition == latest, Report.unit_id == unit_id)


def lock(report_id: int, unit_id: int) -> ReportView:
    return _locked(Report.id == report_id, Report.unit_id == unit_id)


def add(cycle_id: int, unit_id: int, edition: int, *, replaces_id: int | None = None, reason: str = "") -> int:
    row = Report(
        cycle_id=cycle_id,
        unit_id=unit_id,
        edition=edition,
        replaces_id=replaces_id,
        replaces_reason=reason,
        state_since=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def write(report_id: int, **values: Any) -> None:
    """Write columns of the report without a change of state."""
    row = db.session.get_one(Report, report_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def write_state(
    report_id: int, decision: Decision[ReportState, ReportAction], *, actor_id: int | None, **values: Any
) -> int:
    """Store the new state together with the columns that belong to it; returns the new version number."""
    row = db.session.get_one(Report, report_id)
    if decision.new is not decision.old:
        row.state_since = clock.now()
    row.state = decision.new.value
    row.last_actor_id = actor_id
    row.version += 1
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    return row.version


def replace_sealed(report_id: int, sealed_sha256: str) -> None:
    """The file with the superior's seal takes the place of the one without."""
    row = db.session.get_one(Report, report_id)
    row.sealed_sha256 = sealed_sha256
    row.version += 1
    db.session.flush()


def successor(report_id: int) -> ReportView | None:
    """The edition that replaces this one."""
    found = _views(Report.replaces_id == report_id)
    return found[0] if found else None


def sealed_with_code(code: str) -> ReportView | None:
    """The sealed report that bears this code; one that is not sealed yet is not there."""
    found = _views(Report.verify_code == code, Report.sealed_sha256.is_not(None))
    return found[0] if found else None


def successors(report_ids: Iterable[int]) -> dict[int, int]:
    """The numbers of the editions that replace these, by report, in one query."""
    query = select(Report.replaces_id, Report.edition).where(Report.replaces_id.in_(list(report_ids)))
    return {replaced: edition for replaced, edition in db.session.execute(query) if replaced is not None}


def with_sealed_bytes(sha256: str) -> ReportView | None:
    """The report whose filed sealed original has this digest."""
    found = _views(Report.sealed_sha256 == sha256)
    return found[0] if found else None


def _locked(*conditions: ColumnElement[bool]) -> ReportView:
    row = db.session.scalar(select(Report).where(*conditions).with_for_update(key_share=True))
    if row is None:
        raise NotFound("没有找到这份报告。")
    db.session.refresh(row)
    return get(row.id)


def _views(*conditions: ColumnElement[bool]) -> list[ReportView]:
    query = (
        select(Report, Unit.name, Cycle.fiscal_year, Cycle.title)
        .join(Unit, Unit.id == Report.unit_id)
        .join(Cycle, Cycle.id == Report.cycle_id)
        .where(*conditions)
        .order_by(Report.cycle_id, Report.edition.desc())
    )
    return [
        ReportView(
            id=r.id,
            cycle_id=r.cycle_id,
            unit_id=r.unit_id,
            unit_name=unit_name,
            fiscal_year=fiscal_year,
            title=title,
            edition=r.edition,
            state=ReportState(r.state),
            direct_to=ReportState(r.direct_to) if r.direct_to else None,
            returned_by=r.returned_by,
            version=r.version,
            dated_on=r.dated_on,
            snapshot_sha256=r.snapshot_sha256,
            snapshot_blob=r.snapshot_blob,
            docx_sha256=r.docx_sha256,
            pdf_sha256=r.pdf_sha256,
            compiled_sha256=r.compiled_sha256,
            issued_sha256=r.issued_sha256,
            sealed_sha256=r.sealed_sha256,
            verify_code=r.verify_code,
            is_on_paper=r.is_on_paper,
            void_reason=r.void_reason,
            replaces_id=r.replaces_id,
            replaces_reason=r.replaces_reason,
            last_actor_id=r.last_actor_id,
            state_since=r.state_since,
        )
        for r, unit_name, fiscal_year, title in db.session.execute(query)
    ]
