"""Mails that are owed, written in the transaction that owes them (ADR 0006)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model


class MailStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Model):
    """``key`` says why it is owed and makes it unique; ``due_at`` is when it may next be tried.

    While a process sends it, ``due_at`` lies ahead: if that process dies, the mail comes due again under the same ``message_id``.
    """

    __table_args__ = (Index(None, "status", "due_at", "id"), NEVER_REUSE_IDS)

    key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    language: Mapped[str]
    status: Mapped[MailStatus]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
