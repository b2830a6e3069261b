"""Requests and their cases

Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENT_COLUMNS = ("request_id", "ministry_id", "to_ministry_id", "person_id", "text_id")


def upgrade() -> None:
    op.create_table(
        "reference_counter",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", ID, nullable=False),
        sa.Column("last", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_counter")),
        sa.UniqueConstraint("year", name=op.f("uq_reference_counter_year")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "citizen_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("contribution_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("territory", sa.Text(), nullable=True),
        sa.Column("figure_date", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=True),
        sa.Column("assignee_id", ID, nullable=True),
        sa.Column("clock_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["identity.id"], name=op.f("fk_citizen_request_assignee_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_citizen_request_contribution_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_citizen_request_ministry_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_citizen_request_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_request")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_citizen_request_contribution_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_citizen_request_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("citizen_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_citizen_request_assignee_id_status_due_on_id"), ["assignee_id", "status", "due_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_citizen_request_ministry_id_published_at_id"), ["ministry_id", "published_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_citizen_request_ministry_id_status_due_on_id"), ["ministry_id", "status", "due_on", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_citizen_request_ministry_id_status_status_since_id"),
            ["ministry_id", "status", "status_since", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_citizen_request_published_at_id"), ["published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citizen_request_status_due_on_id"), ["status", "due_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citizen_request_status_status_since_id"), ["status", "status_since", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citizen_request_topic_id_published_at_id"), ["topic_id", "published_at", "id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("corrects_id", ID, nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("refusal_ground", sa.String(length=40), nullable=True),
        sa.Column("duplicate_of_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["corrects_id"], ["answer.id"], name=op.f("fk_answer_corrects_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["citizen_request.id"], name=op.f("fk_answer_duplicate_of_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_answer_ministry_id")),
        sa.ForeignKeyConstraint(["published_by_id"], ["identity.id"], name=op.f("fk_answer_published_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_answer_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_corrects_id"), ["corrects_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_answer_ministry_id_status_proposed_at_id"), ["ministry_id", "status", "proposed_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_answer_published_by_id"), ["published_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_request_id_status_id"), ["request_id", "status", "id"], unique=False)

    op.create_table(
        "case_contribution",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("contribution_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_case_contribution_contribution_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_case_contribution_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_contribution")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_case_contribution_contribution_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_contribution_request_id"), ["request_id"], unique=False)

    op.create_table(
        "case_pause",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_case_pause_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_pause")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_pause_request_id"), ["request_id"], unique=False)

    op.create_table(
        "case_text",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_case_text_author_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_case_text_request_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_text")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_text_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_text_request_id"), ["request_id"], unique=False)

    op.create_table(
        "transfer_offer",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("from_ministry_id", ID, nullable=False),
        sa.Column("to_ministry_id", ID, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["from_ministry_id"], ["ministry.id"], name=op.f("fk_transfer_offer_from_ministry_id")),
        sa.ForeignKeyConstraint(["request_id"], ["citizen_request.id"], name=op.f("fk_transfer_offer_request_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["to_ministry_id"], ["ministry.id"], name=op.f("fk_transfer_offer_to_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_offer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("transfer_offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_transfer_offer_from_ministry_id_status_id"), ["from_ministry_id", "status", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_transfer_offer_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_offer_status_expires_on_id"), ["status", "expires_on", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_transfer_offer_to_ministry_id_status_expires_on_id"),
            ["to_ministry_id", "status", "expires_on", "id"],
            unique=False,
        )

    op.create_table(
        "answer_rating",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_rating_answer_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_answer_rating_identity_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_rating")),
        sa.UniqueConstraint("answer_id", name=op.f("uq_answer_rating_answer_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_answer_rating_identity_id"), "answer_rating", ["identity_id"])
    op.create_table(
        "answer_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_version_answer_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["author_id"], ["identity.id"], name=op.f("fk_answer_version_author_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_version")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_answer_version_answer_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answer_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_version_author_id"), ["author_id"], unique=False)

    # Not in a batch: a rebuild would drop the trigger that makes the table append-only.
    for name in EVENT_COLUMNS:
        op.add_column("case_event", sa.Column(name, ID, nullable=True))
    op.create_index(op.f("ix_case_event_request_id_id"), "case_event", ["request_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_case_event_request_id_id"), table_name="case_event")
    for name in reversed(EVENT_COLUMNS):
        op.drop_column("case_event", name)

    with op.batch_alter_table("answer_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_version_author_id"))

    op.drop_table("answer_version")
    op.drop_index(op.f("ix_answer_rating_identity_id"), table_name="answer_rating")
    op.drop_table("answer_rating")
    with op.batch_alter_table("transfer_offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_offer_to_ministry_id_status_expires_on_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_offer_status_expires_on_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_offer_request_id"))
        batch_op.drop_index(batch_op.f("ix_transfer_offer_from_ministry_id_status_id"))

    op.drop_table("transfer_offer")
    with op.batch_alter_table("case_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_text_request_id"))
        batch_op.drop_index(batch_op.f("ix_case_text_author_id"))

    op.drop_table("case_text")
    with op.batch_alter_table("case_pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_pause_request_id"))

    op.drop_table("case_pause")
    with op.batch_alter_table("case_contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_contribution_request_id"))

    op.drop_table("case_contribution")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_request_id_status_id"))
        batch_op.drop_index(batch_op.f("ix_answer_published_by_id"))
        batch_op.drop_index(batch_op.f("ix_answer_ministry_id_status_proposed_at_id"))
        batch_op.drop_index(batch_op.f("ix_answer_duplicate_of_id"))
        batch_op.drop_index(batch_op.f("ix_answer_corrects_id"))

    op.drop_table("answer")
    with op.batch_alter_table("citizen_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citizen_request_topic_id_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_status_status_since_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_status_due_on_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_ministry_id_status_status_since_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_ministry_id_status_due_on_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_ministry_id_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_citizen_request_assignee_id_status_due_on_id"))

    op.drop_table("citizen_request")
    op.drop_table("reference_counter")
