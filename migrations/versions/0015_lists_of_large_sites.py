"""Indexes for the lists and counts of large sites

Revises: 0014
"""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# The name, the table, the columns.
NEW = (
    ("ix_citizen_request_answered", "citizen_request", ["ministry_id", "answered_at", "id", "status", "contribution_id"]),
    ("ix_citizen_request_assigned", "citizen_request", ["assignee_id", "status", "due_on", "id", "ministry_id"]),
    ("ix_citizen_request_about", "citizen_request", ["topic_id", "published_at", "id", "status", "contribution_id"]),
    ("ix_citizen_request_ministry_id_reopened_at_status", "citizen_request", ["ministry_id", "reopened_at", "status"]),
    ("ix_contribution_topic_id_status_published_at_id_kind", "contribution", ["topic_id", "status", "published_at", "id", "kind"]),
)
REPLACED = (
    ("ix_citizen_request_assignee_id_status_due_on_id", "citizen_request", ["assignee_id", "status", "due_on", "id"]),
    ("ix_citizen_request_topic_id_published_at_id", "citizen_request", ["topic_id", "published_at", "id"]),
    ("ix_contribution_topic_id_status_published_at_id", "contribution", ["topic_id", "status", "published_at", "id"]),
)


def upgrade() -> None:
    for name, table, columns in NEW:
        op.create_index(op.f(name), table, columns)
    for name, table, _columns in REPLACED:
        op.drop_index(op.f(name), table_name=table)


def downgrade() -> None:
    for name, table, columns in REPLACED:
        op.create_index(op.f(name), table, columns)
    for name, table, _columns in NEW:
        op.drop_index(op.f(name), table_name=table)
