"""What a text repeats of earlier ones, and what its author says about it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.data.models.declarative import Json, Table, one_of


class Reuse(Table):
    """沿用: one paragraph that its author keeps from an earlier text, and why.

    `mark` is the digest of the paragraph without its digits, so that a standing text stays known over the years.
    """

    __tablename__ = "reuse"
    __table_args__ = (
        UniqueConstraint("section_id", "mark"),
        CheckConstraint(one_of("kind", ("kept", "standing")), name="kind"),
        Index("ix_reuse_unit_id_mark", "unit_id", "mark"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    mark: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]


class Repetition(Table):
    """What the comparison found for exactly one text of a section; computed by a worker, shown on many pages."""

    __tablename__ = "repetition"
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    content_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    characters: Mapped[int]  # of all compared paragraphs
    paragraphs: Mapped[int]
    repeated: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # {"mark", "characters"} of each repeated paragraph
    at: Mapped[datetime]
