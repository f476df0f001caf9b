"""Insert unless it is there: one statement, the same on both databases."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from perfapp.data.models import Table
from perfapp.data.session import is_sqlite
from perfapp.extensions import db


def insert_if_absent(table: type[Table], **values: Any) -> None:
    """Insert the row; a row that is there already (by any unique key) is left as it is."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    db.session.execute(insert(table).values(**values).on_conflict_do_nothing())
