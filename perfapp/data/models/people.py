"""Units, offices, persons, posts, sessions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.permissions import OFFICE_ROLES, Role, UnitKind
from perfapp.core.report_flow import SealPolicy
from perfapp.data.models.declarative import Table, one_of


class Unit(Table):
    """预算单位"""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint(one_of("seal_policy", SealPolicy), name="seal_policy"),
        CheckConstraint(one_of("kind", UnitKind), name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default=UnitKind.BUDGET.value, server_default=UnitKind.BUDGET.value)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    seal_policy: Mapped[str] = mapped_column(String(20), default=SealPolicy.LEADER.value)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Office(Table):
    """科室/股"""

    __tablename__ = "office"
    __table_args__ = (UniqueConstraint("unit_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)
    closed_on: Mapped[date | None]


class Person(Table):
    __tablename__ = "person"
    __table_args__ = (Index("ix_person_unit_id", "unit_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    login: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Post(Table):
    """A role at an office or the unit, with dates; kept when it ends, so that history keeps its names."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint(
            f"({one_of('role', sorted(OFFICE_ROLES))}) = (office_id IS NOT NULL)",
            name="office_role_has_office",
        ),
        Index("ix_post_person_id", "person_id"),
        Index("ix_post_unit_id_role", "unit_id", "role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    role: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class WebSession(Table):
    """A signed-in browser. The cookie holds a random token; only its digest is kept here."""

    __tablename__ = "web_session"
    __table_args__ = (Index("ix_web_session_person_id", "person_id"),)
    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class SignInFailure(Table):
    """Failed sign-ins by login and by address; the growing delay is read from here, so a restart forgets nothing."""

    __tablename__ = "sign_in_failure"
    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
