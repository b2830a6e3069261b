"""What caches of pages ask: has the public anything else to read?

Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "public_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("everywhere", ID, nullable=False),
        sa.Column("anywhere", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_version")),
        sa.UniqueConstraint("key", name=op.f("uq_public_version_key")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("public_version")
