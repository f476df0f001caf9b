"""Who can be reached how: mailboxes, robots, and what each person has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from perfapp import clock
from perfapp.core.channels import Channel, Mode
from perfapp.core.errors import NotFound
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import ChannelChoice, Office, Person, Robot
from perfapp.data.outbox import Contact
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class RobotView:
    """A robot as the administrator sees it; of its address only the end is shown, for it is a key."""

    id: int
    channel: Channel
    name: str
    audience: str
    office_id: int | None
    person_id: int | None
    host: str
    has_secret: bool


def of_persons(person_ids: Iterable[int], *, with_mail: bool) -> list[tuple[Contact, Mode]]:
    """Every way to these persons, with what each has chosen for it."""
    wanted = list(person_ids)
    chosen = {
        (choice.person_id, choice.channel): Mode(choice.mode)
        for choice in db.session.scalars(select(ChannelChoice).where(ChannelChoice.person_id.in_(wanted)))
    }
    found: list[Contact] = []
    if with_mail:
        boxes = select(Person.id, Person.unit_id).where(
            Person.id.in_(wanted), Person.email != "", Person.disabled_at.is_(None)
        )
        found += [Contact(row.unit_id, Channel.EMAIL, row.id) for row in db.session.execute(boxes)]
    robots = (
        select(Robot)
        .join(Person, Person.id == Robot.person_id)
        .where(Robot.person_id.in_(wanted), Robot.removed_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Robot.id)
    )
    by_channel = {(robot.person_id, robot.channel): robot for robot in db.session.scalars(robots)}
    found += [
        Contact(robot.unit_id, Channel(robot.channel), robot.person_id, robot.id) for robot in by_channel.values()
    ]
    return [(one, chosen.get((one.person_id or 0, one.channel.value), Mode.EACH)) for one in found]


def groups(unit_id: int) -> list[tuple[Contact, int | None]]:
    """The robots of the unit's groups, with the office each belongs to; None is the whole unit's."""
    query = select(Robot).where(Robot.unit_id == unit_id, Robot.person_id.is_(None), Robot.removed_at.is_(None))
    return [
        (Contact(unit_id, Channel(robot.channel), None, robot.id), robot.office_id)
        for robot in db.session.scalars(query.order_by(Robot.id))
    ]


def choose(person_id: int, channel: Channel, mode: Mode) -> None:
    insert_if_absent(ChannelChoice, person_id=person_id, channel=channel.value, mode=mode.value)
    db.session.get_one(ChannelChoice, (person_id, channel.value)).mode = mode.value
    db.session.flush()


def robots(unit_id: int) -> list[RobotView]:
    query = (
        select(Robot, Office.name, Person.name)
        .outerjoin(Office, Office.id == Robot.office_id)
        .outerjoin(Person, Person.id == Robot.person_id)
        .where(Robot.unit_id == unit_id, Robot.removed_at.is_(None))
        .order_by(Robot.id)
    )
    return [
        RobotView(
            id=robot.id,
            channel=Channel(robot.channel),
            name=robot.name,
            audience=f"{person}本人" if person else office or "全单位",
            office_id=robot.office_id,
            person_id=robot.person_id,
            host=robot.address.split("/")[2],
            has_secret=bool(robot.secret),
        )
        for robot, office, person in db.session.execute(query)
    ]


def add_robot(
    unit_id: int,
    channel: Channel,
    *,
    name: str,
    address: str,
    secret: str,
    office_id: int | None,
    person_id: int | None,
    added_by: int,
) -> int:
    row = Robot(
        unit_id=unit_id,
        channel=channel.value,
        name=name,
        address=address,
        secret=secret,
        office_id=office_id,
        person_id=person_id,
        added_by=added_by,
        added_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def robot(unit_id: int, robot_id: int) -> RobotView:
    """A robot of this unit that is in use; any other is not there."""
    for found in robots(unit_id):
        if found.id == robot_id:
            return found
    raise NotFound("没有找到这个机器人。")


def remove_robot(robot_id: int) -> None:
    db.session.get_one(Robot, robot_id).removed_at = clock.now()
    db.session.flush()
