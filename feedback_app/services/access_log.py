"""The one writer of ``AccessLog``, and what administrators read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from feedback_app.database import db
from feedback_app.domain.personal_data import mask_email, truncate_address
from feedback_app.domain.trace import AccessAction
from feedback_app.models import AccessLog, Account, Identity
from feedback_app.services.paging import Order, Page, Window, parse_moment, read_page, write_moment
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


@dataclass(frozen=True)
class LoggedAccess:
    """One line of the journal. ``who``: the name colleagues know, else the masked address; ``concerned``: a masked address."""

    id: int
    at: datetime
    action: AccessAction
    who: str | None
    concerned: str | None
    network: str | None


def rows(window: Window, *, reveals_only: bool = False) -> Page[LoggedAccess]:
    """The log, the latest first; ``reveals_only``: only who looked at whose address."""
    who, concerned = aliased(Identity), aliased(Identity)
    statement = (
        select(
            AccessLog.id,
            AccessLog.at,
            AccessLog.action,
            Account.name,
            who.email.label("who_email"),
            concerned.email.label("concerned_email"),
            AccessLog.address_prefix,
        )
        .outerjoin(who, AccessLog.identity_id == who.id)
        .outerjoin(Account, Account.identity_id == who.id)
        .outerjoin(concerned, AccessLog.concerned_id == concerned.id)
    )
    if reveals_only:
        statement = statement.where(AccessLog.action == AccessAction.ADDRESS_REVEALED)
    order = Order((AccessLog.at, AccessLog.id), parse_moment, lambda row: write_moment(row.at, row.id), descending=True)
    return read_page(statement, order, window, item=_logged)


def _logged(row: Any) -> LoggedAccess:
    who = row.name or mask_email(row.who_email or "") or None
    return LoggedAccess(row.id, row.at, row.action, who, mask_email(row.concerned_email or "") or None, row.address_prefix)
