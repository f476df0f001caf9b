"""`flask --app wsgi keys …`: for whoever runs the sealing service. Opens keys, so it loads the worker's side."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp.cli.as_sealer import as_sealer
from perfapp.cli.refusing import in_one_sentence
from perfapp.cli.setup import seal_password
from perfapp.data import surroundings
from perfapp.services import installing
from perfapp.services.making.probing import probe

_FILE = click.Path(path_type=Path)


@click.group()
def keys() -> None:
    """Keys of the seals: put them into the seal folder, try them."""


@keys.command(help="把带私钥的 PKCS#12 文件放进印章目录；代号告诉系统管理员，证书由他在网页登记。")
@click.argument("name")
@click.argument("container", type=_FILE)
@with_appcontext
@as_sealer
@in_one_sentence
def put(name: str, container: Path) -> None:
    installing.lay_key(name, container.read_bytes(), seal_password().encode())
    click.echo(f"密钥已放进印章目录，代号 {name}。")


@keys.command(help="自制一份演示密钥放进印章目录，证书和根证书写到 FOLDER，可在网页登记；只供试用。")
@click.argument("name")
@click.argument("folder", type=_FILE)
@click.option("--unit", "code", prompt="预算单位编码", help="预算单位编码")
@click.option("--years", type=click.IntRange(1, 30), default=3, show_default=True, help="有效年数")
@with_appcontext
@as_sealer
@in_one_sentence
def demo(name: str, folder: Path, code: str, years: int) -> None:
    unit = installing.unit_with_code(code)
    made = installing.demo_key(name, unit.name, years=years)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.pem").write_bytes(made.certificate_pem)
    (folder / f"{name}-root.pem").write_bytes(made.root_pem)
    click.echo(f"演示密钥已放进印章目录，代号 {name}；证书在 {folder}，请系统管理员登记。")


@keys.command(help="试开每一枚印章的密钥，列出妨碍盖章的事；有问题时退出状态为 1。")
@with_appcontext
@as_sealer
@in_one_sentence
def check() -> None:
    found = probe(with_time=surroundings.settings().tsa_url is not None)
    for sentence in found:
        click.echo(sentence)
    if found:
        raise SystemExit(1)
    click.echo("印章和密钥都正常。")
