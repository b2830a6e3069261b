"""What a membership is narrowed to, and the lists that follow it.

A contact may be given a part of a ministry: some of its commitments or indicators (topics), or some territories. ``Actor.reaches``
judges one thing; ``within`` is its twin for lists. A test compares both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.policy import Actor, MembershipKind, Scope
from feedback_app.domain.territory import TERRITORIES
from feedback_app.models import Membership, Ministry, Topic


class UnknownPlace(Exception):
    """A membership was to be narrowed to topics or territories that do not exist, or that are not this ministry's."""

    def __init__(self, words: Collection[str]) -> None:
        super().__init__(f"unknown: {', '.join(words)}")
        self.words = sorted(words)


def scope_of(membership: Membership) -> Scope | None:
    """What the membership is narrowed to; None when it covers its whole ministry."""
    return scope_of_parts((part.topic_id, part.territory) for part in membership.scope)


def scope_of_parts(parts: Iterable[tuple[int | None, str | None]]) -> Scope | None:
    """What these parts, each a topic or a territory, are together; None when there are none.

    A region stands for itself and its départements; ``FRANCE`` for figures of the whole country only.
    """
    found = list(parts)
    if not found:
        return None
    topics = frozenset(topic_id for topic_id, _territory in found if topic_id is not None)
    codes = {territory for _topic_id, territory in found if territory is not None}
    inside = {code for code, territory in TERRITORIES.items() if territory.parent in codes - {"FRANCE"}}
    return Scope(topics, frozenset(codes | inside))


def within(
    actor: Actor,
    kinds: Collection[MembershipKind],
    *,
    ministry: ColumnElement[Any] | Any,
    topic: ColumnElement[Any] | Any,
    territory: ColumnElement[Any] | Any = None,
) -> ColumnElement[bool]:
    """The rows that the actor reaches as one of ``kinds``, given the columns of their ministry, topic and territory.

    >>> select(CitizenRequest).where(within(actor, set(MembershipKind), ministry=CitizenRequest.ministry_id, topic=..., territory=...))
    """
    held = {ministry_id for ministry_id, kind in actor.memberships if kind in kinds}
    reached = {ministry_id: reach(actor, kinds, ministry_id) for ministry_id in sorted(held)}
    whole = [ministry_id for ministry_id, scopes in reached.items() if scopes is None]
    rules: list[ColumnElement[bool]] = [ministry.in_(whole)] if whole else []
    for ministry_id, scopes in reached.items():
        if scopes is not None:
            rules.append(and_(ministry == ministry_id, inside(scopes, topic=topic, territory=territory)))
    return or_(false(), *rules)


def reach(actor: Actor, kinds: Collection[MembershipKind], ministry_id: int) -> frozenset[Scope] | None:
    """What of one ministry the actor reaches as one of ``kinds``: what is inside any of these scopes; None: all of it."""
    narrowed = {(ministry, kind): scope for ministry, kind, scope in actor.scopes}
    held = [narrowed.get((ministry, kind)) for ministry, kind in actor.memberships if ministry == ministry_id and kind in kinds]
    return None if None in held else frozenset(scope for scope in held if scope)


def inside(
    scopes: frozenset[Scope] | None, *, topic: ColumnElement[Any] | Any, territory: ColumnElement[Any] | Any = None
) -> ColumnElement[bool]:
    """The rows of one ministry that such a ``reach`` covers, given the columns of their topic and territory."""
    if scopes is None:
        return true()
    topic_ids = sorted(frozenset().union(*(scope.topic_ids for scope in scopes)))
    territories = sorted(frozenset().union(*(scope.territories for scope in scopes)))
    about = [topic.in_(topic_ids)] if topic_ids else []
    if territory is not None and territories:
        about.append(territory.in_(territories))
    return or_(false(), *about)


def topics_named(ministry: Ministry, named: Collection[str]) -> list[Topic]:
    """The topics of a ministry that these addresses or keys name. Raises ``UnknownPlace`` with those that are none of its own."""
    own = db.session.scalars(select(Topic).where(Topic.ministry_id == ministry.id)).all()
    known = {name: topic for topic in own for name in (topic.key, addresses.topic(topic.key))}
    unknown = {name for name in named if name.rstrip("/") not in known}
    if unknown:
        raise UnknownPlace(unknown)
    return list(dict.fromkeys(known[name.rstrip("/")] for name in named))
