"""More time, once, with a public reason; and the trace of what became late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import AWAITING_ANSWER, CASE_WORKFLOW, CaseAction, CaseTextKind, Promise
from feedback_app.domain.policy import Actor, Permission
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import case_messages
from feedback_app.models import CaseEvent, CitizenRequest
from feedback_app.services import events
from feedback_app.services.cases import clock, moves, telling


class NoExtension(Exception):
    """The one extension was used, or the delay is the law's."""


def may_extend(request: CitizenRequest) -> bool:
    """Whether an extension is left: one in a case's life, and none of the legal month."""
    allowed = CaseAction.EXTEND in CASE_WORKFLOW.actions_from(request.status)
    return allowed and request.extended_at is None and clock.promise(request) is Promise.SERVICE_GOAL


def extend(request: CitizenRequest, reason: str, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """Add 15 working days. ``reason`` is public, and sent to the person who asked. Raises ``NoExtension``."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.EXTEND, actor=actor, seen_version=seen_version, words=reason):
        return
    CASE_WORKFLOW.next(request.status, CaseAction.EXTEND)
    if not may_extend(request):
        raise NoExtension
    text = moves.write(request, CaseTextKind.EXTENSION, reason, actor=actor, at=at)
    request.extended_at = at
    moves.advance(request, CaseAction.EXTEND, actor=actor, at=at, text=text)
    telling.tell(request, case_messages.extension, at=at, text_id=text.id, source=text.source, due_on=request.due_on)


def record_late(*, at: datetime) -> int:
    """Record each case that became late, once for each deadline it missed. Returns how many (a daily job calls it).

    Pages never read this: they compare dates. It is for the history.
    """
    late = select(CitizenRequest).where(CitizenRequest.status.in_(AWAITING_ANSWER), CitizenRequest.due_on < day_of(at))
    recorded = select(CaseEvent.request_id, CaseEvent.after).where(CaseEvent.verb == EventVerb.REQUEST_LATE)
    known = {tuple(row) for row in db.session.execute(recorded.where(CaseEvent.request_id.in_(late.with_only_columns(CitizenRequest.id))))}
    count = 0
    for request in db.session.scalars(late.order_by(CitizenRequest.id)):
        missed = request.due_on.isoformat() if request.due_on else ""
        if (request.id, missed) not in known:
            events.record(EventVerb.REQUEST_LATE, request, at=at, actor_kind=ActorKind.SYSTEM, after=missed)
            count += 1
    return count
