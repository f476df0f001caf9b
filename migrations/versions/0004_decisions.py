"""Parallel steps, added reviewers, delegation, hand-over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("covered", JSON, nullable=False, server_default="{}"))
        batch_op.create_foreign_key(op.f("fk_approval_on_behalf_of_id_person"), "person", ["on_behalf_of_id"], ["id"])
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("same_person_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "step_rule",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.CheckConstraint("mode IN ('all', 'any', 'some')", name=op.f("ck_step_rule_mode")),
        sa.CheckConstraint("least >= 1", name=op.f("ck_step_rule_least")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_step_rule_cycle_id_cycle")),
        sa.PrimaryKeyConstraint("cycle_id", "step", name=op.f("pk_step_rule")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("covers_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(section_id IS NULL) <> (report_id IS NULL)", name=op.f("ck_referral_one_subject")),
        sa.CheckConstraint("kind IN ('before', 'after', 'instead')", name=op.f("ck_referral_kind")),
        sa.CheckConstraint("by_id <> to_id", name=op.f("ck_referral_two_persons")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_by_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_referral_to_id_person")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_referral_report_id_report")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_referral_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    for column in ("section_id", "report_id", "to_id"):
        op.create_index(f"ix_referral_{column}", "referral", [column], unique=False)
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_delegation_two_persons")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_delegation_dates")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_delegation_unit_id_unit")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_delegation_from_id_person")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_delegation_to_id_person")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_delegation_office_id_office")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_delegation_made_by_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_delegation_ended_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for column in ("unit_id", "from_id", "to_id"):
        op.create_index(f"ix_delegation_{column}", "delegation", [column], unique=False)


def downgrade() -> None:
    op.drop_table("delegation")
    op.drop_table("referral")
    op.drop_table("step_rule")
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_column("same_person_once")
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.drop_column("round")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_approval_on_behalf_of_id_person"), type_="foreignkey")
        batch_op.drop_column("covered")
        batch_op.drop_column("round")
        batch_op.drop_column("on_behalf_of_id")
