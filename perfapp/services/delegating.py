"""代理: lending steps to somebody for some days, and acting for whoever lent them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from perfapp import clock
from perfapp.core import delegation
from perfapp.core.chinese import long_date
from perfapp.core.delegation import STEPS
from perfapp.core.errors import Conflict, Forbidden, Invalid
from perfapp.core.permissions import ADMIN_ROLES, GRANTS, Actor, Permission
from perfapp.data import board, delegations, events, people
from perfapp.data.delegations import DelegationView
from perfapp.data.people import OfficeView, PersonBrief
from perfapp.data.session import transaction
from perfapp.services import telling

LONGEST = 366
ENDED = "这项代理没有生效或已经结束，请以自己的名义办理，或联系委托人。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is lent, to whom, from when to when."""

    to_id: int
    steps: tuple[Permission, ...]
    starts_on: date
    ends_on: date
    office_id: int | None = None
    reason: str = ""


def delegate(actor: Actor, wish: Wish) -> int:
    """Lend steps of one's own. Nobody lends on what was lent to him, and nobody lends the seal."""
    _check_dates(wish)
    steps = tuple(step for step in lendable(actor) if step in wish.steps)
    if not steps or set(steps) != set(wish.steps):
        raise Invalid("请选您自己承担的步骤；用印不能代理。", field="steps")
    if wish.office_id is not None and wish.office_id not in {office.id for office in own_offices(actor)}:
        raise Invalid("请选您任职的科室。", field="office_id")
    with transaction():
        people.lock_unit(actor.unit_id)
        taker = next((brief for brief in candidates(actor, steps, wish.office_id) if brief.id == wish.to_id), None)
        if taker is None:
            raise Invalid("这位人员不能代办所选的步骤：他看不到这些内容，或者职责不合适。请另选一位。", field="to_id")
        _refuse_chain(actor, wish, steps)
        new_id = delegations.add(
            actor.unit_id,
            from_id=actor.id,
            to_id=wish.to_id,
            steps=steps,
            office_id=wish.office_id,
            starts_on=wish.starts_on,
            ends_on=wish.ends_on,
            reason=wish.reason.strip(),
            made_by=actor.id,
        )
        made = delegations.get(actor.unit_id, new_id)
        days = f"{long_date(made.starts_on)}至{long_date(made.ends_on)}"
        event_id = _record(actor, "delegate", made, reason=wish.reason, role=f"{made.spoken_steps}（{days}）")
        body = f"{actor.name}委托您在{days}代理：{made.spoken_steps}。办理时记两个人的名字；用印不在其内。"
        telling.of_person(event_id, made.to_id, by=actor, subject=f"{actor.name}委托您代理", body=body)
    return new_id


def end(actor: Actor, delegation_id: int) -> None:
    """End it from now on: by whoever lent, by whoever took it, or by who grants posts."""
    found = delegations.get(actor.unit_id, delegation_id)
    if actor.id not in {found.from_id, found.to_id} and not actor.may(Permission.GRANT):
        raise Forbidden("只有委托人、代理人和安全管理员可以结束代理。")
    with transaction():
        people.lock_unit(actor.unit_id)
        if delegations.get(actor.unit_id, delegation_id).ended_at is not None:
            raise Conflict("这项代理已经结束。")
        delegations.end(delegation_id, actor.id)
        event_id = _record(actor, "end_delegation", found)
        for person_id in {found.from_id, found.to_id} - {actor.id}:
            subject = f"{found.to_name}代理{found.from_name}已结束"
            telling.of_person(event_id, person_id, by=actor, subject=subject, body=f"代理的是：{found.spoken_steps}。")


def capacities(actor: Actor) -> tuple[Actor, ...]:
    """The person himself, then as he stands in for others today: read anew each time a page is opened."""
    scopes: dict[int, list[delegation.Scope]] = {}
    for one in delegations.to_person(actor.id, clock.today()):
        scopes.setdefault(one.from_id, []).append(one.scope)
    found = [actor]
    for principal_id, lent in scopes.items():
        principal = people.actor(principal_id, clock.today())
        acting = delegation.acting_for(actor, principal, lent) if principal else None
        found += [acting] if acting else []
    return tuple(found)


def acting(actor: Actor, principal_id: int | None) -> Actor:
    """The person himself, or as he acts for the principal; Forbidden where nothing is lent to him today."""
    if principal_id is None:
        return actor
    for one in capacities(actor):
        if one.principal is not None and one.principal.id == principal_id:
            return one
    raise Forbidden(ENDED)


def demand_standing(actor: Actor) -> None:
    """In the transaction of a delegate's act: what was lent when the page was opened is still lent."""
    if actor.principal is None:
        return
    lent = delegations.to_person(actor.id, clock.today())
    if all(one.from_id != actor.principal.id for one in lent):
        raise Forbidden(ENDED)


def lendable(actor: Actor) -> tuple[Permission, ...]:
    """The steps that the person has by his own posts."""
    return tuple(step for step in STEPS if actor.may(step))


def own_offices(actor: Actor) -> tuple[OfficeView, ...]:
    """The offices that he heads."""
    ids = {post.office_id for post in actor.posts if Permission.REVIEW in GRANTS[post.role]}
    return tuple(office for office in people.offices(actor.unit_id) if office.id in ids)


def candidates(actor: Actor, steps: Iterable[Permission], office_id: int | None = None) -> tuple[PersonBrief, ...]:
    """Who may take all the steps for him; last whoever writes, for he cannot decide on what he wrote."""
    offices = [office_id] if office_id is not None else [office.id for office in own_offices(actor)]
    wanted = tuple(steps)
    staff = board.staff([actor.unit_id], clock.today())[actor.unit_id]
    found = [
        person
        for person in staff.actors
        if person.id != actor.id
        and not person.roles & ADMIN_ROLES
        and all(delegation.may_take(person, step, offices) for step in wanted)
    ]
    return tuple(staff.briefs[one.id] for one in sorted(found, key=lambda one: one.may(Permission.WRITE)))


def _check_dates(wish: Wish) -> None:
    if wish.ends_on < wish.starts_on:
        raise Invalid("结束日期早于开始日期，请调整。", field="ends_on")
    if wish.ends_on < clock.today():
        raise Invalid("结束日期已经过去，请调整。", field="ends_on")
    if (wish.ends_on - wish.starts_on).days > LONGEST:
        raise Invalid("一次代理最长一年；长期不在岗的，请安全管理员移交工作。", field="ends_on")


def _refuse_chain(actor: Actor, wish: Wish, steps: Iterable[Permission]) -> None:
    """Whoever lends his own steps in these days takes no others' of the kind; and nothing is lent twice."""
    wanted = set(steps)
    for one in delegations.standing(wish.to_id, clock.today()):
        if one.from_id == wish.to_id and wanted & set(one.steps) and _overlap(one, wish):
            raise Conflict(
                f"{one.from_name}这几天也把{one.spoken_steps}委托给了{one.to_name}，不能再代理，请另选一位。"
            )
    for one in delegations.standing(actor.id, clock.today()):
        if not (wanted & set(one.steps) and _overlap(one, wish)):
            continue
        if one.to_id == actor.id:
            raise Conflict(f"这几天您正代理{one.from_name}的{one.spoken_steps}，请先结束那项代理，再委托他人。")
        if one.office_id in {None, wish.office_id} or wish.office_id is None:
            raise Conflict(f"这几天您已委托{one.to_name}代理{one.spoken_steps}，请先结束那一项。")


def _overlap(one: DelegationView, wish: Wish) -> bool:
    return one.starts_on <= wish.ends_on and wish.starts_on <= one.ends_on


def _record(actor: Actor, action: str, about: DelegationView, *, reason: str = "", **details: str) -> int:
    told = {"person": about.to_name, "from": about.from_name, **details}
    return events.record(action, actor_id=actor.id, unit_id=actor.unit_id, reason=reason.strip(), details=told)
