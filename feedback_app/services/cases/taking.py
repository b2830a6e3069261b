"""Who in the ministry has the case: taken, put back, handed over, or left behind by somebody who went away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, select

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.case import AWAITING_ANSWER, CaseAction, CaseStatus, CaseTextKind
from feedback_app.domain.policy import Actor, MembershipKind, Permission, Role, may
from feedback_app.domain.trace import ActorKind
from feedback_app.mail import case_messages, outbox, staff_messages
from feedback_app.models import Account, AccountRole, CitizenRequest, Membership, Ministry
from feedback_app.services import plain_rows, scopes, sign_in
from feedback_app.services.cases import moves, telling
from feedback_app.services.locking import lock


class NotAColleague(ValueError):
    """The person to whom a case is handed over does not belong to its ministry."""


def take(request: CitizenRequest, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """Take a case of one's ministry. Its author is told that somebody has it (not who), once for each ministry."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.TAKE, actor=actor, seen_version=seen_version):
        return
    request.assignee_id = actor.identity_id
    moves.advance(request, CaseAction.TAKE, actor=actor, at=at)
    round_ = 2 if request.reopened_at else 1
    telling.tell(request, case_messages.taken, at=at, ministry_id=request.ministry_id, round_=round_)


def release(request: CitizenRequest, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """Put a case back: anybody of the ministry may take it."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.RELEASE, actor=actor, seen_version=seen_version):
        return
    request.assignee_id = None
    moves.advance(request, CaseAction.RELEASE, actor=actor, at=at)


def hand_over(request: CitizenRequest, to_identity_id: int, *, words: str = "", actor: Actor, seen_version: int, at: datetime) -> None:
    """Give a case to a colleague of the same ministry, with words for them (not public). Raises ``NotAColleague``."""
    if not moves.ready(
        request, Permission.CASE_WORK, CaseAction.HAND_OVER, actor=actor, seen_version=seen_version, words=words, person_id=to_identity_id
    ):
        return
    if to_identity_id not in {account.identity_id for account in may_have(request)}:
        raise NotAColleague
    request.assignee_id = to_identity_id
    text = moves.write(request, CaseTextKind.HAND_OVER, words, actor=actor, at=at) if words else None
    moves.advance(request, CaseAction.HAND_OVER, actor=actor, at=at, text=text)


def colleagues(ministry_id: int) -> Sequence[Account]:
    """The people who may have cases of a ministry, by name."""
    statement = (
        select(Account)
        .where(Account.id.in_(select(Membership.account_id).where(Membership.ministry_id == ministry_id)), Account.deactivated_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return db.session.scalars(statement).all()


def may_have(request: CitizenRequest) -> list[Account]:
    """The people who may have this case: those of its ministry whose right covers what it is about, by name."""
    here = colleagues(request.ministry_id) if request.ministry_id else ()
    return [account for account in here if may(sign_in.actor_of(account), Permission.CASE_WORK, request)]


def names(ministry_id: int) -> Sequence[tuple[int, str | None]]:
    """The people of a ministry, as lists are narrowed by them: identity and name, in one statement."""
    return plain_rows.read(_names_statement(), {"ministry": ministry_id}).raw


@cache
def _names_statement() -> Select[int, str | None]:
    here = select(Membership.account_id).where(Membership.ministry_id == bindparam("ministry"))
    statement = select(Account.identity_id, Account.name).where(Account.id.in_(here), Account.deactivated_at.is_(None))
    return statement.order_by(Account.name, Account.id)


def reaches(identity_id: int | None, request: CitizenRequest) -> bool:
    """Whether this person works for the ministry of the case and their right covers it, with an account that is alive."""
    alive = select(Account).where(Account.identity_id == identity_id, Account.deactivated_at.is_(None))
    account = db.session.scalar(alive) if identity_id else None
    return account is not None and may(sign_in.actor_of(account), Permission.CASE_WORK, request)


def release_if_left(request: CitizenRequest, *, at: datetime) -> None:
    """Put an assigned case back when nobody has it any more, or who had it can no longer work on it."""
    if request.status is not CaseStatus.ASSIGNED or reaches(request.assignee_id, request):
        return
    request.assignee_id = None
    moves.advance(request, CaseAction.RELEASE, at=at, actor_kind=ActorKind.SYSTEM)


def left(identity_id: int, ministry: Ministry, *, at: datetime) -> int:
    """Somebody works no longer for a ministry or a part of it (right withdrawn or narrowed, account deactivated): call it once that is
    so. Returns how many cases they had that they can no longer work on.

    Those go back to "to take"; what waits for the citizen keeps waiting, and goes there when the reply comes. When nobody is left who
    could take some of the ministry's cases, its leads and the coordinators are told at once.
    """
    statement = select(CitizenRequest).where(
        CitizenRequest.assignee_id == identity_id,
        CitizenRequest.ministry_id == ministry.id,
        CitizenRequest.status.in_(AWAITING_ANSWER),
    )
    had = [request for request in db.session.scalars(statement.order_by(CitizenRequest.id)) if not reaches(identity_id, request)]
    for request in had:
        lock(request)
        if request.status is CaseStatus.ASSIGNED:
            release_if_left(request, at=at)
        else:
            request.assignee_id = None
    _tell_if_nobody_is_left(ministry, at=at)
    return len(had)


def _holders(ministry_id: int, kind: MembershipKind) -> list[Account]:
    held = select(Membership.account_id).where(Membership.ministry_id == ministry_id, Membership.kind == kind)
    alive = select(Account).where(Account.id.in_(held), Account.deactivated_at.is_(None))
    return list(db.session.scalars(alive.order_by(Account.id).execution_options(populate_existing=True)))


def is_last_contact(membership: Membership) -> bool:
    """Whether nobody would be left to take a ministry's cases without this right."""
    others = (account for account in _holders(membership.ministry_id, MembershipKind.CONTACT) if account.id != membership.account_id)
    return membership.kind is MembershipKind.CONTACT and not any(others)


def _tell_if_nobody_is_left(ministry: Ministry, *, at: datetime) -> None:
    """Nobody: no contact at all, or none whose right covers some case that waits. A lead is told of what theirs covers."""
    contacts = [sign_in.actor_of(account) for account in _holders(ministry.id, MembershipKind.CONTACT)]
    waiting = (CitizenRequest.ministry_id == ministry.id, CitizenRequest.status.in_(AWAITING_ANSWER))
    alone = and_(*waiting, *(~func.coalesce(_covered(contact, MembershipKind.CONTACT), false()) for contact in contacts))
    if contacts and not _any(alone):
        return
    told = [
        account
        for account in _holders(ministry.id, MembershipKind.LEAD)
        if (actor := sign_in.actor_of(account)).reaches(ministry.id, {MembershipKind.LEAD})
        or _any(and_(alone, _covered(actor, MembershipKind.LEAD)))
    ]
    coordinators = select(Account).join(AccountRole).where(AccountRole.role == Role.COORDINATOR, Account.deactivated_at.is_(None))
    whole = not contacts
    for account in told:
        _alarm(account, ministry, addresses.desk(), whole=whole, at=at)
    for account in db.session.scalars(coordinators.order_by(Account.id)):
        _alarm(account, ministry, addresses.coordination(), whole=whole, at=at)


def _covered(actor: Actor, kind: MembershipKind) -> ColumnElement[bool]:
    case = CitizenRequest
    return scopes.within(actor, {kind}, ministry=case.ministry_id, topic=case.topic_id, territory=case.territory)


def _any(which: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(CitizenRequest.id).where(which).limit(1)) is not None


def _alarm(account: Account, ministry: Ministry, path: str, *, whole: bool, at: datetime) -> None:
    message = staff_messages.no_contact_left(
        identity=account.identity, language="fr", ministry=ministry.name, ministry_id=ministry.id, day=at.date(), path=path, whole=whole
    )
    outbox.queue(message, at=at)
