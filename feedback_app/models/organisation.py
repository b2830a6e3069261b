"""Who owes the answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.text import fold


class Ministry(Model):
    """A ministry or institution. Ministries are renamed and merged: each may name the one that took over its duties.

    ``slug`` never changes; names that it had are kept. ``contact_email``, ``postal_address``, ``telephone``: how the institution itself is
    reached, as the receipt of a request for documents says.
    """

    __table_args__ = (Index(None, "name_folded", "id"), NEVER_REUSE_IDS)

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[MinistryKind]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("ministry.id"), index=True)
    contact_email: Mapped[str | None]
    postal_address: Mapped[str | None]
    telephone: Mapped[str | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    successor: Mapped[Ministry | None] = relationship(remote_side="Ministry.id")
    former_names: Mapped[list[MinistryName]] = relationship(order_by="MinistryName.id.desc()")

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        """Lists are sorted and searched by the folded name."""
        self.name_folded = fold(name)
        return name


class MinistryName(Model):
    """A name that a ministry had, until when: people still look for it."""

    __table_args__ = (Index(None, "ministry_id", "id"), NEVER_REUSE_IDS)

    ministry_id: Mapped[int] = mapped_column(ForeignKey("ministry.id"))
    name: Mapped[str]
    name_folded: Mapped[str]
    until: Mapped[datetime]
