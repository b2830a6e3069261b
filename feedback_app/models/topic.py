"""Anything people can comment on, by composition: a commitment *has* a topic (ADR 0007)."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import Model
from feedback_app.models.organisation import Ministry


class TopicKind(StrEnum):
    COMMITMENT = "commitment"
    INDICATOR = "indicator"
    MEETING = "meeting"  # what a citizen proposes hangs on it; nobody comments on it
    GENERAL = "general"  # one topic, for questions about no commitment or indicator in particular


class Topic(Model):
    """``key`` is the public name in addresses; ``content_version`` grows whenever what the topic's page shows has changed."""

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[TopicKind]
    title: Mapped[str]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"), index=True)
    content_version: Mapped[int] = mapped_column(default=0)

    ministry: Mapped[Ministry | None] = relationship()
