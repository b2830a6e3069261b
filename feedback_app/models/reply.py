"""Official replies of ministries to comments: their wordings, and what colleagues say beside them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.reply import ReplyNoteKind, ReplyStatus
from feedback_app.models.contribution import Contribution
from feedback_app.models.organisation import Ministry
from feedback_app.models.wording import StaffWording, Written


class OfficialReply(Model):
    """What a ministry says to one comment, signed by it, never by an agent; or that no reply is needed.

    ``published_number``: the wording that everybody reads (None: none yet); ``published_at``: since when there is one.
    """

    __table_args__ = (
        UniqueConstraint("contribution_id", "ministry_id"),
        Index(None, "ministry_id", "status", "id"),
        NEVER_REUSE_IDS,
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"))
    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    status: Mapped[ReplyStatus]
    published_number: Mapped[int | None]
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)

    contribution: Mapped[Contribution] = relationship()
    ministry: Mapped[Ministry] = relationship()
    versions: Mapped[list[OfficialReplyVersion]] = relationship(
        order_by="OfficialReplyVersion.number", passive_deletes=True, back_populates="reply"
    )

    @property
    def topic_id(self) -> int:
        """What the comment is about. Rights may be narrowed to some topics."""
        return self.contribution.topic_id

    @property
    def territory(self) -> None:
        """A comment is about no territory."""

    @property
    def author_ids(self) -> frozenset[int | None]:
        """Everybody who wrote any wording since the public one: none of them may publish it."""
        return frozenset(version.author_id for version in self.versions if version.number > (self.published_number or 0))

    @property
    def latest(self) -> OfficialReplyVersion | None:
        """The wording that stands."""
        return self.versions[-1] if self.versions else None

    @property
    def public(self) -> OfficialReplyVersion | None:
        """The wording that everybody reads."""
        return next((version for version in self.versions if version.number == self.published_number), None)


class OfficialReplyVersion(StaffWording, Model):
    """One wording of a reply."""

    __table_args__ = (UniqueConstraint("reply_id", "number"), NEVER_REUSE_IDS)

    reply_id: Mapped[int] = mapped_column(ForeignKey("official_reply.id", ondelete="CASCADE"))

    reply: Mapped[OfficialReply] = relationship(back_populates="versions")


class OfficialReplyNote(Written, Model):
    """Why a reply was sent back, or why none is needed: for colleagues only."""

    reply_id: Mapped[int] = mapped_column(ForeignKey("official_reply.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ReplyNoteKind]
    words: Mapped[str]
