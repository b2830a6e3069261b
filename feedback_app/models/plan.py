"""Action plans, their commitments and milestones."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import CommitmentStatus, PlanPhase, SectionKind
from feedback_app.models.organisation import Ministry
from feedback_app.models.topic import Topic


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


class Commitment(Model):
    """A promise of a plan. Its number is unique inside the plan only; dates are kept as written and as understood."""

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        Index(None, "ministry_id", "plan_id", "number"),
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
    status: Mapped[CommitmentStatus]

    plan: Mapped[Plan] = relationship()
    topic: Mapped[Topic] = relationship()
    ministry: Mapped[Ministry] = relationship()
    sections: Mapped[list[CommitmentSection]] = relationship(order_by="CommitmentSection.position", cascade="all, delete-orphan")
    milestones: Mapped[list[Milestone]] = relationship(order_by="Milestone.position", cascade="all, delete-orphan")


class CommitmentSection(Model):
    """One text of a commitment: source, cleaned HTML, and which renderer made it."""

    __table_args__ = (UniqueConstraint("commitment_id", "kind"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"))
    kind: Mapped[SectionKind]
    position: Mapped[int]
    source: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[str]


class Milestone(Model):
    """A step of a commitment. ``position`` (from 1) is what identifies it from one import to the next."""

    __table_args__ = (UniqueConstraint("commitment_id", "position"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    deliverable: Mapped[str | None]
    group: Mapped[str | None]
    dates_raw: Mapped[str | None]
    start: Mapped[date | None]
    end: Mapped[date | None]
    status: Mapped[CommitmentStatus]
