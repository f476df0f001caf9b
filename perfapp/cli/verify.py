"""`flask --app wsgi verify FILE.pdf`: is it the filed original, is its seal valid."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp.core.errors import Invalid
from perfapp.services import es_checking, verifying


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--es", "signature", type=click.Path(path_type=Path), help="与文件一起下载的国密签章（.es）")
@with_appcontext
def verify(file: Path, signature: Path | None) -> None:
    """Say whether FILE is genuine. Exit status: 0 genuine, 1 not, 2 unreadable."""
    try:
        data = file.read_bytes()
        answer = verifying.verify(data)
        beside = es_checking.judge(signature.read_bytes(), data) if signature else None
    except OSError as error:
        click.echo(f"文件读不到：{error.filename}（{error.strerror}）", err=True)
        sys.exit(2)
    except Invalid as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    click.echo(f"归档：{answer.filed_sentence}")
    click.echo(f"签章：{answer.signature_sentence}")
    if answer.status_sentence:
        click.echo(f"状态：{answer.status_sentence}")
    if beside is not None:
        click.echo(f"国密：{beside.sentence}")
    click.echo(f"SHA-256：{answer.sha256}")
    sys.exit(0 if answer.is_genuine and (beside is None or beside.is_valid) else 1)
