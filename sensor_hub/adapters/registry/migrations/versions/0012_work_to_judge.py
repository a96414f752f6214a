"""What several hub workers share: whose load is to be judged, who does what alone, and what was told."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "due",
        sa.Column("athlete", sa.String(64), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("noted_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("athlete", name=op.f("pk_due")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "told",
        sa.Column("athlete", sa.String(64), nullable=False),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("finding", sa.String(32), nullable=False),
        sa.Column("noted_s", sa.Double(), nullable=False),
        sa.Column("holder", sa.String(80), nullable=True),
        sa.Column("until_s", sa.Double(), nullable=False),
        sa.Column("told_s", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("athlete", "rule", "scope", name=op.f("pk_told")),
    )
