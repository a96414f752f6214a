"""What a sensor was like when it was last seen: its characteristics, and which way its gyroscope turns in a swing."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("fingerprint", sa.String(64), nullable=True))
    op.add_column("devices", sa.Column("swing", sa.String(8), nullable=True))
