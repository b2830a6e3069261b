"""Who asks the same as a public request, the revision that a request is about, how a ministry is reached

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
GENERAL, FOR_OLDER_CODE = "general", "engagement:general:0"
RENAME = "UPDATE topic SET kind = '{kind}', key = '{key}' WHERE key = '{before}'"


def upgrade() -> None:
    op.create_table(
        "me_too",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("mails", ID, nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_me_too_identity_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_me_too_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_me_too")),
        sa.UniqueConstraint("identity_id", "request_id", name=op.f("uq_me_too_identity_id_request_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_me_too_request_id_confirmed_at"), "me_too", ["request_id", "confirmed_at"], unique=False)
    op.create_table(
        "sufficed",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_sufficed_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sufficed")),
        sa.UniqueConstraint("form_key", name=op.f("uq_sufficed_form_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sufficed_request_id"), "sufficed", ["request_id"], unique=False)
    op.add_column("citizen_request", sa.Column("revision_kind", sa.String(length=40), nullable=True))
    op.add_column("citizen_request", sa.Column("revised_on", sa.Date(), nullable=True))
    op.add_column("ministry", sa.Column("postal_address", sa.Text(), nullable=True))
    op.add_column("ministry", sa.Column("telephone", sa.Text(), nullable=True))
    op.execute(RENAME.format(kind="general", key=GENERAL, before=FOR_OLDER_CODE))


def downgrade() -> None:
    """Older code knows two kinds of topics: general questions become requests about a commitment that has no page."""
    op.execute(RENAME.format(kind="commitment", key=FOR_OLDER_CODE, before=GENERAL))
    op.drop_column("ministry", "telephone")
    op.drop_column("ministry", "postal_address")
    op.drop_column("citizen_request", "revised_on")
    op.drop_column("citizen_request", "revision_kind")
    op.drop_table("sufficed")
    op.drop_table("me_too")
