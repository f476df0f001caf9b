"""What services may know of the application they run in."""

from perfapp.config import Settings
from perfapp.extensions import current_settings


def settings() -> Settings:
    return current_settings()
