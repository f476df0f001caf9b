"""Accounts, posts and offices of a unit, and who presses its seal: what the administrators do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from perfapp.core.permissions import BUREAU_ROLES, OFFICE_ROLES, ROLE_NAMES, Actor, Permission, Role, clash, fits
from perfapp.core.report_flow import SealPolicy
from perfapp.core.words import SEAL_POLICIES
from perfapp.data import events, people, sign_ins
from perfapp.data.people import PersonView
from perfapp.data.session import transaction
from perfapp.services import accounts

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_IRREPLACEABLE: Mapping[Role, Permission] = {
    Role.SECURITY_ADMIN: Permission.GRANT,
    Role.SYSTEM_ADMIN: Permission.MANAGE_PEOPLE,
}
"""Roles of which a unit always keeps one: without them nobody could give them back."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A post to be given; without dates it starts today and has no end."""

    role: Role
    office_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def create_person(actor: Actor, *, login: str, name: str, phone: str = "", email: str = "") -> tuple[int, str]:
    """A new account of the actor's unit, without any role; returns its id and the one-time password."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    login, name, email = check_login(login), check_name(name), _checked_email(email)
    password = accounts.one_time_password()
    stored = accounts.hash_password(password)
    with transaction():
        if people.person_by_login(login) is not None:
            raise Invalid("这个登录名已被使用，请换一个。", field="login")
        person_id = people.add_person(actor.unit_id, login, name, stored, phone=phone.strip()[:40], email=email)
        _record(actor, "create_person", person=name)
    return person_id, password


def change_contact(actor: Actor, person_id: int, *, name: str, phone: str, email: str) -> None:
    """Change what others see of a person: his name, telephone and address."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    name, email = check_name(name), _checked_email(email)
    with transaction():
        people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, name=name, phone=phone.strip()[:40], email=email)
        _record(actor, "change_person", person=name)


def reset_password(actor: Actor, person_id: int) -> str:
    """A new one-time password; the person's sessions end, and he must choose his own at the next sign-in."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    if person_id == actor.id:
        raise Invalid("自己的密码请在“我的账号”里修改。")
    password = accounts.one_time_password()
    stored = accounts.hash_password(password)
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, password_hash=stored, must_change_password=True)
        sign_ins.end_all(person_id, clock.now())
        sign_ins.forget_failures(f"login:{person.login}")
        _record(actor, "reset_password", person=person.name)
    return password


def disable(actor: Actor, person_id: int) -> None:
    """Close the account; its sessions end at once, its name stays in the history."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    if person_id == actor.id:
        raise Invalid("不能停用自己的账号，请由另一位系统管理员办理。")
    with transaction():
        people.lock_unit(actor.unit_id)
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, disabled_at=clock.now())
        for role in _IRREPLACEABLE:
            if any(post.role is role and post.stands(clock.today()) for post in person.posts):
                _keep_one(actor.unit_id, role)
        sign_ins.end_all(person_id, clock.now())
        _record(actor, "disable_person", person=person.name)


def enable(actor: Actor, person_id: int) -> None:
    """Open the account again, with the posts it still has."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, disabled_at=None)
        _record(actor, "enable_person", person=person.name)


def grant(actor: Actor, person_id: int, wanted: Grant) -> None:
    """Give a post. The security administrator grants, never to himself; 三员 stay apart."""
    _demand(actor, Permission.GRANT)
    if person_id == actor.id:
        raise Forbidden("不能给自己授权，请由另一位安全管理员办理。")
    starts_on = wanted.starts_on or clock.today()
    if wanted.ends_on is not None and wanted.ends_on < starts_on:
        raise Invalid("任职的结束日期早于开始日期，请调整。", field="ends_on")
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        office_id, office_name = _office_for(actor.unit_id, wanted)
        _refuse_misfit(actor.unit_id, wanted.role)
        _refuse_clash(person, wanted.role, office_id)
        people.add_post(
            person_id,
            actor.unit_id,
            wanted.role,
            office_id=office_id,
            starts_on=starts_on,
            ends_on=wanted.ends_on,
            granted_by=actor.id,
        )
        _record(actor, "grant", person=person.name, role=f"{office_name}{ROLE_NAMES[wanted.role]}")


def revoke(actor: Actor, post_id: int) -> None:
    """End a post as of yesterday; a unit always keeps one security and one system administrator."""
    _demand(actor, Permission.GRANT)
    with transaction():
        people.lock_unit(actor.unit_id)
        person_id, role = people.end_post(actor.unit_id, post_id, clock.today() - timedelta(days=1))
        _keep_one(actor.unit_id, role)
        person = people.lock_person(actor.unit_id, person_id)
        title = next(post.title for post in person.posts if post.id == post_id)
        _record(actor, "revoke", person=person.name, role=title)


def add_office(actor: Actor, name: str) -> int:
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        name, count = _free_office_name(actor.unit_id, name, None)
        office_id = people.add_office(actor.unit_id, name, count + 1)
        _record(actor, "add_office", office=name)
    return office_id


def rename_office(actor: Actor, office_id: int, name: str) -> None:
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        office = people.office(actor.unit_id, office_id)
        name, _ = _free_office_name(actor.unit_id, name, office_id)
        people.rename_office(actor.unit_id, office_id, name)
        _record(actor, "rename_office", office=f"{office.name} → {name}")


def close_office(actor: Actor, office_id: int) -> None:
    """Close an office: nothing new is given to it; what it owns waits for the editor to give it to another."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        office = people.office(actor.unit_id, office_id)
        people.close_office(actor.unit_id, office_id, clock.today())
        _record(actor, "close_office", office=office.name)


def reopen_office(actor: Actor, office_id: int) -> None:
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        office = people.office(actor.unit_id, office_id)
        people.close_office(actor.unit_id, office_id, None)
        _record(actor, "reopen_office", office=office.name)


def set_seal_policy(actor: Actor, policy: SealPolicy) -> None:
    """Say who presses the unit's seal; somebody must hold the post. It is a matter of security, not of accounts."""
    _demand(actor, Permission.GRANT)
    needed = Permission.PRESS_SEAL if policy is SealPolicy.KEEPER else Permission.PRESS_OWN_ISSUE
    role = Role.SEAL_KEEPER if policy is SealPolicy.KEEPER else Role.LEADER
    with transaction():
        if not people.holders(actor.unit_id, needed, clock.today()):
            raise Invalid(f"本单位还没有{ROLE_NAMES[role]}，请先授权一位再改盖章方式。")
        people.set_seal_policy(actor.unit_id, policy)
        _record(actor, "set_seal_policy", policy=SEAL_POLICIES[policy])


def check_login(raw: str) -> str:
    """The login as it will be stored; Invalid where it has other signs."""
    login = accounts.plain_login(raw)
    if not 2 <= len(login) <= 60 or not all(ch.isalnum() or ch in "._-@" for ch in login):
        raise Invalid("登录名用 2 到 60 个字母、数字、汉字或 . _ - @，中间不留空格。", field="login")
    return login


def check_name(raw: str) -> str:
    """The name as it will be stored; Invalid where there is none or too much of it."""
    name = " ".join(raw.split())
    if not 1 <= len(name) <= 40:
        raise Invalid("请填写姓名，最多 40 字。", field="name")
    return name


def _checked_email(raw: str) -> str:
    """The address, or nothing: what is no address would stop the letter that is written to it."""
    email = raw.strip()
    if email and (len(email) > 200 or not _EMAIL.fullmatch(email)):
        raise Invalid("邮箱写得不对，例如 name@example.cn；没有的可以空着。", field="email")
    return email


def _free_office_name(unit_id: int, raw: str, office_id: int | None) -> tuple[str, int]:
    """The name, if no other office of the unit has it, and how many offices there are."""
    name = " ".join(raw.split())
    if not 1 <= len(name) <= 60:
        raise Invalid("请填写科室名称，最多 60 字。", field="name")
    known = people.offices(unit_id, with_closed=True)
    if any(office.name == name and office.id != office_id for office in known):
        raise Invalid("已有同名科室（撤销的科室也算），请换一个名称。", field="name")
    return name, len(known)


def _office_for(unit_id: int, wanted: Grant) -> tuple[int | None, str]:
    if wanted.role not in OFFICE_ROLES:
        return None, ""
    if wanted.office_id is None:
        raise Invalid(f"“{ROLE_NAMES[wanted.role]}”要指明科室。", field="office_id")
    office = next((office for office in people.offices(unit_id) if office.id == wanted.office_id), None)
    if office is None:
        raise NotFound("没有找到这个科室。")
    return office.id, office.name


def _refuse_clash(person: PersonView, role: Role, office_id: int | None) -> None:
    standing = [post for post in person.posts if post.stands(clock.today())]
    if any(post.role is role and post.office_id == office_id for post in standing):
        raise Conflict("这位人员已经担任此职。")
    sentence = clash(frozenset(post.role for post in standing), role)
    if sentence:
        raise Invalid(sentence, field="role")


def _refuse_misfit(unit_id: int, role: Role) -> None:
    """A bureau has its own roles, and no budget unit has them."""
    if fits(role, people.unit(unit_id).kind):
        return
    if role in BUREAU_ROLES:
        raise Invalid(f"“{ROLE_NAMES[role]}”是财政部门的岗位，预算单位不能授予。", field="role")
    raise Invalid(f"“{ROLE_NAMES[role]}”是预算单位的岗位，财政部门只设财政查阅、财政审核和三员。", field="role")


def _keep_one(unit_id: int, role: Role) -> None:
    """Refuse what has just left the unit without its last administrator of this kind.

    The unit is locked by then: two who take each other's post at once do not both find the other one still there.
    """
    permission = _IRREPLACEABLE.get(role)
    if permission is not None and not people.holders(unit_id, permission, clock.today()):
        raise Conflict(f"这是本单位最后一位{ROLE_NAMES[role]}，请先授权另一位，再办理这一步。")


def _demand(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden("您没有办理这一步的权限。")


def _record(actor: Actor, action: str, **details: str) -> None:
    events.record(action, actor_id=actor.id, unit_id=actor.unit_id, details=dict(details))
