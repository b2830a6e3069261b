"""Official replies to comments

Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "official_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("contribution_id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("published_number", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_official_reply_contribution_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_official_reply_ministry_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["identity.id"], name=op.f("fk_official_reply_published_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_reply")),
        sa.UniqueConstraint("contribution_id", "ministry_id", name=op.f("uq_official_reply_contribution_id_ministry_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_official_reply_ministry_id_status_id"), "official_reply", ["ministry_id", "status", "id"], unique=False)
    op.create_index(op.f("ix_official_reply_published_by_id"), "official_reply", ["published_by_id"], unique=False)
    _reply_parts()


def _reply_parts() -> None:
    op.create_table(
        "official_reply_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("reply_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["official_reply.id"], name=op.f("fk_official_reply_version_reply_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_official_reply_version_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_reply_version")),
        sa.UniqueConstraint("reply_id", "number", name=op.f("uq_official_reply_version_reply_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_official_reply_version_author_id"), "official_reply_version", ["author_id"], unique=False)
    op.create_table(
        "official_reply_note",
        sa.Column("id", ID, nullable=False),
        sa.Column("reply_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reply_id"], ["official_reply.id"], name=op.f("fk_official_reply_note_reply_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_official_reply_note_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_reply_note")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_official_reply_note_reply_id"), "official_reply_note", ["reply_id"], unique=False)
    op.create_index(op.f("ix_official_reply_note_author_id"), "official_reply_note", ["author_id"], unique=False)


def downgrade() -> None:
    op.drop_table("official_reply_note")
    op.drop_table("official_reply_version")
    op.drop_table("official_reply")
