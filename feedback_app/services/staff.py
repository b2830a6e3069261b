"""What administrators read about the people who work here. Citizens are not among them: they have no name for colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased, selectinload

from feedback_app.database import db
from feedback_app.domain.policy import MembershipKind, Role
from feedback_app.domain.text import fold, like_pattern
from feedback_app.domain.trace import EventVerb, SubjectKind
from feedback_app.models import Account, AccountRole, CaseEvent, Identity, Membership, MembershipScope, Ministry
from feedback_app.services.paging import Order, Page, Window, by_name, parse_number, read_page


@dataclass(frozen=True)
class Filters:
    """How the list is narrowed. Empty values narrow nothing."""

    words: str = ""
    role: Role | None = None
    kind: MembershipKind | None = None
    ministry: str | None = None


@dataclass(frozen=True)
class Happened:
    """One line of an account's history: what, when, by whom, and the values before and after it."""

    id: int
    at: datetime
    verb: EventVerb
    by: str | None
    before: str | None
    after: str | None


def listed(filters: Filters, window: Window) -> Page[Account]:
    """The people who work here, or did, by name; with their roles and memberships."""
    statement = (
        select(Account)
        .join(Identity, Account.identity_id == Identity.id)
        .where(Account.name_folded.is_not(None))
        .options(selectinload(Account.memberships).joinedload(Membership.ministry))
    )
    for word in fold(filters.words).split()[:10]:
        pattern = f"%{like_pattern(word)}%"
        statement = statement.where(Account.name_folded.like(pattern, escape="\\") | Identity.email_key.like(pattern, escape="\\"))
    if filters.role:
        statement = statement.where(Account.id.in_(select(AccountRole.account_id).where(AccountRole.role == filters.role)))
    if filters.kind or filters.ministry:
        members = select(Membership.account_id).join(Ministry, Membership.ministry_id == Ministry.id)
        members = members.where(Membership.kind == filters.kind) if filters.kind else members
        members = members.where(Ministry.slug == filters.ministry) if filters.ministry else members
        statement = statement.where(Account.id.in_(members))
    return read_page(statement, by_name(Account), window, item=lambda row: row[0])


def find(account_id: int) -> Account | None:
    """Somebody who works here, with their rights and what narrows them; None for a citizen."""
    if account_id >= 2**63:
        return None
    return db.session.scalar(
        select(Account)
        .where(Account.id == account_id, Account.name_folded.is_not(None))
        .options(
            selectinload(Account.memberships).joinedload(Membership.ministry),
            selectinload(Account.memberships).selectinload(Membership.scope).joinedload(MembershipScope.topic),
        )
    )


def membership(membership_id: int) -> Membership | None:
    """A right inside a ministry, with its ministry and what narrows it."""
    if membership_id >= 2**63:
        return None
    return db.session.scalar(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(selectinload(Membership.ministry), selectinload(Membership.scope).joinedload(MembershipScope.topic))
    )


def history(account: Account, window: Window) -> Page[Happened]:
    """What was done to an account, the latest first."""
    actor = aliased(Account)
    statement = (
        select(CaseEvent.id, CaseEvent.at, CaseEvent.verb, actor.name.label("by"), CaseEvent.before, CaseEvent.after)
        .outerjoin(actor, actor.identity_id == CaseEvent.actor_id)
        .where(CaseEvent.subject_kind == SubjectKind.ACCOUNT, CaseEvent.subject_id == account.id)
    )
    order = Order((CaseEvent.id,), parse_number, lambda line: str(line.id), descending=True)
    return read_page(statement, order, window, item=_happened)


def _happened(row: Row[*tuple[Any, ...]]) -> Happened:
    return Happened(**row._mapping)


def ministry_names(lines: Sequence[Happened]) -> dict[int, str]:
    """The names of the ministries that a history speaks of (``contact:12``), by id."""
    said = (value for line in lines for value in (line.before, line.after) if value)
    ids = {int(number) for value in said if (number := value.partition(":")[2].split(" ")[0]).isdigit()}
    return {row.id: row.name for row in db.session.execute(select(Ministry.id, Ministry.name).where(Ministry.id.in_(ids)))}
