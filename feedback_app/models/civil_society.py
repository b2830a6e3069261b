"""Organisations of civil society that the administrator recognised, who assesses in their name, and what they said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import CommitmentStatus
from feedback_app.domain.text import fold
from feedback_app.models.contribution import Contribution
from feedback_app.models.identity import Account


class Organisation(Model):
    """An organisation whose assessors publish counter-assessments. ``ended_at``: since when it is recognised no more."""

    __table_args__ = (Index(None, "name_folded", "id"), NEVER_REUSE_IDS)

    name: Mapped[str]
    name_folded: Mapped[str]
    website: Mapped[str | None]
    recognised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    assessors: Mapped[list[Assessor]] = relationship(order_by="Assessor.id", passive_deletes=True, back_populates="organisation")

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        """Lists are sorted by the folded name."""
        self.name_folded = fold(name)
        return name

    @property
    def recognised(self) -> bool:
        """Whether its assessors may write."""
        return self.ended_at is None

    @property
    def assessor_ids(self) -> frozenset[int]:
        """The people who write in its name."""
        return frozenset(assessor.account.identity_id for assessor in self.assessors)


class Assessor(Model):
    """Somebody who assesses in the name of an organisation. ``name``: as administrators know them; the public never does."""

    __table_args__ = (UniqueConstraint("organisation_id", "account_id"), NEVER_REUSE_IDS)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    added_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(back_populates="assessors")
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Assessment(Model):
    """A counter-assessment of a commitment: where it stands for the organisation. Its text is the contribution's, moderated as all are."""

    __table_args__ = (NEVER_REUSE_IDS,)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id", ondelete="CASCADE"), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[CommitmentStatus]

    contribution: Mapped[Contribution] = relationship()
    organisation: Mapped[Organisation] = relationship()
