"""Codes, time stamps and the public state of a sealed report."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verify_code", sa.String(length=16), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_report_verify_code"), ["verify_code"])
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("lost")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_report_verify_code"), type_="unique")
        batch_op.drop_column("verify_code")
