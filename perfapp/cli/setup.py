"""`flask --app wsgi setup`: the unit, its administrators and its seal on a fresh installation."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from perfapp import clock
from perfapp.core.errors import DomainError
from perfapp.core.permissions import ROLE_NAMES, Role
from perfapp.core.report_flow import SealPolicy
from perfapp.services import installing
from perfapp.services.installing import FirstPerson, SealFiles


@click.command()
@click.option("--code", prompt="预算编码", help="预算单位编码")
@click.option("--name", prompt="单位全称", help="单位全称，与印章上的名称一致")
@click.option("--system-admin", prompt="系统管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--security-admin", prompt="安全管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--auditor", prompt="审计员（登录名:姓名）", help="登录名:姓名")
@click.option("--seal-policy", type=click.Choice([p.value for p in SealPolicy]), default="keeper", show_default=True)
@click.option("--seal", "seal_file", type=click.Path(path_type=Path), help="单位印章证书 PKCS#12 文件（.p12）")
@click.option("--seal-root", type=click.Path(path_type=Path), help="签发印章证书的根证书（PEM）")
@click.option("--demo-seal", is_flag=True, help="自制一枚演示章，只供试用")
@with_appcontext
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
    """Make the unit, its three administrators (with one-time passwords) and, if given, its seal."""
    wanted = ((system_admin, Role.SYSTEM_ADMIN), (security_admin, Role.SECURITY_ADMIN), (auditor, Role.AUDITOR))
    try:
        admins = [_first_person(text, role) for text, role in wanted]
        files = _seal_files(seal_file, seal_root)
        unit_id, passwords = installing.install_unit(code, name, admins, policy=SealPolicy(seal_policy))
        if demo_seal and files is None:
            files = installing.demo_seal(name.strip(), clock.now())
        if files is not None:
            installing.register_seal(unit_id, files)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    except OSError as error:
        raise click.ClickException(f"文件读不到：{error.filename}（{error.strerror}）。") from error
    click.echo(f"单位“{name.strip()}”已建立。以下初始密码只显示这一次，首次登录须修改：")
    for admin in admins:
        click.echo(f"  {ROLE_NAMES[admin.role]}  {admin.login}  {passwords[admin.login]}")
    if files is None:
        click.echo("还没有登记印章。备好证书后运行 flask --app wsgi setup-seal 登记。")


def _first_person(text: str, role: Role) -> FirstPerson:
    login, _, person = text.replace("：", ":").partition(":")
    if not login.strip() or not person.strip():
        raise click.ClickException(f"{ROLE_NAMES[role]}请写成“登录名:姓名”，例如 admin:姓名。")
    return FirstPerson(login.strip().lower(), person.strip(), role)


def _seal_files(seal_file: Path | None, seal_root: Path | None) -> SealFiles | None:
    if seal_file is None:
        return None
    if seal_root is None:
        raise click.ClickException("给了印章证书，还要用 --seal-root 给出签发它的根证书。")
    password = click.prompt("印章证书密码", hide_input=True)
    return SealFiles(seal_file.read_bytes(), password.encode(), seal_root.read_bytes(), is_demo=False)
