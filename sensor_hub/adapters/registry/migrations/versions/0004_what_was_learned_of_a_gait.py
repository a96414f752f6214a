"""What was learned of an athlete's gait: calibrations of contact time, and how their strides usually look."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOUNTS = "mount IN ('foot', 'shank', 'sacrum')"


def upgrade() -> None:
    op.create_table(
        "calibrations",
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("mount", sa.String(8), nullable=False),
        sa.Column("method", sa.String(80), nullable=False),
        sa.Column("offset_s", sa.Double(), nullable=False),
        sa.Column("slope", sa.Double(), nullable=False),
        sa.Column("centre_s", sa.Double(), nullable=False),
        sa.Column("residual_sd_s", sa.Double(), nullable=False),
        sa.Column("n_steps", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("bias_bound_s", sa.Double(), nullable=True),
        sa.CheckConstraint(MOUNTS, name=op.f("ck_calibrations_mount")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_calibrations_athlete")),
        sa.PrimaryKeyConstraint("athlete", "mount", "method", name=op.f("pk_calibrations")),
    )
    op.create_table(
        "gait_patterns",
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("mount", sa.String(8), nullable=False),
        sa.Column("side", sa.String(1), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("spreads", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("n_sessions", sa.Integer(), nullable=False),
        sa.Column("n_strides", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('L', 'R', 'U')", name=op.f("ck_gait_patterns_side")),
        sa.CheckConstraint(MOUNTS, name=op.f("ck_gait_patterns_mount")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_gait_patterns_athlete")),
        sa.PrimaryKeyConstraint("athlete", "mount", "side", name=op.f("pk_gait_patterns")),
    )
