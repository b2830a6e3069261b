"""Plan files that an administrator sent: they wait in the database until their differences were read, and are then forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import PlanUploadStatus


class PlanUpload(Model):
    """One file. ``slug``, ``title``: the plan that it is about, as it says. ``content``: its bytes; None once it was applied or given up.

    ``differences``: what it changes (``services/plan_differences.py``), as of ``compared_at``.
    """

    __table_args__ = (Index(None, "slug", "id"), NEVER_REUSE_IDS)

    slug: Mapped[str]
    title: Mapped[str]
    status: Mapped[PlanUploadStatus]
    size: Mapped[int]
    content: Mapped[bytes | None]
    differences: Mapped[dict[str, Any]] = mapped_column(JSON)
    sent_at: Mapped[datetime]
    compared_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
