"""Working days, reminders, and the outbox of messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_NOT_SENT = "升级时这封邮件还没有发出；内容在系统的通知里。"


def upgrade() -> None:
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remind_before", sa.Integer(), nullable=False, server_default="3"))
        batch_op.add_column(sa.Column("escalate_after", sa.Integer(), nullable=True, server_default="3"))
    with op.batch_alter_table("stage_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("after_days", sa.Integer(), nullable=True))
    op.create_table(
        "calendar_year",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_calendar_year_added_by_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_calendar_year_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", "year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "channel_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "channel IN ('email', 'wecom', 'dingtalk', 'feishu')", name=op.f("ck_channel_choice_channel")
        ),
        sa.CheckConstraint("mode IN ('each', 'digest', 'off')", name=op.f("ck_channel_choice_mode")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_channel_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "channel", name=op.f("pk_channel_choice")),
    )
    op.create_table(
        "robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('wecom', 'dingtalk', 'feishu')", name=op.f("ck_robot_channel")),
        sa.CheckConstraint("office_id IS NULL OR person_id IS NULL", name=op.f("ck_robot_one_audience")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_robot_added_by_person")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_robot_office_id_office")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_robot_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_robot_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot")),
    )
    with op.batch_alter_table("robot", schema=None) as batch_op:
        batch_op.create_index("ix_robot_unit_id", ["unit_id"], unique=False)
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("resent", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email', 'wecom', 'dingtalk', 'feishu')", name=op.f("ck_outgoing_channel")),
        sa.CheckConstraint("person_id IS NOT NULL OR robot_id IS NOT NULL", name=op.f("ck_outgoing_recipient")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unknown', 'failed', 'dropped')", name=op.f("ck_outgoing_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outgoing_person_id_person")),
        sa.ForeignKeyConstraint(["robot_id"], ["robot.id"], name=op.f("fk_outgoing_robot_id_robot")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outgoing_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint(
            "occasion", "recipient", "channel", "day", name=op.f("uq_outgoing_occasion_recipient_channel_day")
        ),
    )
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_unit_id_state", ["unit_id", "state"], unique=False)
    job = sa.table("job", sa.column("kind"), sa.column("state"), sa.column("error"))
    op.execute(
        job.update()
        .where(job.c.kind == "email", job.c.state.in_(("queued", "running")))
        .values(state="failed", error=_NOT_SENT)
    )


def downgrade() -> None:
    job = sa.table("job", sa.column("kind"))
    op.execute(job.delete().where(job.c.kind == "message"))
    op.drop_table("outgoing")
    op.drop_table("robot")
    op.drop_table("channel_choice")
    op.drop_table("calendar_year")
    with op.batch_alter_table("stage_date", schema=None) as batch_op:
        batch_op.drop_column("after_days")
    with op.batch_alter_table("cycle", schema=None) as batch_op:
        batch_op.drop_column("escalate_after")
        batch_op.drop_column("remind_before")
