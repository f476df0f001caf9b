"""The table of demo accounts, as the terminal prints it."""

from unicodedata import east_asian_width

from perfapp.core.permissions import ROLE_NAMES
from perfapp.demo import bureau
from perfapp.demo.staff import CAST, PASSWORD, phone

FILE = "demo-accounts.txt"  # in PERFAPP_HOME; `make run` prints it


def table() -> str:
    """Login, name, post and extension of everybody, under the one password."""
    rows = [("登录名", "姓名", "岗位", "分机"), *((part.login, part.name, part.post, phone(part)) for part in CAST)]
    rows += [
        (login, name, f"财政局{ROLE_NAMES[role]}", str(bureau.FIRST_PHONE + n))
        for n, (login, name, role) in enumerate(bureau.CAST)
    ]
    lines = [
        f"  {_wide(login, 16)}{_wide(name, 10)}{_wide(post, 26)}{extension}" for login, name, post, extension in rows
    ]
    return "\n".join((f"演示账号（姓名、分机均为演示数据，密码都是 {PASSWORD}）：", *lines))


def _wide(text: str, width: int) -> str:
    """Padded to so many columns of a terminal, where a Chinese character takes two."""
    return text + " " * (width - sum(2 if east_asian_width(ch) in "WF" else 1 for ch in text))
