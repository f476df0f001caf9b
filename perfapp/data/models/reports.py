"""Report editions, approvals, seals and their use, deliveries."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.report_flow import ReportState
from perfapp.data.models.declarative import Table, one_of

_SIGNED = "('sealed', 'delivered', 'voided')"


class Report(Table):
    """One edition (版次) of a cycle's report."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("cycle_id", "edition"),
        CheckConstraint(one_of("state", ReportState), name="state"),
        CheckConstraint(f"(state IN {_SIGNED}) = (sealed_sha256 IS NOT NULL)", name="sealed_has_bytes"),
        CheckConstraint("(state = 'voided') = (void_reason IS NOT NULL)", name="voided_has_reason"),
        CheckConstraint("state = 'drafting' OR snapshot_sha256 IS NOT NULL", name="merged_has_snapshot"),
        CheckConstraint(
            "state NOT IN ('issued', 'awaiting_seal', 'sealing', 'sealed', 'delivered', 'voided') "
            "OR issued_sha256 IS NOT NULL",
            name="issued_has_digest",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    edition: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default=ReportState.DRAFTING.value)
    direct_to: Mapped[str | None] = mapped_column(String(20))
    returned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # with 直达: who answers for it
    version: Mapped[int] = mapped_column(default=1)
    dated_on: Mapped[date | None]  # 成文日期, printed on the cover
    snapshot_sha256: Mapped[str | None] = mapped_column(String(64))  # digest of the canonical snapshot
    snapshot_blob: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    docx_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    compiled_sha256: Mapped[str | None] = mapped_column(String(64))  # the snapshot that docx and pdf were made of
    issued_sha256: Mapped[str | None] = mapped_column(String(64))  # the snapshot that was issued
    sealed_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"), index=True)
    void_reason: Mapped[str | None] = mapped_column(Text)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), unique=True)
    replaces_reason: Mapped[str] = mapped_column(Text, default="")
    last_actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state_since: Mapped[datetime]


class Approval(Table):
    """A decision bound to what was decided upon; it lapses when, and only where, that content changes."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("(section_id IS NULL) <> (report_id IS NULL)", name="one_subject"),
        Index("ix_approval_section_id", "section_id"),
        Index("ix_approval_report_id", "report_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    action: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    covers_sha256: Mapped[str] = mapped_column(String(64))
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class Seal(Table):
    """A seal of the unit: picture and certificate here, the key elsewhere."""

    __tablename__ = "seal"
    __table_args__ = (CheckConstraint(one_of("state", ("active", "stopped", "cancelled")), name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20), default="active")
    certificate_pem: Mapped[str] = mapped_column(Text)
    root_pem: Mapped[str] = mapped_column(Text)
    fingerprint_sha256: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    picture_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    key_name: Mapped[str] = mapped_column(String(100))  # the key's file name in the seal folder
    is_demo: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]


class SealUse(Table):
    """用印登记: one row a use, written before the key is touched."""

    __tablename__ = "seal_use"
    __table_args__ = (
        CheckConstraint(one_of("state", ("intended", "done", "failed", "abandoned")), name="state"),
        CheckConstraint("(state = 'done') = (after_sha256 IS NOT NULL)", name="done_has_bytes"),
        UniqueConstraint("unit_id", "number"),
        Index("ix_seal_use_report_id", "report_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    number: Mapped[int]  # 登记编号, counted per unit
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    subject: Mapped[str] = mapped_column(String(240))  # the longest title with its edition
    purpose: Mapped[str] = mapped_column(String(200))
    copies: Mapped[int] = mapped_column(default=1)
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pressed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pressed_at: Mapped[datetime]
    before_sha256: Mapped[str] = mapped_column(String(64))
    after_sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="intended")
    note: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]


class Delivery(Table):
    """报送: when, to whom, with what receipt."""

    __tablename__ = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    recipient: Mapped[str] = mapped_column(String(100))
    delivered_on: Mapped[date]
    receipt: Mapped[str] = mapped_column(String(200), default="")
    receipt_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    receipt_filename: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
