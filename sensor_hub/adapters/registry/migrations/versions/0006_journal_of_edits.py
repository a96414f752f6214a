"""The journal of edits of histories."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", LARGE, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("other", sa.String(8), nullable=True),
        sa.Column("made_utc", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("judged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_journal_athlete")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_journal_athlete"), "journal", ["athlete"])
    op.create_index(op.f("ix_journal_id"), "journal", ["id"], unique=True)
    op.create_index(op.f("ix_journal_other"), "journal", ["other"])
