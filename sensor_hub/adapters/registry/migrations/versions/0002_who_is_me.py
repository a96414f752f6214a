"""The athlete `me` keeps that role when renamed or merged."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("athletes", sa.Column("role", sa.String(8), nullable=True))
    op.create_index(op.f("ix_athletes_role"), "athletes", ["role"], unique=True)
    op.execute("UPDATE athletes SET role = 'me' WHERE name_key = 'me'")
