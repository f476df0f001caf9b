"""Until when the archive time stamps prove, the renewed files, and who asks a superior for its seal, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATES = "state IN ('asked', 'pressing', 'done', 'refused')"
_MORE_STATES = "state IN ('asked', 'pressing', 'done', 'refused', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "archive_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("renews_sha256", sa.String(length=64), nullable=True),
        sa.Column("stamped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["blob.sha256"], name=op.f("fk_archive_stamp_pdf_sha256_blob")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_archive_stamp_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_stamp")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_archive_stamp_pdf_sha256")),
    )
    with op.batch_alter_table("archive_stamp", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_stamp_report_id"), ["report_id"], unique=False)
    with op.batch_alter_table("countersignature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asked_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_countersignature_asked_by_person"), "person", ["asked_by"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_countersignature_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_countersignature_state"), _MORE_STATES)


def downgrade() -> None:
    op.execute("UPDATE countersignature SET state = 'refused' WHERE state = 'withdrawn'")
    with op.batch_alter_table("countersignature", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_countersignature_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_countersignature_state"), _STATES)
        batch_op.drop_constraint(batch_op.f("fk_countersignature_asked_by_person"), type_="foreignkey")
        batch_op.drop_column("asked_by")
        batch_op.drop_column("reason")
    op.drop_table("archive_stamp")
