"""Organisations of civil society that an administrator recognises, and who assesses in their name: while they are recognised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from feedback_app.database import db
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import messages, outbox
from feedback_app.models import Account, Assessment, Assessor, Contribution, Organisation
from feedback_app.services import contributions, events, identities
from feedback_app.services.locking import lock
from feedback_app.services.paging import Page, Window, by_name, read_page

NAME_MAX = 200
LANGUAGE = "fr"  # of mails to somebody whose own language is not known


class WorksForTheState(Exception):
    """Whoever works for a ministry or for this site assesses in nobody's name."""


@dataclass(frozen=True)
class NewOrganisation:
    """What is said of an organisation; ``website``: a clean http(s) address."""

    name: str
    website: str | None


def find(organisation_id: int) -> Organisation | None:
    """An organisation with its assessors."""
    statement = select(Organisation).where(Organisation.id == organisation_id).options(selectinload(Organisation.assessors))
    return db.session.scalar(statement) if organisation_id < 2**63 else None


def listed(window: Window) -> Page[Organisation]:
    """All of them, by name."""
    statement = select(Organisation).options(selectinload(Organisation.assessors))
    return read_page(statement, by_name(Organisation), window, item=lambda row: row[0])


def recognise(new: NewOrganisation, *, administrator: Actor, at: datetime) -> Organisation:
    """Recognise an organisation: people may be named who assess in its name."""
    authorise(administrator, Permission.ORGANISATION_MANAGE, None)
    organisation = Organisation(name=new.name, website=new.website, recognised_at=at)
    db.session.add(organisation)
    db.session.flush()
    events.record(EventVerb.ORGANISATION_RECOGNISE, organisation, **_by(administrator, at))
    return organisation


def change(organisation: Organisation, new: NewOrganisation, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Correct its name or its address. Raises ``Conflict``."""
    _begin(organisation, administrator, seen_version)
    organisation.name, organisation.website = new.name, new.website
    organisation.version += 1
    events.record(EventVerb.ORGANISATION_CHANGE, organisation, **_by(administrator, at))


def end(organisation: Organisation, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """End the recognition: its assessors write no more, and what they sent that nobody has read yet is taken back.

    What is public stays, dated. Raises ``Conflict``; ended twice, nothing changes.
    """
    _begin(organisation, administrator, seen_version)
    if organisation.ended_at is not None:
        return
    organisation.ended_at = at
    organisation.version += 1
    events.record(EventVerb.ORGANISATION_END, organisation, **_by(administrator, at))
    waiting = (ContributionStatus.PENDING, ContributionStatus.AWAITING_CONFIRMATION)
    unread = select(Contribution).join(Assessment, Assessment.contribution_id == Contribution.id)
    for sent in db.session.scalars(unread.where(Assessment.organisation_id == organisation.id, Contribution.status.in_(waiting))).all():
        contributions.withdraw(sent, at=at)


def recognise_again(organisation: Organisation, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Give the recognition back, with the assessors that it had. Raises ``Conflict``."""
    _begin(organisation, administrator, seen_version)
    if organisation.ended_at is None:
        return
    organisation.ended_at = None
    organisation.version += 1
    events.record(EventVerb.ORGANISATION_RECOGNISE, organisation, **_by(administrator, at))


def add_assessor(
    organisation: Organisation, email: str, name: str, *, administrator: Actor, seen_version: int, at: datetime, language: str = LANGUAGE
) -> Assessor:
    """Let the person with this (clean) address assess in the organisation's name, and tell them by mail, in the ``language`` of the form.

    Raises ``WorksForTheState``, ``NotAllowed`` (for oneself), ``Conflict``. Named twice, nothing changes.
    """
    _begin(organisation, administrator, seen_version)
    account = _account(email, administrator, at=at)
    if account.roles or account.memberships:
        raise WorksForTheState
    held = next((one for one in organisation.assessors if one.account_id == account.id), None)
    if held is not None:
        return held
    assessor = Assessor(account=account, account_id=account.id, name=name, added_at=at)
    organisation.assessors.append(assessor)
    organisation.version += 1
    db.session.flush()
    events.record(EventVerb.ORGANISATION_ADD_ASSESSOR, organisation, person_id=account.identity_id, **_by(administrator, at))
    message = messages.assessor_named(identity=account.identity, language=language, organisation=organisation.name, assessor_id=assessor.id)
    outbox.queue(message, at=at)
    return assessor


def _account(email: str, administrator: Actor, *, at: datetime) -> Account:
    """The account behind an address, made if there is none: without a name for colleagues, whom they are not."""
    identity = identities.find_or_create(email, at=at)
    account = db.session.scalar(select(Account).where(Account.identity_id == identity.id))
    authorise(administrator, Permission.RIGHT_GRANT, account or Account(identity_id=identity.id))
    if account is None:
        account = Account(identity=identity, identity_id=identity.id, created_at=at)
        db.session.add(account)
        db.session.flush()
        events.record(EventVerb.ACCOUNT_CREATE, account, **_by(administrator, at))
    return account


def remove_assessor(organisation: Organisation, assessor_id: int, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Somebody assesses in its name no more. Raises ``Conflict``; removed twice, nothing changes."""
    _begin(organisation, administrator, seen_version)
    held = next((one for one in organisation.assessors if one.id == assessor_id), None)
    if held is None:
        return
    person_id = held.account.identity_id
    organisation.assessors.remove(held)
    db.session.delete(held)
    organisation.version += 1
    events.record(EventVerb.ORGANISATION_REMOVE_ASSESSOR, organisation, person_id=person_id, **_by(administrator, at))


def _begin(organisation: Organisation, administrator: Actor, seen_version: int) -> None:
    lock(organisation)
    authorise(administrator, Permission.ORGANISATION_MANAGE, organisation)
    if organisation.version != seen_version:
        raise Conflict(OtherText(organisation.name, LANGUAGE))


def _by(administrator: Actor, at: datetime) -> dict[str, Any]:
    return {"at": at, "actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}
