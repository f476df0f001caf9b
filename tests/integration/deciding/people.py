"""More people for a unit: steps that several take need several."""

from datetime import date, timedelta

from perfapp import clock
from perfapp.core.joint import Mode, Rule
from perfapp.core.permissions import Actor, Permission, Role
from perfapp.data import cycles, people
from perfapp.data.session import transaction
from perfapp.services import accounts, delegating, step_policy
from tests.making import PASSWORD, AUnit, actor_of


def more(unit: AUnit, key: str, role: Role, office: str | None = None) -> Actor:
    """One person more, with a post; his login is the key with the unit's number."""
    login = f"{key}.x{unit.id}"
    with transaction():
        stored = accounts.hash_password(PASSWORD)
        person_id = people.add_person(unit.id, login, key, stored, must_change_password=False)
        office_id = unit.offices[office] if office else None
        people.add_post(person_id, unit.id, role, office_id=office_id, starts_on=date(2018, 1, 1), granted_by=None)
    unit.logins[key] = login
    unit.actors[key] = actor_of(login)
    return unit.actors[key]


def rules(unit: AUnit, cycle_id: int, step: str, mode: Mode, least: int = 1, *, once: bool = False) -> None:
    version = cycles.get(cycle_id).version
    step_policy.set_rules(
        unit.editor, cycle_id, version=version, rules={step: Rule(mode, least)}, same_person_once=once
    )


def lends(giver: Actor, taker: Actor, *steps: Permission, days: int = 7) -> int:
    """代理 from today on."""
    today = clock.today()
    wish = delegating.Wish(taker.id, steps or delegating.lendable(giver), today, today + timedelta(days=days))
    return delegating.delegate(giver, wish)


def acting(delegate: Actor, principal: Actor) -> Actor:
    return delegating.acting(delegate, principal.id)
