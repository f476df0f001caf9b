"""`flask --app wsgi setup`, `setup-seal`, `seal-policy`: what a fresh installation needs before anybody can sign in."""

import os
from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp import clock
from perfapp.cli.as_sealer import as_sealer
from perfapp.cli.refusing import Refused, in_one_sentence, on_a_prepared_database
from perfapp.core.permissions import ROLE_NAMES, Role
from perfapp.core.report_flow import SealPolicy
from perfapp.core.words import SEAL_POLICIES
from perfapp.services import accounts, countersigning, installing
from perfapp.services.installing import FirstPerson, SealFiles

_FILE = click.Path(path_type=Path)
_POLICIES = click.Choice([policy.value for policy in SealPolicy])
_POLICY_HELP = "；".join(f"{policy.value}：{words}" for policy, words in SEAL_POLICIES.items())


@click.command(help="建立单位和三位管理员（初始密码只显示一次），可同时登记印章。")
@click.option("--code", prompt="预算单位编码", help="预算单位编码；一套系统可以装几个单位，编码各不相同")
@click.option("--name", prompt="单位全称（与印章一致）", help="单位全称，与印章上的名称一致")
@click.option("--system-admin", prompt="系统管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--security-admin", prompt="安全管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--auditor", prompt="审计员（登录名:姓名）", help="登录名:姓名")
@click.option("--seal-policy", type=_POLICIES, default="keeper", show_default=True, help=_POLICY_HELP)
@click.option("--seal", "seal_file", type=_FILE, help="单位印章证书 PKCS#12 文件（.p12）")
@click.option("--seal-root", type=_FILE, help="签发印章证书的根证书（PEM）")
@click.option("--demo-seal", is_flag=True, help="自制一枚演示章，只供试用")
@with_appcontext
@as_sealer
@in_one_sentence
@on_a_prepared_database
def setup(
    code: str,
    name: str,
    system_admin: str,
    security_admin: str,
    auditor: str,
    seal_policy: str,
    seal_file: Path | None,
    seal_root: Path | None,
    demo_seal: bool,
) -> None:
    wanted = ((system_admin, Role.SYSTEM_ADMIN), (security_admin, Role.SECURITY_ADMIN), (auditor, Role.AUDITOR))
    admins = [first_person(text, role) for text, role in wanted]
    files = _seal_files(seal_file, seal_root)
    if files is not None:
        installing.check_seal(files, name)  # before anything is made
    unit_id, passwords = installing.install_unit(code, name, admins, policy=SealPolicy(seal_policy))
    click.echo(f"单位“{name.strip()}”已建立。以下初始密码只显示这一次，首次登录须修改：")
    for admin in admins:
        click.echo(f"  {ROLE_NAMES[admin.role]}  {admin.login}  {passwords[accounts.plain_login(admin.login)]}")
    if files is None and demo_seal:
        files = installing.demo_seal(name.strip(), clock.now())
    if files is None:
        click.echo("还没有登记印章。备好证书后运行 flask --app wsgi setup-seal 登记。")
        return
    installing.register_seal(unit_id, files)
    click.echo("印章已登记（演示章，不具法律效力）。" if files.is_demo else "印章已登记。")


@click.command("setup-seal", help="登记单位的印章证书；原有的印章随即停用。脚本可用 PERFAPP_SEAL_PASSWORD 给出密码。")
@click.option("--unit", "code", prompt="预算单位编码", help="预算单位编码")
@click.option("--seal", "seal_file", type=_FILE, prompt="印章证书文件（.p12）", help="单位印章证书 PKCS#12 文件")
@click.option("--seal-root", type=_FILE, prompt="根证书文件（PEM）", help="签发印章证书的根证书")
@with_appcontext
@as_sealer
@in_one_sentence
def setup_seal(code: str, seal_file: Path, seal_root: Path) -> None:
    unit = installing.unit_with_code(code)
    files = _seal_files(seal_file, seal_root)
    if files is not None:
        expires_on = installing.check_seal(files, unit.name)
        installing.register_seal(unit.id, files)
        click.echo(f"“{unit.name}”的印章已登记，证书有效期至{expires_on}。")


@click.command("seal-policy", help=f"改变单位的盖章方式（{_POLICY_HELP}）。")
@click.option("--unit", "code", prompt="预算单位编码", help="预算单位编码")
@click.argument("policy", type=_POLICIES)
@with_appcontext
@in_one_sentence
def seal_policy(code: str, policy: str) -> None:
    unit = installing.unit_with_code(code)
    installing.set_seal_policy(unit.id, SealPolicy(policy))
    click.echo(f"“{unit.name}”的盖章方式：{SEAL_POLICIES[SealPolicy(policy)]}。")


@click.command("countersign", help="本单位的报告盖章后由哪个上级单位加盖；--by none 表示不加盖。")
@click.option("--unit", "code", prompt="预算单位编码", help="本单位的预算单位编码")
@click.option("--by", "superior", required=True, help="上级单位的预算单位编码，或 none")
@with_appcontext
@in_one_sentence
def countersign(code: str, superior: str) -> None:
    unit = installing.unit_with_code(code)
    above = None if superior == "none" else installing.unit_with_code(superior).id
    seal = countersigning.set_demand(unit.id, above)
    click.echo(f"“{unit.name}”今后的报告盖章后{f'由上级加盖“{seal}”' if above else '不需要上级加盖'}。")


def first_person(text: str, role: Role) -> FirstPerson:
    login, _, person = text.replace("：", ":").partition(":")
    if not login.strip() or not person.strip():
        raise Refused(f"{ROLE_NAMES[role]}请写成“登录名:姓名”，中间用冒号隔开。")
    return FirstPerson(login, person.strip(), role)


def _seal_files(seal_file: Path | None, seal_root: Path | None) -> SealFiles | None:
    if seal_file is None:
        return None
    if seal_root is None:
        raise Refused("给了印章证书，还要用 --seal-root 给出签发它的根证书。")
    container, root = seal_file.read_bytes(), seal_root.read_bytes()
    return SealFiles(container, seal_password().encode(), root, is_demo=False)


def seal_password() -> str:
    """From the environment for scripts, never from the command line, where every process could read it."""
    return os.environ.get("PERFAPP_SEAL_PASSWORD") or str(click.prompt("印章证书密码", hide_input=True))
