"""Meetings and productions

Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("ministry_id", ID, nullable=True),
        sa.Column("contribution_id", ID, nullable=True),
        sa.Column("topic_id", ID, nullable=True),
        sa.Column("published_number", ID, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_meeting_ministry_id")),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name=op.f("fk_meeting_contribution_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_meeting_topic_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["identity.id"], name=op.f("fk_meeting_published_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_meeting_contribution_id")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_meeting_topic_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meeting_status_starts_at_id"), "meeting", ["status", "starts_at", "id"], unique=False)
    op.create_index(op.f("ix_meeting_ministry_id_id"), "meeting", ["ministry_id", "id"], unique=False)
    op.create_index(op.f("ix_meeting_published_by_id"), "meeting", ["published_by_id"], unique=False)
    op.create_table(
        "meeting_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_file")),
        sqlite_autoincrement=True,
    )
    _wordings()


def _wordings() -> None:
    op.create_table(
        "meeting_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("organisers", sa.Text(), nullable=False),
        sa.Column("participants", ID, nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("minutes_html", sa.Text(), nullable=True),
        sa.Column("renderer", sa.Text(), nullable=True),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_version_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["file_id"], ["meeting_file.id"], name=op.f("fk_meeting_version_file_id")),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_meeting_version_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_meeting_version_meeting_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meeting_version_author_id"), "meeting_version", ["author_id"], unique=False)
    op.create_index(op.f("ix_meeting_version_file_id"), "meeting_version", ["file_id"], unique=False)
    op.create_table(
        "meeting_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.Column("reform_id", ID, nullable=True),
        sa.CheckConstraint("(topic_id IS NULL) <> (reform_id IS NULL)", name=op.f("ck_meeting_link_one_of_the_two")),
        sa.ForeignKeyConstraint(["version_id"], ["meeting_version.id"], name=op.f("fk_meeting_link_version_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_meeting_link_topic_id")),
        sa.ForeignKeyConstraint(["reform_id"], ["reform.id"], name=op.f("fk_meeting_link_reform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_link")),
        sa.UniqueConstraint("version_id", "topic_id", name=op.f("uq_meeting_link_version_id_topic_id")),
        sa.UniqueConstraint("version_id", "reform_id", name=op.f("uq_meeting_link_version_id_reform_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_meeting_link_topic_id"), "meeting_link", ["topic_id"], unique=False)
    op.create_index(op.f("ix_meeting_link_reform_id"), "meeting_link", ["reform_id"], unique=False)


def downgrade() -> None:
    op.drop_table("meeting_link")
    op.drop_table("meeting_version")
    op.drop_table("meeting_file")
    op.drop_table("meeting")
