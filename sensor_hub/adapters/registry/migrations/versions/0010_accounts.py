"""Who may sign in: accounts, sessions of browsers, tokens of programs."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
