"""Ministries and institutions: made, renamed, merged into one another, never deleted."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as chain_of
from itertools import count
from typing import Any

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import selectinload

from feedback_app.database import db
from feedback_app.domain.commitment import MinistryKind
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.text import fold, like_pattern
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import outbox
from feedback_app.models import Ministry, MinistryName, Topic
from feedback_app.services import events
from feedback_app.services.locking import lock
from feedback_app.services.paging import Page, Window, by_name, read_page

NAME_MAX = 200
SLUG_MAX = 60
ADDRESS_MAX = 300
TELEPHONE_MAX = 40


class NameTaken(Exception):
    """Another ministry has this name, or had it."""

    def __init__(self, other: Ministry) -> None:
        super().__init__("the name is taken")
        self.other = other


class WouldTurnInCircles(Exception):
    """A ministry cannot be taken over by itself, nor by one that it has taken over."""


@dataclass(frozen=True)
class NewMinistry:
    """What the administrator says of one: clean, checked by the form. All but its name and kind: how it is reached."""

    name: str
    kind: MinistryKind
    contact_email: str | None
    postal_address: str | None = None
    telephone: str | None = None

    @property
    def reached(self) -> dict[str, str | None]:
        """The columns that say how it is reached."""
        return {"contact_email": self.contact_email, "postal_address": self.postal_address, "telephone": self.telephone}


def find(slug: str) -> Ministry | None:
    """The ministry with this slug, with its successor and the names that it had."""
    statement = select(Ministry).where(Ministry.slug == slug).options(selectinload(Ministry.successor), selectinload(Ministry.former_names))
    return db.session.scalar(statement)


def everyone() -> Sequence[Ministry]:
    """All of them, by name: for choices. There are a few dozen."""
    return db.session.scalars(select(Ministry).order_by(Ministry.name_folded, Ministry.id)).all()


def listed(words: str, window: Window) -> Page[Ministry]:
    """The ministries whose name, now or formerly, has these words, by name."""
    statement = select(Ministry).options(selectinload(Ministry.successor), selectinload(Ministry.former_names))
    for word in fold(words).split()[:10]:
        pattern = f"%{like_pattern(word)}%"
        had = exists().where(MinistryName.ministry_id == Ministry.id, MinistryName.name_folded.like(pattern, escape="\\"))
        statement = statement.where(or_(Ministry.name_folded.like(pattern, escape="\\"), had))
    return read_page(statement, by_name(Ministry), window, item=lambda row: row[0])


def create(new: NewMinistry, *, administrator: Actor, at: datetime) -> Ministry:
    """Make one. Its slug is made from its first name and never changes. Raises ``NameTaken``."""
    authorise(administrator, Permission.MINISTRY_MANAGE, None)
    _expect_free(new.name, None)
    ministry = Ministry(slug=_free_slug(new.name), name=new.name, kind=new.kind, created_at=at, **new.reached)
    db.session.add(ministry)
    db.session.flush()
    events.record(EventVerb.MINISTRY_CREATE, ministry, after=new.kind.value, **_by(administrator, at))
    return ministry


def change(ministry: Ministry, new: NewMinistry, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Rename it, or change its kind or how it is reached. Names that it had are kept. Raises ``Conflict`` and ``NameTaken``."""
    authorise(administrator, Permission.MINISTRY_MANAGE, ministry)
    _expect_version(ministry, seen_version)
    if ministry.name != new.name:
        _expect_free(new.name, ministry)
        former = keep_name(ministry, at=at)
        ministry.name = new.name
        events.record(EventVerb.MINISTRY_RENAME, ministry, before=str(former.id), **_by(administrator, at))
        touch_topics([ministry.id])
    moved = [name for name, value in new.reached.items() if getattr(ministry, name) != value]
    if moved or ministry.kind is not new.kind:
        before, ministry.kind = ministry.kind, new.kind
        for name in moved:
            setattr(ministry, name, new.reached[name])
        events.record(EventVerb.MINISTRY_REDIRECT, ministry, before=before.value, after=new.kind.value, **_by(administrator, at))
    ministry.version += 1


def keep_name(ministry: Ministry, *, at: datetime) -> MinistryName:
    """Keep the name that a ministry is about to lose."""
    former = MinistryName(ministry_id=ministry.id, name=ministry.name, name_folded=fold(ministry.name), until=at)
    ministry.former_names.append(former)
    db.session.flush()
    return former


def succeed(ministry: Ministry, successor: Ministry | None, *, administrator: Actor, seen_version: int, at: datetime) -> None:
    """Say who took over from a ministry, or (None) that nobody did. The job process then moves its open cases.

    Raises ``Conflict`` and ``WouldTurnInCircles``.
    """
    authorise(administrator, Permission.MINISTRY_MANAGE, ministry)
    _expect_version(ministry, seen_version)
    if successor is not None and ministry.id in {one.id for one in chain(successor)}:
        raise WouldTurnInCircles
    before = ministry.successor_id
    ministry.successor = successor
    ministry.successor_id = successor.id if successor else None
    ministry.version += 1
    db.session.info[outbox.QUEUED] = True  # wakes the job process: open cases follow (``cases/succession.py``)
    events.record(EventVerb.MINISTRY_SUCCEED, ministry, before=_id(before), after=_id(ministry.successor_id), **_by(administrator, at))
    touch_topics([ministry.id])


def chain(ministry: Ministry) -> list[Ministry]:
    """The ministry, its successor, the successor of that one... The last one is in charge today."""
    found, ids = [ministry], {ministry.id}
    while (following := found[-1].successor) is not None and following.id not in ids:
        found.append(following)
        ids.add(following.id)
    return found


def touch_topics(ministry_ids: Collection[int]) -> None:
    """Tell the caches: a page names its ministry, and the one that took over from it."""
    former = select(Ministry.id).where(Ministry.successor_id.in_(ministry_ids))
    stale = or_(Topic.ministry_id.in_(ministry_ids), Topic.ministry_id.in_(former))
    db.session.execute(update(Topic).where(stale).values(content_version=Topic.content_version + 1))


def _expect_version(ministry: Ministry, seen_version: int) -> None:
    # All of them are held, in one order: who takes over from whom is judged on the whole.
    db.session.scalars(select(Ministry.id).order_by(Ministry.id).with_for_update()).all()
    lock(ministry)
    if ministry.version != seen_version:
        raise Conflict(OtherText(ministry.name, "fr", what="ministry"))


def _expect_free(name: str, own: Ministry | None) -> None:
    folded, own_id = fold(name), own.id if own else None
    had = exists().where(MinistryName.ministry_id == Ministry.id, MinistryName.name_folded == folded)
    others = db.session.scalars(select(Ministry).where(or_(Ministry.name_folded == folded, had)))
    other = next((ministry for ministry in others if ministry.id != own_id), None)
    if other is not None:
        raise NameTaken(other)


def _free_slug(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:SLUG_MAX].strip("-") or "institution"
    taken = set(db.session.scalars(select(Ministry.slug).where(Ministry.slug.startswith(plain))))
    return next(slug for slug in chain_of([plain], (f"{plain}-{number}" for number in count(2))) if slug not in taken)


def _id(value: int | None) -> str | None:
    return None if value is None else str(value)


def _by(administrator: Actor, at: datetime) -> dict[str, Any]:
    return {"at": at, "actor_kind": ActorKind.STAFF, "actor_id": administrator.identity_id}
