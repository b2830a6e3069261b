"""After the answer: did it help? If not, once more; if so, or without a word for 21 days, the case is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.calendar import add_months, day_of
from feedback_app.domain.case import (
    CASE_WORKFLOW,
    CLOSE_AFTER,
    DONE,
    DUE_AT_ONCE,
    REOPEN_MONTHS,
    AnswerStatus,
    CaseAction,
    CaseStatus,
    Verdict,
)
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import case_messages
from feedback_app.models import Answer, AnswerRating, CitizenRequest, Contribution
from feedback_app.services import contributions, events
from feedback_app.services.cases import answers, clock, moves, taking, telling
from feedback_app.services.cases.conversation import say
from feedback_app.services.locking import lock


def to_rate(request: CitizenRequest) -> Answer | None:
    """The latest answer, which the person who asked may rate; None when there is none or the case is not (or no longer) answered."""
    if request.status not in DONE:
        return None
    latest = select(Answer).where(Answer.request_id == request.id, Answer.status == AnswerStatus.PUBLISHED, Answer.corrects_id.is_(None))
    return db.session.scalar(latest.order_by(Answer.published_at.desc(), Answer.id.desc()).limit(1))


def rating_of(answer: Answer) -> AnswerRating | None:
    """What the person who asked said of it, if they did."""
    return db.session.scalar(select(AnswerRating).where(AnswerRating.answer_id == answer.id))


def rate(request: CitizenRequest, verdict: Verdict, *, reason: str | None, at: datetime) -> AnswerRating:
    """The person who asked says whether the latest answer helped: the case is closed. ``reason``: for the ministry and moderators only.

    One answer is rated once: what was said first stands. Raises ``MoveRefused`` when there is nothing to rate.
    """
    lock(request)
    answer = to_rate(request)
    if answer is None:
        raise MoveRefused(request.status, CaseAction.CLOSE)
    earlier = rating_of(answer)
    if earlier:
        return earlier
    who = request.contribution.identity_id
    rating = AnswerRating(answer_id=answer.id, identity_id=who, verdict=verdict, reason=reason or None, rated_at=at)
    db.session.add(rating)
    events.record(
        EventVerb.ANSWER_RATE,
        answer,
        at=at,
        actor_kind=ActorKind.CITIZEN,
        actor_id=who,
        after=verdict.value,
    )
    if request.status is CaseStatus.ANSWERED:
        _close(request, actor_kind=ActorKind.CITIZEN, at=at)
    answers.forget_reminders(request)
    return rating


def may_reopen(request: CitizenRequest, *, at: datetime) -> bool:
    """Whether the citizen may still reopen it: once, within six calendar months of the latest answer."""
    last = reopen_until(request)
    return last is not None and day_of(at) <= last


def reopen_until(request: CitizenRequest) -> date | None:
    """The last day on which the citizen may reopen it; None when that is not possible (any more)."""
    if request.status not in DONE or request.reopened_at is not None or request.answered_at is None:
        return None
    return add_months(day_of(request.answered_at), REOPEN_MONTHS)


def reopen(request: CitizenRequest, body: str, *, form_key: str, language: str, at: datetime) -> Contribution:
    """The citizen says why the answer is not enough: a new delay of 15 working days begins.

    The ministry reads the text at once, the public after moderation. The same form twice is one reopening; with another text it raises
    ``FormAlreadyUsed``. Raises ``MoveRefused`` when it may not be reopened (see ``may_reopen``).
    """
    lock(request)
    earlier = contributions.sent_by(request.contribution, body, form_key=form_key)
    if earlier:
        return earlier
    CASE_WORKFLOW.next(request.status, CaseAction.REOPEN)
    if not may_reopen(request, at=at):
        raise MoveRefused(request.status, CaseAction.REOPEN)
    text = say(request, ContributionKind.REOPENING, body, form_key=form_key, language=language, at=at)
    request.reopened_at, request.closed_at = at, None
    clock.start(request, at=at)
    moves.advance(request, CaseAction.REOPEN, at=at, actor_kind=ActorKind.CITIZEN, contribution_id=text.id)
    taking.release_if_left(request, at=at)
    answers.forget_reminders(request)
    telling.tell(request, case_messages.reopened, at=at, due_on=request.due_on)
    return text


def without_a_word(at: datetime) -> Sequence[int]:
    """The requests answered 21 days ago of which the person who asked said nothing."""
    due = select(CitizenRequest.id).where(CitizenRequest.status == CaseStatus.ANSWERED, CitizenRequest.status_since <= at - CLOSE_AFTER)
    return db.session.scalars(due.order_by(CitizenRequest.status_since, CitizenRequest.id).limit(DUE_AT_ONCE)).all()


def close(request_id: int, at: datetime) -> None:
    """Close one of them; nothing when something happened meanwhile (a job calls it)."""
    request = db.session.get_one(CitizenRequest, request_id)
    lock(request)
    if request.status is CaseStatus.ANSWERED and request.status_since <= at - CLOSE_AFTER:
        _close(request, actor_kind=ActorKind.SYSTEM, at=at)


def _close(request: CitizenRequest, *, actor_kind: ActorKind, at: datetime) -> None:
    request.closed_at = at
    moves.advance(request, CaseAction.CLOSE, at=at, actor_kind=actor_kind)
