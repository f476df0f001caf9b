"""Facts, ledgers, disputes, explanations, indicators, and the forms of a unit's own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "aliases", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("group", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("is_money", sa.Boolean(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_fact_office_id_office")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_fact_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("unit_id", "key", name=op.f("uq_fact_unit_id_key")),
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index("ix_fact_office_id", ["office_id"], unique=False)

    op.create_table(
        "import_shape",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("shape_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_import_shape_saved_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_shape_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_shape")),
        sa.UniqueConstraint(
            "unit_id", "target", "shape_sha256", name=op.f("uq_import_shape_unit_id_target_shape_sha256")
        ),
    )
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column(
            "form", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_ledger_office_id_office")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_ledger_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("unit_id", "key", name=op.f("uq_ledger_unit_id_key")),
    )
    op.create_table(
        "unit_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("based_on", sa.String(length=120), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('facts', 'indicators', 'base-table', 'rules', 'ledgers', 'imports')",
            name=op.f("ck_unit_form_part"),
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_unit_form_saved_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_form_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_form")),
        sa.UniqueConstraint("unit_id", "part", "key", "version", name=op.f("uq_unit_form_unit_id_part_key_version")),
    )
    op.create_table(
        "cycle_form",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pinned_by", sa.Integer(), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('facts', 'indicators', 'base-table', 'rules', 'ledgers', 'imports')",
            name=op.f("ck_cycle_form_part"),
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_cycle_form_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["pinned_by"], ["person.id"], name=op.f("fk_cycle_form_pinned_by_person")),
        sa.PrimaryKeyConstraint("cycle_id", "part", name=op.f("pk_cycle_form")),
    )
    op.create_table(
        "fact_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(24, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("typed", sa.String(length=40), nullable=False),
        sa.Column("source_kind", sa.String(length=10), nullable=False),
        sa.Column(
            "source", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("evidence_filename", sa.String(length=200), nullable=False),
        sa.Column("evidence_page", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source_kind IN ('manual', 'import', 'ledger')", name=op.f("ck_fact_value_source_kind")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_fact_value_confirmed_whole")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_fact_value_two_persons")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_fact_value_confirmed_by_person")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_fact_value_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_fact_value_entered_by_person")),
        sa.ForeignKeyConstraint(["evidence_sha256"], ["blob.sha256"], name=op.f("fk_fact_value_evidence_sha256_blob")),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_value_fact_id_fact")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["fact_value.id"], name=op.f("fk_fact_value_supersedes_id_fact_value")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_value")),
        sa.UniqueConstraint(
            "fact_id", "cycle_id", "period", "number", name=op.f("uq_fact_value_fact_id_cycle_id_period_number")
        ),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_fact_value_supersedes_id")),
    )
    with op.batch_alter_table("fact_value", schema=None) as batch_op:
        batch_op.create_index("ix_fact_value_cycle_id", ["cycle_id"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column(
            "mapping", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_import_batch_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_batch_person_id_person")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_import_batch_sha256_blob")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_cycle_id", ["cycle_id"], unique=False)

    op.create_table(
        "indicator_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("indicator_key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("typed_amount", sa.Numeric(24, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column(
            "answer", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("self_score", sa.Numeric(24, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=True),
        sa.Column("self_score_reason", sa.Text(), nullable=False),
        sa.Column("deviation", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("evidence_filename", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_by", sa.Integer(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "consented_by IS NULL OR consented_by <> entered_by", name=op.f("ck_indicator_entry_two_persons")
        ),
        sa.ForeignKeyConstraint(["consented_by"], ["person.id"], name=op.f("fk_indicator_entry_consented_by_person")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_indicator_entry_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_indicator_entry_entered_by_person")),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["blob.sha256"], name=op.f("fk_indicator_entry_evidence_sha256_blob")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_indicator_entry_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_entry")),
        sa.UniqueConstraint(
            "cycle_id", "indicator_key", "number", name=op.f("uq_indicator_entry_cycle_id_indicator_key_number")
        ),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("value_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rival_amount", sa.Numeric(24, 6).with_variant(sa.BigInteger(), "sqlite"), nullable=False),
        sa.Column("rival_typed", sa.String(length=40), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("evidence_filename", sa.String(length=200), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_actor_id", sa.Integer(), nullable=True),
        sa.Column("upholds_rival", sa.Boolean(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'answered', 'decided', 'withdrawn')", name=op.f("ck_dispute_state")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_dispute_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["evidence_sha256"], ["blob.sha256"], name=op.f("fk_dispute_evidence_sha256_blob")),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_dispute_fact_id_fact")),
        sa.ForeignKeyConstraint(["last_actor_id"], ["person.id"], name=op.f("fk_dispute_last_actor_id_person")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_dispute_opened_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dispute_unit_id_unit")),
        sa.ForeignKeyConstraint(["value_id"], ["fact_value.id"], name=op.f("fk_dispute_value_id_fact_value")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_cycle_id", ["cycle_id"], unique=False)
        batch_op.create_index("ix_dispute_fact_id", ["fact_id"], unique=False)

    op.create_table(
        "explanation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explained_by", sa.Integer(), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.Column("refused_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(answered_by IS NULL) = (is_accepted IS NULL)", name=op.f("ck_explanation_one_answer")),
        sa.CheckConstraint(
            "answered_by IS NULL OR answered_by <> explained_by", name=op.f("ck_explanation_two_persons")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_explanation_answered_by_person")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_explanation_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["explained_by"], ["person.id"], name=op.f("fk_explanation_explained_by_person")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_explanation_section_id_section")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation")),
        sa.UniqueConstraint(
            "cycle_id", "fingerprint", "number", name=op.f("uq_explanation_cycle_id_fingerprint_number")
        ),
    )
    op.create_table(
        "figure_use",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_figure_use_fact_id_fact")),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name=op.f("fk_figure_use_section_id_section")),
        sa.PrimaryKeyConstraint("section_id", "fact_id", name=op.f("pk_figure_use")),
    )
    with op.batch_alter_table("figure_use", schema=None) as batch_op:
        batch_op.create_index("ix_figure_use_fact_id", ["fact_id"], unique=False)

    op.create_table(
        "ledger_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "cells", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_ledger_row_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_ledger_row_entered_by_person")),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_ledger_row_import_id_import_batch")),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name=op.f("fk_ledger_row_ledger_id_ledger")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_ledger_row_removed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_row")),
    )
    with op.batch_alter_table("ledger_row", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_row_ledger_id_cycle_id", ["ledger_id", "cycle_id"], unique=False)

    op.create_table(
        "report_file",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_file_report_id_report")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_report_file_sha256_blob")),
        sa.PrimaryKeyConstraint("report_id", "kind", "format", name=op.f("pk_report_file")),
    )
    op.create_table(
        "dispute_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_step_dispute_id_dispute")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dispute_step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_step")),
    )
    with op.batch_alter_table("dispute_step", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_step_dispute_id", ["dispute_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("dispute_step", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_step_dispute_id")

    op.drop_table("dispute_step")
    op.drop_table("report_file")
    with op.batch_alter_table("ledger_row", schema=None) as batch_op:
        batch_op.drop_index("ix_ledger_row_ledger_id_cycle_id")

    op.drop_table("ledger_row")
    with op.batch_alter_table("figure_use", schema=None) as batch_op:
        batch_op.drop_index("ix_figure_use_fact_id")

    op.drop_table("figure_use")
    op.drop_table("explanation")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_fact_id")
        batch_op.drop_index("ix_dispute_cycle_id")

    op.drop_table("dispute")
    op.drop_table("indicator_entry")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_import_batch_cycle_id")

    op.drop_table("import_batch")
    with op.batch_alter_table("fact_value", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_value_cycle_id")

    op.drop_table("fact_value")
    op.drop_table("cycle_form")
    op.drop_table("unit_form")
    op.drop_table("ledger")
    op.drop_table("import_shape")
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_office_id")

    op.drop_table("fact")
