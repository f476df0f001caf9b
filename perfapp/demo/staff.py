"""The people of a demo unit. Their names say what they do, so that nobody takes them for real."""

from dataclasses import dataclass
from datetime import date

from perfapp.core.permissions import ROLE_NAMES, Actor, Role
from perfapp.data import events, people
from perfapp.data.session import transaction

PASSWORD = "jixiao-demo-2018"  # noqa: S105 -- of the demo alone, printed at every start
OFFICES = ("办公室", "物业管理股", "项目建设管理股", "公车平台管理股", "财务室")


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the cast: who he is and which one post he holds."""

    login: str
    name: str
    role: Role
    office: str | None = None

    @property
    def post(self) -> str:
        return f"{self.office or ''}{ROLE_NAMES[self.role]}"


CAST = (
    Part("banshi", "赵经办", Role.WRITER, "办公室"),
    Part("banshi.head", "钱主任", Role.OFFICE_HEAD, "办公室"),
    Part("wuye", "孙物业", Role.WRITER, "物业管理股"),
    Part("wuye.head", "李股长", Role.OFFICE_HEAD, "物业管理股"),
    Part("xiangmu", "周项目", Role.WRITER, "项目建设管理股"),
    Part("xiangmu.head", "吴股长", Role.OFFICE_HEAD, "项目建设管理股"),
    Part("cheliang", "郑公车", Role.WRITER, "公车平台管理股"),
    Part("cheliang.head", "王股长", Role.OFFICE_HEAD, "公车平台管理股"),
    Part("caiwu", "冯财务", Role.WRITER, "财务室"),
    Part("caiwu.head", "陈主管", Role.OFFICE_HEAD, "财务室"),
    Part("hedui", "褚核数", Role.FINANCE),
    Part("tonggao", "卫统稿", Role.EDITOR),
    Part("fenguan", "蒋分管", Role.DEPUTY_LEADER),
    Part("lingdao", "沈领导", Role.LEADER),
    Part("yinzhang", "韩掌印", Role.SEAL_KEEPER),
    Part("xitong", "杨系统", Role.SYSTEM_ADMIN),
    Part("anquan", "朱安全", Role.SECURITY_ADMIN),
    Part("shenji", "秦审计", Role.AUDITOR),
)


def phone(part: Part) -> str:
    """The extension: 8501 for the first of the cast, and so on."""
    return str(8501 + CAST.index(part))


@dataclass(frozen=True, slots=True)
class Staff:
    """A demo unit's offices (id by name) and its people as actors."""

    unit_id: int
    offices: dict[str, int]
    actors: dict[str, Actor]  # by login without the unit's suffix

    def one(self, role: Role, office: str | None = None) -> Actor:
        """Who holds the post."""
        return self.actors[next(part.login for part in CAST if part.role is role and part.office == office)]


def hire(unit_id: int, password_hash: str, today: date, suffix: str = "") -> Staff:
    """Make the offices, the accounts and the posts as of `today`; the administrators stand in the log as doers."""
    offices: dict[str, int] = {}
    ids: dict[str, int] = {}
    with transaction():
        for part in CAST:
            login = part.login + suffix
            ids[part.login] = people.add_person(
                unit_id, login, part.name, password_hash, phone=phone(part), must_change_password=False
            )
        admin_id, granter_id = ids["xitong"], ids["anquan"]
        for position, name in enumerate(OFFICES, start=1):
            offices[name] = people.add_office(unit_id, name, position)
            events.record("add_office", actor_id=admin_id, unit_id=unit_id, details={"office": name})
        for part in CAST:
            office_id = offices[part.office] if part.office else None
            people.add_post(
                ids[part.login], unit_id, part.role, office_id=office_id, starts_on=today, granted_by=granter_id
            )
            done: dict[str, object] = {"person": part.name}
            events.record("create_person", actor_id=admin_id, unit_id=unit_id, details=done)
            events.record(
                "grant", actor_id=granter_id, unit_id=unit_id, details={**done, "role": ROLE_NAMES[part.role]}
            )
    actors = {login: people.actor(person_id, today) for login, person_id in ids.items()}
    return Staff(unit_id, offices, {login: actor for login, actor in actors.items() if actor is not None})
