"""What a plan says of itself keeps both wordings and the reason

Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plan_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["identity.id"], name=op.f("fk_plan_revision_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_revision_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_plan_revision_by_id"), "plan_revision", ["by_id"], unique=False)
    op.create_index(op.f("ix_plan_revision_plan_id_at_id"), "plan_revision", ["plan_id", "at", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("plan_revision")
