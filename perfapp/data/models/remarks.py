"""Remarks on a section's text with what was said and done about them, and the texts a report ever had."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct, RemarkState, Side
from perfapp.data.models.declarative import Table, one_of


class Remark(Table):
    """批注 or 修改建议. `block` to `end_at` are where its words stand in the stored text, all empty where they went."""

    __tablename__ = "remark"
    __table_args__ = (
        CheckConstraint(one_of("deed", Deed), name="deed"),
        CheckConstraint(one_of("audience", Audience), name="audience"),
        CheckConstraint(one_of("state", RemarkState), name="state"),
        CheckConstraint(one_of("said_last", Side), name="said_last"),
        CheckConstraint("deed = 'comment' OR audience = 'everybody'", name="proposal_for_everybody"),
        Index("ix_remark_section_id_state", "section_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    deed: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    quoted: Mapped[str] = mapped_column(Text)  # what it was made about; empty: the section as a whole
    replacement: Mapped[str] = mapped_column(Text, default="")
    made_at_version: Mapped[int]
    block: Mapped[int | None]
    row: Mapped[int | None]
    start_at: Mapped[int | None]
    end_at: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), default=RemarkState.OPEN.value)
    said_last: Mapped[str] = mapped_column(String(20))


class RemarkStep(Table):
    """What was said or done about a remark, append-only."""

    __tablename__ = "remark_step"
    __table_args__ = (
        CheckConstraint(one_of("act", RemarkAct), name="act"),
        Index("ix_remark_step_remark_id", "remark_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("remark.id"))
    act: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ReportVersion(Table):
    """A content the report was frozen with, append-only: what can be compared, whatever is frozen later."""

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("report_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    snapshot_blob: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
