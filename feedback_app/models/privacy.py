"""What people asked about their own data, and what the job process has done for the day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.privacy import TextsChoice
from feedback_app.models.identity import Identity


class PlannedErasure(Model):
    """A person is to be erased from ``due_at`` on. The row goes with the person: it cannot happen twice."""

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), unique=True)
    texts: Mapped[TextsChoice]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)

    identity: Mapped[Identity] = relationship()


class PersonalExport(Model):
    """A copy of everything held about a person: asked for, then made by a job, then fetched once by a link or forgotten."""

    __table_args__ = (Index(None, "made_at", "id"), NEVER_REUSE_IDS)

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    content: Mapped[bytes | None]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    fetched_at: Mapped[datetime | None]

    identity: Mapped[Identity] = relationship()


class JobRun(Model):
    """Work that happens once under its ``key`` ("purge:2026-03-02").

    While a process does it, ``due_at`` lies ahead: if that process dies, the work comes due again.
    """

    key: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
