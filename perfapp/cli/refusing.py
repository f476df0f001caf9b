"""A command that is refused says why in one sentence and ends with status 1; without a database, with status 2."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError, ProgrammingError

from perfapp.core.errors import DomainError
from perfapp.data import surroundings

Args = ParamSpec("Args")
Out = TypeVar("Out")


class Refused(click.ClickException):
    """Shown as it stands, without the library's own English word before it."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


class NoDatabase(Refused):
    """Nothing can be said at all: 1 stays the answer of a command that could look."""

    exit_code = 2


def without_a_database(command: click.Command) -> click.Command:
    """A copy of the command that tells of a database that is away or has no tables; every command goes through it."""
    run = command.callback
    if run is None or isinstance(command, click.Group):
        return command

    @wraps(run)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return run(*args, **kwargs)
        except (OperationalError, ProgrammingError) as error:  # PostgreSQL calls a missing table the latter
            if surroundings.is_database_reachable():
                raise
            raise NoDatabase(_why_away()) from error

    careful = copy(command)
    careful.callback = told
    return careful


def _why_away() -> str:
    settings = surroundings.settings()
    if not settings.is_sqlite:
        return "数据库连不上，或者里面还没有建表：请检查 DATABASE_URL 和数据库服务；新装的系统先运行 setup。"
    return (
        f"数据目录 {settings.home} 里还没有数据库：请先设 PERFAPP_HOME（或 DATABASE_URL），指向系统正在使用的数据；"
        "新装的系统先启动一次，或运行 setup。"
    )


def in_one_sentence(command: Callable[Args, Out]) -> Callable[Args, Out]:
    """Turn refusals and unreadable files into `Refused`."""

    @wraps(command)
    def told(*args: Args.args, **kwargs: Args.kwargs) -> Out:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise Refused(error.message) from error
        except OSError as error:
            raise Refused(f"文件读不到：{error.filename}（{error.strerror}）。") from error

    return told


def on_a_prepared_database(command: Callable[Args, Out]) -> Callable[Args, Out]:
    """Make the tables first where there are none: the first command on a fresh installation needs no other before."""

    @wraps(command)
    def prepared(*args: Args.args, **kwargs: Args.kwargs) -> Out:
        if not surroundings.is_database_reachable():
            upgrade()
        return command(*args, **kwargs)

    return prepared
