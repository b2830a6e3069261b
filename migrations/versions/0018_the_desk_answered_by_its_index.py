"""The queue of a ministry and the choices of its filters are answered by one index, on sites of any size

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLE = "citizen_request"
BEFORE = "ix_citizen_request_ministry_id_status_due_on_id"
AFTER = "ix_citizen_request_queue"
COLUMNS = ["ministry_id", "status", "due_on", "id"]


def upgrade() -> None:
    op.create_index(op.f(AFTER), TABLE, [*COLUMNS, "kind", "topic_id", "territory"])
    op.drop_index(op.f(BEFORE), table_name=TABLE)


def downgrade() -> None:
    op.create_index(op.f(BEFORE), TABLE, COLUMNS)
    op.drop_index(op.f(AFTER), table_name=TABLE)
