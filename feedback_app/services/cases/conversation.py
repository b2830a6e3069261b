"""What the ministry and the person who asked say to each other before the answer; and the notes that nobody outside reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.case import CASE_WORKFLOW, DUE_AT_ONCE, SLEEP_AFTER, CaseAction, CaseStatus, CaseTextKind
from feedback_app.domain.contribution import ContributionKind
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import case_messages
from feedback_app.models import CaseContribution, CaseText, CitizenRequest, Contribution
from feedback_app.services import contributions, events
from feedback_app.services.cases import moves, taking, telling
from feedback_app.services.locking import lock


def ask_citizen(request: CitizenRequest, source: str, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """Ask the citizen for what is missing. The question is an official text; the clock of the service goal stands still."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.ASK_CITIZEN, actor=actor, seen_version=seen_version, words=source):
        return
    text = moves.write(request, CaseTextKind.QUESTION, source, actor=actor, at=at)
    moves.advance(request, CaseAction.ASK_CITIZEN, actor=actor, at=at, text=text)
    telling.tell(request, case_messages.question, at=at, text_id=text.id, source=text.source)


def citizen_replies(request: CitizenRequest, body: str, *, form_key: str, language: str, at: datetime) -> Contribution:
    """The person who asked replies, from their private page. The ministry reads it at once, the public after moderation.

    The same form twice is one reply; with another text it raises ``FormAlreadyUsed``. Raises ``MoveRefused`` when no reply is awaited.
    """
    lock(request)
    earlier = contributions.sent_by(request.contribution, body, form_key=form_key)
    if earlier:
        return earlier
    CASE_WORKFLOW.next(request.status, CaseAction.CITIZEN_REPLIES)  # before anything is written
    reply = say(request, ContributionKind.REPLY, body, form_key=form_key, language=language, at=at)
    moves.advance(request, CaseAction.CITIZEN_REPLIES, at=at, actor_kind=ActorKind.CITIZEN, contribution_id=reply.id)
    taking.release_if_left(request, at=at)
    return reply


def say(request: CitizenRequest, kind: ContributionKind, body: str, *, form_key: str, language: str, at: datetime) -> Contribution:
    """Add a text of the citizen to the case. For services that move the case with it."""
    text = contributions.follow_up(request.contribution, kind, body, form_key=form_key, language=language, at=at)
    db.session.add(CaseContribution(request_id=request.id, contribution_id=text.id))
    return text


def take_back(request: CitizenRequest, *, actor: Actor, seen_version: int, at: datetime) -> None:
    """Go on without the citizen's reply."""
    if not moves.ready(request, Permission.CASE_WORK, CaseAction.TAKE_BACK, actor=actor, seen_version=seen_version):
        return
    if request.assignee_id is None:
        request.assignee_id = actor.identity_id
    moves.advance(request, CaseAction.TAKE_BACK, actor=actor, at=at)


def waiting_too_long(at: datetime) -> Sequence[int]:
    """The requests that have waited for the citizen for 60 days."""
    due = select(CitizenRequest.id).where(CitizenRequest.status == CaseStatus.WAITING, CitizenRequest.status_since <= at - SLEEP_AFTER)
    return db.session.scalars(due.order_by(CitizenRequest.status_since, CitizenRequest.id).limit(DUE_AT_ONCE)).all()


def sleep(request_id: int, at: datetime) -> None:
    """Put one of them to sleep; nothing when something happened meanwhile (a job calls it)."""
    request = db.session.get_one(CitizenRequest, request_id)
    lock(request)
    if request.status is CaseStatus.WAITING and request.status_since <= at - SLEEP_AFTER:
        moves.advance(request, CaseAction.SLEEP, at=at, actor_kind=ActorKind.SYSTEM)


def note(request: CitizenRequest, source: str, *, actor: Actor, at: datetime) -> CaseText:
    """Leave a note for colleagues and the coordinator: never public. The same person's same words twice are one note."""
    lock(request)
    authorise(actor, Permission.CASE_READ, request)
    notes = select(CaseText).where(CaseText.request_id == request.id, CaseText.kind == CaseTextKind.NOTE)
    last = db.session.scalar(notes.order_by(CaseText.id.desc()).limit(1))
    if last and (last.author_id, last.source) == (actor.identity_id, source):
        return last
    text = moves.write(request, CaseTextKind.NOTE, source, actor=actor, at=at)
    events.record(EventVerb.REQUEST_NOTE, request, at=at, actor_kind=ActorKind.STAFF, actor_id=actor.identity_id, text_id=text.id)
    return text
