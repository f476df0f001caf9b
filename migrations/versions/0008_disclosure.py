"""Delivery to the bureau, disclosure, and measures that become debts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = (
    *("writer", "office_head", "finance", "editor", "deputy_leader", "leader", "seal_keeper"),
    *("system_admin", "security_admin", "auditor"),
)
BUREAU_ROLES = ("bureau_reader", "bureau_reviewer")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE unit ADD COLUMN kind VARCHAR(20) DEFAULT 'budget' NOT NULL CONSTRAINT ck_unit_kind CHECK (kind IN ('budget', 'bureau'))"
    )
    _set_roles((*ROLES, *BUREAU_ROLES))
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("bureau_id", sa.Integer()))
        delivery.add_column(sa.Column("package_sha256", sa.String(length=64)))
        delivery.add_column(sa.Column("received_number", sa.String(length=100), server_default="", nullable=False))
        delivery.add_column(sa.Column("received_by", sa.Integer()))
        delivery.add_column(sa.Column("received_at", MOMENT))
        delivery.add_column(sa.Column("verdict", sa.String(length=10)))
        delivery.add_column(sa.Column("verdict_by", sa.Integer()))
        delivery.add_column(sa.Column("verdict_at", MOMENT))
        delivery.add_column(sa.Column("verdict_reason", sa.Text(), server_default="", nullable=False))
        delivery.create_foreign_key(op.f("fk_delivery_bureau_id_unit"), "unit", ["bureau_id"], ["id"])
        delivery.create_foreign_key(op.f("fk_delivery_package_sha256_blob"), "blob", ["package_sha256"], ["sha256"])
        delivery.create_foreign_key(op.f("fk_delivery_received_by_person"), "person", ["received_by"], ["id"])
        delivery.create_foreign_key(op.f("fk_delivery_verdict_by_person"), "person", ["verdict_by"], ["id"])
        delivery.create_check_constraint(op.f("ck_delivery_verdict"), "verdict IN ('passed', 'returned')")
        delivery.create_check_constraint(
            op.f("ck_delivery_received_first"), "verdict IS NULL OR received_at IS NOT NULL"
        )
        delivery.create_index("ix_delivery_bureau_id", ["bureau_id"])
    _create_supervision()
    _create_disclosure()
    _create_measures()


def downgrade() -> None:
    for table in ("measure_note", "measure", "disclosure_decision", "disclosure", "bureau_comment", "supervision"):
        op.drop_table(table)
    with op.batch_alter_table("delivery") as delivery:
        delivery.drop_index("ix_delivery_bureau_id")
        delivery.drop_constraint(op.f("ck_delivery_received_first"), type_="check")
        delivery.drop_constraint(op.f("ck_delivery_verdict"), type_="check")
        for name in ("verdict_by_person", "received_by_person", "package_sha256_blob", "bureau_id_unit"):
            delivery.drop_constraint(f"fk_delivery_{name}", type_="foreignkey")
        for name in ("verdict_reason", "verdict_at", "verdict_by", "verdict", "received_at", "received_by"):
            delivery.drop_column(name)
        for name in ("received_number", "package_sha256", "bureau_id"):
            delivery.drop_column(name)
    op.execute("DELETE FROM post WHERE role IN ('bureau_reader', 'bureau_reviewer')")
    _set_roles(ROLES)
    op.drop_column("unit", "kind")


def _set_roles(roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("post") as post:
        post.drop_constraint(op.f("ck_post_role"), type_="check")
        post.create_check_constraint(op.f("ck_post_role"), f"role IN ({', '.join(map(repr, roles))})")


def _create_supervision() -> None:
    op.create_table(
        "supervision",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("bureau_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["bureau_id"], ["unit.id"], name=op.f("fk_supervision_bureau_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_supervision_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_supervision")),
    )
    op.create_index(op.f("ix_supervision_bureau_id"), "supervision", ["bureau_id"])
    op.create_table(
        "bureau_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=240), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bureau_comment_person_id_person")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_bureau_comment_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bureau_comment")),
    )
    op.create_index("ix_bureau_comment_report_id", "bureau_comment", ["report_id"])


def _create_disclosure() -> None:
    states = "'preparing', 'clearing', 'awaiting_approval', 'approved', 'published', 'withdrawn'"
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("index_number", sa.String(length=80), nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("edition_blob", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64)),
        sa.Column("prepared_by", sa.Integer(), nullable=False),
        sa.Column("last_actor_id", sa.Integer()),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("published_by", sa.Integer()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_reason", sa.Text()),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_disclosure_state")),
        sa.CheckConstraint(
            "state NOT IN ('published', 'withdrawn') OR published_at IS NOT NULL",
            name=op.f("ck_disclosure_published_at"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_reason IS NOT NULL", name=op.f("ck_disclosure_withdrawn_has_reason")
        ),
        sa.ForeignKeyConstraint(["edition_blob"], ["blob.sha256"], name=op.f("fk_disclosure_edition_blob_blob")),
        sa.ForeignKeyConstraint(["last_actor_id"], ["person.id"], name=op.f("fk_disclosure_last_actor_id_person")),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["blob.sha256"], name=op.f("fk_disclosure_pdf_sha256_blob")),
        sa.ForeignKeyConstraint(["prepared_by"], ["person.id"], name=op.f("fk_disclosure_prepared_by_person")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_disclosure_published_by_person")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_disclosure_report_id_report")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_disclosure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("index_number", name=op.f("uq_disclosure_index_number")),
        sa.UniqueConstraint("report_id", name=op.f("uq_disclosure_report_id")),
    )
    op.create_index("ix_disclosure_unit_id", "disclosure", ["unit_id"])
    op.create_table(
        "disclosure_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("covers_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("lapsed_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["disclosure_id"], ["disclosure.id"], name=op.f("fk_disclosure_decision_disclosure_id_disclosure")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_disclosure_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_decision")),
    )
    op.create_index("ix_disclosure_decision_disclosure_id", "disclosure_decision", ["disclosure_id"])


def _create_measures() -> None:
    states = "'not_started', 'under_way', 'claimed', 'done', 'dropped'"
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("comment_id", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer()),
        sa.Column("person_id", sa.Integer()),
        sa.Column("due_on", sa.Date()),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Integer()),
        sa.Column("confirmed_by", sa.Integer()),
        sa.Column("last_actor_id", sa.Integer()),
        sa.Column("state_since", MOMENT, nullable=False),
        sa.Column("entered_by", sa.Integer()),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_measure_state")),
        sa.CheckConstraint("source IN ('report', 'bureau', 'own')", name=op.f("ck_measure_source")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> claimed_by", name=op.f("ck_measure_two_persons")),
        sa.CheckConstraint("(state = 'done') = (confirmed_by IS NOT NULL)", name=op.f("ck_measure_done_is_confirmed")),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name=op.f("fk_measure_claimed_by_person")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["bureau_comment.id"], name=op.f("fk_measure_comment_id_bureau_comment")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_measure_confirmed_by_person")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_measure_cycle_id_cycle")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_measure_entered_by_person")),
        sa.ForeignKeyConstraint(["last_actor_id"], ["person.id"], name=op.f("fk_measure_last_actor_id_person")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_measure_office_id_office")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_measure_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_measure_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_measure_comment_id")),
    )
    op.create_index("ix_measure_unit_id_state", "measure", ["unit_id", "state"])
    op.create_index("ix_measure_cycle_id", "measure", ["cycle_id"])
    op.create_table(
        "measure_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64)),
        sa.Column("evidence_filename", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["blob.sha256"], name=op.f("fk_measure_note_evidence_sha256_blob")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_note_measure_id_measure")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_measure_note_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_note")),
    )
    op.create_index("ix_measure_note_measure_id", "measure_note", ["measure_id"])
