"""Citizens' addresses, which staff see masked: a whole one is shown on record, and the record is read by administrators."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.personal_data import mask_email
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import AccessAction
from feedback_app.models import Identity
from feedback_app.services import access_log


def masked(identity_id: int | None) -> str | None:
    """A person's address as staff may see it anywhere; None once the person is erased."""
    email = db.session.scalar(select(Identity.email).where(Identity.id == identity_id))
    return mask_email(email) if email else None


def reveal(identity: Identity, *, actor: Actor, at: datetime, machine: str | None) -> str:
    """The whole address, and a row that says who looked at whose. Raises ``NotAllowed``."""
    authorise(actor, Permission.ADDRESS_REVEAL, identity)
    access_log.record(AccessAction.ADDRESS_REVEALED, at=at, identity_id=actor.identity_id, concerned_id=identity.id, machine=machine)
    return identity.email
