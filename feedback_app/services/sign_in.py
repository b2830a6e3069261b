"""Passwordless sign-in: a one-time link by mail opens a session, which is a row (ADR 0009)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.personal_data import email_key, hash_token, new_token
from feedback_app.domain.policy import Actor, MembershipKind
from feedback_app.domain.trace import AccessAction, ActorKind, EventVerb
from feedback_app.mail import messages, outbox
from feedback_app.models import Account, AccountRole, AccountSession, Identity, Membership, MembershipScope, SignInLink
from feedback_app.services import access_log, events, identities, plain_rows
from feedback_app.services.locking import lock, lock_name
from feedback_app.services.scopes import scope_of, scope_of_parts
from feedback_app.services.signing import keyed_hash

LINK_MINUTES = 15
LINKS_PER_HOUR = 3
SESSION_HOURS = 12
STAFF_IDLE = timedelta(hours=8)
SECOND_FACTOR_WITHIN = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=5)


class LinkRefused(Exception):
    """The sign-in link is unknown, used or too old."""


def ask_link(email: str, *, wanted: str = "", language: str, at: datetime, machine: str | None = None) -> None:
    """Send a sign-in link to a (clean) address; ``wanted`` is the path of ours to go on to.

    The same statements and one mail whether the address is known or not, and the same silence past three an hour, so that
    nobody learns who has written here.
    """
    address_hash = keyed_hash(email_key(email), "sign-in")
    lock_name(address_hash)  # two requests at once must not both be the third
    recent = select(func.count()).where(SignInLink.address_hash == address_hash, SignInLink.asked_at > at - timedelta(hours=1))
    identity, known = _who_may_sign_in(email)
    if (db.session.scalar(recent) or 0) >= LINKS_PER_HOUR:
        access_log.record(AccessAction.LINK_REFUSED, at=at, identity_id=identity.id if identity else None, machine=machine)
        return
    link, token = issue_link(identity if known else None, address_hash, at=at)
    if known and identity:
        path = addresses.sign_in(token, wanted)
        message = messages.sign_in_link(identity=identity, language=language, path=path, minutes=LINK_MINUTES, link_id=link.id)
    else:
        message = messages.unknown_address(recipient=email, language=language, link_id=link.id)
    outbox.queue(message, at=at)
    access_log.record(AccessAction.LINK_ASKED, at=at, identity_id=identity.id if identity else None, machine=machine)


def _who_may_sign_in(email: str) -> tuple[Identity | None, bool]:
    """Who has this address, and whether they may sign in: one statement, whatever the answer."""
    accounts = select(Account.id, Account.deactivated_at, Account.identity_id).subquery()
    statement = (
        select(Identity, accounts.c.id.label("account_id"), accounts.c.deactivated_at)
        .outerjoin(accounts, accounts.c.identity_id == Identity.id)
        .where(Identity.email_key == email_key(email))
    )
    row = db.session.execute(statement).first()
    if row is None:
        return None, False
    return row.Identity, row.deactivated_at is None if row.account_id else row.Identity.confirmed_at is not None


def _may_sign_in(identity: Identity) -> bool:
    account = db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    return account.deactivated_at is None if account else identity.confirmed_at is not None


def issue_link(identity: Identity | None, address_hash: str, *, at: datetime) -> tuple[SignInLink, str]:
    """A fresh one-time link and its token, which is not stored: only its hash is."""
    token = new_token()
    link = SignInLink(
        identity_id=identity.id if identity else None,
        address_hash=address_hash,
        token_hash=hash_token(token),
        asked_at=at,
        expires_at=at + timedelta(minutes=LINK_MINUTES),
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def link_for_operator(email: str, *, at: datetime) -> str:
    """The path of a fresh link, for an operator with a shell. Raises ``LookupError`` when nobody may sign in with the address."""
    identity = identities.find(email)
    if identity is None or not _may_sign_in(identity):
        raise LookupError(email)
    _link, token = issue_link(identity, keyed_hash(email_key(email), "sign-in"), at=at)
    return addresses.sign_in(token)


def usable_link(token: str, *, at: datetime) -> SignInLink:
    """The link behind a token that may still be used. Raises ``LinkRefused``."""
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_hash == hash_token(token)))
    if link is None or link.identity_id is None or link.used_at is not None or link.expires_at <= at:
        raise LinkRefused
    return link


def use_link(token: str, *, at: datetime, machine: str | None = None, browser: str | None = None) -> tuple[AccountSession, str]:
    """Burn the link and open a session: its row, and the secret for the browser's cookie. Raises ``LinkRefused``.

    For staff it opens nothing but the second factor (``awaits_second_factor``).
    """
    lock(usable_link(token, at=at))
    link = usable_link(token, at=at)  # again: two clicks at the same time must not both pass
    identity = link.identity
    if identity is None or not _may_sign_in(identity):
        raise LinkRefused
    link.used_at = at
    identity.confirmed_at = identity.confirmed_at or at
    row, secret = start_session(_account_of(identity, at=at), at=at, browser=browser)
    access_log.record(AccessAction.SIGN_IN, at=at, identity_id=identity.id, machine=machine)
    return row, secret


def _account_of(identity: Identity, *, at: datetime) -> Account:
    account = db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    if account is None:
        account = Account(identity=identity, identity_id=identity.id, created_at=at)
        db.session.add(account)
        db.session.flush()
        events.record(EventVerb.ACCOUNT_CREATE, account, at=at, actor_kind=ActorKind.CITIZEN, actor_id=identity.id)
    return account


def start_session(account: Account, *, at: datetime, second_factor: bool = False, browser: str | None = None) -> tuple[AccountSession, str]:
    """Open a session for an account: its row, and the secret for the browser's cookie. ``second_factor``: it is done already."""
    secret = new_token()
    account.last_sign_in_at = at
    row = AccountSession(
        account_id=account.id,
        account=account,
        token_hash=hash_token(secret),
        created_at=at,
        expires_at=at + timedelta(hours=SESSION_HOURS),
        last_seen_at=at,
        second_factor_at=at if second_factor else None,
        browser=browser,
    )
    db.session.add(row)
    db.session.flush()
    return row, secret


def replace_session(row: AccountSession, *, at: datetime, second_factor: bool) -> tuple[AccountSession, str]:
    """Go on with more rights in a new session: a copy of the former cookie opens nothing."""
    row.ended_at = at
    return start_session(row.account, at=at, second_factor=second_factor, browser=row.browser)


@dataclass(frozen=True)
class OpenSession:
    """A live session, as a page needs it. ``pending``: it has none of its rights yet, see ``awaits_second_factor``."""

    id: int
    account_id: int
    last_seen_at: datetime
    actor: Actor
    pending: bool


def open_session(token: str, *, at: datetime) -> OpenSession | None:
    """The live session of a cookie's secret; None when it has ended, is too old or unused, or its account is deactivated."""
    rows = plain_rows.read(_session_statement(), {"hash": hash_token(token)})
    if not rows:
        return None
    row, rights = rows[0], _rights(rows)
    if not _is_live(row, deactivated=row.deactivated_at is not None, staff=rights.is_staff, at=at):
        return None
    return OpenSession(row.id, row.account_id, row.last_seen_at, rights, row.second_factor_at is None and rights.is_staff)


def opened(row: AccountSession) -> OpenSession:
    """The same of a session that has just been started."""
    return OpenSession(row.id, row.account_id, row.last_seen_at, actor_of(row.account), awaits_second_factor(row))


def row_of(session_id: int) -> AccountSession:
    """The row of an open session, with its account, for whoever changes it."""
    return db.session.get_one(AccountSession, session_id)


@cache
def _session_statement() -> Select[*tuple[Any, ...]]:
    """The session with the rights of its account: every page of somebody signed in begins with this one statement."""
    session = (AccountSession.id, AccountSession.account_id, AccountSession.created_at, AccountSession.expires_at)
    used = (AccountSession.last_seen_at, AccountSession.second_factor_at, AccountSession.ended_at)
    held = (AccountRole.role, Membership.ministry_id, Membership.kind, MembershipScope.topic_id, MembershipScope.territory)
    return (
        select(*session, *used, Account.identity_id, Account.deactivated_at, *held)
        .join(Account, Account.id == AccountSession.account_id)
        .outerjoin(AccountRole, AccountRole.account_id == Account.id)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .outerjoin(MembershipScope, MembershipScope.membership_id == Membership.id)
        .where(AccountSession.token_hash == bindparam("hash"))
    )


def _rights(rows: Sequence[Any]) -> Actor:
    """Whoever the rows of ``_session_statement`` are about, as the policy sees them: each right is in some of them, perhaps in several."""
    narrowed: dict[tuple[int, MembershipKind], set[tuple[int | None, str | None]]] = {}
    for row in rows:
        if row.ministry_id is not None:
            parts = narrowed.setdefault((row.ministry_id, row.kind), set())
            if row.topic_id is not None or row.territory is not None:
                parts.add((row.topic_id, row.territory))
    return Actor(
        identity_id=rows[0].identity_id,
        account_id=rows[0].account_id,
        roles=frozenset(row.role for row in rows if row.role is not None),
        memberships=frozenset(narrowed),
        scopes=frozenset((*held, scope) for held, parts in narrowed.items() if (scope := scope_of_parts(parts))),
    )


def _is_live(row: Any, *, deactivated: bool, staff: bool, at: datetime) -> bool:
    """``row``: the session, or what ``_session_statement`` says of it."""
    if row.ended_at is not None or row.expires_at <= at or deactivated:
        return False
    if not staff:
        return True
    waited_too_long = row.second_factor_at is None and row.created_at + SECOND_FACTOR_WITHIN <= at
    return not waited_too_long and bool(row.last_seen_at + STAFF_IDLE > at)


def awaits_second_factor(row: AccountSession) -> bool:
    """Whether this session has none of its rights yet: staff who have shown that they read the mailbox, and no more."""
    return row.second_factor_at is None and actor_of(row.account).is_staff


def end_session(row: AccountSession, *, at: datetime, machine: str | None = None) -> None:
    """Sign out: the cookie opens nothing from now on, wherever it was copied."""
    row.ended_at = at
    access_log.record(AccessAction.SIGN_OUT, at=at, identity_id=row.account.identity_id, machine=machine)


def not_seen_lately(session: OpenSession, *, at: datetime) -> bool:
    """Whether the last use of a session is worth noting again: not more than once in five minutes."""
    return session.last_seen_at + SEEN_EVERY <= at


def note_use(connection: Connection, session_id: int, *, at: datetime) -> None:
    """The session was used now."""
    connection.execute(update(AccountSession).where(AccountSession.id == session_id).values(last_seen_at=at))


def live_sessions(account: Account, *, at: datetime) -> list[AccountSession]:
    """The sessions of an account that open something, the latest used first."""
    mine = (AccountSession.account_id == account.id, AccountSession.ended_at.is_(None), AccountSession.expires_at > at)
    rows = db.session.scalars(select(AccountSession).where(*mine).order_by(AccountSession.last_seen_at.desc(), AccountSession.id.desc()))
    deactivated, staff = account.deactivated_at is not None, actor_of(account).is_staff
    return [row for row in rows if _is_live(row, deactivated=deactivated, staff=staff, at=at)]


def end_own_session(account: Account, session_id: int, *, at: datetime, machine: str | None = None) -> None:
    """Sign out a browser that one is not sitting at. Raises ``LookupError`` for a session that is not one's own, or has ended."""
    row = db.session.get(AccountSession, session_id)
    if row is None or row.account_id != account.id or row.ended_at is not None:
        raise LookupError(session_id)
    end_session(row, at=at, machine=machine)


def end_everywhere(account: Account, *, at: datetime, machine: str | None = None) -> None:
    """Sign out every browser, this one too."""
    end_all_sessions(account, at=at)
    access_log.record(AccessAction.SESSIONS_ENDED, at=at, identity_id=account.identity_id, machine=machine)


def end_all_sessions(account: Account, *, at: datetime) -> None:
    """End every session of an account: after a change of its rights, nobody goes on with the old ones."""
    db.session.execute(
        update(AccountSession).where(AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)).values(ended_at=at)
    )


def actor_of(account: Account) -> Actor:
    """The account as the policy sees it."""
    return Actor(
        identity_id=account.identity_id,
        account_id=account.id,
        roles=frozenset(held.role for held in account.roles),
        memberships=frozenset((held.ministry_id, held.kind) for held in account.memberships),
        scopes=frozenset((held.ministry_id, held.kind, scope) for held in account.memberships if (scope := scope_of(held))),
    )
