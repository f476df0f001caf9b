"""Facts and their values, disputes, ledgers, imports; explanations of findings; indicators; forms of a unit's own."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.figures.dispute_flow import DisputeState
from perfapp.data.models.declarative import Json, Table, one_of

SOURCES = ("manual", "import", "ledger")
FORM_PARTS = ("facts", "indicators", "base-table", "rules", "ledgers", "imports")


class Fact(Table):
    """A number of the unit, over the years: what it is, who owns it. Its key is the series."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("unit_id", "key"), Index("ix_fact_office_id", "office_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    aliases: Mapped[list[str]] = mapped_column(Json)
    group: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    scope: Mapped[str] = mapped_column(Text, default="")  # 口径
    unit: Mapped[str] = mapped_column(String(20))  # the unit of measure it is shown in
    decimals: Mapped[int] = mapped_column(default=2)
    is_money: Mapped[bool] = mapped_column(default=False)  # confirmed by finance, any other by the office head
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    formula: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class FactValue(Table):
    """One value of a fact, for a cycle's year or one of its months. The highest number is the present one."""

    __tablename__ = "fact_value"
    __table_args__ = (
        UniqueConstraint("fact_id", "cycle_id", "period", "number"),
        CheckConstraint(one_of("source_kind", SOURCES), name="source_kind"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="two_persons"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
        Index("ix_fact_value_cycle_id", "cycle_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    period: Mapped[str] = mapped_column(String(7), default="year")  # 'year', or a month '01' to '12'
    number: Mapped[int]  # counts the values of this fact, cycle and period from 1
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("fact_value.id"), unique=True)
    as_of: Mapped[date]  # 截止日期
    amount: Mapped[Decimal | None]  # exact, in base units (money: 元); None: taken back, nothing is known
    typed: Mapped[str] = mapped_column(String(40), default="")  # as the person or the file gave it
    source_kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[dict[str, Any]] = mapped_column(Json)  # file, sheet, cell, row; or ledger, rows
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    evidence_filename: Mapped[str] = mapped_column(String(200), default="")
    evidence_page: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]


class FigureUse(Table):
    """Which sections show which facts, kept with every save of a section's text."""

    __tablename__ = "figure_use"
    __table_args__ = (Index("ix_figure_use_fact_id", "fact_id"),)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"), primary_key=True)


class Dispute(Table):
    """A contested value: an object with its own life (争议)."""

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint(one_of("state", DisputeState), name="state"),
        Index("ix_dispute_cycle_id", "cycle_id"),
        Index("ix_dispute_fact_id", "fact_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    value_id: Mapped[int] = mapped_column(ForeignKey("fact_value.id"))  # what was contested
    state: Mapped[str] = mapped_column(String(20), default=DisputeState.OPEN.value)
    version: Mapped[int] = mapped_column(default=1)
    rival_amount: Mapped[Decimal]
    rival_typed: Mapped[str] = mapped_column(String(40), default="")
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    evidence_filename: Mapped[str] = mapped_column(String(200), default="")
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    last_actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    upholds_rival: Mapped[bool | None]  # the verdict, once there is one


class DisputeStep(Table):
    """What was said in a dispute, append-only."""

    __tablename__ = "dispute_step"
    __table_args__ = (Index("ix_dispute_step_dispute_id", "dispute_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    action: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Ledger(Table):
    """台账: what an office keeps through the year; its form is data (core.figures.ledgers)."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("unit_id", "key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    form: Mapped[dict[str, Any]] = mapped_column(Json)  # its columns, and the facts it feeds
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None]


class LedgerRow(Table):
    """One entry of a ledger; a correction removes it and adds another."""

    __tablename__ = "ledger_row"
    __table_args__ = (Index("ix_ledger_row_ledger_id_cycle_id", "ledger_id", "cycle_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ledger_id: Mapped[int] = mapped_column(ForeignKey("ledger.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    happened_on: Mapped[date]
    cells: Mapped[dict[str, Any]] = mapped_column(Json)  # by column key; numbers as decimal strings
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    place: Mapped[str] = mapped_column(String(60), default="")  # sheet and row of the file
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]


class ImportShape(Table):
    """How a file of this shape (its sheets and heads) is read: remembered from the last time."""

    __tablename__ = "import_shape"
    __table_args__ = (UniqueConstraint("unit_id", "target", "shape_sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    target: Mapped[str] = mapped_column(String(80))  # 'facts' or 'ledger:<key>'
    shape_sha256: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class ImportBatch(Table):
    """A file that was read in, kept with what it was read as."""

    __tablename__ = "import_batch"
    __table_args__ = (Index("ix_import_batch_cycle_id", "cycle_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    target: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    filename: Mapped[str] = mapped_column(String(200))
    mapping: Mapped[dict[str, Any]] = mapped_column(Json)
    row_count: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class Explanation(Table):
    """One sentence for a finding, by the owner; finance accepts or refuses it. Append-only by number."""

    __tablename__ = "explanation"
    __table_args__ = (
        UniqueConstraint("cycle_id", "fingerprint", "number"),
        CheckConstraint("(answered_by IS NULL) = (is_accepted IS NULL)", name="one_answer"),
        CheckConstraint("answered_by IS NULL OR answered_by <> explained_by", name="two_persons"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    fingerprint: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(10))
    message: Mapped[str] = mapped_column(Text)  # the finding as it read then
    explanation: Mapped[str] = mapped_column(Text)
    explained_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    explained_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    is_accepted: Mapped[bool | None]
    refused_reason: Mapped[str] = mapped_column(Text, default="")


class IndicatorEntry(Table):
    """What the unit says of an indicator: actual, answers, own score with reason, 偏差原因. Append-only by number."""

    __tablename__ = "indicator_entry"
    __table_args__ = (
        UniqueConstraint("cycle_id", "indicator_key", "number"),
        CheckConstraint("consented_by IS NULL OR consented_by <> entered_by", name="two_persons"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    indicator_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    typed_amount: Mapped[Decimal | None]  # the actual value, where it is no fact
    answer: Mapped[dict[str, Any]] = mapped_column(Json)  # ticks of a check list, or the grade
    self_score: Mapped[Decimal | None]  # set by hand against the system's
    self_score_reason: Mapped[str] = mapped_column(Text, default="")
    deviation: Mapped[str] = mapped_column(Text, default="")  # 偏差原因分析及改进措施
    evidence_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    evidence_filename: Mapped[str] = mapped_column(String(200), default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    consented_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    consented_at: Mapped[datetime | None]


class UnitForm(Table):
    """A unit's own copy of a part of the catalog, changed in the browser; every save is a version."""

    __tablename__ = "unit_form"
    __table_args__ = (
        UniqueConstraint("unit_id", "part", "key", "version"),
        CheckConstraint(one_of("part", FORM_PARTS), name="part"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    part: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    based_on: Mapped[str] = mapped_column(String(120), default="")
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class CycleForm(Table):
    """The parts a cycle is pinned to, as they were when it was opened or last changed."""

    __tablename__ = "cycle_form"
    __table_args__ = (CheckConstraint(one_of("part", FORM_PARTS), name="part"),)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[str] = mapped_column(String(64))
    pinned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    pinned_at: Mapped[datetime]


class ReportFile(Table):
    """A document of the package beside the report itself: the annexes, each in three formats."""

    __tablename__ = "report_file"
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)  # 'base-table', 'score-table'
    format: Mapped[str] = mapped_column(String(10), primary_key=True)  # 'docx', 'pdf', 'xlsx'
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    snapshot_sha256: Mapped[str] = mapped_column(String(64))  # what it was made of
