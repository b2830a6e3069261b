"""Answers of ministries: their wordings while they are prepared, what was published, and what the person who asked says of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.case import AnswerStatus, Outcome, RefusalGround, Verdict
from feedback_app.models.case import CitizenRequest
from feedback_app.models.organisation import Ministry
from feedback_app.models.wording import StaffWording


class Answer(Model):
    """One answer, or (``corrects_id``) the corrected wording of a published one, which then takes its place on the page.

    It is signed by the ministry, a service, never by an agent. At most one of a case and ministry is not published.
    """

    __table_args__ = (
        Index(None, "ministry_id", "status", "proposed_at", "id"),
        Index(None, "request_id", "status", "id"),
        NEVER_REUSE_IDS,
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"))
    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"), index=True)
    status: Mapped[AnswerStatus]
    outcome: Mapped[Outcome]
    refusal_ground: Mapped[RefusalGround | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("citizen_request.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)

    request: Mapped[CitizenRequest] = relationship(foreign_keys=[request_id])
    ministry: Mapped[Ministry] = relationship()
    duplicate_of: Mapped[CitizenRequest | None] = relationship(foreign_keys=[duplicate_of_id])
    versions: Mapped[list[AnswerVersion]] = relationship(order_by="AnswerVersion.number", passive_deletes=True, back_populates="answer")

    @property
    def topic_id(self) -> int:
        """What it is about: its request's topic. Rights may be narrowed to some topics or territories."""
        return self.request.topic_id

    @property
    def territory(self) -> str | None:
        """Its request's territory."""
        return self.request.territory

    @property
    def author_ids(self) -> frozenset[int | None]:
        """Everybody who wrote any wording of it: none of them may publish it."""
        return frozenset(version.author_id for version in self.versions)

    @property
    def latest(self) -> AnswerVersion:
        """The wording that stands."""
        return self.versions[-1]


class AnswerVersion(StaffWording, Model):
    """One wording of an answer."""

    __table_args__ = (UniqueConstraint("answer_id", "number"), NEVER_REUSE_IDS)

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))

    answer: Mapped[Answer] = relationship(back_populates="versions")


class AnswerRating(Model):
    """What the person who asked says of an answer. ``reason`` is for the ministry and the moderators only."""

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), unique=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    verdict: Mapped[Verdict]
    reason: Mapped[str | None]
    rated_at: Mapped[datetime]

    answer: Mapped[Answer] = relationship()
