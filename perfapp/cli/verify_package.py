"""`flask --app wsgi verify-package FILE.zip`: do the files agree with the manifest, is the report in it genuine."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp.core.errors import Invalid
from perfapp.services import delivery_package


@click.command("verify-package")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def verify_package(file: Path) -> None:
    """Say whether the delivery package FILE is whole and genuine. Exit status: 0 genuine, 1 not, 2 unreadable."""
    try:
        verdict = delivery_package.verify(file.read_bytes())
    except OSError as error:
        click.echo(f"文件读不到：{file}（{error.strerror}）", err=True)
        sys.exit(2)
    except Invalid as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    if verdict.manifest is not None:
        report = verdict.manifest.report
        click.echo(f"单位：{report.unit}（{report.unit_code}），{report.fiscal_year}年度，第{report.edition}版")
    for fault in verdict.faults or ("全部文件与清单一致。",):
        click.echo(f"清单：{fault}")
    if verdict.report is not None:
        click.echo(f"归档：{verdict.report.filed_sentence}")
        click.echo(f"签章：{verdict.report.signature_sentence}")
        if verdict.report.status_sentence:
            click.echo(f"状态：{verdict.report.status_sentence}")
    click.echo(f"SHA-256：{verdict.sha256}")
    sys.exit(0 if verdict.is_genuine else 1)
