"""Is the database's schema the one this code wants? Known without loading the application: a second start is quick."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from perfapp.running.errors import CannotRun

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"
REVISION = "SELECT version_num FROM alembic_version"


def sqlite_revision(path: Path) -> str:
    """Of the schema in the file, empty where there is none yet; raises CannotRun where it is not a database."""
    if not path.exists():
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchall():
                return ""
            return " ".join(row[0] for row in connection.execute(REVISION))
    except sqlite3.Error as error:
        raise CannotRun(f"打不开数据库文件 {path}（{error}）：请从备份恢复它，或检查 DATABASE_URL。") from error


def is_current(home: Path, revision: str) -> bool:
    """Whether these migrations have brought this home's database to this revision before."""
    stamp = _stamp(home)
    return bool(revision) and stamp.exists() and stamp.read_text() == _mark(revision)


def keep(home: Path, revision: str) -> None:
    """Remember it."""
    _stamp(home).write_text(_mark(revision))


def _stamp(home: Path) -> Path:
    return home / "run" / "schema"


def _mark(revision: str) -> str:
    digest = sha256()
    for path in sorted(MIGRATIONS.glob("*.py")):
        digest.update(path.read_bytes())
    return f"{revision} {digest.hexdigest()}"
