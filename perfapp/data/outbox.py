"""The outbox: put in with what it tells of, begun before it is sent, ended by what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from perfapp import clock
from perfapp.core.channels import Channel, Outcome
from perfapp.core.errors import NotFound
from perfapp.data import jobs
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Outgoing, Person, Robot
from perfapp.extensions import db

JOB = "message"
DIGEST = "digest"
STUCK = timedelta(hours=1)
BROKEN_OFF = "发送途中程序中断：可能已经发出，也可能没有。为免重复，不再自动发送。"


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to one recipient: a person's mailbox or robot, or the robot of an office or of the unit."""

    unit_id: int
    channel: Channel
    person_id: int | None = None
    robot_id: int | None = None

    @property
    def recipient(self) -> str:
        return f"person:{self.person_id}" if self.person_id else f"robot:{self.robot_id}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message in our hands, with where it goes now; `email` and `robot` are None where that is gone."""

    id: int
    attempt: int
    resent: int
    channel: Channel
    subject: str
    body: str
    path: str
    email: str | None
    robot: tuple[str, str] | None  # address, secret


@dataclass(frozen=True, slots=True)
class OutgoingView:
    id: int
    channel: Channel
    to: str
    subject: str
    state: Outcome
    attempt: int
    resent: int
    error: str
    asked_at: datetime
    ended_at: datetime | None


def put(contact: Contact, *, occasion: str, day: date, subject: str, body: str, path: str) -> None:
    """Write the message, in the open transaction; one that is there already is left as it is."""
    key = {"occasion": occasion, "recipient": contact.recipient, "channel": contact.channel.value, "day": day}
    insert_if_absent(
        Outgoing,
        **key,
        unit_id=contact.unit_id,
        person_id=contact.person_id,
        robot_id=contact.robot_id,
        subject=subject[:200],
        body=body,
        path=path,
        state=Outcome.WAITING.value,
        attempt=0,
        resent=0,
        error="",
        asked_at=clock.now(),
    )
    row_id = db.session.scalars(select(Outgoing.id).filter_by(**key)).one()
    jobs.ask(JOB, _key(row_id), {"outgoing_id": row_id}, unit_id=contact.unit_id)


def begin(outgoing_id: int) -> Parcel | None:
    """Take the message, and record that before it is sent; None when there is nothing to send.

    One that was begun before and never ended was broken off between the two: nobody knows whether it went out.
    """
    row = db.session.scalar(select(Outgoing).where(Outgoing.id == outgoing_id).with_for_update())
    if row is None or row.state not in {Outcome.WAITING, Outcome.SENDING}:
        return None
    if row.state == Outcome.SENDING:
        row.state, row.error, row.ended_at = Outcome.UNKNOWN.value, BROKEN_OFF, clock.now()
        db.session.flush()
        return None
    row.state, row.attempt, row.begun_at = Outcome.SENDING.value, row.attempt + 1, clock.now()
    db.session.flush()
    person = db.session.get(Person, row.person_id) if row.person_id else None
    robot = db.session.get(Robot, row.robot_id) if row.robot_id else None
    stands = person is None or person.disabled_at is None
    return Parcel(
        id=row.id,
        attempt=row.attempt,
        resent=row.resent,
        channel=Channel(row.channel),
        subject=row.subject,
        body=row.body,
        path=row.path,
        email=(person.email or None) if person and stands and row.robot_id is None else None,
        robot=(robot.address, robot.secret) if robot and stands and robot.removed_at is None else None,
    )


def end(parcel: Parcel, outcome: Outcome, error: str = "") -> None:
    """Record what became of this attempt; a later one is left alone."""
    row = db.session.scalar(select(Outgoing).where(Outgoing.id == parcel.id).with_for_update())
    if row is None or row.attempt != parcel.attempt or row.state not in {Outcome.SENDING, Outcome.UNKNOWN}:
        return
    row.state, row.error = outcome.value, error
    row.ended_at = None if outcome is Outcome.WAITING else clock.now()
    db.session.flush()


def send_again(unit_id: int, outgoing_id: int) -> OutgoingView:
    """Put a message that failed, or of which nothing is known, back in the queue; NotFound for any other."""
    found = _views(Outgoing.id == outgoing_id, Outgoing.unit_id == unit_id, _troubled())
    if not found:
        raise NotFound("没有找到这条消息，或者它已经发出，不需要重发。")
    row = db.session.get_one(Outgoing, outgoing_id, with_for_update=True)
    row.state, row.resent, row.error, row.ended_at = Outcome.WAITING.value, row.resent + 1, "", None
    db.session.flush()
    jobs.ask(JOB, _key(row.id), {"outgoing_id": row.id}, unit_id=unit_id, anew=True)
    return found[0]


def troubled(unit_id: int, limit: int = 100) -> list[OutgoingView]:
    """What failed, what may or may not have arrived, and what waits much too long; the latest first."""
    return _views(Outgoing.unit_id == unit_id, _troubled(), limit=limit)


def recent(unit_id: int, limit: int = 20) -> list[OutgoingView]:
    """The latest messages that are not in trouble."""
    return _views(Outgoing.unit_id == unit_id, ~_troubled(), limit=limit)


def counts(unit_id: int, since: date) -> dict[Channel, dict[Outcome, int]]:
    """How many messages of each channel stand where, from a day on."""
    query = (
        select(Outgoing.channel, Outgoing.state, func.count())
        .where(Outgoing.unit_id == unit_id, Outgoing.day >= since)
        .group_by(Outgoing.channel, Outgoing.state)
    )
    found: dict[Channel, dict[Outcome, int]] = {}
    for channel, state, count in db.session.execute(query):
        found.setdefault(Channel(channel), {})[Outcome(state)] = count
    return found


def last_digest(contacts: Iterable[Contact]) -> dict[tuple[str, Channel], datetime]:
    """When each was last sent a digest."""
    recipients = [contact.recipient for contact in contacts]
    query = (
        select(Outgoing.recipient, Outgoing.channel, func.max(Outgoing.asked_at).label("at"))
        .where(Outgoing.recipient.in_(recipients), Outgoing.occasion == DIGEST)
        .group_by(Outgoing.recipient, Outgoing.channel)
    )
    return {(row.recipient, Channel(row.channel)): row.at for row in db.session.execute(query)}


def _troubled() -> ColumnElement[bool]:
    late = and_(Outgoing.state.in_((Outcome.WAITING, Outcome.SENDING)), Outgoing.asked_at < clock.now() - STUCK)
    return or_(Outgoing.state.in_((Outcome.FAILED, Outcome.UNKNOWN)), late)


def _key(outgoing_id: int) -> str:
    return f"outgoing:{outgoing_id}"


def _views(*conditions: ColumnElement[bool], limit: int = 1) -> list[OutgoingView]:
    query = (
        select(Outgoing, Person.name, Robot.name)
        .outerjoin(Person, Person.id == Outgoing.person_id)
        .outerjoin(Robot, Robot.id == Outgoing.robot_id)
        .where(*conditions)
        .order_by(Outgoing.id.desc())
        .limit(limit)
    )
    return [
        OutgoingView(
            id=row.id,
            channel=Channel(row.channel),
            to=person or f"群机器人“{robot}”",
            subject=row.subject,
            state=Outcome(row.state),
            attempt=row.attempt,
            resent=row.resent,
            error=row.error,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
        )
        for row, person, robot in db.session.execute(query)
    ]
