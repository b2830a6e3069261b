"""The one writer of ``AccessLog``."""

from __future__ import annotations

from datetime import datetime

from feedback_app.database import db
from feedback_app.domain.personal_data import truncate_address
from feedback_app.domain.trace import AccessAction
from feedback_app.models import AccessLog
from feedback_app.services.signing import keyed_hash


def record(
    action: AccessAction, *, at: datetime, identity_id: int | None = None, concerned_id: int | None = None, machine: str | None = None
) -> None:
    """Log a security event: what ``identity_id`` did, or what they did to the data of ``concerned_id``.

    ``machine`` is the network address it came from: kept truncated and as a keyed hash only.
    """
    db.session.add(
        AccessLog(
            at=at,
            action=action,
            identity_id=identity_id,
            concerned_id=concerned_id,
            address_prefix=truncate_address(machine) or None if machine else None,
            address_hash=keyed_hash(machine, "machine") if machine else None,
        )
    )
