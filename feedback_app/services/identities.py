"""People as senders of texts and mails."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import IntegrityError

from feedback_app.database import db
from feedback_app.domain.personal_data import email_key
from feedback_app.models import Account, Contribution, Identity, MeToo, Signature

Row = TypeVar("Row", Identity, Signature)


def find(email: str) -> Identity | None:
    """The person known by this (clean) address, or None."""
    return db.session.scalar(select(Identity).where(Identity.email_key == email_key(email)))


def find_or_create(email: str, *, at: datetime) -> Identity:
    """The person known by this (clean) address; a new, unconfirmed one if there is none."""
    return find(email) or _insert_or_find(
        Identity(email=email, email_key=email_key(email), created_at=at), select(Identity).where(Identity.email_key == email_key(email))
    )


def signature_for(identity: Identity, name: str | None) -> Signature | None:
    """The row under which this person signs as ``name``; None for an anonymous text."""
    if not name:
        return None
    same = select(Signature).where(Signature.identity_id == identity.id, Signature.name == name)
    return db.session.scalar(same) or _insert_or_find(Signature(identity_id=identity.id, name=name), same)


def _insert_or_find(row: Row, same: Select[Row]) -> Row:
    """Insert ``row``, or find the one that somebody else inserted since it was looked for."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.execute(same).scalar_one()
    return row


def forget_if_unused(identity_id: int) -> None:
    """Delete a person who never confirmed anything and to whom nothing belongs any more: a mistyped address is somebody else's."""
    identity = db.session.get(Identity, identity_id)
    if identity is None or identity.confirmed_at is not None:
        return
    used = [exists().where(model.identity_id == identity_id) for model in (Contribution, Account, MeToo)]
    if not db.session.scalar(select(or_(*used))):
        db.session.delete(identity)
        db.session.flush()
