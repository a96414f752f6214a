"""Whose a pod is for one evening."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "roster",
        sa.Column("number", LARGE, autoincrement=True, nullable=False),
        sa.Column("device", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("side", sa.String(1), nullable=False),
        sa.Column("mount", sa.String(8), nullable=True),
        sa.Column("from_utc", sa.DateTime(), nullable=False),
        sa.Column("until_utc", sa.DateTime(), nullable=False),
        sa.CheckConstraint("side IN ('L', 'R', 'U')", name=op.f("ck_roster_side")),
        sa.CheckConstraint("mount IS NULL OR mount IN ('foot', 'shank', 'sacrum')", name=op.f("ck_roster_mount")),
        sa.CheckConstraint("from_utc < until_utc", name=op.f("ck_roster_until_utc")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_roster_athlete")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_roster")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_roster_athlete"), "roster", ["athlete"])
    op.create_index(op.f("ix_roster_device"), "roster", ["device"])
