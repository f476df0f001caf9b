"""Databases of one test process: made once, put back as they were after tests that really commit."""

import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, make_url, text


class ScratchDatabase(Protocol):
    """Nobody may be connected while it is kept or put back."""

    url: str

    def keep_as_pristine(self) -> None:
        """Remember this state."""

    def put_back(self) -> None:
        """To the state remembered. Not by DELETE: append-only tables refuse it, as they should."""


class SqliteDatabase:
    """One file, and a copy beside it."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self._path, self._pristine = path, path.with_suffix(".pristine")

    def keep_as_pristine(self) -> None:
        shutil.copyfile(self._path, self._pristine)

    def put_back(self) -> None:
        for leftover in ("-wal", "-shm"):
            self._path.with_name(self._path.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(self._pristine, self._path)


class PostgresDatabase:
    """A database of its own on the server, and a template beside it."""

    def __init__(self, server_url: str, name: str) -> None:
        self.name = name
        self.url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
        self._server = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self.drop()
        self._run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")

    def keep_as_pristine(self) -> None:
        self._run(f"CREATE DATABASE {self.name}_pristine TEMPLATE {self.name}")

    def put_back(self) -> None:
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.name} TEMPLATE {self.name}_pristine")

    def drop(self) -> None:
        """Both, if they are there."""
        for name in (self.name, f"{self.name}_pristine"):
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._server.dispose()

    def _run(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(text(statement))
