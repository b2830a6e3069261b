"""Meetings and productions: their wordings, what they are linked to, and minutes sent as files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.meeting import MeetingKind, MeetingStatus
from feedback_app.models.barometer import Reform
from feedback_app.models.contribution import Contribution
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic
from feedback_app.models.wording import Written


class Meeting(Model):
    """One meeting or production. By staff (``ministry_id``, or none: the site's own), or proposed by a citizen (``contribution_id``).

    ``published_number``: the wording that everybody reads; ``starts_at`` repeats its beginning, for the lists. What is proposed by a
    citizen is public while its contribution is, too.
    """

    __table_args__ = (
        Index(None, "status", "starts_at", "id"),
        Index(None, "ministry_id", "id"),
        NEVER_REUSE_IDS,
    )

    status: Mapped[MeetingStatus]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), unique=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), unique=True)
    published_number: Mapped[int | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    starts_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    ministry: Mapped[Ministry | None] = relationship()
    contribution: Mapped[Contribution | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    versions: Mapped[list[MeetingVersion]] = relationship(order_by="MeetingVersion.number", passive_deletes=True, back_populates="meeting")

    @property
    def latest(self) -> MeetingVersion:
        """The wording that stands."""
        return self.versions[-1]

    @property
    def public(self) -> MeetingVersion | None:
        """The wording that everybody reads."""
        return next((version for version in self.versions if version.number == self.published_number), None)

    @property
    def author_ids(self) -> frozenset[int | None]:
        """Everybody who wrote any wording since the public one: none of them may publish it."""
        return frozenset(version.author_id for version in self.versions if version.number > (self.published_number or 0))

    @property
    def territory(self) -> None:
        """A meeting is about no territory."""


class MeetingFile(Model):
    """Minutes as they were sent, in a row of their own: lists never read it."""

    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes]
    sent_at: Mapped[datetime]


class MeetingVersion(Written, Model):
    """One wording, never changed. ``html`` of a description and of minutes: None where a citizen wrote plain text."""

    __table_args__ = (UniqueConstraint("meeting_id", "number"), NEVER_REUSE_IDS)

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[MeetingKind]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    place: Mapped[str]
    link: Mapped[str]
    organisers: Mapped[str]
    participants: Mapped[int | None]
    description: Mapped[str]
    description_html: Mapped[str | None]
    minutes: Mapped[str]
    minutes_html: Mapped[str | None]
    renderer: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_file.id"), index=True)

    meeting: Mapped[Meeting] = relationship(back_populates="versions")
    file: Mapped[MeetingFile | None] = relationship()
    links: Mapped[list[MeetingLink]] = relationship(order_by="MeetingLink.id", passive_deletes=True, cascade="all, delete-orphan")


class MeetingLink(Model):
    """A commitment (by its topic) or a reform that a meeting is about."""

    __table_args__ = (
        UniqueConstraint("version_id", "topic_id"),
        UniqueConstraint("version_id", "reform_id"),
        CheckConstraint("(topic_id IS NULL) <> (reform_id IS NULL)", name="one_of_the_two"),
        NEVER_REUSE_IDS,
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("meeting_version.id", ondelete="CASCADE"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    reform_id: Mapped[int | None] = mapped_column(ForeignKey("reform.id"), index=True)

    topic: Mapped[Topic | None] = relationship()
    reform: Mapped[Reform | None] = relationship()
