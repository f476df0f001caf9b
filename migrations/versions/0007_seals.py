"""The register of seals, their certificates and keys, requests of use, countersignatures, detached signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('official', 'performance', 'finance', 'other')"
_STATES = "state IN ('registered', 'active', 'stopped', 'cancelled')"
_ACTIONS = "action IN ('register', 'change', 'renew', 'enable', 'adopt', 'stop', 'cancel')"


def upgrade() -> None:
    op.create_table(
        "seal_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("certificate_pem", sa.Text(), nullable=False),
        sa.Column("chain_pem", sa.Text(), nullable=False),
        sa.Column("root_pem", sa.Text(), nullable=False),
        sa.Column("fingerprint_sha256", sa.String(length=64), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_name", sa.String(length=100), nullable=False),
        sa.Column("warned_days", sa.Integer(), nullable=True),
        sa.Column("es_root_pem", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'current', 'retired')", name=op.f("ck_seal_certificate_state")),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["person.id"], name=op.f("fk_seal_certificate_registered_by_person")
        ),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_seal_certificate_seal_id_seal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_certificate")),
    )
    with op.batch_alter_table("seal_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_seal_certificate_seal_id", ["seal_id"], unique=False)
    op.execute(  # every seal had one certificate; what was stopped is kept for verification
        "INSERT INTO seal_certificate (seal_id, state, certificate_pem, chain_pem, root_pem, fingerprint_sha256, "
        "begins_at, expires_at, key_name, es_root_pem, registered_at) "
        "SELECT id, CASE state WHEN 'active' THEN 'current' ELSE 'retired' END, certificate_pem, '', root_pem, "
        "fingerprint_sha256, registered_at, expires_at, key_name, '', registered_at FROM seal"
    )
    with op.batch_alter_table("seal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=20), nullable=False, server_default="official"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("keeper_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_seal_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_seal_state"), _STATES)
        batch_op.create_check_constraint(batch_op.f("ck_seal_kind"), _KINDS)
        batch_op.create_foreign_key(batch_op.f("fk_seal_keeper_id_person"), "person", ["keeper_id"], ["id"])
        for name in ("certificate_pem", "root_pem", "fingerprint_sha256", "expires_at", "key_name"):
            batch_op.drop_column(name)
    op.create_table(
        "seal_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("old_state", sa.String(length=20), nullable=False),
        sa.Column("new_state", sa.String(length=20), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_ACTIONS, name=op.f("ck_seal_change_action")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["seal_certificate.id"], name=op.f("fk_seal_change_certificate_id_seal_certificate")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seal_change_person_id_person")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_seal_change_seal_id_seal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_change")),
    )
    with op.batch_alter_table("seal_change", schema=None) as batch_op:
        batch_op.create_index("ix_seal_change_seal_id", ["seal_id"], unique=False)
    op.execute(
        "INSERT INTO seal_change (seal_id, action, old_state, new_state, certificate_id, reason, at) "
        "SELECT seal.id, 'register', '', seal.state, seal_certificate.id, '', seal.registered_at "
        "FROM seal JOIN seal_certificate ON seal_certificate.seal_id = seal.id"
    )
    op.create_table(
        "seal_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copies BETWEEN 1 AND 999", name=op.f("ck_seal_request_copies")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_seal_request_report_id_report")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_seal_request_requested_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_request")),
    )
    with op.batch_alter_table("seal_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seal_request_report_id"), ["report_id"], unique=False)
    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("is_countersign", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("certificate_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE seal_use SET certificate_id = "
        "(SELECT id FROM seal_certificate WHERE seal_certificate.seal_id = seal_use.seal_id)"
    )
    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        batch_op.alter_column("certificate_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_seal_use_certificate_id_seal_certificate"), "seal_certificate", ["certificate_id"], ["id"]
        )
    op.create_table(
        "detached_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], name=op.f("fk_detached_signature_blob_sha256_blob")),
        sa.ForeignKeyConstraint(["use_id"], ["seal_use.id"], name=op.f("fk_detached_signature_use_id_seal_use")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detached_signature")),
        sa.UniqueConstraint("use_id", name=op.f("uq_detached_signature_use_id")),
    )
    with op.batch_alter_table("detached_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_detached_signature_pdf_sha256"), ["pdf_sha256"], unique=False)
    op.create_table(
        "countersign_demand",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_countersign_demand_seal_id_seal")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_countersign_demand_set_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_countersign_demand_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_countersign_demand")),
    )
    op.create_table(
        "countersignature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("use_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'pressing', 'done', 'refused')", name=op.f("ck_countersignature_state")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_countersignature_report_id_report")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_countersignature_seal_id_seal")),
        sa.ForeignKeyConstraint(["use_id"], ["seal_use.id"], name=op.f("fk_countersignature_use_id_seal_use")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersignature")),
        sa.UniqueConstraint("report_id", name=op.f("uq_countersignature_report_id")),
    )
    with op.batch_alter_table("countersignature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_countersignature_seal_id"), ["seal_id"], unique=False)
    op.create_table(
        "probe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=200), nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('key', 'time_server', 'worker')", name=op.f("ck_probe_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe")),
        sa.UniqueConstraint("kind", "target", name=op.f("uq_probe_kind_target")),
    )


def downgrade() -> None:
    """Of a seal with several certificates the last one remains."""
    for name in ("probe", "countersignature", "countersign_demand", "detached_signature"):
        op.drop_table(name)
    with op.batch_alter_table("seal_use", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_seal_use_certificate_id_seal_certificate"), type_="foreignkey")
        for name in ("certificate_id", "is_countersign", "recipient"):
            batch_op.drop_column(name)
    op.drop_table("seal_request")
    op.drop_table("seal_change")
    with op.batch_alter_table("seal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("certificate_pem", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("root_pem", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("fingerprint_sha256", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("key_name", sa.String(length=100), nullable=False, server_default=""))
    last = "FROM seal_certificate WHERE seal_certificate.seal_id = seal.id ORDER BY id DESC LIMIT 1"
    for name in ("certificate_pem", "root_pem", "fingerprint_sha256", "expires_at", "key_name"):
        op.execute(f"UPDATE seal SET {name} = (SELECT {name} {last})")  # noqa: S608 -- our own names
    op.execute("UPDATE seal SET state = 'stopped' WHERE state = 'registered'")
    with op.batch_alter_table("seal", schema=None) as batch_op:
        batch_op.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_constraint(batch_op.f("fk_seal_keeper_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_seal_kind"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_seal_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_seal_state"), "state IN ('active', 'stopped', 'cancelled')")
        for name in ("kind", "version", "keeper_id"):
            batch_op.drop_column(name)
    op.drop_table("seal_certificate")
