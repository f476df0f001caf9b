"""Report editions, approvals, deliveries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.report_flow import ReportState
from perfapp.data.models.declarative import Json, Table, one_of

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
    verify_code: Mapped[str | None] = mapped_column(
        String(16), unique=True
    )  # printed on the report, leads to its state
    is_on_paper: Mapped[bool] = mapped_column(default=False, server_default=false())  # its bytes are a scan
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
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # 代理: in whose place
    covers_sha256: Mapped[str] = mapped_column(String(64))
    covered: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, server_default="{}"
    )  # of a report: section id to digest
    round: Mapped[int] = mapped_column(default=0, server_default="0")  # of a section: the handing-in it belongs to
    comment: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]


class Delivery(Table):
    """报送: when, to whom, with what receipt."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("verdict IN ('passed', 'returned')", name="verdict"),
        CheckConstraint("verdict IS NULL OR received_at IS NOT NULL", name="received_first"),
        Index("ix_delivery_bureau_id", "bureau_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    recipient: Mapped[str] = mapped_column(String(100))
    delivered_on: Mapped[date]
    receipt: Mapped[str] = mapped_column(String(200), default="")
    receipt_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    receipt_filename: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    bureau_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # delivered online to this bureau
    package_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    received_number: Mapped[str] = mapped_column(String(100), default="", server_default="")  # 签收号
    received_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(10))
    verdict_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verdict_at: Mapped[datetime | None]
    verdict_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
