"""How people are told outside the system: robots, each person's choice, and messages that did not arrive."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfapp import clock
from perfapp.core.channels import CHANNELS, MODES, ROBOTS, Channel, Mode, Outcome, checked_address
from perfapp.core.errors import Forbidden, Invalid
from perfapp.core.permissions import Actor, Permission
from perfapp.data import channels, events, outbox, people, surroundings
from perfapp.data.channels import RobotView
from perfapp.data.outbox import Contact
from perfapp.data.session import transaction


@dataclass(frozen=True, slots=True)
class NewRobot:
    """What the administrator says of a robot; neither office nor person is the whole unit's group."""

    channel: Channel
    name: str
    address: str
    secret: str = ""
    office_id: int | None = None
    person_id: int | None = None


def own(actor: Actor) -> list[tuple[Channel, Mode]]:
    """The channels on which this person can be reached, with what he has chosen."""
    with_mail = surroundings.settings().smtp_url is not None
    return [(contact.channel, mode) for contact, mode in channels.of_persons([actor.id], with_mail=with_mail)]


def choose(actor: Actor, wanted: Iterable[tuple[Channel, Mode]]) -> None:
    """Keep how the person wants to be told; what is in the outbox already goes as it was written."""
    known = dict(own(actor))
    changed = [(channel, mode) for channel, mode in wanted if known.get(channel, mode) is not mode]
    if not changed:
        return
    with transaction():
        for channel, mode in changed:
            channels.choose(actor.id, channel, mode)
        said = "；".join(f"{CHANNELS[channel]}{MODES[mode]}" for channel, mode in changed)
        _record(actor, "choose_channel", said)


def add_robot(actor: Actor, new: NewRobot) -> int:
    """Register a robot; its address must be the platform's own or a listed gateway's."""
    _demand(actor)
    name = " ".join(new.name.split())
    if not 1 <= len(name) <= 60:
        raise Invalid("请填写名称，最多 60 字，例如“办公室工作群”。", field="name")
    if new.channel not in ROBOTS:
        raise Invalid("请选择平台。", field="channel")
    if new.channel is Channel.WECOM and new.secret.strip():
        raise Invalid("企业微信的机器人没有签名密钥，请把这一格清空。", field="secret")
    address = checked_address(new.channel, new.address, surroundings.settings().webhook_hosts)
    _check_audience(actor, new)
    with transaction():
        robot_id = channels.add_robot(
            actor.unit_id,
            new.channel,
            name=name,
            address=address,
            secret=new.secret.strip(),
            office_id=new.office_id,
            person_id=new.person_id,
            added_by=actor.id,
        )
        _record(actor, "add_robot", f"{name}，{CHANNELS[new.channel]}")
    return robot_id


def remove_robot(actor: Actor, robot_id: int) -> RobotView:
    """Take the robot out of use; what still waits for it is dropped when its turn comes."""
    _demand(actor)
    with transaction():
        robot = channels.robot(actor.unit_id, robot_id)
        channels.remove_robot(robot_id)
        _record(actor, "remove_robot", robot.name)
    return robot


def try_robot(actor: Actor, robot_id: int) -> None:
    """Put a trial message into the outbox, for the administrator to see whether it arrives."""
    _demand(actor)
    with transaction():
        robot = channels.robot(actor.unit_id, robot_id)
        event_id = _record(actor, "try_robot", robot.name)
        outbox.put(
            Contact(actor.unit_id, robot.channel, None, robot.id),
            occasion=f"event:{event_id}",
            day=clock.today(),
            subject="测试消息",
            body=f"收到这条消息，说明“{robot.name}”已经接通。",
            path="/",
        )


def send_again(actor: Actor, outgoing_id: int) -> Outcome:
    """重发: returns how the message stood; one of which nothing is known may arrive twice, marked as 重发."""
    _demand(actor)
    with transaction():
        message = outbox.send_again(actor.unit_id, outgoing_id)
        _record(actor, "resend", message.subject)
    return message.state


def _check_audience(actor: Actor, new: NewRobot) -> None:
    if new.office_id is not None and new.person_id is not None:
        raise Invalid("科室和个人只选一个。", field="person_id")
    if new.office_id is not None and new.office_id not in {office.id for office in people.offices(actor.unit_id)}:
        raise Invalid("请选择本单位在用的科室。", field="office_id")
    if new.person_id is not None:
        person = people.person(new.person_id)
        if person is None or person.unit_id != actor.unit_id or person.disabled_at is not None:
            raise Invalid("请选择本单位在用的人员。", field="person_id")


def _demand(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_PEOPLE):
        raise Forbidden("消息渠道由系统管理员维护。")


def _record(actor: Actor, action: str, what: str) -> int:
    return events.record(action, actor_id=actor.id, unit_id=actor.unit_id, details={"fact": what})
