"""Published figures, computed once a day from the events and replaced whole (``services/statistics.py``)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.performance import FigureScope


class ResponseFigures(Model):
    """How one ministry answered, what no ministry has, or all together, at ``computed_at``. Definitions: ``domain/performance.py``.

    ``median_days``, ``slowest_days`` (the 90th centile): working days; None without an answer. Numbers are kept as they are: that some
    are too few to be shown is decided where they go out.
    """

    __table_args__ = (UniqueConstraint("ministry_id", "scope"), NEVER_REUSE_IDS)

    scope: Mapped[FigureScope]
    ministry_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"))
    computed_at: Mapped[datetime]
    received: Mapped[int]
    answered: Mapped[int]
    due: Mapped[int]
    in_time: Mapped[int]
    waiting: Mapped[int]
    late: Mapped[int]
    useful: Mapped[int]
    partly: Mapped[int]
    useless: Mapped[int]
    median_days: Mapped[int | None]
    slowest_days: Mapped[int | None]
