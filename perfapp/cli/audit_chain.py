"""`flask --app wsgi audit-chain REPORT`: the head of the chain over the log, to hold against a 流转单 on paper."""

import re
import sys

import click
from flask.cli import with_appcontext

from perfapp.core.errors import DomainError
from perfapp.data import reports
from perfapp.services import circulating


@click.command("audit-chain")
@click.argument("report_id", type=int)
@click.option("--until", type=int, help="Number of the last event, as printed on the 流转单; without it all of them.")
@click.option("--head", "printed", default="", help="The head as printed, spaces allowed: it is compared.")
@with_appcontext
def audit_chain(report_id: int, until: int | None, printed: str) -> None:
    """Reckon the head of the audit chain anew. Exit status: 0 reckoned or equal, 1 other than printed, 2 not there."""
    try:
        found = circulating.chain(reports.get(report_id).cycle_id, until)
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    click.echo(f"共 {found.count} 条，最后一条编号 {found.last_id}\n{found.sha256}")
    wanted = re.sub(r"\s", "", printed).lower()
    if wanted and wanted != found.sha256:
        click.echo("与流转单上的链头不一致：日志在那之后被改动过，或者抄写有误。", err=True)
        sys.exit(1)
    if wanted:
        click.echo("与流转单上的链头一致。")
