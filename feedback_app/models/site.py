"""What the administrator sets while the site runs, and the sign of life of its processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import Model


class SiteState(Model):
    """One row. ``contributions_closed_at``: since when citizens can read but not write.

    The notice stands on every page as long as it has words.
    """

    key: Mapped[str] = mapped_column(unique=True)
    contributions_closed_at: Mapped[datetime | None]
    notice_fr: Mapped[str] = mapped_column(default="")
    notice_en: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)


class Heartbeat(Model):
    """When a process last showed that it works, by its name."""

    name: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]


class PublicVersion(Model):
    """One row, which caches of pages ask for: another number means that something which the public reads has changed.

    ``everywhere``: on every page, perhaps (the notice, the name of a ministry, an edition). ``anywhere``: on some page. Both are
    drawn at random, so that a database restored from a copy never says again what it said before of something else.
    """

    key: Mapped[str] = mapped_column(unique=True)
    everywhere: Mapped[int]
    anywhere: Mapped[int]
