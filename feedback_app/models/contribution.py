"""What citizens write."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.contribution import ContributionKind, ContributionStatus, TextStatus
from feedback_app.models.identity import Identity, Signature
from feedback_app.models.topic import Topic


class Contribution(Model):
    """A text by a citizen on a topic. ``current_version_id``: the version that stands (the public one once there is one).

    The text is public when the *contribution* is published, and then it is the current version's, nothing else.
    """

    __table_args__ = (
        # The kind comes last: a thread is read in order, and counted without its rows.
        Index(None, "topic_id", "status", "published_at", "id", "kind"),
        Index(None, "status", "published_at", "id"),
        NEVER_REUSE_IDS,
    )

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    signature_id: Mapped[int | None] = mapped_column(ForeignKey("signature.id", ondelete="SET NULL"), index=True)
    kind: Mapped[ContributionKind]
    status: Mapped[ContributionStatus]
    current_version_id: Mapped[int | None] = mapped_column(ForeignKey("text_version.id", use_alter=True), unique=True)
    form_key: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    topic: Mapped[Topic] = relationship()
    identity: Mapped[Identity | None] = relationship()
    signature: Mapped[Signature | None] = relationship()
    current_version: Mapped[TextVersion | None] = relationship(foreign_keys=[current_version_id], post_update=True)
    versions: Mapped[list[TextVersion]] = relationship(
        foreign_keys="TextVersion.contribution_id", back_populates="contribution", order_by="TextVersion.number"
    )

    @property
    def author_id(self) -> int | None:
        return self.identity_id


class TextVersion(Model):
    """One immutable wording. ``submitted_at``: since when it waits for a moderator (empty before the address is confirmed)."""

    __table_args__ = (
        UniqueConstraint("contribution_id", "number"),
        Index(None, "status", "submitted_at", "id"),
        NEVER_REUSE_IDS,
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    number: Mapped[int]
    body: Mapped[str]
    status: Mapped[TextStatus]
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    contribution: Mapped[Contribution] = relationship(foreign_keys=[contribution_id], back_populates="versions")

    @property
    def author_id(self) -> int | None:
        return self.contribution.identity_id
