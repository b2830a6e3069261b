"""The clock of a case: what is stored (when it began, its pauses, its extension), and the deadline computed from that."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from feedback_app.database import db
from feedback_app.domain import deadlines
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import PAUSED, REQUEST_PROMISES, WITHHOLDING, AnswerStatus, CaseStatus, Promise
from feedback_app.models import Answer, CasePause, CitizenRequest
from feedback_app.services import plain_rows


def promise(request: CitizenRequest) -> Promise:
    """What the clock counts now. A reopened request for access has had its legal answer: what follows is the service goal."""
    return Promise.SERVICE_GOAL if request.reopened_at else REQUEST_PROMISES[request.kind]


def delay(request: CitizenRequest, *, extended_at: datetime | None = None) -> deadlines.ServiceGoal | deadlines.AccessDelay | None:
    """The deadline with the steps of its computation, for the pages that show it. None before the clock has begun.

    ``extended_at``: as if its one extension were granted then, for whoever thinks of it.
    """
    if request.clock_started_at is None:
        return None
    if promise(request) is Promise.LEGAL_MONTH:
        return deadlines.access_delay(request.clock_started_at)
    granted = extended_at or request.extended_at
    extended = granted if granted and granted >= request.clock_started_at else None
    pauses = [deadlines.Pause(*pause) for pause in plain_rows.read(_spans(), {"request": request.id})]
    return deadlines.service_goal(request.clock_started_at, pauses, extended_at=extended)


def cada_until(request: CitizenRequest, *, at: datetime) -> date | None:
    """The last day to turn to the CADA about the answer that stands, be the case reopened or not; None where there is nothing to turn to
    it about, or the day is over at ``at``.
    """
    if REQUEST_PROMISES[request.kind] is not Promise.LEGAL_MONTH or request.outcome not in WITHHOLDING:
        return None
    published = select(func.max(Answer.published_at)).where(Answer.request_id == request.id, Answer.status == AnswerStatus.PUBLISHED)
    refused_at = db.session.scalar(published)
    until = deadlines.cada_until(refused_at) if refused_at else None
    return until if until and day_of(at) <= until else None


@cache
def _spans() -> Select[*tuple[Any, ...]]:
    return select(CasePause.started_at, CasePause.ended_at).where(CasePause.request_id == bindparam("request")).order_by(CasePause.id)


def start(request: CitizenRequest, *, at: datetime) -> None:
    """Begin to count. A reopening begins anew: what was paused before counts no more."""
    request.clock_started_at = at


def follow(request: CitizenRequest, before: CaseStatus, *, at: datetime) -> None:
    """After a move: begin or end a pause, and compute the last day in time again."""
    if before in PAUSED and request.status not in PAUSED:
        for pause in _pauses(request):
            if pause.ended_at is None:
                pause.ended_at = at
    elif request.status in PAUSED and before not in PAUSED:
        db.session.add(CasePause(request_id=request.id, started_at=at))
    db.session.flush()
    computed = delay(request)
    request.due_on = computed.due_on if computed else None


def _pauses(request: CitizenRequest) -> list[CasePause]:
    return list(db.session.scalars(select(CasePause).where(CasePause.request_id == request.id).order_by(CasePause.id)))
