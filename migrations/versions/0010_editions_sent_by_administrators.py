"""Editions sent by administrators, kept until the job process has read them

Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "edition_upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("barometer_id", ID, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("edition_id", ID, nullable=True),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("refusal", WORD, nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("problem_count", ID, nullable=False),
        sa.ForeignKeyConstraint(["barometer_id"], ["barometer.id"], name=op.f("fk_edition_upload_barometer_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_upload_edition_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_upload")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_edition_upload_barometer_id_id"), "edition_upload", ["barometer_id", "id"], unique=False)
    op.create_index(op.f("ix_edition_upload_status_due_at"), "edition_upload", ["status", "due_at"], unique=False)
    op.create_index(op.f("ix_edition_upload_edition_id"), "edition_upload", ["edition_id"], unique=False)
    op.create_table(
        "edition_upload_piece",
        sa.Column("id", ID, nullable=False),
        sa.Column("upload_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["edition_upload.id"], name=op.f("fk_edition_upload_piece_upload_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_upload_piece")),
        sa.UniqueConstraint("upload_id", "number", name=op.f("uq_edition_upload_piece_upload_id_number")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drafts that were given up and not deleted yet become drafts again: the older code knows nothing else."""
    op.drop_table("edition_upload_piece")
    op.drop_table("edition_upload")
    op.execute("UPDATE edition SET status = 'draft', completed_at = NULL WHERE status = 'discarded'")
