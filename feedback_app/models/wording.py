"""What every text by staff holds, whatever it is about."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from feedback_app.models.identity import Identity


class OfficialWords:
    """The small Markdown of staff: ``source`` is what was typed, ``html`` what ``renderer`` made of it then, cleaned."""

    source: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[str]


class Written:
    """Who wrote it, and when. The text stays when that person is erased."""

    author_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]


class StaffWording(OfficialWords, Written):
    """One wording: written once, never changed. Two people who write at the same time both keep theirs.

    ``number`` counts from 1 within what is worded.
    """

    number: Mapped[int]

    @declared_attr
    def author(cls) -> Mapped[Identity | None]:  # noqa: N805 (SQLAlchemy calls it with the class)
        return relationship(Identity)
