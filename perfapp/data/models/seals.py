"""The register of seals (印章登记), of their certificates, of their use, and what the sealing worker found."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from perfapp.core.seal_flow import SealAction, SealKind, SealState
from perfapp.data.models.declarative import Table, one_of


class Seal(Table):
    """A seal of the unit: name, kind, picture and keeper; its certificates are rows of their own, its key elsewhere."""

    __tablename__ = "seal"
    __table_args__ = (
        CheckConstraint(one_of("state", SealState), name="state"),
        CheckConstraint(one_of("kind", SealKind), name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20), default=SealKind.OFFICIAL.value)
    state: Mapped[str] = mapped_column(String(20), default=SealState.REGISTERED.value)
    version: Mapped[int] = mapped_column(default=1)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    picture_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    registered_at: Mapped[datetime]


class SealCertificate(Table):
    """One certificate of a seal. A later one replaces it; none is ever removed: old files are verified with it."""

    __tablename__ = "seal_certificate"
    __table_args__ = (
        CheckConstraint(one_of("state", ("waiting", "current", "retired")), name="state"),
        Index("ix_seal_certificate_seal_id", "seal_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    certificate_pem: Mapped[str] = mapped_column(Text)
    chain_pem: Mapped[str] = mapped_column(Text, default="")  # between it and the root
    root_pem: Mapped[str] = mapped_column(Text)
    fingerprint_sha256: Mapped[str] = mapped_column(String(64))
    begins_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    key_name: Mapped[str] = mapped_column(String(100))  # how the sealing worker finds the key
    warned_days: Mapped[int | None]  # the shortest warning that has been given of its end
    es_root_pem: Mapped[str] = mapped_column(Text, default="")  # root of its GB/T 38540 seal, where it has one
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: on the command line
    registered_at: Mapped[datetime]


class SealChange(Table):
    """Append-only: everything that ever happened to a seal."""

    __tablename__ = "seal_change"
    __table_args__ = (
        CheckConstraint(one_of("action", SealAction), name="action"),
        Index("ix_seal_change_seal_id", "seal_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    action: Mapped[str] = mapped_column(String(20))
    old_state: Mapped[str] = mapped_column(String(20), default="")
    new_state: Mapped[str] = mapped_column(String(20))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("seal_certificate.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: on the command line
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class SealRequest(Table):
    """用印申请: what for, how many copies, to whom. The newest of a report counts."""

    __tablename__ = "seal_request"
    __table_args__ = (CheckConstraint("copies BETWEEN 1 AND 999", name="copies"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(200))
    copies: Mapped[int]
    recipient: Mapped[str] = mapped_column(String(200))
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    requested_at: Mapped[datetime]


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
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)  # whose seal and whose register
    number: Mapped[int]  # 登记编号, counted per unit
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("seal_certificate.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    is_countersign: Mapped[bool] = mapped_column(default=False)  # 上级加盖 on another unit's report
    subject: Mapped[str] = mapped_column(String(240))  # the longest title with its edition
    purpose: Mapped[str] = mapped_column(String(200))
    copies: Mapped[int] = mapped_column(default=1)
    recipient: Mapped[str] = mapped_column(String(200), default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pressed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    pressed_at: Mapped[datetime]
    before_sha256: Mapped[str] = mapped_column(String(64))
    after_sha256: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="intended")
    note: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None]


class DetachedSignature(Table):
    """A GB/T 38540 signature over the bytes of a sealed PDF, kept beside it."""

    __tablename__ = "detached_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    use_id: Mapped[int] = mapped_column(ForeignKey("seal_use.id"), unique=True)
    pdf_sha256: Mapped[str] = mapped_column(String(64), index=True)
    blob_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    made_at: Mapped[datetime]


class CountersignDemand(Table):
    """上级加盖: reports of this unit are countersigned with that seal, which is its superior's."""

    __tablename__ = "countersign_demand"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


class Countersignature(Table):
    """One report's wait for the superior's seal, from the unit's own seal to the second one."""

    __tablename__ = "countersignature"
    __table_args__ = (
        CheckConstraint(one_of("state", ("asked", "pressing", "done", "refused", "withdrawn")), name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), unique=True)
    seal_id: Mapped[int] = mapped_column(ForeignKey("seal.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="asked")
    version: Mapped[int] = mapped_column(default=1)
    use_id: Mapped[int | None] = mapped_column(ForeignKey("seal_use.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")  # why it is asked for
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the unit's rule asks
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ArchiveStamp(Table):
    """Until when the archive time stamp of a sealed file proves it; a renewed file names the one it begins with."""

    __tablename__ = "archive_stamp"
    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    pdf_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), unique=True)
    renews_sha256: Mapped[str | None] = mapped_column(String(64))
    stamped_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kept_at: Mapped[datetime]


class Probe(Table):
    """What the sealing worker found when it last tried a key or a time server; other processes only read it."""

    __tablename__ = "probe"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("key", "time_server", "worker")), name="kind"),
        UniqueConstraint("kind", "target"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(200))  # the certificate's id, or the server's address
    is_good: Mapped[bool]
    sentence: Mapped[str] = mapped_column(Text, default="")
    since: Mapped[datetime]  # when it became so
    at: Mapped[datetime]  # when it was last tried
