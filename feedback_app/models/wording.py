"""What every wording by staff holds, whatever it answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from feedback_app.models.identity import Identity


class StaffWording:
    """Columns of one wording: written once, never changed. Two people who write at the same time both keep theirs.

    ``source`` is what was typed, ``html`` what ``renderer`` made of it then; ``number`` counts from 1 within what is worded.
    """

    number: Mapped[int]
    source: Mapped[str]
    html: Mapped[str]
    renderer: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]

    @declared_attr
    def author(cls) -> Mapped[Identity | None]:  # noqa: N805 (SQLAlchemy calls it with the class)
        return relationship(Identity)
