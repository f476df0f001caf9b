"""Sessions and failed sign-ins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Date, bindparam, delete, func, select, update

from perfapp.core import permissions
from perfapp.core.permissions import Actor, Role
from perfapp.data import people
from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Notice, Office, Person, Post, SignInFailure, Unit, WebSession
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class Failures:
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    token_sha256: str
    person_id: int
    started_at: datetime
    seen_at: datetime
    address: str
    browser: str


def start(token_sha256: str, person_id: int, now: datetime, *, address: str, browser: str) -> None:
    db.session.add(
        WebSession(
            token_sha256=token_sha256,
            person_id=person_id,
            started_at=now,
            seen_at=now,
            address=address[:60],
            browser=browser[:200],
        )
    )


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who stands behind a session, with all that every page needs of him: read in two queries."""

    session: SessionView
    actor: Actor
    unit_name: str
    is_demo: bool
    post_titles: tuple[str, ...]
    unread_count: int
    must_change_password: bool


_UNREAD = (
    select(func.count())
    .select_from(Notice)
    .where(Notice.person_id == WebSession.person_id, Notice.read_at.is_(None))
    .scalar_subquery()
)
# built once: every request asks these two
_BEARER = (
    select(WebSession, Person.name, Person.unit_id, Person.must_change_password, Unit.name, Unit.is_demo, _UNREAD)
    .join(Person, Person.id == WebSession.person_id)
    .join(Unit, Unit.id == Person.unit_id)
    .where(WebSession.token_sha256 == bindparam("token"), WebSession.ended_at.is_(None), Person.disabled_at.is_(None))
)
_HELD = (
    select(Post.role, Post.office_id, Office.name)
    .outerjoin(Office, Office.id == Post.office_id)
    .where(Post.person_id == bindparam("person"), people.standing(bindparam("today", type_=Date)))
    .order_by(Post.id)
)


def bearer(token_sha256: str, today: date) -> Bearer | None:
    """The person of a session that has not been ended, with the posts he holds today; None if he is disabled."""
    row = db.session.execute(_BEARER, {"token": token_sha256}).first()
    if row is None:
        return None
    session, name, unit_id, must_change_password, unit_name, is_demo, unread_count = row
    held = db.session.execute(_HELD, {"person": session.person_id, "today": today}).all()
    posts = frozenset(permissions.Post(Role(role), office_id) for role, office_id, _ in held)
    return Bearer(
        session=_view(session),
        actor=Actor(session.person_id, name, unit_id, posts),
        unit_name=unit_name,
        is_demo=is_demo,
        post_titles=tuple(f"{office or ''}{permissions.ROLE_NAMES[Role(role)]}" for role, _, office in held),
        unread_count=unread_count,
        must_change_password=must_change_password,
    )


def of_person(person_id: int) -> list[SessionView]:
    """The person's sessions that have not been ended, the latest used first."""
    query = select(WebSession).where(WebSession.person_id == person_id, WebSession.ended_at.is_(None))
    return [_view(row) for row in db.session.scalars(query.order_by(WebSession.seen_at.desc()))]


def touch(token_sha256: str, now: datetime) -> None:
    db.session.execute(update(WebSession).where(WebSession.token_sha256 == token_sha256).values(seen_at=now))


def end(token_sha256: str, now: datetime) -> None:
    query = update(WebSession).where(WebSession.token_sha256 == token_sha256, WebSession.ended_at.is_(None))
    db.session.execute(query.values(ended_at=now))


def end_all(person_id: int, now: datetime, *, but: str | None = None) -> None:
    """End every session of the person, except the one with token digest `but`."""
    query = update(WebSession).where(WebSession.person_id == person_id, WebSession.ended_at.is_(None))
    if but is not None:
        query = query.where(WebSession.token_sha256 != but)
    db.session.execute(query.values(ended_at=now))


def failures(key: str) -> Failures | None:
    row = db.session.get(SignInFailure, key)
    return Failures(row.count, row.last_at) if row else None


def add_failure(key: str, now: datetime, forget_after: timedelta) -> None:
    """Count one more failure; an old count is forgotten first."""
    insert_if_absent(SignInFailure, key=key, count=0, last_at=now)
    row = db.session.scalars(select(SignInFailure).where(SignInFailure.key == key).with_for_update()).one()
    row.count = 1 if now - row.last_at > forget_after else row.count + 1
    row.last_at = now


def take_back_failure(key: str) -> None:
    """One failure fewer: what was counted turned out right."""
    query = update(SignInFailure).where(SignInFailure.key == key, SignInFailure.count > 0)
    db.session.execute(query.values(count=SignInFailure.count - 1))


def forget_failures(key: str) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.key == key))


def _view(row: WebSession) -> SessionView:
    return SessionView(row.token_sha256, row.person_id, row.started_at, row.seen_at, row.address, row.browser)
