"""Remarks on passages and proposed changes; every content a report was frozen with."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("quoted", sa.Text(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=False),
        sa.Column("made_at_version", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("start_at", sa.Integer(), nullable=True),
        sa.Column("end_at", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said_last", sa.String(length=20), nullable=False),
        sa.CheckConstraint("deed IN ('comment', 'replace', 'delete', 'insert')", name=op.f("ck_remark_deed")),
        sa.CheckConstraint("audience IN ('everybody', 'reviewers')", name=op.f("ck_remark_audience")),
        sa.CheckConstraint("state IN ('open', 'resolved', 'accepted', 'refused')", name=op.f("ck_remark_state")),
        sa.CheckConstraint("said_last IN ('writer', 'reviewer')", name=op.f("ck_remark_said_last")),
        sa.CheckConstraint("deed = 'comment' OR audience = 'everybody'", name=op.f("ck_remark_proposal_for_everybody")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_remark_author_id_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_remark_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index("ix_remark_section_id_state", ["section_id", "state"], unique=False)

    op.create_table(
        "remark_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('reply', 'resolve', 'reopen', 'accept', 'refuse')", name=op.f("ck_remark_step_act")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remark_step_person_id_person")),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_remark_step_remark_id_remark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark_step")),
    )
    with op.batch_alter_table("remark_step", schema=None) as batch_op:
        batch_op.create_index("ix_remark_step_remark_id", ["remark_id"], unique=False)

    op.create_table(
        "report_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot_blob", sa.String(length=64), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("fk_report_version_frozen_by_person")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_version_report_id_report")),
        sa.ForeignKeyConstraint(["snapshot_blob"], ["blob.sha256"], name=op.f("fk_report_version_snapshot_blob_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint("report_id", "number", name=op.f("uq_report_version_report_id_number")),
    )
    # Of the reports that are there already, what they were last frozen with is known.
    op.execute(
        "INSERT INTO report_version (report_id, number, snapshot_sha256, snapshot_blob, frozen_by, at) "
        "SELECT id, 1, snapshot_sha256, snapshot_blob, NULL, state_since FROM report "
        "WHERE snapshot_sha256 IS NOT NULL AND snapshot_blob IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("report_version")
    with op.batch_alter_table("remark_step", schema=None) as batch_op:
        batch_op.drop_index("ix_remark_step_remark_id")

    op.drop_table("remark_step")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index("ix_remark_section_id_state")

    op.drop_table("remark")
