"""The one writer of a case's status: every service of a case allows with ``ready`` and advances and records with ``advance``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from feedback_app.database import db
from feedback_app.domain.case import CASE_WORKFLOW, CaseAction, CaseTextKind
from feedback_app.domain.errors import Conflict, OtherText
from feedback_app.domain.policy import Actor, Permission, authorise
from feedback_app.domain.text import render_official
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import Account, CaseEvent, CaseText, CitizenRequest
from feedback_app.services import events
from feedback_app.services.cases import clock
from feedback_app.services.locking import lock

_VERBS = {action: EventVerb(f"request:{action.value}") for action in CaseAction}


def ready(
    request: CitizenRequest, permission: Permission, action: CaseAction, *, actor: Actor, seen_version: int, words: str = "", **to: int
) -> bool:
    """Lock the case and check that ``actor`` may do this to what they saw. False: they have just done it (a double click).

    ``words`` and ``to`` (columns of the event): what is said with it, and to whom; with others, from another window, it is no double
    click. Raises ``NotAllowed``, and ``Conflict`` when somebody moved the case meanwhile, be it the same person.
    """
    lock(request)
    last = _last_move(request) if request.version != seen_version else None
    if last and request.version == seen_version + 1 and (last.verb, last.actor_id) == (_VERBS[action], actor.identity_id):
        if _says(last, words) and all(getattr(last, name) == value for name, value in to.items()):
            return False
        raise Conflict(_what_happened(last))
    authorise(actor, permission, request)
    if last:
        raise Conflict(_what_happened(last))
    return True


def _last_move(request: CitizenRequest) -> CaseEvent:
    statement = select(CaseEvent).where(CaseEvent.request_id == request.id, CaseEvent.verb.in_(_VERBS.values()))
    return db.session.execute(statement.order_by(CaseEvent.id.desc()).limit(1)).scalar_one()


def _says(event: CaseEvent, words: str) -> bool:
    text = db.session.get(CaseText, event.text_id) if event.text_id else None
    return (text.source if text else "") == (render_official(words).source if words else "")


def _what_happened(event: CaseEvent) -> OtherText:
    by = staff_name(event.actor_id) if event.actor_kind is ActorKind.STAFF else None
    return OtherText("", "fr", by=by, at=event.at, what=event.verb.value)


def staff_name(identity_id: int | None) -> str | None:
    """How colleagues know this person; None once erased."""
    return db.session.scalar(select(Account.name).where(Account.identity_id == identity_id)) if identity_id else None


def advance(
    request: CitizenRequest,
    action: CaseAction,
    *,
    at: datetime,
    actor: Actor | None = None,
    actor_kind: ActorKind = ActorKind.STAFF,
    contribution_id: int | None = None,
    to_ministry_id: int | None = None,
    text: CaseText | None = None,
) -> None:
    """Move the case, its clock and its version, and record it. Raises ``MoveRefused`` where the table has no such move.

    Set the ministry and the assignee before: the event tells who has the case once it has happened.
    """
    before = request.status
    request.status = CASE_WORKFLOW.next(before, action)
    request.version += 1
    if request.status is not before or action is CaseAction.ANSWER:
        request.status_since = at
    clock.follow(request, before, at=at)
    events.record(
        _VERBS[action],
        request,
        at=at,
        actor_kind=actor_kind,
        actor_id=actor.identity_id if actor else request.contribution.identity_id if actor_kind is ActorKind.CITIZEN else None,
        before=before.value,
        after=request.status.value,
        contribution_id=contribution_id,
        to_ministry_id=to_ministry_id,
        person_id=request.assignee_id,
        text_id=text.id if text else None,
    )


def write(request: CitizenRequest, kind: CaseTextKind, source: str, *, actor: Actor, at: datetime) -> CaseText:
    """Keep what staff wrote, in a row of its own."""
    official = render_official(source)
    text = CaseText(
        request_id=request.id,
        kind=kind,
        source=official.source,
        html=official.html,
        renderer=official.renderer,
        author_id=actor.identity_id,
        written_at=at,
    )
    db.session.add(text)
    db.session.flush()
    return text
