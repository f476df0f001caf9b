"""Looking back in mid-year: checkpoints of a cycle, and what the offices answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.checkpoints import Outlook, Period
from perfapp.data.models.declarative import Table, one_of


class Checkpoint(Table):
    """One look back (一季度、半年、三季度) on a year's indicators."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        UniqueConstraint("cycle_id", "period"),
        CheckConstraint(one_of("period", Period), name="period"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    period: Mapped[str] = mapped_column(String(10))
    due_on: Mapped[date]
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]


class CheckpointAnswer(Table):
    """What an office says of one indicator. The highest number is the present one; earlier ones stay."""

    __tablename__ = "checkpoint_answer"
    __table_args__ = (
        UniqueConstraint("checkpoint_id", "indicator_key", "number"),
        CheckConstraint(f"outlook IS NULL OR {one_of('outlook', Outlook)}", name="outlook"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"))
    indicator_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    so_far: Mapped[str] = mapped_column(Text, default="")
    outlook: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    measure: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]


class CheckpointOffice(Table):
    """An office that is asked; handed in once somebody of it has said so."""

    __tablename__ = "checkpoint_office"
    __table_args__ = (CheckConstraint("(handed_in_by IS NULL) = (handed_in_at IS NULL)", name="handed_in_whole"),)
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    handed_in_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_in_at: Mapped[datetime | None]
