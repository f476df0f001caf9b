"""A command that is refused says why in one sentence and ends with status 1."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from perfapp.core.errors import DomainError
from perfapp.data import surroundings

Args = ParamSpec("Args")
Out = TypeVar("Out")


class Refused(click.ClickException):
    """Shown as it stands, without the library's own English word before it."""

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


def in_one_sentence(command: Callable[Args, Out]) -> Callable[Args, Out]:
    """Turn refusals and unreadable files into `Refused`."""

    @wraps(command)
    def told(*args: Args.args, **kwargs: Args.kwargs) -> Out:
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            raise Refused(error.message) from error
        except OperationalError as error:
            raise Refused("数据库连不上，请检查 DATABASE_URL 和数据库服务。") from error
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
