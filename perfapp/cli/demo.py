"""`flask --app wsgi demo …`: the demo unit and its accounts. Makes documents, so it loads the worker's side."""

import click
from flask.cli import with_appcontext

from perfapp.cli.as_sealer import as_sealer
from perfapp.cli.refusing import in_one_sentence, on_a_prepared_database
from perfapp.data import people, surroundings
from perfapp.demo import accounts, story, units
from perfapp.demo.staff import PASSWORD
from perfapp.services.accounts import hash_password


@click.group()
def demo() -> None:
    """The demo unit: load it, list its accounts."""


@demo.command()
@click.option("--units", "count", type=click.IntRange(0, 999), default=0, help="另加多少个演示单位（001 起）")
@with_appcontext
@as_sealer
@in_one_sentence
@on_a_prepared_database
def load(count: int) -> None:
    """Make the demo unit, and COUNT more units in every state; what is there already stays as it is."""
    _refuse_beside_real_units()
    hashed = hash_password(PASSWORD)
    if story.is_there():
        _refuse_half_a_story()
        click.echo("演示数据已经装入过，没有改动。")
    else:
        story.tell(hashed)
        click.echo(f"已装入演示数据：{story.NAME}，{story.YEAR}年度。")
    if count:
        made = units.add_units(count, hashed)
        click.echo(f"另有演示单位 {count} 个，本次新建 {made} 个；登录名是下表加上 .001 至 .{count:03}。")
    path = surroundings.settings().home / accounts.FILE
    path.write_text(f"{accounts.table()}\n", encoding="utf-8")
    click.echo(f"账号表：{path}")


@demo.command("accounts")
def list_accounts() -> None:
    """Print the demo accounts and their password."""
    click.echo(accounts.table())


def _refuse_beside_real_units() -> None:
    """The demo's password is public: its accounts never stand beside real ones."""
    if people.any_unit() and not story.is_there():
        raise click.ClickException(
            "数据库里已有正式单位，没有装入演示数据：演示请换一个 PERFAPP_HOME 或数据库，正式使用请设 PERFAPP_DEMO=0。"
        )


def _refuse_half_a_story() -> None:
    if not story.is_whole():
        raise click.ClickException(
            "上一次装入演示数据中途停了，数据不完整：请换一个 PERFAPP_HOME，或清空这个数据库后重新装入。"
        )
