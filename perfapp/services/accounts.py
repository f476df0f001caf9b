"""Signing in and out, passwords, people, offices, roles."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from perfapp import clock
from perfapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from perfapp.core.permissions import OFFICE_ROLES, ROLE_NAMES, Actor, Permission, Role, clash
from perfapp.data import events, people, sign_ins
from perfapp.data.session import transaction

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
FORGET_FAILURES = timedelta(minutes=30)
FREE_FAILURES = 4  # then each further failure doubles the wait, from 2 s to 30 min
MIN_PASSWORD = 12
REFUSED = "登录名或密码不对，请核对后再试。忘记密码请联系本单位系统管理员。"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_dummy = _hasher.hash(secrets.token_hex(16))  # unknown logins cost the same time as wrong passwords


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and is stored nowhere else."""

    token: str
    person_id: int
    must_change_password: bool


def sign_in(login: str, password: str, *, address: str, browser: str) -> SignedIn:
    """A new session, or one and the same refusal for every reason; the delay after failures grows."""
    login = _login(login)
    keys = (f"login:{login}", f"address:{address}")
    _refuse_while_waiting(keys)
    person = people.person_by_login(login)
    stored = people.password_hash(person.id) if person else _dummy
    right = _matches(stored, password)
    if person is None or not right or person.disabled_at is not None:
        with transaction():
            for key in keys:
                sign_ins.add_failure(key, clock.now(), FORGET_FAILURES)
            events.record(
                "sign_in_refused",
                actor_id=person.id if person else None,
                unit_id=person.unit_id if person else None,
                details={"address": address},
            )
        raise Invalid(REFUSED)
    token = secrets.token_urlsafe(32)
    with transaction():
        sign_ins.forget_failures(keys[0])
        sign_ins.start(_digest(token), person.id, clock.now(), address=address, browser=browser)
        if _hasher.check_needs_rehash(stored):
            people.change_person(person.id, password_hash=_hasher.hash(password))
        events.record("sign_in", actor_id=person.id, unit_id=person.unit_id, details={"address": address})
    return SignedIn(token, person.id, person.must_change_password)


def sign_out(token: str) -> None:
    session = sign_ins.standing(_digest(token))
    with transaction():
        sign_ins.end(_digest(token), clock.now())
        if session is not None:
            events.record("sign_out", actor_id=session.person_id)


def person_of_token(token: str) -> int | None:
    """Whose session this is, if it still stands: not ended, not idle for an hour, not older than half a day."""
    session = sign_ins.standing(_digest(token))
    if session is None:
        return None
    now = clock.now()
    if now - session.seen_at > IDLE or now - session.started_at > LONGEST:
        return None
    return session.person_id


def touch(token: str) -> None:
    """Note that the session is in use; at most once a minute, after the page has been made."""
    session = sign_ins.standing(_digest(token))
    if session is not None and clock.now() - session.seen_at > TOUCH_EVERY:
        with transaction():
            sign_ins.touch(_digest(token), clock.now())


def confirm_password(actor: Actor, password: str) -> None:
    """Ask for the password once more before an act that cannot be undone; failures count as at sign-in."""
    key = f"confirm:{actor.id}"
    _refuse_while_waiting((key,))
    if not _matches(people.password_hash(actor.id), password):
        with transaction():
            sign_ins.add_failure(key, clock.now(), FORGET_FAILURES)
        raise Invalid("密码不对，没有盖章。请重新输入您的登录密码。", field="password")
    with transaction():
        sign_ins.forget_failures(key)


def change_password(actor: Actor, token: str, current: str, new: str) -> None:
    """Change one's own password; every other session of the person ends."""
    if not _matches(people.password_hash(actor.id), current):
        raise Invalid("当前密码不对。", field="current")
    if current == new:
        raise Invalid("新密码不能和当前密码相同。", field="new")
    check_password(new, (actor.name,))
    with transaction():
        people.change_person(actor.id, password_hash=_hasher.hash(new), must_change_password=False)
        sign_ins.end_all(actor.id, clock.now(), but=_digest(token))
        events.record("change_password", actor_id=actor.id, unit_id=actor.unit_id)


def check_password(password: str, context: tuple[str, ...] = ()) -> None:
    """Refuse what is short or easily guessed. Length counts in characters; nothing is trimmed."""
    if len(password) < MIN_PASSWORD:
        raise Invalid(f"密码至少 {MIN_PASSWORD} 个字符，可以用一句好记的话。", field="new")
    if len(password) > 128:
        raise Invalid("密码不能超过 128 个字符。", field="new")
    lowered = password.lower()
    if len(set(password)) < 5 or any(word and word.lower() in lowered for word in (*context, "password", "12345678")):
        raise Invalid("这个密码太容易被猜到，请不要用姓名、连续数字或重复字符。", field="new")


def create_person(actor: Actor, *, login: str, name: str, phone: str = "", email: str = "") -> tuple[int, str]:
    """A new account of the actor's unit, without any role; returns its id and the one-time password."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    login, name = _login(login), name.strip()
    if not 2 <= len(login) <= 60 or not all(ch.isalnum() or ch in "._-@" for ch in login):
        raise Invalid("登录名用 2 到 60 个字母、数字或 . _ - @。", field="login")
    if not 1 <= len(name) <= 40:
        raise Invalid("请填写姓名，最多 40 字。", field="name")
    password = secrets.token_urlsafe(12)
    with transaction():
        if people.person_by_login(login) is not None:
            raise Invalid("这个登录名已被使用，请换一个。", field="login")
        person_id = people.add_person(
            actor.unit_id, login, name, _hasher.hash(password), phone=phone.strip(), email=email.strip()
        )
        events.record("create_person", actor_id=actor.id, unit_id=actor.unit_id, details={"person": name})
    return person_id, password


def change_contact(actor: Actor, person_id: int, *, name: str, phone: str, email: str) -> None:
    _demand(actor, Permission.MANAGE_PEOPLE)
    if not 1 <= len(name.strip()) <= 40:
        raise Invalid("请填写姓名，最多 40 字。", field="name")
    with transaction():
        people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, name=name.strip(), phone=phone.strip()[:40], email=email.strip()[:200])
        events.record("change_person", actor_id=actor.id, unit_id=actor.unit_id, details={"person": name.strip()})


def reset_password(actor: Actor, person_id: int) -> str:
    """A new one-time password; the person's sessions end, and he must choose his own at the next sign-in."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    password = secrets.token_urlsafe(12)
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, password_hash=_hasher.hash(password), must_change_password=True)
        sign_ins.end_all(person_id, clock.now())
        sign_ins.forget_failures(f"login:{person.login}")
        events.record("reset_password", actor_id=actor.id, unit_id=actor.unit_id, details={"person": person.name})
    return password


def disable(actor: Actor, person_id: int) -> None:
    """Close the account; its sessions end at once, its name stays in the history."""
    _demand(actor, Permission.MANAGE_PEOPLE)
    if person_id == actor.id:
        raise Invalid("不能停用自己的账号，请由另一位系统管理员办理。")
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, disabled_at=clock.now())
        sign_ins.end_all(person_id, clock.now())
        events.record("disable_person", actor_id=actor.id, unit_id=actor.unit_id, details={"person": person.name})


def enable(actor: Actor, person_id: int) -> None:
    _demand(actor, Permission.MANAGE_PEOPLE)
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        people.change_person(person_id, disabled_at=None)
        events.record("enable_person", actor_id=actor.id, unit_id=actor.unit_id, details={"person": person.name})


def grant(actor: Actor, person_id: int, role: Role, office_id: int | None, starts_on: date | None = None) -> None:
    """Give a post. The security administrator grants, never to himself; 三员 stay apart."""
    _demand(actor, Permission.GRANT)
    if person_id == actor.id:
        raise Forbidden("不能给自己授权，请由另一位安全管理员办理。")
    office_id = office_id if role in OFFICE_ROLES else None
    if role in OFFICE_ROLES and office_id is None:
        raise Invalid(f"“{ROLE_NAMES[role]}”要指明科室。", field="office_id")
    with transaction():
        person = people.lock_person(actor.unit_id, person_id)
        if office_id is not None and office_id not in {office.id for office in people.offices(actor.unit_id)}:
            raise NotFound("没有找到这个科室。")
        standing = [post for post in person.posts if post.ends_on is None or post.ends_on >= clock.today()]
        if any(post.role is role and post.office_id == office_id for post in standing):
            raise Conflict("这位人员已经担任此职。")
        sentence = clash(frozenset(post.role for post in standing), role)
        if sentence:
            raise Invalid(sentence, field="role")
        people.add_post(
            person_id,
            actor.unit_id,
            role,
            office_id=office_id,
            starts_on=starts_on or clock.today(),
            granted_by=actor.id,
        )
        details = {"person": person.name, "role": ROLE_NAMES[role]}
        events.record("grant", actor_id=actor.id, unit_id=actor.unit_id, details=details)


def revoke(actor: Actor, post_id: int) -> None:
    """End a post as of yesterday; the last security administrator cannot be removed."""
    _demand(actor, Permission.GRANT)
    with transaction():
        person_id, role = people.end_post(actor.unit_id, post_id, clock.today() - timedelta(days=1))
        if role is Role.SECURITY_ADMIN and not people.holders(actor.unit_id, Permission.GRANT, clock.today()):
            raise Conflict("这是最后一位安全管理员，请先授权另一位再解除。")
        person = people.lock_person(actor.unit_id, person_id)
        details = {"person": person.name, "role": ROLE_NAMES[role]}
        events.record("revoke", actor_id=actor.id, unit_id=actor.unit_id, details=details)


def add_office(actor: Actor, name: str) -> int:
    _demand(actor, Permission.MANAGE_PEOPLE)
    if not 1 <= len(name.strip()) <= 60:
        raise Invalid("请填写科室名称，最多 60 字。", field="name")
    with transaction():
        known = people.offices(actor.unit_id, with_closed=True)
        if any(office.name == name.strip() for office in known):
            raise Invalid("已有同名科室。", field="name")
        office_id = people.add_office(actor.unit_id, name.strip(), len(known) + 1)
        events.record("add_office", actor_id=actor.id, unit_id=actor.unit_id, details={"office": name.strip()})
    return office_id


def hash_password(password: str) -> str:
    """The argon2id hash to store (19 MiB, t=2, p=1: OWASP's minimum, 38 ms here)."""
    return _hasher.hash(password)


def _demand(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden("您没有办理这一步的权限。")


def _refuse_while_waiting(keys: tuple[str, ...]) -> None:
    now = clock.now()
    for key in keys:
        failed = sign_ins.failures(key)
        free = FREE_FAILURES * 10 if key.startswith("address:") else FREE_FAILURES
        if failed is None or failed.count <= free or now - failed.last_at > FORGET_FAILURES:
            continue
        wait = timedelta(seconds=min(2 ** (failed.count - free), 1800))
        left = failed.last_at + wait - now
        if left > timedelta():
            seconds = int(left.total_seconds()) + 1
            when = f"{seconds} 秒" if seconds < 90 else f"{seconds // 60 + 1} 分钟"
            raise TooMany(f"尝试次数过多，请 {when}后再试。")


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _login(raw: str) -> str:
    return unicodedata.normalize("NFKC", raw).strip().lower()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
