"""What pages that are kept open need: squads, marks on findings, checks of sensors, and who is told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _squads()
    _marks_and_checks()
    _telling()


def _squads() -> None:
    op.create_table(
        "squads",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_squads")),
    )
    op.create_index(op.f("ix_squads_name_key"), "squads", ["name_key"], unique=True)
    op.create_table(
        "squad_athletes",
        sa.Column("squad", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("squad", "athlete", name=op.f("pk_squad_athletes")),
        sa.ForeignKeyConstraint(["squad"], ["squads.id"], name=op.f("fk_squad_athletes_squad"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_squad_athletes_athlete")),
    )
    op.create_index(op.f("ix_squad_athletes_athlete"), "squad_athletes", ["athlete"])


def _marks_and_checks() -> None:
    op.create_table(
        "finding_marks",
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("about", sa.String(160), nullable=False),
        sa.Column("level", sa.String(10), nullable=False),
        sa.Column("at_utc", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("until_utc", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("athlete", "about", name=op.f("pk_finding_marks")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_finding_marks_athlete")),
    )
    op.create_table(
        "sensor_checks",
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("checked_utc", sa.DateTime(), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_sensor_checks")),
        sa.CheckConstraint("verdict IN ('fit', 'look', 'no')", name=op.f("ck_sensor_checks_verdict")),
    )


def _telling() -> None:
    op.create_table(
        "addressees",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=True),
        sa.Column("account", sa.String(8), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("numbers", sa.Boolean(), nullable=False),
        sa.Column("added_utc", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addressees")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_addressees_athlete")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_addressees_account"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_addressees_athlete"), "addressees", ["athlete"])
    op.create_index(op.f("ix_addressees_account"), "addressees", ["account"])
    op.create_table(
        "notifications",
        sa.Column("addressee", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.Column("about", sa.String(200), nullable=False),
        sa.Column("made_utc", sa.DateTime(), nullable=False),
        sa.Column("due_utc", sa.DateTime(), nullable=False),
        sa.Column("sent_utc", sa.DateTime(), nullable=True),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(255), nullable=True),
        sa.Column("dropped_utc", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("addressee", "athlete", "about", name=op.f("pk_notifications")),
        sa.ForeignKeyConstraint(
            ["addressee"], ["addressees.id"], name=op.f("fk_notifications_addressee"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_notifications_athlete")),
    )
    op.create_index(op.f("ix_notifications_athlete"), "notifications", ["athlete"])
    op.create_index(op.f("ix_notifications_due_utc"), "notifications", ["due_utc"])
