"""What an imported load reference is called in exports, where its number was taken here."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LARGE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reference_names",
        sa.Column("number", LARGE, nullable=False),
        sa.Column("exported_as", LARGE, nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["load_references.number"], name=op.f("fk_reference_names_number"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reference_names")),
    )
