"""The two traces: what happened to things (for ever, ids and enumerations only) and who touched personal data (12 months)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from feedback_app.database import NEVER_REUSE_IDS, Model
from feedback_app.domain.trace import AccessAction, ActorKind, EventVerb, SubjectKind


class CaseEvent(Model):
    """Append-only: a trigger refuses update and delete. No foreign keys: the things and people it names may be erased.

    Of a request: ``ministry_id`` is the one that had the case when it had happened, ``to_ministry_id`` the one a transfer is offered to,
    ``person_id`` who got the case, ``text_id`` the ``CaseText`` that says why.
    """

    __table_args__ = (
        Index(None, "contribution_id", "id"),
        Index(None, "topic_id", "id"),
        Index(None, "request_id", "id"),
        Index(None, "subject_kind", "subject_id", "id"),
        NEVER_REUSE_IDS,
    )

    at: Mapped[datetime]
    verb: Mapped[EventVerb]
    subject_kind: Mapped[SubjectKind]
    subject_id: Mapped[int]
    topic_id: Mapped[int | None]
    contribution_id: Mapped[int | None]
    actor_kind: Mapped[ActorKind]
    actor_id: Mapped[int | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    decision_id: Mapped[int | None]
    request_id: Mapped[int | None]
    ministry_id: Mapped[int | None]
    to_ministry_id: Mapped[int | None]
    person_id: Mapped[int | None]
    text_id: Mapped[int | None]


class AccessLog(Model):
    """A security event, or an act of staff on the data of a person (``concerned_id``).

    Addresses of machines are truncated and keyed-hashed.
    """

    __table_args__ = (Index(None, "at", "id"), NEVER_REUSE_IDS)

    at: Mapped[datetime]
    action: Mapped[AccessAction]
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    concerned_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"), index=True)
    address_prefix: Mapped[str | None]
    address_hash: Mapped[str | None]
