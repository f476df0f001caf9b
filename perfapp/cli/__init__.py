"""Commands of `flask --app wsgi`."""

from importlib import import_module

import click
from flask import Flask

from perfapp.cli.audit_chain import audit_chain
from perfapp.cli.bureau import setup_bureau, supervise
from perfapp.cli.check import check
from perfapp.cli.refusing import without_a_database
from perfapp.cli.setup import countersign, seal_policy, setup, setup_seal
from perfapp.cli.verify import verify
from perfapp.cli.verify_package import verify_package


class Late(click.Group):
    """A group whose module loads when it is called: what makes documents must not load in web processes."""

    def __init__(self, name: str, module: str, *, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self._module = module

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self._group().get_command(ctx, cmd_name)
        return without_a_database(found) if found is not None else None

    def _group(self) -> click.Group:
        group = getattr(import_module(self._module), str(self.name))
        if not isinstance(group, click.Group):
            raise TypeError(f"{self._module} has no group of commands named {self.name}")
        return group


def init_app(app: Flask) -> None:
    for command in (
        setup,
        setup_seal,
        seal_policy,
        verify,
        verify_package,
        setup_bureau,
        supervise,
        check,
        audit_chain,
        countersign,
        Late("keys", "perfapp.cli.keys", short_help="Keys of the seals: put them into the seal folder, try them."),
        Late("demo", "perfapp.cli.demo", short_help="The demo unit: load it, list its accounts."),
    ):
        app.cli.add_command(without_a_database(command))
