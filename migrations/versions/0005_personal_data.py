"""Personal data: planned erasures, copies that people ask for, work of the day, who looked at whose data

Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.add_column("identity", sa.Column("unused_warned_at", MOMENT, nullable=True))
    op.add_column("account", sa.Column("last_sign_in_at", MOMENT, nullable=True))
    with op.batch_alter_table("access_log", table_kwargs=NEVER_REUSE_IDS) as batch_op:
        batch_op.add_column(sa.Column("concerned_id", ID, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_access_log_concerned_id"), "identity", ["concerned_id"], ["id"], ondelete="SET NULL")
        batch_op.create_index(batch_op.f("ix_access_log_concerned_id"), ["concerned_id"])
    op.create_table(
        "job_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("key", name=op.f("uq_job_run_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "planned_erasure",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("texts", sa.String(length=40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_planned_erasure_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_erasure")),
        sa.UniqueConstraint("identity_id", name=op.f("uq_planned_erasure_identity_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_planned_erasure_due_at"), "planned_erasure", ["due_at"])
    op.create_table(
        "personal_export",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_personal_export_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_export")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_export_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_personal_export_made_at_id"), "personal_export", ["made_at", "id"])
    op.create_index(op.f("ix_personal_export_identity_id"), "personal_export", ["identity_id"])
    op.create_index(op.f("ix_personal_export_expires_at"), "personal_export", ["expires_at"])


def downgrade() -> None:
    op.drop_table("personal_export")
    op.drop_table("planned_erasure")
    op.drop_table("job_run")
    with op.batch_alter_table("access_log", table_kwargs=NEVER_REUSE_IDS) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_concerned_id"))
        batch_op.drop_constraint(batch_op.f("fk_access_log_concerned_id"), type_="foreignkey")
        batch_op.drop_column("concerned_id")
    op.drop_column("account", "last_sign_in_at")
    op.drop_column("identity", "unused_warned_at")
