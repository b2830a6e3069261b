"""What administrators do with the people who work here: invite, give and take rights, deactivate. Nobody raises their own rights."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, MembershipKind, NotAllowed, Permission, Role, authorise
from feedback_app.domain.territory import TERRITORIES
from feedback_app.domain.trace import EventVerb, SubjectKind
from feedback_app.mail import messages, outbox
from feedback_app.models import Account, AccountRole, CaseEvent, Membership, MembershipScope, Ministry, Topic
from feedback_app.services import accounts, events, identities, sign_in
from feedback_app.services.accounts import By
from feedback_app.services.cases import taking
from feedback_app.services.locking import lock
from feedback_app.services.scopes import UnknownPlace


class LastAdministrator(Exception):
    """Nobody would be left to administer the site."""


class AlreadyHere(Exception):
    """Somebody who works here has this address."""

    def __init__(self, account: Account) -> None:
        super().__init__("the address is that of a colleague")
        self.account = account


class AlreadyHeld(Exception):
    """The person has this right already."""


@dataclass(frozen=True)
class NewRights:
    """What somebody is invited to do: roles, and a membership (or none)."""

    roles: frozenset[Role] = frozenset()
    ministry: Ministry | None = None
    kind: MembershipKind | None = None


def invite(email: str, *, name: str, rights: NewRights, administrator: Actor, language: str, at: datetime) -> Account:
    """Make an account for a colleague (clean address and name), with rights, and tell them by mail. Raises ``AlreadyHere``."""
    identity = identities.find(email)
    known = identity and db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    authorise(administrator, Permission.RIGHT_GRANT, known or Account(identity_id=identity.id if identity else None))
    if known and known.name is not None:
        raise AlreadyHere(known)
    by = By(administrator)
    account = accounts.create_or_update(email, name=name, at=at, by=by)
    for role in sorted(rights.roles):
        accounts.grant_role(account, role, at=at, by=by)
    if rights.ministry and rights.kind:
        accounts.grant_membership(account, rights.ministry, rights.kind, at=at, by=by)
    event = events.record(EventVerb.ACCOUNT_INVITE, account, **by.fields(at))
    db.session.flush()
    inviter = db.session.scalar(select(Account.name).where(Account.identity_id == administrator.identity_id))
    outbox.queue(messages.invitation(identity=account.identity, language=language, inviter=inviter, event_id=event.id), at=at)
    return account


def change(account: Account, *, name: str, roles: Collection[Role], administrator: Actor, seen_version: int, at: datetime) -> None:
    """Set the name that colleagues see, and the roles across ministries.

    Raises ``NotAllowed`` (a new role for oneself), ``LastAdministrator`` and ``Conflict``.
    """
    held = _begin(account, administrator, seen_version)
    before = {one.role for one in account.roles}
    given, taken = set(roles) - before, before - set(roles)
    if given:
        authorise(administrator, Permission.RIGHT_GRANT, account)
    if Role.ADMINISTRATOR in taken:
        _expect_another(account, held)
    by = By(administrator)
    for role in sorted(taken):
        accounts.end_role(account, role, at=at, by=by)
    for role in sorted(given):
        accounts.grant_role(account, role, at=at, by=by)
    if account.name != name:
        account.name = name
        account.version += 1
        events.record(EventVerb.ACCOUNT_RENAME, account, **by.fields(at))


def grant_membership(
    account: Account, ministry: Ministry, kind: MembershipKind, *, administrator: Actor, seen_version: int, at: datetime
) -> Membership:
    """Give a right inside one ministry. Raises ``NotAllowed`` (for oneself among others), ``AlreadyHeld`` and ``Conflict``."""
    _begin(account, administrator, seen_version)
    authorise(administrator, Permission.RIGHT_GRANT, account)
    if any(held.ministry_id == ministry.id and held.kind is kind for held in account.memberships):
        raise AlreadyHeld
    return accounts.grant_membership(account, ministry, kind, at=at, by=By(administrator))


def end_membership(membership: Membership, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Take a right inside a ministry away; what the person had in hand there goes back. Raises ``NotAllowed`` and ``Conflict``."""
    account = db.session.get_one(Account, membership.account_id)
    _begin(account, administrator, seen_version)
    ministry = membership.ministry
    accounts.end_membership(account, membership, at=at, by=By(administrator))
    db.session.flush()
    taking.left(account.identity_id, ministry, at=at)


def narrow(
    membership: Membership,
    *,
    topics: Collection[Topic],
    territories: Collection[str],
    administrator: Actor,
    seen_version: int,
    at: datetime,
) -> None:
    """Narrow a membership to these topics of its ministry and these territories; to none of them: the whole ministry again.

    What the person had in hand there and no longer reaches goes back.
    Raises ``NotAllowed``, ``Conflict`` and ``UnknownPlace``.
    """
    account = db.session.get_one(Account, membership.account_id)
    _begin(account, administrator, seen_version)
    authorise(administrator, Permission.RIGHT_GRANT, account)
    foreign = {topic.key for topic in topics if topic.ministry_id != membership.ministry_id} | (set(territories) - set(TERRITORIES))
    if foreign:
        raise UnknownPlace(foreign)
    before = scope_words(membership)
    membership.scope.clear()
    db.session.flush()
    membership.scope.extend(MembershipScope(membership_id=membership.id, topic_id=topic.id, topic=topic) for topic in topics)
    membership.scope.extend(MembershipScope(membership_id=membership.id, territory=code) for code in sorted(territories))
    account.version += 1
    db.session.flush()
    which = accounts.in_ministry(membership)
    events.record(
        EventVerb.MEMBERSHIP_NARROW,
        account,
        before=f"{which} {before}",
        after=f"{which} {scope_words(membership)}",
        **By(administrator).fields(at),
    )
    sign_in.end_all_sessions(account, at=at)
    taking.left(account.identity_id, membership.ministry, at=at)


def scope_words(membership: Membership) -> str:
    """A scope as events say it: ids of topics and codes of territories; ``all`` for the whole ministry."""
    parts = [str(part.topic_id) if part.topic_id is not None else str(part.territory) for part in membership.scope]
    return ",".join(sorted(parts)) or "all"


def deactivate(account: Account, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Shut an account: its sessions end, nobody signs in with it, its rights sleep, what the person had in hand goes back.

    Raises ``NotAllowed``, ``LastAdministrator`` and ``Conflict``.
    """
    held = _begin(account, administrator, seen_version)
    if account.deactivated_at is not None:
        return
    if any(one.role is Role.ADMINISTRATOR for one in account.roles):
        _expect_another(account, held)
    account.deactivated_at = at
    account.version += 1
    events.record(EventVerb.ACCOUNT_DEACTIVATE, account, before="active", after="deactivated", **By(administrator).fields(at))
    sign_in.end_all_sessions(account, at=at)
    db.session.flush()
    for ministry in {held.ministry_id: held.ministry for held in account.memberships}.values():
        taking.left(account.identity_id, ministry, at=at)


def reactivate(account: Account, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Open an account again, with the rights it had. Raises ``NotAllowed`` and ``Conflict``."""
    _begin(account, administrator, seen_version)
    authorise(administrator, Permission.RIGHT_GRANT, account)
    if account.deactivated_at is None:
        return
    account.deactivated_at = None
    account.version += 1
    events.record(EventVerb.ACCOUNT_REACTIVATE, account, before="deactivated", after="active", **By(administrator).fields(at))


def _begin(account: Account, administrator: Actor, seen_version: int) -> set[int]:
    """Hold whoever administers the site, then the account; return the ids of the accounts that administer it.

    Two administrators who demote each other at the same moment come here one after the other: the second is one no more.
    """
    authorise(administrator, Permission.PEOPLE_MANAGE, account)
    administering = (
        select(AccountRole.account_id)
        .join(Account, AccountRole.account_id == Account.id)
        .where(AccountRole.role == Role.ADMINISTRATOR, Account.deactivated_at.is_(None))
        .order_by(AccountRole.id)
        .with_for_update(of=(AccountRole, Account))
    )
    held = set(db.session.scalars(administering))
    if administrator.account_id not in held:
        raise NotAllowed(Permission.PEOPLE_MANAGE)
    lock(account)
    if account.version != seen_version:
        raise _conflict(account)
    return held


def _expect_another(account: Account, administering: set[int]) -> None:
    if not administering - {account.id}:
        raise LastAdministrator


def _conflict(account: Account) -> Conflict:
    """Who changed the account last, and when."""
    last = db.session.scalar(
        select(CaseEvent)
        .where(CaseEvent.subject_kind == SubjectKind.ACCOUNT, CaseEvent.subject_id == account.id)
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    who = db.session.scalar(select(Account.name).where(Account.identity_id == last.actor_id)) if last and last.actor_id else None
    return Conflict(OtherText(account.name or "", "fr", by=who, at=last.at if last else None, what="rights"))
