"""Runs migrations on the database of the application, one transaction each, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from perfapp.data.models import Table

LOCK = 7_240_118  # PostgreSQL advisory lock of this application's migrations


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        is_postgres = connection.dialect.name == "postgresql"
        if is_postgres:
            connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            compare_type=False,
            render_as_batch=not is_postgres,
            transaction_per_migration=True,
        )
        with _references_let_go(connection):
            with context.begin_transaction():
                context.run_migrations()
            if connection.in_transaction():
                connection.commit()
        if is_postgres:
            connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            connection.commit()


@contextmanager
def _references_let_go(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew; rows that refer to the old one would forbid that it goes.

    The switch works outside of transactions only, so it is asked of the driver: SQLAlchemy always opens one.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        lost = driver.execute("PRAGMA foreign_key_check").fetchone()
        if lost is not None:
            raise RuntimeError(f"A row of {lost[0]} refers to a row of {lost[2]} that is not there.")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


run()
