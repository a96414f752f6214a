"""Gateways, readers, and whom each may speak or hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broker_users",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("added_utc", sa.DateTime(), nullable=False),
        sa.Column("retired_utc", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('gateway', 'reader')", name=op.f("ck_broker_users_kind")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_broker_users")),
    )
    op.create_table(
        "broker_user_athletes",
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["broker_users.name"], name=op.f("fk_broker_user_athletes_user"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_broker_user_athletes_athlete")),
        sa.PrimaryKeyConstraint("user", "athlete", name=op.f("pk_broker_user_athletes")),
    )
    op.create_index(op.f("ix_broker_user_athletes_athlete"), "broker_user_athletes", ["athlete"])
