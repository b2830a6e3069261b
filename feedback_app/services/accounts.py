"""Accounts and the rights they hold."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Account, AccountRole, Membership, Ministry
from feedback_app.services import events, identities, sign_in


def create_or_update(email: str, *, name: str, at: datetime) -> Account:
    """The account of this (clean) address under this name for colleagues; made if there is none."""
    identity = identities.find_or_create(email, at=at)
    account = db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    if account is None:
        account = Account(identity=identity, identity_id=identity.id, name=name, created_at=at)
        db.session.add(account)
        db.session.flush()
        events.record(EventVerb.ACCOUNT_CREATE, account, at=at, actor_kind=ActorKind.SYSTEM)
    account.name = name
    return account


def grant_role(account: Account, role: Role, *, at: datetime) -> None:
    """Give a role across ministries. Open sessions end: nobody goes on with other rights than they signed in with."""
    if any(held.role is role for held in account.roles):
        return
    account.roles.append(AccountRole(account_id=account.id, role=role, granted_at=at))
    events.record(EventVerb.ROLE_GRANT, account, at=at, actor_kind=ActorKind.SYSTEM, after=role.value)
    sign_in.end_all_sessions(account, at=at)


def grant_membership(account: Account, ministry: Ministry, kind: MembershipKind, *, at: datetime) -> None:
    """Give a right inside one ministry. Open sessions end."""
    if any(held.ministry_id == ministry.id and held.kind is kind for held in account.memberships):
        return
    membership = Membership(account_id=account.id, ministry_id=ministry.id, kind=kind, granted_at=at)
    account.memberships.append(membership)
    db.session.flush()
    events.record(EventVerb.MEMBERSHIP_GRANT, membership, at=at, actor_kind=ActorKind.SYSTEM, after=kind.value)
    sign_in.end_all_sessions(account, at=at)
