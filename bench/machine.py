"""What the figures were measured on."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("typst", "python-docx", "docxtpl", "pyHanko", "Flask", "SQLAlchemy", "celery", "gunicorn")


def described() -> list[str]:
    """Processor, memory, system, versions; and how busy it was."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        f"{_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} logical processors,"
        f" {int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GiB; {_system()}.",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}.",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; load average at the end {load}.",
    ]


def _field(path: str, name: str) -> str:
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "unknown"


def _system() -> str:
    return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}"
