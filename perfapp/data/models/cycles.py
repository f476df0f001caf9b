"""Cycles, their sections, the sections' versions, pictures and evidence."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.section_flow import SectionState
from perfapp.core.words import STAGES
from perfapp.data.models.declarative import Json, Table, one_of


class Cycle(Table):
    """年度编报任务: one unit, one fiscal year."""

    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("unit_id", "fiscal_year"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fiscal_year: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    period_from: Mapped[date]
    period_to: Mapped[date]
    notice_number: Mapped[str] = mapped_column(String(100), default="")  # 依据文号
    notice_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    notice_filename: Mapped[str] = mapped_column(String(200), default="")
    form_key: Mapped[str] = mapped_column(String(60))
    form_version: Mapped[int]
    form_sha256: Mapped[str] = mapped_column(String(64))
    form: Mapped[dict[str, Any]] = mapped_column(Json)  # the form as it was when the cycle was opened
    remind_before: Mapped[int] = mapped_column(default=3)  # working days
    escalate_after: Mapped[int | None] = mapped_column(default=3)  # working days; None: superiors are not told
    version: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    same_person_once: Mapped[bool] = mapped_column(default=False, server_default=false())
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class StageDate(Table):
    """The day by which a stage of the cycle is due."""

    __tablename__ = "stage_date"
    __table_args__ = (CheckConstraint(one_of("stage", STAGES), name="stage"),)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    due_on: Mapped[date]
    after_days: Mapped[int | None]  # so many working days after the stage before, where it was given so


class Section(Table):
    """A heading of the outline. One with `has_text` is written, reviewed and approved; the others only group."""

    __tablename__ = "section"
    __table_args__ = (
        CheckConstraint(one_of("state", SectionState), name="state"),
        CheckConstraint("state = 'not_started' OR last_author_id IS NOT NULL", name="started_has_author"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        UniqueConstraint("cycle_id", "key"),
        Index("ix_section_owner_office_id", "owner_office_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    level: Mapped[int]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    run_in: Mapped[bool] = mapped_column(default=False)
    has_text: Mapped[bool] = mapped_column(default=True)
    holds_money: Mapped[bool] = mapped_column(default=False)
    is_required: Mapped[bool] = mapped_column(default=True)
    takes_items: Mapped[bool] = mapped_column(default=False)  # the editor may add items below it
    guidance: Mapped[str] = mapped_column(Text, default="")
    owner_office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    state: Mapped[str] = mapped_column(String(20), default=SectionState.NOT_STARTED.value)
    direct_to: Mapped[str | None] = mapped_column(String(20))
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0, server_default="0")  # how often it has been handed in
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    absent_reason: Mapped[str | None] = mapped_column(Text)  # 不适用, with its reason
    content_sha256: Mapped[str] = mapped_column(String(64))
    character_count: Mapped[int] = mapped_column(default=0)
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime | None]
    state_since: Mapped[datetime]
    removed_at: Mapped[datetime | None]  # taken out of the outline; kept, because the log tells of it


class SectionVersion(Table):
    """Every text a section ever had, append-only. `kind` tells milestones from autosaves."""

    __tablename__ = "section_version"
    __table_args__ = (
        CheckConstraint(
            one_of("kind", ("autosave", "submitted", "named", "restored", "imported", "merged")), name="kind"
        ),
        UniqueConstraint("section_id", "number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    number: Mapped[int]  # the section's version this text was saved as
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(100), default="")
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    content_sha256: Mapped[str] = mapped_column(String(64))
    character_count: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class SectionPicture(Table):
    """A picture that belongs to a section: who may read the section may see it."""

    __tablename__ = "section_picture"
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), primary_key=True)


class Evidence(Table):
    """佐证材料: a file that stands behind a section."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_section_id", "section_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    filename: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]


class Blob(Table):
    """A file of the content-addressed store."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    stored_at: Mapped[datetime]
