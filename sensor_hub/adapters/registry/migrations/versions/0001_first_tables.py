"""Athletes, devices, shoes, aliases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "athletes",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("display_name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(320), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("mass_kg", sa.Double(), nullable=True),
        sa.Column("week_start", sa.Integer(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.CheckConstraint("mass_kg IS NULL OR mass_kg BETWEEN 20 AND 250", name=op.f("ck_athletes_mass_kg")),
        sa.CheckConstraint("week_start BETWEEN 1 AND 7", name=op.f("ck_athletes_week_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_athletes")),
    )
    op.create_index(op.f("ix_athletes_name_key"), "athletes", ["name_key"], unique=True)
    op.create_table(
        "devices",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("address", sa.String(80), nullable=False),
        sa.Column("address_key", sa.String(320), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("profile", sa.String(80), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=True),
        sa.Column("side", sa.String(1), nullable=False),
        sa.Column("mount", sa.String(8), nullable=True),
        sa.CheckConstraint("side IN ('L', 'R', 'U')", name=op.f("ck_devices_side")),
        sa.CheckConstraint("mount IS NULL OR mount IN ('foot', 'shank', 'sacrum')", name=op.f("ck_devices_mount")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_devices_athlete")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_address_key"), "devices", ["address_key"], unique=True)
    op.create_index(op.f("ix_devices_athlete"), "devices", ["athlete"])
    op.create_table(
        "shoes",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("drop_mm", sa.Double(), nullable=True),
        sa.Column("start_distance_m", sa.Double(), nullable=False),
        sa.Column("retired_utc", sa.DateTime(), nullable=True),
        sa.CheckConstraint("start_distance_m >= 0", name=op.f("ck_shoes_start_distance_m")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_shoes_athlete")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shoes")),
    )
    op.create_index(op.f("ix_shoes_athlete"), "shoes", ["athlete"])
    op.create_table(
        "aliases",
        sa.Column("old", sa.String(8), nullable=False),
        sa.Column("new", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["new"], ["athletes.id"], name=op.f("fk_aliases_new")),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_new"), "aliases", ["new"])
