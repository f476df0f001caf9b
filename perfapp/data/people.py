"""Units, offices, persons, posts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select

from perfapp import clock
from perfapp.core import permissions
from perfapp.core.errors import NotFound
from perfapp.core.permissions import GRANTS, Actor, Permission, Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.data.models import Office, Person, Post, Unit
from perfapp.extensions import db


@dataclass(frozen=True, slots=True)
class UnitView:
    id: int
    code: str
    name: str
    seal_policy: SealPolicy
    is_demo: bool
    kind: UnitKind = UnitKind.BUDGET


@dataclass(frozen=True, slots=True)
class OfficeView:
    id: int
    name: str
    position: int
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """A person as others see him: name and phone, so that one can ask."""

    id: int
    name: str
    phone: str
    brought_by: str = ""  # 加签, 转办: not by a post of his own

    def __str__(self) -> str:
        added = "，".join(part for part in (self.brought_by, self.phone) if part)
        return f"{self.name}（{added}）" if added else self.name


@dataclass(frozen=True, slots=True)
class PostView:
    id: int
    role: Role
    office_id: int | None
    office_name: str
    starts_on: date
    ends_on: date | None

    def stands(self, today: date) -> bool:
        """Held today, or to be held from a later day on."""
        return self.ends_on is None or self.ends_on >= today

    @property
    def title(self) -> str:
        return f"{self.office_name}{permissions.ROLE_NAMES[self.role]}"


@dataclass(frozen=True, slots=True)
class PersonView:
    id: int
    unit_id: int
    login: str
    name: str
    phone: str
    email: str
    must_change_password: bool
    disabled_at: datetime | None
    posts: tuple[PostView, ...]


def unit(unit_id: int) -> UnitView:
    row = db.session.get(Unit, unit_id)
    if row is None:
        raise NotFound("没有找到这个单位。")
    return _unit(row)


def unit_by_code(code: str) -> UnitView | None:
    row = db.session.scalar(select(Unit).where(Unit.code == code))
    return _unit(row) if row else None


def any_unit() -> bool:
    return db.session.scalar(select(Unit.id).limit(1)) is not None


def add_unit(
    code: str, name: str, *, seal_policy: SealPolicy, is_demo: bool = False, kind: UnitKind = UnitKind.BUDGET
) -> int:
    row = Unit(
        code=code,
        name=name,
        kind=kind.value,
        seal_policy=seal_policy.value,
        is_demo=is_demo,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def lock_unit(unit_id: int) -> None:
    """Lock the unit's row until the transaction ends, against others who do so; rows that name it may be added."""
    query = select(Unit.id).where(Unit.id == unit_id).with_for_update(key_share=True)
    if db.session.scalar(query) is None:
        raise NotFound("没有找到这个单位。")


def set_seal_policy(unit_id: int, policy: SealPolicy) -> None:
    row = db.session.get_one(Unit, unit_id)
    row.seal_policy = policy.value


def offices(unit_id: int, *, with_closed: bool = False) -> list[OfficeView]:
    query = select(Office).where(Office.unit_id == unit_id).order_by(Office.position, Office.id)
    if not with_closed:
        query = query.where(Office.closed_on.is_(None))
    return [OfficeView(o.id, o.name, o.position, o.closed_on) for o in db.session.scalars(query)]


def add_office(unit_id: int, name: str, position: int) -> int:
    row = Office(unit_id=unit_id, name=name, position=position)
    db.session.add(row)
    db.session.flush()
    return row.id


def office(unit_id: int, office_id: int) -> OfficeView:
    """The office, closed ones too; another unit's is not there."""
    row = _office_row(unit_id, office_id)
    return OfficeView(row.id, row.name, row.position, row.closed_on)


def rename_office(unit_id: int, office_id: int, name: str) -> None:
    _office_row(unit_id, office_id).name = name
    db.session.flush()


def close_office(unit_id: int, office_id: int, closed_on: date | None) -> None:
    """Close the office on a day, or (None) open it again."""
    _office_row(unit_id, office_id).closed_on = closed_on
    db.session.flush()


def actor(person_id: int, today: date) -> Actor | None:
    """The person with the posts he holds today; None when he is unknown or disabled."""
    person = db.session.scalar(select(Person).where(Person.id == person_id, Person.disabled_at.is_(None)))
    if person is None:
        return None
    rows = db.session.execute(select(Post.role, Post.office_id).where(Post.person_id == person_id, standing(today)))
    posts = frozenset(permissions.Post(Role(role), office_id) for role, office_id in rows)
    return Actor(person.id, person.name, person.unit_id, posts)


def person(person_id: int) -> PersonView | None:
    found = _persons(Person.id == person_id)
    return found[0] if found else None


def persons(unit_id: int) -> list[PersonView]:
    """Everybody of the unit, disabled ones last."""
    return _persons(Person.unit_id == unit_id)


def person_by_login(login: str) -> PersonView | None:
    found = _persons(Person.login == login)
    return found[0] if found else None


def briefs(person_ids: Iterable[int]) -> tuple[PersonBrief, ...]:
    """Those of the persons whose accounts are open."""
    wanted = list(person_ids)
    if not wanted:
        return ()
    query = select(Person.id, Person.name, Person.phone).where(Person.id.in_(wanted), Person.disabled_at.is_(None))
    return tuple(PersonBrief(row.id, row.name, row.phone) for row in db.session.execute(query.order_by(Person.id)))


def names(person_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {person_id for person_id in person_ids if person_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def holders(
    unit_id: int, permission: Permission, today: date, *, office_id: int | None = None
) -> tuple[PersonBrief, ...]:
    """Who may do this today: everybody of the unit, or of one office, whose post grants the permission."""
    return tuple(holders_by_office(unit_id, permission, today, office_id=office_id).get(office_id, ()))


def holders_by_office(
    unit_id: int, permission: Permission, today: date, *, office_id: int | None = None
) -> dict[int | None, tuple[PersonBrief, ...]]:
    """The holders of a permission by office; None holds everybody when no office is asked for."""
    roles = [role.value for role, grants in GRANTS.items() if permission in grants]
    query = (
        select(Post.office_id, Person.id, Person.name, Person.phone)
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id == unit_id, Post.role.in_(roles), standing(today), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    if office_id is not None:
        query = query.where(Post.office_id == office_id)
    found: dict[int | None, dict[int, PersonBrief]] = {}
    for post_office, person_id, name, phone in db.session.execute(query):
        brief = PersonBrief(person_id, name, phone)
        found.setdefault(post_office, {})[person_id] = brief
        if office_id is None:
            found.setdefault(None, {})[person_id] = brief
    return {key: tuple(people.values()) for key, people in found.items()}


def standing(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition that a post is held today."""
    return and_(Post.starts_on <= today, or_(Post.ends_on.is_(None), Post.ends_on >= today))


def add_person(
    unit_id: int,
    login: str,
    name: str,
    password_hash: str,
    *,
    phone: str = "",
    email: str = "",
    must_change_password: bool = True,
) -> int:
    row = Person(
        unit_id=unit_id,
        login=login,
        name=name,
        phone=phone,
        email=email,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def lock_person(unit_id: int, person_id: int) -> PersonView:
    """The person of this unit, locked until the transaction ends."""
    row = db.session.scalar(
        select(Person.id).where(Person.id == person_id, Person.unit_id == unit_id).with_for_update()
    )
    found = _persons(Person.id == row) if row is not None else []
    if not found:
        raise NotFound("没有找到这位人员。")
    return found[0]


def change_person(person_id: int, **values: Any) -> None:
    row = db.session.get_one(Person, person_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()


def add_post(
    person_id: int,
    unit_id: int,
    role: Role,
    *,
    office_id: int | None,
    starts_on: date,
    granted_by: int | None,
    ends_on: date | None = None,
) -> int:
    row = Post(
        person_id=person_id,
        unit_id=unit_id,
        role=role.value,
        office_id=office_id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=granted_by,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def end_post(unit_id: int, post_id: int, ends_on: date) -> tuple[int, Role]:
    """End the post after `ends_on`; returns whose and which it was."""
    row = db.session.scalar(select(Post).where(Post.id == post_id, Post.unit_id == unit_id).with_for_update())
    if row is None or (row.ends_on is not None and row.ends_on <= ends_on):
        raise NotFound("没有找到这项任职，可能已经结束。")
    row.ends_on = ends_on
    db.session.flush()
    return row.person_id, Role(row.role)


def password_hash(person_id: int) -> str:
    return db.session.scalars(select(Person.password_hash).where(Person.id == person_id)).one()


def role_holders(unit_id: int, today: date) -> dict[Role, list[str]]:
    """Who holds each role today, by name, with the office where the role is held at one."""
    query = (
        select(Post.role, Person.name, Office.name.label("office"))
        .join(Person, Person.id == Post.person_id)
        .outerjoin(Office, Office.id == Post.office_id)
        .where(Post.unit_id == unit_id, standing(today), Person.disabled_at.is_(None))
        .order_by(Office.position, Person.id)
    )
    found: dict[Role, list[str]] = {}
    for row in db.session.execute(query):
        found.setdefault(Role(row.role), []).append(f"{row.name}（{row.office}）" if row.office else row.name)
    return found


def office_staff(unit_id: int, today: date) -> dict[int, list[str]]:
    """Who holds a post at each office today, with the role."""
    query = (
        select(Post.office_id, Post.role, Person.name)
        .join(Person, Person.id == Post.person_id)
        .where(Post.unit_id == unit_id, Post.office_id.is_not(None), standing(today), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    found: dict[int, list[str]] = {}
    for office_id, role, name in db.session.execute(query):
        found.setdefault(office_id or 0, []).append(f"{name}（{permissions.ROLE_NAMES[Role(role)]}）")
    return found


def _office_row(unit_id: int, office_id: int) -> Office:
    row = db.session.scalar(select(Office).where(Office.id == office_id, Office.unit_id == unit_id))
    if row is None:
        raise NotFound("没有找到这个科室。")
    return row


def _unit(row: Unit) -> UnitView:
    return UnitView(row.id, row.code, row.name, SealPolicy(row.seal_policy), row.is_demo, UnitKind(row.kind))


def _persons(*conditions: ColumnElement[bool]) -> list[PersonView]:
    people = db.session.scalars(
        select(Person).where(*conditions).order_by(Person.disabled_at.is_not(None), Person.id)
    ).all()
    posts: dict[int, list[PostView]] = {}
    rows = db.session.execute(
        select(Post, Office.name)
        .outerjoin(Office, Office.id == Post.office_id)
        .where(Post.person_id.in_([p.id for p in people]))
        .order_by(Post.ends_on.is_not(None), Post.id)
    )
    for post, office_name in rows:
        view = PostView(post.id, Role(post.role), post.office_id, office_name or "", post.starts_on, post.ends_on)
        posts.setdefault(post.person_id, []).append(view)
    return [
        PersonView(
            id=p.id,
            unit_id=p.unit_id,
            login=p.login,
            name=p.name,
            phone=p.phone,
            email=p.email,
            must_change_password=p.must_change_password,
            disabled_at=p.disabled_at,
            posts=tuple(posts.get(p.id, ())),
        )
        for p in people
    ]
