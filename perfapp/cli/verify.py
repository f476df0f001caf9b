"""`flask --app wsgi verify FILE.pdf`: is it the filed original, is its seal valid."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp.core.errors import Invalid
from perfapp.services import verifying


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def verify(file: Path) -> None:
    """Say whether FILE is genuine. Exit status: 0 genuine, 1 not, 2 unreadable."""
    try:
        answer = verifying.verify(file.read_bytes())
    except OSError as error:
        click.echo(f"文件读不到：{file}（{error.strerror}）", err=True)
        sys.exit(2)
    except Invalid as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    click.echo(f"归档：{answer.filed_sentence}")
    click.echo(f"签章：{answer.signature_sentence}")
    if answer.status_sentence:
        click.echo(f"状态：{answer.status_sentence}")
    click.echo(f"SHA-256：{answer.sha256}")
    sys.exit(0 if answer.is_genuine else 1)
