"""The paper lane and the certificate of circulation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_on_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "paper_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("problems", _JSON, nullable=False),
        sa.Column("pages", _JSON, nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reading', 'refused', 'ready', 'returned', 'confirmed')", name=op.f("ck_paper_scan_state")
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_by IS NOT NULL)", name=op.f("ck_paper_scan_confirmed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_paper_scan_confirmed_by_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_paper_scan_ended_by_person")),
        sa.ForeignKeyConstraint(["record_sha256"], ["blob.sha256"], name=op.f("fk_paper_scan_record_sha256_blob")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_paper_scan_report_id_report")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["person.id"], name=op.f("fk_paper_scan_uploaded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_scan")),
    )
    with op.batch_alter_table("paper_scan", schema=None) as batch_op:
        batch_op.create_index("ix_paper_scan_report_id", ["report_id"], unique=False)
    op.create_table(
        "paper_file",
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["paper_scan.id"], name=op.f("fk_paper_file_scan_id_paper_scan")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_paper_file_sha256_blob")),
        sa.PrimaryKeyConstraint("scan_id", "position", name=op.f("pk_paper_file")),
    )


def downgrade() -> None:
    op.drop_table("paper_file")
    op.drop_table("paper_scan")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_column("is_on_paper")
