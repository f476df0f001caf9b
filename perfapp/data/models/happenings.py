"""What happened (events), who is told (notices), who has looked, and work to be done (jobs)."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.data.models.declarative import Json, Table, one_of


class Event(Table):
    """Append-only: one row per change of state or other act, in the transaction that made it."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_section_id", "section_id"),
        Index("ix_event_report_id", "report_id"),
        Index("ix_event_cycle_id_at", "cycle_id", "at"),
        Index("ix_event_unit_id_at", "unit_id", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the system
    action: Mapped[str] = mapped_column(String(40))
    old_state: Mapped[str] = mapped_column(String(20), default="")
    new_state: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    content_sha256: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Notice(Table):
    """A message to one person, written in the same transaction as what it tells of."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    is_task: Mapped[bool] = mapped_column(default=False)  # it is this person's turn
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Look(Table):
    """What a person last saw of a report: the digest of each section, so that changes since can be shown."""

    __tablename__ = "look"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    seen: Mapped[dict[str, Any]] = mapped_column(Json)  # section id -> [version number, digest]
    at: Mapped[datetime]


class Job(Table):
    """Work to be done after this commit; a broker message is only a hint that this row exists."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("kind", "key"),
        CheckConstraint(one_of("state", ("queued", "running", "done", "failed")), name="state"),
        Index(
            "ix_job_due",
            "run_after",
            postgresql_where=text("state IN ('queued', 'running')"),
            sqlite_where=text("state IN ('queued', 'running')"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempt: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0, server_default="0")  # attempts that ended with no word, worker and all
    progress: Mapped[int] = mapped_column(default=0)  # percent
    step: Mapped[str] = mapped_column(String(100), default="")  # what is being done, in words
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
