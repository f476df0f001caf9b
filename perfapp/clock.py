"""The one clock of the application, so that tests and trials can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from perfapp.core.chinese import local_time

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _set.get() or datetime.now(UTC)


def today() -> date:
    """The date on the office wall (UTC+8)."""
    return local_time(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an aware `moment`, for this context only: for tests and for telling the demo's story."""
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
