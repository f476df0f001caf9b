"""The only place that commits."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from perfapp.core.errors import Conflict
from perfapp.extensions import db

_WRITES = "perfapp_writes"
_OPEN = "perfapp_transaction_open"
_AFTER = "perfapp_after_commit"
BUSY_SECONDS = 20


@contextmanager
def transaction() -> Iterator[None]:
    """Commit on leaving, roll back on any exception. Not nestable: a service opens it once.

    On SQLite the transaction takes the write lock at once (BEGIN IMMEDIATE), so that what is read in it
    still holds when it is written; on PostgreSQL the rows are locked one by one, in the order report, section, cycle,
    fact, ledger, and with `key_share`: an event that only names a locked row need not wait for it.
    """
    session = db.session
    if session.info.get(_OPEN):
        raise RuntimeError("transaction() is already open; a service must not call another service's use case")
    session.rollback()  # what a page has read before is not part of what is now decided
    session.info[_OPEN] = True
    session.info[_AFTER] = []
    try:
        session.connection(execution_options={_WRITES: True})
        yield
        session.commit()
    except OperationalError as error:
        session.rollback()
        if isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig):
            raise Conflict("系统正忙，刚才的操作没有保存，请稍后再试一次。") from error
        raise
    except IntegrityError as error:
        session.rollback()
        if _is_double(error):
            raise Conflict("刚才已经有人办过同样的一步，没有重复保存，请刷新后查看。") from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_OPEN] = False
        hooks = session.info.pop(_AFTER)
    for hook in hooks:
        hook()


def after_commit(hook: Callable[[], None]) -> None:
    """Call `hook` once the open transaction has been committed; never if it is rolled back."""
    db.session.info[_AFTER].append(hook)


def _is_double(error: IntegrityError) -> bool:
    """Somebody was faster with the same unique thing; any other broken rule is a fault of ours."""
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return code in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}


def is_reachable() -> bool:
    """Whether the database answers and has our tables."""
    try:
        db.session.execute(text("SELECT 1 FROM unit LIMIT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def is_sqlite() -> bool:
    return bool(db.engine.dialect.name == "sqlite")


@event.listens_for(Engine, "connect")
def _set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
