"""Who may sign in: accounts, sessions of browsers, tokens of programs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(320), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("created_utc", sa.DateTime(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('runner', 'coach', 'admin')", name=op.f("ck_accounts_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_index(op.f("ix_accounts_name_key"), "accounts", ["name_key"], unique=True)
    op.create_table(
        "account_athletes",
        sa.Column("account", sa.String(8), nullable=False),
        sa.Column("athlete", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_account_athletes_account")),
        sa.ForeignKeyConstraint(["athlete"], ["athletes.id"], name=op.f("fk_account_athletes_athlete")),
        sa.PrimaryKeyConstraint("account", "athlete", name=op.f("pk_account_athletes")),
    )
    op.create_index(op.f("ix_account_athletes_athlete"), "account_athletes", ["athlete"])
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("account", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_utc", sa.DateTime(), nullable=False),
        sa.Column("seen_utc", sa.DateTime(), nullable=False),
        sa.Column("expires_utc", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_web_sessions_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
    )
    op.create_index(op.f("ix_web_sessions_account"), "web_sessions", ["account"])
    op.create_table(
        "access_tokens",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("account", sa.String(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reads_only", sa.Boolean(), nullable=False),
        sa.Column("made_utc", sa.DateTime(), nullable=False),
        sa.Column("expires_utc", sa.DateTime(), nullable=True),
        sa.Column("used_utc", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_access_tokens_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_tokens")),
    )
    op.create_index(op.f("ix_access_tokens_account"), "access_tokens", ["account"])
    op.create_table(
        "sign_in_tries",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("last_utc", sa.DateTime(), nullable=False),
        sa.Column("until_utc", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_tries")),
    )
    state = op.create_table(
        "account_state",
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_account_state")),
    )
    op.bulk_insert(state, [{"what": "version", "number": 0}, {"what": "tries", "number": 0}])
