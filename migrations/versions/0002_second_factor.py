"""Second factor, and sessions that people can tell apart

Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEEP_COUNTING = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("last_step", ID, nullable=False),
        sa.Column("failures", ID, nullable=False),
        sa.Column("locked_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("account_id", name=op.f("uq_second_factor_account_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("account_id", "code_hash", name=op.f("uq_recovery_code_account_id_code_hash")),
        sqlite_autoincrement=True,
    )
    op.add_column("account_session", sa.Column("last_seen_at", MOMENT, nullable=True))
    op.add_column("account_session", sa.Column("second_factor_at", MOMENT, nullable=True))
    op.add_column("account_session", sa.Column("browser", sa.Text(), nullable=True))
    op.execute("UPDATE account_session SET last_seen_at = created_at")
    with op.batch_alter_table("account_session", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        batch_op.alter_column("last_seen_at", existing_type=MOMENT, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("account_session", schema=None, table_kwargs=KEEP_COUNTING) as batch_op:
        batch_op.drop_column("browser")
        batch_op.drop_column("second_factor_at")
        batch_op.drop_column("last_seen_at")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
