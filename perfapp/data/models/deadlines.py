"""The calendar years that a unit's administrator has added to those that ship."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.data.models.declarative import Json, Table


class AddedYear(Table):
    """A year's notice of holidays; it stands in for the shipped one of the same year."""

    __tablename__ = "calendar_year"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
