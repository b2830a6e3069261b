"""Who owes the answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import Model
from feedback_app.domain.commitment import MinistryKind


class Ministry(Model):
    """A ministry or institution. Ministries are renamed and merged: each may name the one that took over its duties."""

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[MinistryKind]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"), index=True)
    created_at: Mapped[datetime]

    successor: Mapped[Ministry | None] = relationship(remote_side="Ministry.id")
