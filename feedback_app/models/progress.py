"""What ministries say of their commitments: progress updates with everything in them, and what became of the promise itself.

A ``ProgressUpdate`` is signed by the ministry, never by an agent. Each wording is a row that never changes: two people who write at the
same time both keep theirs, and a published one is corrected by a further update.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import BlockKind, CommitmentAction, CommitmentStatus, Confidence, UpdateStatus, WordField
from feedback_app.models.organisation import Ministry
from feedback_app.models.plan import Commitment, Milestone
from feedback_app.models.wording import OfficialWords, Written


class ProgressUpdate(Model):
    """At most one of a commitment and ministry is not published."""

    __table_args__ = (
        Index(None, "commitment_id", "status", "published_at", "id"),
        Index(None, "ministry_id", "status", "proposed_at", "id"),
        Index(None, "status", "published_at", "id"),
        NEVER_REUSE_IDS,
    )

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    status: Mapped[UpdateStatus]
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)

    commitment: Mapped[Commitment] = relationship()
    ministry: Mapped[Ministry] = relationship()
    versions: Mapped[list[ProgressVersion]] = relationship(
        order_by="ProgressVersion.number", passive_deletes=True, back_populates="update"
    )  # fmt: skip
    remarks: Mapped[list[ProgressRemark]] = relationship(order_by="ProgressRemark.id", passive_deletes=True)

    @property
    def territory(self) -> None:
        """None: rights may be narrowed to territories, and a commitment is the whole country's."""

    @property
    def topic_id(self) -> int:
        """Its commitment's topic. Rights may be narrowed to some."""
        return self.commitment.topic_id

    @property
    def author_ids(self) -> frozenset[int | None]:
        """Everybody who wrote any wording of it: none of them may publish it."""
        return frozenset(version.author_id for version in self.versions)

    @property
    def latest(self) -> ProgressVersion:
        """The wording that stands."""
        return self.versions[-1]


class ProgressVersion(Written, Model):
    """One wording: texts, how sure the ministry is, moves, criteria and evidence. ``confidence``: None once nothing is owed any more."""

    __table_args__ = (UniqueConstraint("update_id", "number"), NEVER_REUSE_IDS)

    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id", ondelete="CASCADE"))
    number: Mapped[int]
    confidence: Mapped[Confidence | None]

    update: Mapped[ProgressUpdate] = relationship(back_populates="versions")
    blocks: Mapped[list[ProgressBlock]] = relationship(order_by="ProgressBlock.position", passive_deletes=True)
    steps: Mapped[list[ProgressStep]] = relationship(order_by="ProgressStep.position", passive_deletes=True)

    @property
    def whole(self) -> ProgressStep | None:
        """What it says of the commitment itself."""
        return next((step for step in self.steps if step.milestone_id is None), None)


class ProgressBlock(OfficialWords, Model):
    """One text of a wording."""

    __table_args__ = (UniqueConstraint("version_id", "kind"), NEVER_REUSE_IDS)

    version_id: Mapped[int] = mapped_column(ForeignKey("progress_version.id", ondelete="CASCADE"))
    kind: Mapped[BlockKind]
    position: Mapped[int]


class ProgressStep(Model):
    """What a wording says of one milestone, or of the commitment itself (no ``milestone_id``, position 0).

    ``action``: its move, None where it stays; ``before`` and ``after`` are written when the move happens. ``criterion``: how everybody
    will see that it is reached. ``evidence``: web addresses, one to a line. ``into_id``: the commitment into which it is carried over.
    """

    __table_args__ = (UniqueConstraint("version_id", "position"), Index(None, "milestone_id", "version_id"), NEVER_REUSE_IDS)

    version_id: Mapped[int] = mapped_column(ForeignKey("progress_version.id", ondelete="CASCADE"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestone.id"))
    position: Mapped[int]
    action: Mapped[CommitmentAction | None]
    before: Mapped[CommitmentStatus | None]
    after: Mapped[CommitmentStatus | None]
    criterion: Mapped[str | None]
    evidence: Mapped[list[str]]
    into_id: Mapped[int | None] = mapped_column(ForeignKey("commitment.id"), index=True)

    milestone: Mapped[Milestone | None] = relationship()
    into: Mapped[Commitment | None] = relationship(foreign_keys=[into_id])

    @property
    def milestone_title(self) -> str | None:
        """Of which milestone it speaks."""
        return self.milestone.title if self.milestone else None

    @property
    def into_title(self) -> str | None:
        """The commitment into which it is carried over."""
        return self.into.title if self.into else None

    @property
    def into_key(self) -> str | None:
        """The topic of that commitment."""
        return self.into.topic.key if self.into else None


class ProgressRemark(Written, Model):
    """Why a validator sent an update back. Never public."""

    __table_args__ = (Index(None, "update_id", "id"), NEVER_REUSE_IDS)

    update_id: Mapped[int] = mapped_column(ForeignKey("progress_update.id", ondelete="CASCADE"))
    source: Mapped[str]


class CommitmentRevision(Model):
    """The words of a commitment were changed, by the administration or by an import: why, and each thing as it was and as it is."""

    __table_args__ = (Index(None, "commitment_id", "at", "id"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    at: Mapped[datetime]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)

    changes: Mapped[list[CommitmentChange]] = relationship(order_by="CommitmentChange.id", passive_deletes=True)


class CommitmentChange(Model):
    """One thing that a revision changed. ``position``: of which milestone."""

    __table_args__ = (Index(None, "revision_id", "id"), NEVER_REUSE_IDS)

    revision_id: Mapped[int] = mapped_column(ForeignKey("commitment_revision.id", ondelete="CASCADE"))
    field: Mapped[WordField]
    position: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]


class CommitmentIndicator(Model):
    """An indicator of a barometer that measures what a commitment promises."""

    __table_args__ = (UniqueConstraint("commitment_id", "indicator_id"), NEVER_REUSE_IDS)

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
