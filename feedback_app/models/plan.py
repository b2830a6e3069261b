"""Action plans, their commitments and milestones."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import CommitmentStatus, Confidence, PlanPhase, SectionKind
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic
from feedback_app.models.wording import OfficialWords


class Plan(Model):
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    start: Mapped[date]
    end: Mapped[date | None]
    phase: Mapped[PlanPhase]
    source: Mapped[str | None]
    licence: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PlanRevision(Model):
    """A file changed what a plan says of itself: why, and each thing as it was and as it is (``services/plan_words.py``)."""

    __table_args__ = (Index(None, "plan_id", "at", "id"), NEVER_REUSE_IDS)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class Commitment(Model):
    """A promise of a plan. Its number is unique inside the plan only; dates are kept as written and as understood.

    ``status`` moves with a published ``ProgressUpdate`` only (``services/progress``), ``status_since`` says when it last did.
    ``updated_at``: the publication of its last update. ``followed_since``: the day on which it came to this site. ``version`` grows
    with each published update and each change of its words.
    """

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index(None, "ministry_id", "plan_id", "number"),
        Index(None, "plan_id", "updated_at", "number"),
        Index(None, "plan_id", "end", "number"),
        NEVER_REUSE_IDS,
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    number: Mapped[int]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"), unique=True)
    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    title: Mapped[str]
    title_folded: Mapped[str]
    lead: Mapped[str | None]
    period_raw: Mapped[str | None]
    start: Mapped[date | None]
    end: Mapped[date | None]
    state_actors: Mapped[list[str]]
    other_actors: Mapped[list[str]]
    theme: Mapped[str | None]
    status: Mapped[CommitmentStatus]
    status_since: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    confidence: Mapped[Confidence | None]
    followed_since: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    plan: Mapped[Plan] = relationship()
    topic: Mapped[Topic] = relationship()
    ministry: Mapped[Ministry] = relationship()
    sections: Mapped[list[CommitmentSection]] = relationship(order_by="CommitmentSection.position", cascade="all, delete-orphan")
    milestones: Mapped[list[Milestone]] = relationship(order_by="Milestone.position", cascade="all, delete-orphan")

    @property
    def current_milestones(self) -> list[Milestone]:
        """Those that the plan still names."""
        return [milestone for milestone in self.milestones if milestone.dropped_at is None]


class CommitmentSection(OfficialWords, Model):
    """One text of a commitment."""

    __table_args__ = (UniqueConstraint("commitment_id", "kind"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"))
    kind: Mapped[SectionKind]
    position: Mapped[int]


class Milestone(Model):
    """A step of a commitment. Imports know it by its title; ``position`` (from 1) is its place.

    ``weight``: its share of the commitment beside the others'. ``criterion``: how everybody will see that it is reached, as the last
    update says. ``dropped_at``: since when the plan does not name it any more, where something was published about it.
    """

    __table_args__ = (UniqueConstraint("commitment_id", "position"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    deliverable: Mapped[str | None]
    group: Mapped[str | None]
    dates_raw: Mapped[str | None]
    start: Mapped[date | None]
    end: Mapped[date | None]
    weight: Mapped[int] = mapped_column(default=1, server_default="1")
    criterion: Mapped[str | None]
    dropped_at: Mapped[datetime | None]
    status: Mapped[CommitmentStatus]
    status_since: Mapped[datetime | None]
