"""The paper lane: what was uploaded, what was read from it, and who accepted it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.paper import ScanState
from perfapp.data.models.declarative import Json, Table, one_of


class PaperScan(Table):
    """One upload of a report that was signed and stamped on paper."""

    __tablename__ = "paper_scan"
    __table_args__ = (
        CheckConstraint(one_of("state", ScanState), name="state"),
        CheckConstraint("(state = 'confirmed') = (confirmed_by IS NOT NULL)", name="confirmed_by_somebody"),
        Index("ix_paper_scan_report_id", "report_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    pdf_sha256: Mapped[str] = mapped_column(String(64))  # the file that was printed
    state: Mapped[str] = mapped_column(String(10))
    problems: Mapped[list[Any]] = mapped_column(Json, default=list)  # sentences
    pages: Mapped[list[Any]] = mapped_column(Json, default=list)  # of each page where it was found, and what differs
    record_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))  # the scan as one PDF, in order
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class PaperFile(Table):
    """One of the files as it was brought; kept beside the record that was made of it."""

    __tablename__ = "paper_file"
    scan_id: Mapped[int] = mapped_column(ForeignKey("paper_scan.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
