"""Decisions on texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import Model
from feedback_app.domain.contribution import Ground, TextAction
from feedback_app.models.contribution import TextVersion
from feedback_app.models.identity import Identity


class ModerationDecision(Model):
    """What a moderator decided on one version. ``facts`` is free text: this row, not the event, is what an erasure blanks."""

    version_id: Mapped[int] = mapped_column(ForeignKey("text_version.id", ondelete="CASCADE"), index=True)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    action: Mapped[TextAction]
    ground: Mapped[Ground | None]
    facts: Mapped[str | None]
    decided_at: Mapped[datetime]

    version: Mapped[TextVersion] = relationship()
    moderator: Mapped[Identity | None] = relationship()
