"""Messages on their way out: the outbox, the robots they go through, and what each person wants."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.channels import ROBOTS, Channel, Mode, Outcome
from perfapp.data.models.declarative import Table, one_of


class Robot(Table):
    """群机器人: of the whole unit, of an office, or of one person. Kept when taken away: the outbox names it."""

    __tablename__ = "robot"
    __table_args__ = (
        CheckConstraint(one_of("channel", ROBOTS), name="channel"),
        CheckConstraint("office_id IS NULL OR person_id IS NULL", name="one_audience"),
        Index("ix_robot_unit_id", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class ChannelChoice(Table):
    """How a person wants to be told on a channel; without a row each message comes as it happens."""

    __tablename__ = "channel_choice"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    mode: Mapped[str] = mapped_column(String(10))


class Outgoing(Table):
    """The outbox: one row for one message to one recipient on one channel and day, written with its occasion."""

    __tablename__ = "outgoing"
    __table_args__ = (
        UniqueConstraint("occasion", "recipient", "channel", "day"),
        CheckConstraint(one_of("state", Outcome), name="state"),
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("person_id IS NOT NULL OR robot_id IS NOT NULL", name="recipient"),
        Index("ix_outgoing_unit_id_state", "unit_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    occasion: Mapped[str] = mapped_column(String(40))  # event:12, digest
    recipient: Mapped[str] = mapped_column(String(40))  # person:5, robot:3
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    robot_id: Mapped[int | None] = mapped_column(ForeignKey("robot.id"))
    channel: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    attempt: Mapped[int] = mapped_column(default=0)
    resent: Mapped[int] = mapped_column(default=0)  # how often an administrator sent it again
    error: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
