"""Progress updates of commitments, changes of their words, the indicators that measure them

Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEEP_COUNTING = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "commitment_indicator",
        sa.Column("id", ID, nullable=False),
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_indicator_commitment_id")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_commitment_indicator_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_indicator")),
        sa.UniqueConstraint("commitment_id", "indicator_id", name=op.f("uq_commitment_indicator_commitment_id_indicator_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_commitment_indicator_indicator_id"), "commitment_indicator", ["indicator_id"], unique=False)
    op.create_table(
        "commitment_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["identity.id"], name=op.f("fk_commitment_revision_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_revision_commitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_revision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_commitment_revision_by_id"), "commitment_revision", ["by_id"], unique=False)
    op.create_index(op.f("ix_commitment_revision_commitment_id_at_id"), "commitment_revision", ["commitment_id", "at", "id"], unique=False)
    op.create_table(
        "progress_update",
        sa.Column("id", ID, nullable=False),
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_progress_update_commitment_id")),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_progress_update_ministry_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["identity.id"], name=op.f("fk_progress_update_published_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_update")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_progress_update_commitment_id_status_published_at_id"),
        "progress_update",
        ["commitment_id", "status", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_progress_update_ministry_id_status_proposed_at_id"),
        "progress_update",
        ["ministry_id", "status", "proposed_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_progress_update_published_by_id"), "progress_update", ["published_by_id"], unique=False)
    op.create_index(op.f("ix_progress_update_status_published_at_id"), "progress_update", ["status", "published_at", "id"], unique=False)
    op.create_table(
        "commitment_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision_id", ID, nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("position", ID, nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["commitment_revision.id"], name=op.f("fk_commitment_change_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_commitment_change_revision_id_id"), "commitment_change", ["revision_id", "id"], unique=False)
    op.create_table(
        "progress_remark",
        sa.Column("id", ID, nullable=False),
        sa.Column("update_id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_progress_remark_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["update_id"], ["progress_update.id"], name=op.f("fk_progress_remark_update_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_remark")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_progress_remark_author_id"), "progress_remark", ["author_id"], unique=False)
    op.create_index(op.f("ix_progress_remark_update_id_id"), "progress_remark", ["update_id", "id"], unique=False)
    op.create_table(
        "progress_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("update_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("confidence", sa.String(length=40), nullable=True),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_progress_version_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["update_id"], ["progress_update.id"], name=op.f("fk_progress_version_update_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_version")),
        sa.UniqueConstraint("update_id", "number", name=op.f("uq_progress_version_update_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_progress_version_author_id"), "progress_version", ["author_id"], unique=False)
    op.create_table(
        "progress_block",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["progress_version.id"], name=op.f("fk_progress_block_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_block")),
        sa.UniqueConstraint("version_id", "kind", name=op.f("uq_progress_block_version_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "progress_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("milestone_id", ID, nullable=True),
        sa.Column("position", ID, nullable=False),
        sa.Column("action", sa.String(length=40), nullable=True),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=40), nullable=True),
        sa.Column("criterion", sa.Text(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("into_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["into_id"], ["commitment.id"], name=op.f("fk_progress_step_into_id")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_progress_step_milestone_id")),
        sa.ForeignKeyConstraint(["version_id"], ["progress_version.id"], name=op.f("fk_progress_step_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_step")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_progress_step_version_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_progress_step_into_id"), "progress_step", ["into_id"], unique=False)
    op.create_index(op.f("ix_progress_step_milestone_id_version_id"), "progress_step", ["milestone_id", "version_id"], unique=False)
    op.add_column("commitment", sa.Column("theme", sa.Text(), nullable=True))
    op.add_column("commitment", sa.Column("status_since", MOMENT, nullable=True))
    op.add_column("commitment", sa.Column("updated_at", MOMENT, nullable=True))
    op.add_column("commitment", sa.Column("confidence", sa.String(length=40), nullable=True))
    op.add_column("commitment", sa.Column("followed_since", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("version", ID, server_default="1", nullable=False))
    op.create_index(op.f("ix_commitment_plan_id_end_number"), "commitment", ["plan_id", "end", "number"], unique=False)
    op.create_index(op.f("ix_commitment_plan_id_updated_at_number"), "commitment", ["plan_id", "updated_at", "number"], unique=False)
    op.add_column("milestone", sa.Column("weight", ID, server_default="1", nullable=False))
    op.add_column("milestone", sa.Column("criterion", sa.Text(), nullable=True))
    op.add_column("milestone", sa.Column("dropped_at", MOMENT, nullable=True))
    op.add_column("milestone", sa.Column("status_since", MOMENT, nullable=True))
    op.execute("UPDATE commitment SET followed_since = (SELECT DATE(plan.created_at) FROM plan WHERE plan.id = commitment.plan_id)")


def downgrade() -> None:
    with op.batch_alter_table("milestone", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        for name in ("status_since", "dropped_at", "criterion", "weight"):
            batch_op.drop_column(name)
    with op.batch_alter_table("commitment", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_plan_id_updated_at_number"))
        batch_op.drop_index(batch_op.f("ix_commitment_plan_id_end_number"))
        for name in ("version", "followed_since", "confidence", "updated_at", "status_since", "theme"):
            batch_op.drop_column(name)
    for table in ("progress_step", "progress_block", "progress_version", "progress_remark", "commitment_change", "progress_update"):
        op.drop_table(table)
    op.drop_table("commitment_revision")
    op.drop_table("commitment_indicator")
