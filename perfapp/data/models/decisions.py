"""How steps are taken jointly, who was brought to one, and who stands in for whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.joint import Kind, Mode
from perfapp.data.models.declarative import Json, Table, one_of


class StepRule(Table):
    """Of a cycle: how many of those who are asked must agree in one step; a step without a row has its usual rule."""

    __tablename__ = "step_rule"
    __table_args__ = (
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint("least >= 1", name="least"),
    )
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(30), primary_key=True)  # section.endorse, report.endorse …
    mode: Mapped[str] = mapped_column(String(10))
    least: Mapped[int] = mapped_column(default=1)


class Referral(Table):
    """加签 or 转办, for one step and exactly the content that was there; kept when it is over."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("(section_id IS NULL) <> (report_id IS NULL)", name="one_subject"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint("by_id <> to_id", name="two_persons"),
        Index("ix_referral_section_id", "section_id"),
        Index("ix_referral_report_id", "report_id"),
        Index("ix_referral_to_id", "to_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    step: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    round: Mapped[int]  # the section's; 0 for a report
    covers_sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Delegation(Table):
    """代理: from one day to another somebody may take some steps for somebody else."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="two_persons"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        Index("ix_delegation_from_id", "from_id"),
        Index("ix_delegation_to_id", "to_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    steps: Mapped[list[str]] = mapped_column(Json)
    office_id: Mapped[int | None] = mapped_column(
        ForeignKey("office.id")
    )  # None: wherever the principal holds the post
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
