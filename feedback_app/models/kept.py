"""What outlives a refused request: a form that was sent after its session had ended, and counts of requests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model


class KeptForm(Model):
    """What somebody had typed when their session ended, until they have signed in again: theirs only, one for each address."""

    __table_args__ = (UniqueConstraint("account_id", "path"), NEVER_REUSE_IDS)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    path: Mapped[str]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(index=True)


class RateCount(Model):
    """How often something was done by somebody within a window of time. ``key`` is a keyed hash: it names nobody."""

    __table_args__ = (Index(None, "expires_at"), NEVER_REUSE_IDS)

    key: Mapped[str] = mapped_column(unique=True)
    count: Mapped[int]
    expires_at: Mapped[datetime]
