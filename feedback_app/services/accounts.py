"""Accounts and the rights they hold: made and given here, whoever asks (a command, the demo, an administrator in ``services/people``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.policy import Actor, MembershipKind, Role
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Account, AccountRole, Membership, Ministry
from feedback_app.services import events, identities, sign_in


@dataclass(frozen=True)
class By:
    """On whose word something is done: an administrator's, or (None) that of whoever has a shell."""

    administrator: Actor | None = None

    def fields(self, at: datetime) -> dict[str, Any]:
        """As an event says it."""
        kind = ActorKind.STAFF if self.administrator else ActorKind.SYSTEM
        return {"at": at, "actor_kind": kind, "actor_id": self.administrator.identity_id if self.administrator else None}


OPERATOR = By()


def create_or_update(email: str, *, name: str, at: datetime, by: By = OPERATOR) -> Account:
    """The account of this (clean) address under this name for colleagues; made if there is none."""
    identity = identities.find_or_create(email, at=at)
    account = db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    if account is None:
        account = Account(identity=identity, identity_id=identity.id, name=name, created_at=at)
        db.session.add(account)
        db.session.flush()
        events.record(EventVerb.ACCOUNT_CREATE, account, **by.fields(at))
    account.name = name
    return account


def grant_role(account: Account, role: Role, *, at: datetime, by: By = OPERATOR) -> None:
    """Give a role across ministries. Open sessions end: nobody goes on with other rights than they signed in with."""
    if any(held.role is role for held in account.roles):
        return
    account.roles.append(AccountRole(account_id=account.id, role=role, granted_at=at))
    events.record(EventVerb.ROLE_GRANT, account, after=role.value, **by.fields(at))
    _rights_changed(account, at=at)


def end_role(account: Account, role: Role, *, at: datetime, by: By = OPERATOR) -> None:
    """Take a role away. Open sessions end."""
    held = next((held for held in account.roles if held.role is role), None)
    if held is None:
        return
    account.roles.remove(held)
    db.session.delete(held)
    events.record(EventVerb.ROLE_END, account, before=role.value, **by.fields(at))
    _rights_changed(account, at=at)


def grant_membership(account: Account, ministry: Ministry, kind: MembershipKind, *, at: datetime, by: By = OPERATOR) -> Membership:
    """Give a right inside one ministry, the whole of it. Open sessions end."""
    held = next((held for held in account.memberships if held.ministry_id == ministry.id and held.kind is kind), None)
    if held is not None:
        return held
    membership = Membership(account_id=account.id, ministry_id=ministry.id, kind=kind, granted_at=at)
    account.memberships.append(membership)
    db.session.flush()
    events.record(EventVerb.MEMBERSHIP_GRANT, account, after=in_ministry(membership), **by.fields(at))
    _rights_changed(account, at=at)
    return membership


def end_membership(account: Account, membership: Membership, *, at: datetime, by: By = OPERATOR) -> None:
    """Take a right inside a ministry away. Open sessions end."""
    account.memberships.remove(membership)
    db.session.delete(membership)
    events.record(EventVerb.MEMBERSHIP_END, account, before=in_ministry(membership), **by.fields(at))
    _rights_changed(account, at=at)


def in_ministry(membership: Membership) -> str:
    """A membership as events say it, its row may be gone by then: ``contact:12`` is a contact of ministry 12."""
    return f"{membership.kind.value}:{membership.ministry_id}"


def _rights_changed(account: Account, *, at: datetime) -> None:
    account.version += 1
    db.session.flush()
    sign_in.end_all_sessions(account, at=at)
