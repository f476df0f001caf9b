"""Signing in and out, sessions, passwords: what a person does with his own account."""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from perfapp import clock
from perfapp.core.errors import Invalid, TooMany
from perfapp.core.permissions import Actor
from perfapp.data import events, people, sign_ins
from perfapp.data.session import transaction
from perfapp.data.sign_ins import Bearer, SessionView

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
FORGET_FAILURES = timedelta(minutes=30)
FREE_FAILURES = 4  # then each further failure doubles the wait, from 2 s to 30 min
MIN_PASSWORD = 12
REFUSED = "登录名或密码不对，请核对后再试。忘记密码请联系本单位系统管理员。"

_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_dummy = _hasher.hash(secrets.token_hex(16))  # unknown logins cost the same time as wrong passwords


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh session: the token goes into the cookie and is stored nowhere else."""

    token: str
    person_id: int
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser the person is signed in with; `is_this` is the one he looks through."""

    address: str
    browser: str
    started_at: datetime
    seen_at: datetime
    is_this: bool


def sign_in(login: str, password: str, *, address: str, browser: str) -> SignedIn:
    """A new session, or one and the same refusal for every reason; the delay after failures grows."""
    login = plain_login(login)
    keys = (f"login:{login[:60]}", f"address:{address}")
    _refuse_while_waiting(keys)
    person = people.person_by_login(login)
    stored = people.password_hash(person.id) if person else _dummy
    with transaction():  # counted before it is looked at: many guesses at once are many failures
        for key in keys:
            sign_ins.add_failure(key, clock.now(), FORGET_FAILURES)
    right = _matches(stored, password)
    if person is None or not right or person.disabled_at is not None:
        with transaction():
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
        sign_ins.take_back_failure(keys[1])
        sign_ins.start(_digest(token), person.id, clock.now(), address=address, browser=browser)
        if _hasher.check_needs_rehash(stored):
            people.change_person(person.id, password_hash=_hasher.hash(password))
        events.record("sign_in", actor_id=person.id, unit_id=person.unit_id, details={"address": address})
    return SignedIn(token, person.id, person.must_change_password)


def sign_out(actor: Actor, token: str) -> None:
    """End the session on the server: its cookie opens nothing any more."""
    with transaction():
        sign_ins.end(_digest(token), clock.now())
        events.record("sign_out", actor_id=actor.id, unit_id=actor.unit_id)


def bearer_of(token: str) -> Bearer | None:
    """Who stands behind the token, if the session still stands: not ended, not idle too long, not too old."""
    found = sign_ins.bearer(_digest(token), clock.today())
    return found if found is not None and _is_alive(found.session, clock.now()) else None


def own_sessions(actor: Actor, token: str) -> list[OwnSession]:
    """Where the person is signed in now, the latest used first."""
    now, here = clock.now(), _digest(token)
    return [
        OwnSession(s.address, s.browser, s.started_at, s.seen_at, s.token_sha256 == here)
        for s in sign_ins.of_person(actor.id)
        if _is_alive(s, now)
    ]


def end_other_sessions(actor: Actor, token: str) -> None:
    """Sign out every browser but this one."""
    with transaction():
        sign_ins.end_all(actor.id, clock.now(), but=_digest(token))
        events.record("end_sessions", actor_id=actor.id, unit_id=actor.unit_id)


def touch(session: SessionView) -> None:
    """Note that the session is in use; at most once a minute, after the page has been made."""
    now = clock.now()
    if now - session.seen_at > TOUCH_EVERY:
        with transaction():
            sign_ins.touch(session.token_sha256, now)


def confirm_password(actor: Actor, password: str) -> None:
    """Ask for the password once more before an act that cannot be undone; failures count as at sign-in."""
    _demand_own(actor, password, Invalid("密码不对，没有盖章。请重新输入您的登录密码。", field="password"))


def change_password(actor: Actor, token: str, current: str, new: str) -> None:
    """Change one's own password; every other session of the person ends. Failures count as at sign-in."""
    _demand_own(actor, current, Invalid("当前密码不对。", field="current"))
    if current == new:
        raise Invalid("新密码不能和当前密码相同。", field="new")
    person = people.person(actor.id)
    check_password(new, (actor.name, person.login, person.phone) if person else (actor.name,))
    with transaction():
        people.change_person(actor.id, password_hash=_hasher.hash(new), must_change_password=False)
        sign_ins.end_all(actor.id, clock.now(), but=_digest(token))
        events.record("change_password", actor_id=actor.id, unit_id=actor.unit_id)


def _demand_own(actor: Actor, password: str, refusal: Invalid) -> None:
    """Raise `refusal`, after some failures TooMany, unless it is the person's own password."""
    key = f"confirm:{actor.id}"
    _refuse_while_waiting((key,))
    if not _matches(people.password_hash(actor.id), password):
        with transaction():
            sign_ins.add_failure(key, clock.now(), FORGET_FAILURES)
        raise refusal
    with transaction():
        sign_ins.forget_failures(key)


def check_password(password: str, context: tuple[str, ...] = ()) -> None:
    """Refuse what is short or easily guessed. Length counts in characters; nothing is trimmed."""
    if len(password) < MIN_PASSWORD:
        raise Invalid(f"密码至少 {MIN_PASSWORD} 个字符，可以用一句好记的话。", field="new")
    if len(password) > 128:
        raise Invalid("密码不能超过 128 个字符。", field="new")
    lowered = password.lower()
    if len(set(password)) < 5 or any(
        len(word) > 1 and word.lower() in lowered for word in (*context, "password", "12345678")
    ):
        raise Invalid("这个密码太容易被猜到，请不要用姓名、连续数字或重复字符。", field="new")


def one_time_password() -> str:
    """Twelve letters and digits that cannot be mistaken for each other, in groups to be read out (59 bits)."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))


def hash_password(password: str) -> str:
    """The argon2id hash to store (19 MiB, t=2, p=1: OWASP's minimum, 38 ms here)."""
    return _hasher.hash(password)


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


def plain_login(raw: str) -> str:
    """The login as it is stored: full-width letters and capitals are the same login."""
    return unicodedata.normalize("NFKC", raw).strip().lower()


def _is_alive(session: SessionView, now: datetime) -> bool:
    return now - session.seen_at <= IDLE and now - session.started_at <= LONGEST


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
