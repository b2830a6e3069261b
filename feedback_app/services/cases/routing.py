"""Which ministry owes the answer: by the topic, or by the coordinator's word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.case import CaseAction, CaseTextKind
from feedback_app.domain.policy import Actor, Permission
from feedback_app.mail import case_messages
from feedback_app.models import CitizenRequest, Ministry, Topic
from feedback_app.services.cases import moves, offers, telling


def responsible(topic: Topic) -> Ministry | None:
    """The ministry that answers for a topic today; None when nobody is known and the coordinator must find out."""
    ministry = db.session.get(Ministry, topic.ministry_id) if topic.ministry_id else None
    return current(ministry) if ministry else None


def current(ministry: Ministry) -> Ministry:
    """The one that took over its duties, however often they changed hands. A ring of successors ends where it began."""
    seen = {ministry.id}
    while ministry.successor_id is not None and ministry.successor_id not in seen:
        ministry = db.session.get_one(Ministry, ministry.successor_id)
        seen.add(ministry.id)
    return ministry


def with_predecessors(ministry_id: int) -> frozenset[int]:
    """The ministry and those whose duties are its own today: what was theirs is its own too. None, once it was replaced itself."""
    return own_today([ministry_id])[ministry_id]


def own_today(ministry_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The same for each of these. One statement."""
    successors = {row.id: row.successor_id for row in db.session.execute(select(Ministry.id, Ministry.successor_id))}

    def today(one: int) -> int:
        seen = {one}
        while (following := successors.get(one)) is not None and following not in seen:
            one = following
            seen.add(one)
        return one

    answering = {one: today(one) for one in successors}
    return {ministry_id: frozenset(one for one in successors if answering[one] == ministry_id) for ministry_id in ministry_ids}


def ministries() -> Sequence[Ministry]:
    """Those to which a case can be given: the ones of today, by name."""
    return db.session.scalars(select(Ministry).where(Ministry.successor_id.is_(None)).order_by(Ministry.name, Ministry.id)).all()


def route(request: CitizenRequest, ministry: Ministry, *, reason: str, actor: Actor, seen_version: int, at: datetime) -> None:
    """The coordinator gives the case to a ministry: what nobody had, what two ministries do not want, or any case not yet answered.

    A ministry that was replaced passes it on to its successor. ``reason``: for the two ministries, not public. The clock goes on.
    """
    to = current(ministry).id
    if not moves.ready(
        request, Permission.CASE_ROUTE, CaseAction.ROUTE, actor=actor, seen_version=seen_version, words=reason, ministry_id=to
    ):
        return
    offers.call_off(request, at=at)
    before, request.ministry_id = request.ministry_id, to
    request.assignee_id = None
    text = moves.write(request, CaseTextKind.ROUTING, reason, actor=actor, at=at) if reason else None
    moves.advance(request, CaseAction.ROUTE, actor=actor, at=at, text=text)
    if request.ministry_id != before:
        telling.tell(request, case_messages.moved, at=at, version=request.version, due_on=request.due_on)
