"""Which rows concern a person, as ``models/inventory.py`` declares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, Table, false, func, or_, select

from feedback_app.database import db
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.inventory import ADDRESS, HASHED_ADDRESS, PERSON, Link
from feedback_app.domain.meeting import MeetingStatus
from feedback_app.models import Account, Contribution, Identity, Meeting, MeetingVersion, Signature
from feedback_app.models.inventory import INVENTORY
from feedback_app.services.signing import keyed_hash


@dataclass(frozen=True)
class Subject:
    """A person as their rows know them: number, address, and the names they go by."""

    id: int
    email: str
    email_key: str
    address_hash: str
    names: tuple[str, ...]


def subject_of(identity: Identity) -> Subject:
    """What their rows are found by."""
    signed = db.session.scalars(select(Signature.name).where(Signature.identity_id == identity.id)).all()
    known = db.session.scalars(select(Account.name).where(Account.identity_id == identity.id, Account.name.is_not(None))).all()
    names = tuple(dict.fromkeys(name for name in (*signed, *known) if name))
    return Subject(identity.id, identity.email, identity.email_key, keyed_hash(identity.email_key, "sign-in"), names)


def concerned(name: str, link: Link, subject: Subject) -> ColumnElement[bool]:
    """The condition under which a row of the table ``name`` concerns the person through ``link``."""
    column = table(name).c[link.column]
    if link.to == PERSON:
        return column == subject.id
    if link.to == ADDRESS:
        return func.lower(column) == subject.email_key
    if link.to == HASHED_ADDRESS:
        return column == subject.address_hash
    return column.in_(select(table(link.to).c.id).where(theirs(link.to, subject)))


def theirs(name: str, subject: Subject) -> ColumnElement[bool]:
    """The condition under which a row of the table ``name`` is about the person."""
    return or_(false(), *(concerned(name, link, subject) for link in INVENTORY[name].links if link.theirs))


def table(name: str) -> Table:
    """A table by its name."""
    return db.metadata.tables[name]


@cache
def from_the_leaves() -> tuple[str, ...]:
    """The tables with rows about people, those that are found through others first: nothing is emptied before what it leads to."""
    return tuple(sorted((name for name, entry in INVENTORY.items() if entry.links), key=lambda name: (-_distance(name), name)))


def _distance(name: str) -> int:
    if name == PERSON:
        return 0
    return 1 + max(_distance(link.to) if link.to in INVENTORY else 0 for link in INVENTORY[name].links if link.to != name)


def _public_wordings(subject: Subject) -> Select[int | None]:
    return select(Contribution.current_version_id).where(
        Contribution.identity_id == subject.id,
        Contribution.status == ContributionStatus.PUBLISHED,
        Contribution.current_version_id.is_not(None),
    )


def _public_meetings(subject: Subject) -> Select[int | None]:
    return (
        select(MeetingVersion.id)
        .join(Meeting, MeetingVersion.meeting_id == Meeting.id)
        .join(Contribution, Meeting.contribution_id == Contribution.id)
        .where(Contribution.identity_id == subject.id, Contribution.status == ContributionStatus.PUBLISHED)
        .where(Meeting.status == MeetingStatus.PUBLISHED)
    )


PUBLIC: dict[str, Callable[[Subject], Select[int | None]]] = {"meeting_version": _public_meetings, "text_version": _public_wordings}
"""For each table whose rows a person may choose to leave in public (``Fate.CHOSEN``): the ids of those that are public now."""
