"""How ministries answer, in figures

Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTS = ("received", "answered", "due", "in_time", "waiting", "late", "useful", "partly", "useless")


def upgrade() -> None:
    op.create_table(
        "response_figures",
        sa.Column("id", ID, nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("ministry_id", ID, nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, ID, nullable=False) for name in COUNTS),
        sa.Column("median_days", ID, nullable=True),
        sa.Column("slowest_days", ID, nullable=True),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_response_figures_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_figures")),
        sa.UniqueConstraint("ministry_id", "scope", name=op.f("uq_response_figures_ministry_id_scope")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("response_figures")
