"""Official replies to comments; organisations of civil society and their counter-assessments

Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
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
    _civil_society()


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


def _civil_society() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("recognised_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_organisation_name_folded_id"), "organisation", ["name_folded", "id"], unique=False)
    op.create_table(
        "assessor",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assessor_organisation_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assessor_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor")),
        sa.UniqueConstraint("organisation_id", "account_id", name=op.f("uq_assessor_organisation_id_account_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assessor_account_id"), "assessor", ["account_id"], unique=False)
    op.create_table(
        "assessment",
        sa.Column("id", ID, nullable=False),
        sa.Column("contribution_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name=op.f("fk_assessment_contribution_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assessment_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_assessment_contribution_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_assessment_organisation_id"), "assessment", ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("assessment")
    op.drop_table("assessor")
    op.drop_table("organisation")
    op.drop_table("official_reply_note")
    op.drop_table("official_reply_version")
    op.drop_table("official_reply")
