"""The house

Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from feedback_app.models import append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.Column("contribution_id", ID, nullable=True),
        sa.Column("actor_kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("decision_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_event_contribution_id_id"), ["contribution_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_event_topic_id_id"), ["topic_id", "id"], unique=False)

    op.create_table(
        "identity",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("email_key", name=op.f("uq_identity_email_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ministry",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("successor_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["successor_id"], ["ministry.id"], name=op.f("fk_ministry_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ministry")),
        sa.UniqueConstraint("slug", name=op.f("uq_ministry_slug")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("ministry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ministry_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("slug", name=op.f("uq_plan_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "access_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("identity_id", ID, nullable=True),
        sa.Column("address_prefix", sa.Text(), nullable=True),
        sa.Column("address_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_access_log_identity_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_at_id"), ["at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_identity_id"), ["identity_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_account_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("identity_id", name=op.f("uq_account_identity_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("identity_id", ID, nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", ID, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_outgoing_mail_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_mail_status_due_at_id"), ["status", "due_at", "id"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=True),
        sa.Column("address_hash", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_sign_in_link_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_address_hash_asked_at"), ["address_hash", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_link_identity_id"), ["identity_id"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_signature_identity_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("identity_id", "name", name=op.f("uq_signature_identity_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "topic",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("ministry_id", ID, nullable=True),
        sa.Column("content_version", ID, nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_topic_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("key", name=op.f("uq_topic_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_ministry_id"), ["ministry_id"], unique=False)

    op.create_table(
        "account_role",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_role")),
        sa.UniqueConstraint("account_id", "role", name=op.f("uq_account_role_account_id_role")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "account_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_session_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", ID, nullable=False),
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_folded", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("period_raw", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("state_actors", sa.JSON(), nullable=False),
        sa.Column("other_actors", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_commitment_ministry_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_commitment_plan_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_commitment_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_commitment_plan_id_number")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_commitment_topic_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_ministry_id_plan_id_number"), ["ministry_id", "plan_id", "number"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=False),
        sa.Column("identity_id", ID, nullable=True),
        sa.Column("signature_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("current_version_id", ID, nullable=True),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["current_version_id"], ["text_version.id"], name=op.f("fk_contribution_current_version_id"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_contribution_identity_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_contribution_signature_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_contribution_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("current_version_id", name=op.f("uq_contribution_current_version_id")),
        sa.UniqueConstraint("form_key", name=op.f("uq_contribution_form_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_signature_id"), ["signature_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contribution_status_published_at_id"), ["status", "published_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contribution_topic_id_status_published_at_id"), ["topic_id", "status", "published_at", "id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("ministry_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_membership_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("account_id", "ministry_id", "kind", name=op.f("uq_membership_account_id_ministry_id_kind")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_ministry_id"), ["ministry_id"], unique=False)

    op.create_table(
        "commitment_section",
        sa.Column("id", ID, nullable=False),
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_section_commitment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_section")),
        sa.UniqueConstraint("commitment_id", "kind", name=op.f("uq_commitment_section_commitment_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "milestone",
        sa.Column("id", ID, nullable=False),
        sa.Column("commitment_id", ID, nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("deliverable", sa.Text(), nullable=True),
        sa.Column("group", sa.Text(), nullable=True),
        sa.Column("dates_raw", sa.Text(), nullable=True),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_milestone_commitment_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("commitment_id", "position", name=op.f("uq_milestone_commitment_id_position")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "text_version",
        sa.Column("id", ID, nullable=False),
        sa.Column("contribution_id", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contribution_id"], ["contribution.id"], name=op.f("fk_text_version_contribution_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("contribution_id", "number", name=op.f("uq_text_version_contribution_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_version_status_submitted_at_id"), ["status", "submitted_at", "id"], unique=False)

    op.create_table(
        "moderation_decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("moderator_id", ID, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["identity.id"], name=op.f("fk_moderation_decision_moderator_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["version_id"], ["text_version.id"], name=op.f("fk_moderation_decision_version_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_decision_moderator_id"), ["moderator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_decision_version_id"), ["version_id"], unique=False)

    if op.get_bind().dialect.name == "postgresql":
        # The two tables name each other; SQLite takes the constraint inside CREATE TABLE, PostgreSQL only afterwards.
        op.create_foreign_key("fk_contribution_current_version_id", "contribution", "text_version", ["current_version_id"], ["id"])
    append_only.install(op.get_bind())


def downgrade() -> None:
    append_only.remove(op.get_bind())
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_contribution_current_version_id", "contribution", type_="foreignkey")
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_decision_version_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_decision_moderator_id"))

    op.drop_table("moderation_decision")
    with op.batch_alter_table("text_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_version_status_submitted_at_id"))

    op.drop_table("text_version")
    op.drop_table("milestone")
    op.drop_table("commitment_section")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_ministry_id"))

    op.drop_table("membership")
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_topic_id_status_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_status_published_at_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_signature_id"))
        batch_op.drop_index(batch_op.f("ix_contribution_identity_id"))

    op.drop_table("contribution")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_ministry_id_plan_id_number"))

    op.drop_table("commitment")
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_session_account_id"))

    op.drop_table("account_session")
    op.drop_table("account_role")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_topic_ministry_id"))

    op.drop_table("topic")
    op.drop_table("signature")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_identity_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_link_address_hash_asked_at"))

    op.drop_table("sign_in_link")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_status_due_at_id"))
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_identity_id"))

    op.drop_table("outgoing_mail")
    op.drop_table("account")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_identity_id"))
        batch_op.drop_index(batch_op.f("ix_access_log_at_id"))

    op.drop_table("access_log")
    op.drop_table("plan")
    with op.batch_alter_table("ministry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ministry_successor_id"))

    op.drop_table("ministry")
    op.drop_table("identity")
    with op.batch_alter_table("case_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_event_topic_id_id"))
        batch_op.drop_index(batch_op.f("ix_case_event_contribution_id_id"))

    op.drop_table("case_event")
