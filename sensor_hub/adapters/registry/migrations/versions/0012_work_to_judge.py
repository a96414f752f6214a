"""What several hub workers share: whose load is to be judged, and what was told."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
