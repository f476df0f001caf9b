"""Which bureau supervises whom and what it says, what is made public, and the measures that a report promises."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.disclosing.flow import DisclosureState
from perfapp.core.measures.flow import MeasureState
from perfapp.data.models.declarative import Json, Table, one_of

MEASURE_SOURCES = ("report", "bureau", "own")


class Supervision(Table):
    """The finance bureau that a budget unit delivers to."""

    __tablename__ = "supervision"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    since: Mapped[date]


class BureauComment(Table):
    """审核意见: what the bureau says of a delivered edition, of one section or of the whole."""

    __tablename__ = "bureau_comment"
    __table_args__ = (Index("ix_bureau_comment_report_id", "report_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    heading: Mapped[str] = mapped_column(String(240), default="")  # of the section, as printed; empty: the whole report
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Disclosure(Table):
    """公开: one edition on its way to the public, and what the public then sees. Frozen when it is published."""

    __tablename__ = "disclosure"
    __table_args__ = (
        CheckConstraint(one_of("state", DisclosureState), name="state"),
        CheckConstraint("state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason IS NOT NULL", name="withdrawn_has_reason"),
        Index("ix_disclosure_unit_id", "unit_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=DisclosureState.PREPARING.value)
    version: Mapped[int] = mapped_column(default=1)
    index_number: Mapped[str] = mapped_column(String(80), unique=True)  # 索引号, part of the stable address
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    content_sha256: Mapped[str] = mapped_column(String(64))  # of exactly what the public will see
    edition_blob: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    prepared_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    last_actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state_since: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


class DisclosureDecision(Table):
    """保密审查, 主要负责人审签, or a refusal: bound to what it was given for, lapsed when that changes."""

    __tablename__ = "disclosure_decision"
    __table_args__ = (Index("ix_disclosure_decision_disclosure_id", "disclosure_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosure.id"))
    action: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    covers_sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class Measure(Table):
    """整改台账: one thing that the unit has promised or was told to do."""

    __tablename__ = "measure"
    __table_args__ = (
        CheckConstraint(one_of("state", MeasureState), name="state"),
        CheckConstraint(one_of("source", MEASURE_SOURCES), name="source"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> claimed_by", name="two_persons"),
        CheckConstraint("(state = 'done') = (confirmed_by IS NOT NULL)", name="done_is_confirmed"),
        Index("ix_measure_unit_id_state", "unit_id", "state"),
        Index("ix_measure_cycle_id", "cycle_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))  # whose report it comes from
    source: Mapped[str] = mapped_column(String(10))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("bureau_comment.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    proof: Mapped[str] = mapped_column(Text, default="")  # 完成标志: what shows that it is done
    state: Mapped[str] = mapped_column(String(20), default=MeasureState.NOT_STARTED.value)
    version: Mapped[int] = mapped_column(default=1)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state_since: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: it came with the bureau's comment
    entered_at: Mapped[datetime]


class MeasureNote(Table):
    """What was done about a measure, append-only; evidence where there is some."""

    __tablename__ = "measure_note"
    __table_args__ = (Index("ix_measure_note_measure_id", "measure_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("measure.id"))
    action: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text, default="")
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    evidence_filename: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
