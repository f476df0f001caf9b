"""Sessions and failed sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from perfapp.data.insertion import insert_if_absent
from perfapp.data.models import Person, SignInFailure, WebSession
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


def standing(token_sha256: str) -> SessionView | None:
    """The session of this token if it has not been ended and its person not disabled."""
    row = db.session.execute(
        select(WebSession)
        .join(Person, Person.id == WebSession.person_id)
        .where(WebSession.token_sha256 == token_sha256, WebSession.ended_at.is_(None), Person.disabled_at.is_(None))
    ).scalar()
    if row is None:
        return None
    return _view(row)


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


def forget_failures(key: str) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.key == key))


def _view(row: WebSession) -> SessionView:
    return SessionView(row.token_sha256, row.person_id, row.started_at, row.seen_at, row.address, row.browser)
