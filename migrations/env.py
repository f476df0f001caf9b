"""Runs migrations on the database of the application, one transaction each, one process at a time."""

from alembic import context
from flask import current_app
from sqlalchemy import text

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
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
        if is_postgres:
            connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
            connection.commit()


run()
