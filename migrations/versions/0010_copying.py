"""Reuse of earlier texts: what was found, and what its author says about it."""

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


def downgrade() -> None:
    op.drop_table("repetition")
    op.drop_table("reuse")
