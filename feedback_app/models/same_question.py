"""What other people say of a public request: that they ask it too, or that the answer to it was enough for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.models.case import CitizenRequest
from feedback_app.models.identity import Identity


class MeToo(Model):
    """Somebody asks the same. It counts while ``confirmed_at`` is set: once the address was proved, until it is taken back.

    ``mails``: how many times the link was sent.
    """

    __table_args__ = (UniqueConstraint("identity_id", "request_id"), Index(None, "request_id", "confirmed_at"), NEVER_REUSE_IDS)

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    mails: Mapped[int]

    request: Mapped[CitizenRequest] = relationship()
    identity: Mapped[Identity] = relationship()


class Sufficed(Model):
    """Somebody who was about to ask found the answer to an earlier request enough. Nobody knows who: ``form_key`` is their form's."""

    request_id: Mapped[int] = mapped_column(ForeignKey("citizen_request.id", ondelete="CASCADE"), index=True)
    form_key: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
