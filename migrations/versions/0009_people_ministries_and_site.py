"""Narrowed memberships, former names of ministries, what the administrator sets, signs of life

Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feedback_app.domain.text import fold

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEEP_COUNTING = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
        sa.UniqueConstraint("name", name=op.f("uq_heartbeat_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "site_state",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("contributions_closed_at", MOMENT, nullable=True),
        sa.Column("notice_fr", sa.Text(), nullable=False),
        sa.Column("notice_en", sa.Text(), nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_state")),
        sa.UniqueConstraint("key", name=op.f("uq_site_state_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ministry_name",
        sa.Column("id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_ministry_name_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ministry_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ministry_name_ministry_id_id"), "ministry_name", ["ministry_id", "id"], unique=False)
    op.create_table(
        "membership_scope",
        sa.Column("id", ID, nullable=False),
        sa.Column("membership_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.Column("territory", sa.Text(), nullable=True),
        sa.CheckConstraint("(topic_id IS NULL) <> (territory IS NULL)", name=op.f("ck_membership_scope_one_of_the_two")),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_membership_scope_membership_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_membership_scope_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_scope")),
        sa.UniqueConstraint("membership_id", "territory", name=op.f("uq_membership_scope_membership_id_territory")),
        sa.UniqueConstraint("membership_id", "topic_id", name=op.f("uq_membership_scope_membership_id_topic_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_membership_scope_topic_id"), "membership_scope", ["topic_id"], unique=False)
    op.add_column("account", sa.Column("name_folded", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("version", ID, server_default="1", nullable=False))
    op.create_index(op.f("ix_account_name_folded_id"), "account", ["name_folded", "id"], unique=False)
    op.add_column("ministry", sa.Column("name_folded", sa.Text(), server_default="", nullable=False))
    op.create_index(op.f("ix_ministry_name_folded_id"), "ministry", ["name_folded", "id"], unique=False)
    for table in ("account", "ministry"):
        _fold_names(table)
    op.add_column("ministry", sa.Column("contact_email", sa.Text(), nullable=True))
    op.add_column("ministry", sa.Column("version", ID, server_default="1", nullable=False))
    op.create_index(op.f("ix_case_event_subject_kind_subject_id_id"), "case_event", ["subject_kind", "subject_id", "id"], unique=False)


def _fold_names(table: str) -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.text(f"SELECT id, name FROM {table} WHERE name IS NOT NULL")).all():
        connection.execute(sa.text(f"UPDATE {table} SET name_folded = :folded WHERE id = :id"), {"folded": fold(row.name), "id": row.id})


def downgrade() -> None:
    op.drop_index(op.f("ix_case_event_subject_kind_subject_id_id"), table_name="case_event")
    with op.batch_alter_table("ministry", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("contact_email")
        batch_op.drop_index(batch_op.f("ix_ministry_name_folded_id"))
        batch_op.drop_column("name_folded")
    with op.batch_alter_table("account", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_name_folded_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("name_folded")
    op.drop_table("membership_scope")
    op.drop_table("ministry_name")
    op.drop_table("site_state")
    op.drop_table("heartbeat")
