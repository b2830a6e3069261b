"""One's own cases and those answered are filtered, and the choices of their filters found, without reading the cases

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "citizen_request"
NARROWED_BY = ["kind", "topic_id", "territory"]
INDEXES = {
    "ix_citizen_request_answered": ["ministry_id", "answered_at", "id", "status", "contribution_id"],
    "ix_citizen_request_assigned": ["assignee_id", "status", "due_on", "id", "ministry_id"],
}


def _make(more: list[str]) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(op.f(name), table_name=TABLE)
        op.create_index(op.f(name), TABLE, [*columns, *more])


def upgrade() -> None:
    _make(NARROWED_BY)


def downgrade() -> None:
    _make([])
