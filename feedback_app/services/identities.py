"""People as senders of texts and mails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, exists, or_, select

from feedback_app.database import db, insert_at_once
from feedback_app.domain.personal_data import email_key
from feedback_app.models import Account, Contribution, Identity, MeToo, Signature

Row = TypeVar("Row", Identity, Signature)


def find(email: str) -> Identity | None:
    """The person known by this (clean) address, or None."""
    return db.session.scalar(_known_by(), {"key": email_key(email)})


def find_or_create(email: str, *, at: datetime) -> Identity:
    """The person known by this (clean) address; a new, unconfirmed one if there is none."""
    found, key = find(email), email_key(email)
    return found or _insert_or_find(Identity(email=email, email_key=key, created_at=at), _known_by(), {"key": key})


@cache
def _known_by() -> Select[Identity]:
    return select(Identity).where(Identity.email_key == bindparam("key"))


def signature_for(identity: Identity, name: str | None) -> Signature | None:
    """The row under which this person signs as ``name``; None for an anonymous text."""
    if not name:
        return None
    same = {"identity": identity.id, "name": name}
    return db.session.scalar(_signing_as(), same) or _insert_or_find(Signature(identity_id=identity.id, name=name), _signing_as(), same)


@cache
def _signing_as() -> Select[Signature]:
    return select(Signature).where(Signature.identity_id == bindparam("identity"), Signature.name == bindparam("name"))


def _insert_or_find(row: Row, same: Select[Row], values: Mapping[str, Any]) -> Row:
    """Insert ``row``, or find the one that somebody else inserted since it was looked for."""
    return row if insert_at_once(row) else db.session.execute(same, values).scalar_one()


def forget_if_unused(identity_id: int) -> None:
    """Delete a person who never confirmed anything and to whom nothing belongs any more: a mistyped address is somebody else's."""
    identity = db.session.get(Identity, identity_id)
    if identity is None or identity.confirmed_at is not None:
        return
    used = [exists().where(model.identity_id == identity_id) for model in (Contribution, Account, MeToo)]
    if not db.session.scalar(select(or_(*used))):
        db.session.delete(identity)
        db.session.flush()
