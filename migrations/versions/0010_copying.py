"""Reuse of earlier texts, and checkpoints in mid-year."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('kept', 'standing')", name=op.f("ck_reuse_kind")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_reuse_declared_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_reuse_section_id_section")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reuse_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuse")),
        sa.UniqueConstraint("section_id", "mark", name=op.f("uq_reuse_section_id_mark")),
    )
    with op.batch_alter_table("reuse", schema=None) as batch_op:
        batch_op.create_index("ix_reuse_unit_id_mark", ["unit_id", "mark"], unique=False)
    op.create_table(
        "repetition",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("paragraphs", sa.Integer(), nullable=False),
        sa.Column(
            "repeated", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_repetition_section_id_section")),
        sa.PrimaryKeyConstraint("section_id", "content_sha256", name=op.f("pk_repetition")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("period IN ('q1', 'half', 'q3')", name=op.f("ck_checkpoint_period")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_checkpoint_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_checkpoint_opened_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        sa.UniqueConstraint("cycle_id", "period", name=op.f("uq_checkpoint_cycle_id_period")),
    )
    op.create_table(
        "checkpoint_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checkpoint_id", sa.Integer(), nullable=False),
        sa.Column("indicator_key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("so_far", sa.Text(), nullable=False),
        sa.Column("outlook", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outlook IS NULL OR outlook IN ('reach', 'risk', 'miss')", name=op.f("ck_checkpoint_answer_outlook")
        ),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_checkpoint_answer_checkpoint_id_checkpoint")
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_checkpoint_answer_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_answer")),
        sa.UniqueConstraint(
            "checkpoint_id",
            "indicator_key",
            "number",
            name=op.f("uq_checkpoint_answer_checkpoint_id_indicator_key_number"),
        ),
    )
    op.create_table(
        "checkpoint_office",
        sa.Column("checkpoint_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_by", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(handed_in_by IS NULL) = (handed_in_at IS NULL)", name=op.f("ck_checkpoint_office_handed_in_whole")
        ),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_checkpoint_office_checkpoint_id_checkpoint")
        ),
        sa.ForeignKeyConstraint(["handed_in_by"], ["person.id"], name=op.f("fk_checkpoint_office_handed_in_by_person")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_checkpoint_office_office_id_office")),
        sa.PrimaryKeyConstraint("checkpoint_id", "office_id", name=op.f("pk_checkpoint_office")),
    )


def downgrade() -> None:
    op.drop_table("checkpoint_office")
    op.drop_table("checkpoint_answer")
    op.drop_table("checkpoint")
    op.drop_table("repetition")
    op.drop_table("reuse")
