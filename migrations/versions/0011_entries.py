"""Values per head in the unit they say: what was kept as so many 万元/人 is so many times 10,000 元/人."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FACTORS = {
    "万元": 10_000,
    "亿元": 100_000_000,
    "千元": 1000,
    "百万元": 1_000_000,
    "千万元": 10_000_000,
    "万平方米": 10_000,
    "万千瓦时": 10_000,
}
_AMOUNTS = (("fact_value", "amount"), ("dispute", "rival_amount"))


def upgrade() -> None:
    _change("*")


def downgrade() -> None:
    _change("/")


def _change(sign: str) -> None:
    """Amounts are whole millionths on SQLite and NUMERIC on PostgreSQL: in both a power of ten is exact."""
    for table, column in _AMOUNTS:
        for name, factor in _FACTORS.items():
            op.execute(
                sa.text(
                    f"UPDATE {table} SET {column} = {column} {sign} {factor} WHERE {column} IS NOT NULL"  # noqa: S608
                    " AND fact_id IN (SELECT id FROM fact WHERE unit LIKE :unit)"
                ).bindparams(unit=f"{name}/%")
            )
