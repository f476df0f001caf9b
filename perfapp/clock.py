"""The one clock of the application, so that tests and trials can set it."""

from datetime import UTC, date, datetime

from perfapp.core.chinese import local_time


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date on the office wall (UTC+8)."""
    return local_time(now()).date()
