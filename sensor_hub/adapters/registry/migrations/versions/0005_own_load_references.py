"""A runner's own load references, every version of them, and how tall a runner is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("athletes", sa.Column("height_m", sa.Double(), nullable=True))
    op.create_table(
        "load_references",
        sa.Column("number", LARGE, autoincrement=True, nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("step_time_s", sa.Double(), nullable=False),
        sa.Column("contact_time_s", sa.Double(), nullable=False),
        sa.Column("hard_line_bw", sa.Double(), nullable=False),
        sa.Column("strike_factor", sa.Double(), nullable=False),
        sa.Column("at_easy_speed", sa.Boolean(), nullable=False),
        sa.Column("learned_on", sa.Date(), nullable=False),
        sa.Column("n_sessions", sa.Integer(), nullable=False),
        sa.Column("n_steps", sa.Double(), nullable=False),
        sa.Column("made", sa.String(8), nullable=False),
        sa.Column("before", sa.String(24), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("made IN ('first', 'asked')", name=op.f("ck_load_references_made")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_load_references_athlete")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_load_references")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_load_references_athlete"), "load_references", ["athlete"])
