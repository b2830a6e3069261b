"""Answers: written by a contact, published by somebody else. A ministry signs them.

At most one answer of a case and ministry is not published; each wording is kept. After a transfer the new ministry does not see what
the old one was preparing. To correct a published answer is to publish another one that takes its place (``corrects``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from feedback_app.database import db
from feedback_app.domain.case import (
    ANSWER_WORKFLOW,
    CASE_WORKFLOW,
    DONE,
    REMIND_RATING_AFTER,
    AnswerAction,
    AnswerStatus,
    CaseAction,
    CaseTextKind,
    Outcome,
    RefusalGround,
)
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.domain.workflow import MoveRefused
from feedback_app.mail import case_messages, outbox
from feedback_app.models import Answer, AnswerVersion, CitizenRequest
from feedback_app.services import events, search, wordings
from feedback_app.services.cases import clock, moves, telling
from feedback_app.services.locking import lock

_VERBS = {action: EventVerb(f"answer:{action.value}") for action in AnswerAction}


class IncompleteOutcome(ValueError):
    """A refusal needs a ground, a duplicate the reference of another request."""


@dataclass(frozen=True)
class Wording:
    """What the editor holds: the small Markdown of staff, and what the answer gives."""

    source: str
    outcome: Outcome
    refusal_ground: RefusalGround | None = None
    duplicate_of_id: int | None = None


def in_hand(request: CitizenRequest) -> Answer | None:
    """The answer that the ministry is preparing, draft or proposed; None when there is none."""
    statement = (
        select(Answer)
        .where(
            Answer.request_id == request.id,
            Answer.ministry_id == request.ministry_id,
            Answer.status.in_((AnswerStatus.DRAFT, AnswerStatus.PROPOSED)),
        )
        .order_by(Answer.id.desc())
        .limit(1)
        .options(selectinload(Answer.versions))
        .execution_options(populate_existing=True)  # a page may have read it before the case was locked
    )
    return db.session.scalar(statement)


def find(request: CitizenRequest, answer_id: int) -> Answer | None:
    """An answer of this case, by its id."""
    found = db.session.get(Answer, answer_id, options=[selectinload(Answer.versions)])
    return found if found and found.request_id == request.id else None


def published(request: CitizenRequest) -> list[Answer]:
    """The published answers of a case, corrected wordings among them, in the order of their publication."""
    statement = select(Answer).where(Answer.request_id == request.id, Answer.status == AnswerStatus.PUBLISHED)
    return list(db.session.scalars(statement.order_by(Answer.published_at, Answer.id).options(selectinload(Answer.versions))))


def write(
    request: CitizenRequest, wording: Wording, *, corrects: Answer | None = None, actor: Actor, seen_wording: int, at: datetime
) -> Answer:
    """Save a draft. ``seen_wording``: the number of the wording that the editor showed (0: there was none).

    Two contacts at once: the second gets ``Conflict`` with what the first wrote, and keeps their own in the form. Raises
    ``MoveRefused`` when the case takes no answer any more or the answer is already proposed.
    """
    answer = _open(request, actor=actor)
    return _write(request, answer, wording, corrects=corrects, actor=actor, seen_wording=seen_wording, at=at)


def _open(request: CitizenRequest, *, actor: Actor) -> Answer | None:
    lock(request)
    authorise(actor, Permission.CASE_WORK, request)
    return in_hand(request)


def _write(
    request: CitizenRequest,
    answer: Answer | None,
    wording: Wording,
    *,
    corrects: Answer | None,
    actor: Actor,
    seen_wording: int,
    at: datetime,
) -> Answer:
    _check(request, wording)
    if answer and _same(answer, wording):
        return answer  # nothing new, or the same form sent twice
    wordings.expect(_latest(answer), seen_wording)
    if answer is None:
        answer = _begin(request, wording, corrects=corrects, at=at)
    before, answer.status = answer.status, ANSWER_WORKFLOW.next(answer.status, AnswerAction.WRITE)
    answer.outcome, answer.refusal_ground, answer.duplicate_of_id = wording.outcome, wording.refusal_ground, wording.duplicate_of_id
    answer.versions.append(AnswerVersion(**wordings.facts(_latest(answer), wording.source, actor=actor, at=at)))
    db.session.flush()
    _record(AnswerAction.WRITE, answer, actor=actor, before=before, at=at)
    return answer


def _check(request: CitizenRequest, wording: Wording) -> None:
    if (wording.outcome is Outcome.REFUSED) != (wording.refusal_ground is not None):
        raise IncompleteOutcome("a refusal, and only a refusal, has a ground")
    if (wording.outcome is Outcome.DUPLICATE) != (wording.duplicate_of_id is not None):
        raise IncompleteOutcome("a duplicate, and only a duplicate, names another request")
    if wording.duplicate_of_id == request.id:
        raise IncompleteOutcome("a request is no duplicate of itself")


def _same(answer: Answer, wording: Wording) -> bool:
    gives = (answer.outcome, answer.refusal_ground, answer.duplicate_of_id)
    return wordings.same(answer.latest, wording.source) and gives == (wording.outcome, wording.refusal_ground, wording.duplicate_of_id)


def _begin(request: CitizenRequest, wording: Wording, *, corrects: Answer | None, at: datetime) -> Answer:
    if corrects is None:
        CASE_WORKFLOW.next(request.status, CaseAction.ANSWER)
    elif corrects.request_id != request.id or corrects.status is not AnswerStatus.PUBLISHED or request.status not in DONE:
        raise MoveRefused(request.status, CaseAction.ANSWER)
    answer = Answer(
        request=request,
        ministry_id=request.ministry_id,
        corrects_id=(corrects.corrects_id or corrects.id) if corrects else None,
        status=AnswerStatus.DRAFT,
        outcome=wording.outcome,
        created_at=at,
        versions=[],
    )
    db.session.add(answer)
    return answer


def _latest(answer: Answer | None) -> AnswerVersion | None:
    return answer.versions[-1] if answer and answer.versions else None


def propose(
    request: CitizenRequest, wording: Wording, *, corrects: Answer | None = None, actor: Actor, seen_wording: int, at: datetime
) -> Answer:
    """Save the wording and hand it to the validators of the ministry. Raises as ``write``; a double click changes nothing."""
    answer = _open(request, actor=actor)
    if answer and answer.status is AnswerStatus.PROPOSED and _same(answer, wording) and answer.latest.author_id == actor.identity_id:
        return answer
    answer = _write(request, answer, wording, corrects=corrects, actor=actor, seen_wording=seen_wording, at=at)
    before, answer.status = answer.status, ANSWER_WORKFLOW.next(answer.status, AnswerAction.PROPOSE)
    answer.proposed_at = at
    _record(AnswerAction.PROPOSE, answer, actor=actor, before=before, at=at)
    return answer


def send_back(answer: Answer, words: str, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """A validator wants it otherwise and says how (or its author takes the proposal back). The words are not public."""
    request = _reviewed(answer, Permission.ANSWER_SEND_BACK, actor=actor, seen_wording=seen_wording)
    before, answer.status = answer.status, ANSWER_WORKFLOW.next(answer.status, AnswerAction.SEND_BACK)
    answer.proposed_at = None
    text = moves.write(request, CaseTextKind.SEND_BACK, words, actor=actor, at=at)
    _record(AnswerAction.SEND_BACK, answer, actor=actor, before=before, at=at, text_id=text.id)


def publish(answer: Answer, *, actor: Actor, seen_wording: int, at: datetime) -> None:
    """Publish what was proposed: by a validator of the ministry who wrote no word of it. The case is answered; its author is told.

    Raises ``NotAllowed``, ``Conflict`` when the wording is not the one that was read, ``MoveRefused``. A double click changes nothing.
    """
    lock(answer.request)
    db.session.refresh(answer)
    if answer.status is AnswerStatus.PUBLISHED and answer.published_by_id == actor.identity_id:
        return
    request = _reviewed(answer, Permission.ANSWER_PUBLISH, actor=actor, seen_wording=seen_wording)
    before, answer.status = answer.status, ANSWER_WORKFLOW.next(answer.status, AnswerAction.PUBLISH)
    answer.published_at, answer.published_by_id = at, actor.identity_id
    request.outcome = answer.outcome
    if answer.corrects_id is None:
        request.first_answered_at = request.first_answered_at or at
        request.answered_at = at
        moves.advance(request, CaseAction.ANSWER, actor=actor, at=at)
    _record(AnswerAction.PUBLISH, answer, actor=actor, before=before, at=at)
    search.refresh(request.contribution)
    _tell(request, answer, at=at)


def _reviewed(answer: Answer, permission: Permission, *, actor: Actor, seen_wording: int) -> CitizenRequest:
    request = answer.request
    lock(request)
    db.session.refresh(answer)
    authorise(actor, permission, answer)
    if answer.ministry_id != request.ministry_id:
        raise MoveRefused(answer.status, AnswerAction.PUBLISH)  # the case went to another ministry meanwhile
    wordings.expect(answer.latest, seen_wording)
    return request


def _tell(request: CitizenRequest, answer: Answer, *, at: datetime) -> None:
    said: dict[str, Any] = {"answer_id": answer.id, "source": answer.latest.source, "cada_until": clock.cada_until(request, at=at)}
    if answer.corrects_id is not None:
        telling.tell(request, case_messages.corrected, at=at, **said)
        return
    forget_reminders(request)
    paths = telling.rating_paths(request)
    telling.tell(request, case_messages.answered, at=at, rating_paths=paths, **said)
    for number, delay in enumerate(REMIND_RATING_AFTER, start=1):
        telling.tell(
            request,
            case_messages.rating_reminder,
            at=at,
            not_before=at + delay,
            answer_id=answer.id,
            number=number,
            rating_paths=paths,
        )


def forget_reminders(request: CitizenRequest) -> None:
    """The question whether an answer helped has been settled: the reminders that have not left never will."""
    ids = db.session.scalars(select(Answer.id).where(Answer.request_id == request.id, Answer.status == AnswerStatus.PUBLISHED)).all()
    numbers = range(1, len(REMIND_RATING_AFTER) + 1)
    outbox.cancel([case_messages.rating_key(request.reference, answer_id, number) for answer_id in ids for number in numbers])


def _record(action: AnswerAction, answer: Answer, *, actor: Actor, before: AnswerStatus, at: datetime, text_id: int | None = None) -> None:
    events.record(
        _VERBS[action],
        answer,
        at=at,
        actor_kind=ActorKind.STAFF,
        actor_id=actor.identity_id,
        before=before.value,
        after=answer.status.value,
        text_id=text_id,
    )
