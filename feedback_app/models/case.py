"""Requests that a ministry owes an answer to, and everything that happens in their cases (``docs/requests.md``)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.barometer import RevisionKind
from feedback_app.domain.case import CaseStatus, CaseTextKind, OfferStatus, Outcome
from feedback_app.domain.contribution import ContributionKind
from feedback_app.models.contribution import Contribution
from feedback_app.models.identity import Identity
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic
from feedback_app.models.wording import OfficialWords, Written

_NARROWED_BY = ("kind", "topic_id", "territory")


class ReferenceCounter(Model):
    """The last number given to a request in a year. Its row is held until the transaction ends: a refused request leaves no gap."""

    year: Mapped[int] = mapped_column(unique=True)
    last: Mapped[int]


class CitizenRequest(Model):
    """A contribution with a case. Its text, author, language and publication are the contribution's.

    ``kind`` and ``topic_id`` repeat the contribution's (they never change), ``published_at`` the day of its first publication: lists
    sort and filter by them, and ask the contribution whether it *is* public. ``version`` grows with each move. ``status_since``: since
    when it has this status. ``due_on``: the last day in time as the clock stands now (``services/cases/clock.py`` computes it again
    at each move); None while the clock is paused or has not begun. ``answered_at``: the latest publication of an answer, whose
    outcome is ``outcome``; ``first_answered_at``: the first. ``revision_kind``, ``revised_on``: what it asks about is a change of this
    kind, made by the edition of this day.
    """

    __table_args__ = (
        Index("ix_citizen_request_queue", "ministry_id", "status", "due_on", "id", *_NARROWED_BY),
        Index(None, "ministry_id", "status", "status_since", "id"),
        Index(None, "ministry_id", "published_at", "id"),
        Index(None, "ministry_id", "reopened_at", "status"),
        Index(None, "status", "status_since", "id"),
        Index(None, "status", "due_on", "id"),
        Index(None, "published_at", "id"),
        # Read in order by their first columns; counted and narrowed without their rows thanks to the others.
        Index("ix_citizen_request_answered", "ministry_id", "answered_at", "id", "status", "contribution_id", *_NARROWED_BY),
        Index("ix_citizen_request_assigned", "assignee_id", "status", "due_on", "id", "ministry_id", *_NARROWED_BY),
        Index("ix_citizen_request_about", "topic_id", "published_at", "id", "status", "contribution_id"),
        NEVER_REUSE_IDS,
    )

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), unique=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    kind: Mapped[ContributionKind]
    reference: Mapped[str] = mapped_column(unique=True)
    territory: Mapped[str | None]
    figure_date: Mapped[date | None]
    revision_kind: Mapped[RevisionKind | None]
    revised_on: Mapped[date | None]
    status: Mapped[CaseStatus]
    status_since: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"))
    clock_started_at: Mapped[datetime | None]
    extended_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    published_at: Mapped[datetime | None]
    first_answered_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    reopened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    contribution: Mapped[Contribution] = relationship()
    topic: Mapped[Topic] = relationship()
    ministry: Mapped[Ministry | None] = relationship()
    assignee: Mapped[Identity | None] = relationship()
    offers: Mapped[list[TransferOffer]] = relationship(order_by="TransferOffer.id", passive_deletes=True, back_populates="request")

    @property
    def offer(self) -> TransferOffer | None:
        """The transfer that waits for the other ministry's word, if there is one."""
        return next((offer for offer in self.offers if offer.status is OfferStatus.OFFERED), None)

    @property
    def offered_to_id(self) -> int | None:
        """The ministry to which the case is offered, if it is."""
        return self.offer.to_ministry_id if self.offer else None


class CasePause(Model):
    """A span in which the clock stood still; no ``ended_at``: it still does."""

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CaseContribution(Model):
    """A citizen's text inside a case: a reply, or why they reopen it. The ministry reads it at once, the public after moderation."""

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), unique=True)

    request: Mapped[CitizenRequest] = relationship()
    contribution: Mapped[Contribution] = relationship()


class CaseText(OfficialWords, Written, Model):
    """What staff wrote inside a case, beside the answers: events name it by id, so that it can be erased without touching them.

    Only the kinds in ``PUBLIC_TEXT_KINDS`` ever leave the ministries.
    """

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"), index=True)
    kind: Mapped[CaseTextKind]


class TransferOffer(Model):
    """One ministry offers a case to another. ``expires_on``: the last day to accept or decline it."""

    __table_args__ = (
        Index(None, "to_ministry_id", "status", "expires_on", "id"),
        Index(None, "from_ministry_id", "status", "id"),
        Index(None, "status", "expires_on", "id"),
        NEVER_REUSE_IDS,
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"), index=True)
    from_ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    to_ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    status: Mapped[OfferStatus]
    offered_at: Mapped[datetime]
    expires_on: Mapped[date]
    settled_at: Mapped[datetime | None]

    request: Mapped[CitizenRequest] = relationship(back_populates="offers")
    to_ministry: Mapped[Ministry] = relationship(foreign_keys=[to_ministry_id])
