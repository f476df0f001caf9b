"""What services and pages may know of the application they run in."""

from perfapp.config import Settings
from perfapp.data import session
from perfapp.extensions import current_settings


def settings() -> Settings:
    return current_settings()


def is_database_reachable() -> bool:
    return session.is_reachable()
