"""`flask --app wsgi setup-bureau`, `supervise`: a finance bureau in the same installation, and who delivers to it."""

import click
from flask.cli import with_appcontext

from perfapp.cli.refusing import in_one_sentence, on_a_prepared_database
from perfapp.cli.setup import first_person
from perfapp.core.permissions import ROLE_NAMES, Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.services import accounts, installing


@click.command(
    "setup-bureau", help="建立财政部门和三位管理员（初始密码只显示一次）；查阅、审核人员由其安全管理员授权。"
)
@click.option("--code", prompt="财政部门编码", help="在本系统内唯一的编码")
@click.option("--name", prompt="财政部门全称", help="报送时显示的名称")
@click.option("--system-admin", prompt="系统管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--security-admin", prompt="安全管理员（登录名:姓名）", help="登录名:姓名")
@click.option("--auditor", prompt="审计员（登录名:姓名）", help="登录名:姓名")
@with_appcontext
@in_one_sentence
@on_a_prepared_database
def setup_bureau(code: str, name: str, system_admin: str, security_admin: str, auditor: str) -> None:
    wanted = ((system_admin, Role.SYSTEM_ADMIN), (security_admin, Role.SECURITY_ADMIN), (auditor, Role.AUDITOR))
    admins = [first_person(text, role) for text, role in wanted]
    _, passwords = installing.install_unit(code, name, admins, policy=SealPolicy.LEADER, kind=UnitKind.BUREAU)
    click.echo(f"财政部门“{name.strip()}”已建立。以下初始密码只显示这一次，首次登录须修改：")
    for admin in admins:
        click.echo(f"  {ROLE_NAMES[admin.role]}  {admin.login}  {passwords[accounts.plain_login(admin.login)]}")


@click.command(help="定一个预算单位向哪个财政部门在线报送。")
@click.option("--unit", prompt="预算单位编码")
@click.option("--bureau", prompt="财政部门编码")
@with_appcontext
@in_one_sentence
@on_a_prepared_database
def supervise(unit: str, bureau: str) -> None:
    installing.supervise(unit, bureau)
    click.echo("已设置，今后可以在线报送。")
