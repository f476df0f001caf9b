"""What services may know of the application they run in."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from perfapp.config import Settings
from perfapp.extensions import current_settings, db


def settings() -> Settings:
    return current_settings()


def is_database_reachable() -> bool:
    try:
        db.session.execute(text("SELECT 1 FROM unit LIMIT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
