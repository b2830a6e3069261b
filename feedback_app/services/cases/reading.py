"""What each audience may read of a case: the only place that says so. Pages, lists, files and feeds ask here (rule 10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain.case import PUBLIC_TEXT_KINDS, AnswerStatus, CaseStatus, CaseTextKind, Verdict
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.trace import EventVerb
from feedback_app.models import (
    Account,
    Answer,
    AnswerRating,
    CaseContribution,
    CaseEvent,
    CaseText,
    CitizenRequest,
    Contribution,
    Ministry,
    TextVersion,
)


class Audience(StrEnum):
    """``public``: anybody; ``author``: whoever has the private page; ``staff``: who may read the case (``case:read``)."""

    PUBLIC = "public"
    AUTHOR = "author"
    STAFF = "staff"


_V = EventVerb
INTERNAL_VERBS = frozenset(
    {_V.REQUEST_RELEASE, _V.REQUEST_HAND_OVER, _V.REQUEST_NOTE, _V.ANSWER_WRITE, _V.ANSWER_PROPOSE, _V.ANSWER_SEND_BACK}
)
"""What happens inside the ministry: nobody else reads that it happened."""
# A request that was answered says so once: by the answer's own event.
_SAID_BY_ANOTHER = frozenset({_V.REQUEST_ANSWER})


@dataclass(frozen=True)
class Said:
    """A citizen's text inside the case. ``public``: moderated and published; until then only its author and the staff read it."""

    kind: ContributionKind
    body: str
    language: str
    public: bool


@dataclass(frozen=True)
class Entry:
    """One thing that happened. ``person`` and ``assignee`` (names of agents) are there for the staff only.

    ``ministry`` had the case once it had happened; ``to_ministry``: to whom a transfer was offered. ``text``, ``said``, ``answer``:
    what was written, where this audience may read it. ``internal``: no other audience sees this entry, or not its text.
    """

    id: int
    at: datetime
    verb: EventVerb
    ministry: str | None
    to_ministry: str | None
    person: str | None
    assignee: str | None
    text: CaseText | None
    said: Said | None
    answer: Answer | None
    verdict: Verdict | None
    internal: bool


def public_request(reference: str) -> CitizenRequest | None:
    """The request that anybody may read under this reference; None for one that is private, hidden, withdrawn or unknown."""
    statement = _whole().where(CitizenRequest.reference == reference, *PUBLIC)
    return db.session.scalar(statement) if len(reference) <= 40 else None


PUBLIC = (Contribution.status == ContributionStatus.PUBLISHED, CitizenRequest.published_at.is_not(None))
"""What makes a request public; the statement must join its contribution. The wording is the contribution's current version."""


def by_reference(reference: str) -> CitizenRequest | None:
    """A request whose case has begun, for staff: the caller judges ``case:read`` on it and answers 404 otherwise.

    None once its author took it back: nobody else reads it then.
    """
    readable = (CitizenRequest.status != CaseStatus.RECEIVED, Contribution.status != ContributionStatus.WITHDRAWN)
    statement = _whole().where(CitizenRequest.reference == reference, *readable)
    return db.session.scalar(statement) if len(reference) <= 40 else None


def of_contribution(contribution: Contribution) -> CitizenRequest | None:
    """The request whose private page is this contribution's; also for a reply or a reopening inside it."""
    inside = select(CaseContribution.request_id).where(CaseContribution.contribution_id == contribution.id)
    return db.session.scalar(_whole().where((CitizenRequest.contribution_id == contribution.id) | CitizenRequest.id.in_(inside)))


def _whole() -> Select[CitizenRequest]:
    return (
        select(CitizenRequest)
        .join(CitizenRequest.contribution)
        .options(
            contains_eager(CitizenRequest.contribution).joinedload(Contribution.current_version),
            contains_eager(CitizenRequest.contribution).joinedload(Contribution.signature),
            contains_eager(CitizenRequest.contribution).joinedload(Contribution.identity),
            joinedload(CitizenRequest.topic),
            joinedload(CitizenRequest.ministry),
            selectinload(CitizenRequest.offers),
        )
    )


def timeline(request: CitizenRequest, audience: Audience) -> list[Entry]:
    """What happened in the case, the oldest first, as ``audience`` may read it. Eight statements, whatever its length."""
    events = _events(request, audience)
    texts = _texts(request, audience)
    said = _said(request, audience)
    answers, verdicts = _answers(request, audience)
    ministries = _ministries(events)
    people = _people(events) if audience is Audience.STAFF else {}
    return [
        Entry(
            id=event.id,
            at=event.at,
            verb=event.verb,
            ministry=ministries.get(event.ministry_id or 0),
            to_ministry=ministries.get(event.to_ministry_id or 0),
            person=people.get(event.actor_id or 0),
            assignee=people.get(event.person_id or 0),
            text=texts.get(event.text_id or 0),
            said=said.get(event.contribution_id or 0),
            answer=answers.get(event.subject_id) if event.verb is EventVerb.ANSWER_PUBLISH else None,
            verdict=verdicts.get(event.subject_id) if event.verb is EventVerb.ANSWER_RATE else None,
            internal=event.verb in INTERNAL_VERBS or (event.text_id in texts and texts[event.text_id].kind not in PUBLIC_TEXT_KINDS),
        )
        for event in events
    ]


def _events(request: CitizenRequest, audience: Audience) -> Sequence[CaseEvent]:
    hidden = _SAID_BY_ANOTHER if audience is Audience.STAFF else _SAID_BY_ANOTHER | INTERNAL_VERBS
    statement = select(CaseEvent).where(CaseEvent.request_id == request.id, CaseEvent.verb.not_in(hidden))
    return db.session.scalars(statement.order_by(CaseEvent.id)).all()


def _texts(request: CitizenRequest, audience: Audience) -> dict[int, CaseText]:
    statement = select(CaseText).where(CaseText.request_id == request.id)
    if audience is not Audience.STAFF:
        statement = statement.where(CaseText.kind.in_(PUBLIC_TEXT_KINDS))
    return {text.id: text for text in db.session.scalars(statement)}


def _said(request: CitizenRequest, audience: Audience) -> dict[int, Said]:
    statement = (
        select(Contribution.id, Contribution.kind, TextVersion.body, Contribution.language, Contribution.status)
        .join(CaseContribution, CaseContribution.contribution_id == Contribution.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .where(CaseContribution.request_id == request.id)
    )
    if audience is Audience.PUBLIC:
        statement = statement.where(Contribution.status == ContributionStatus.PUBLISHED)
    else:
        statement = statement.where(Contribution.status != ContributionStatus.WITHDRAWN)
    return {
        row.id: Said(row.kind, row.body, row.language, row.status is ContributionStatus.PUBLISHED) for row in db.session.execute(statement)
    }


def _answers(request: CitizenRequest, audience: Audience) -> tuple[dict[int, Answer], dict[int, Verdict]]:
    statement = (
        select(Answer, AnswerRating.verdict)
        .outerjoin(AnswerRating, AnswerRating.answer_id == Answer.id)
        .where(Answer.request_id == request.id)
        .options(selectinload(Answer.versions), joinedload(Answer.ministry), joinedload(Answer.duplicate_of))
    )
    if audience is not Audience.STAFF:
        statement = statement.where(Answer.status == AnswerStatus.PUBLISHED)
    rows = db.session.execute(statement).all()
    return {row[0].id: row[0] for row in rows}, {row[0].id: row[1] for row in rows if row[1]}


def _ministries(events: Iterable[CaseEvent]) -> dict[int, str]:
    ids = {found for event in events for found in (event.ministry_id, event.to_ministry_id) if found}
    return {row.id: row.name for row in db.session.execute(select(Ministry.id, Ministry.name).where(Ministry.id.in_(ids)))}


def _people(events: Iterable[CaseEvent]) -> dict[int, str]:
    ids = {found for event in events for found in (event.actor_id, event.person_id) if found}
    rows = db.session.execute(select(Account.identity_id, Account.name).where(Account.identity_id.in_(ids)))
    return {row.identity_id: row.name for row in rows if row.name}


def open_question(request: CitizenRequest) -> CaseText | None:
    """The last question to the citizen."""
    asked = select(CaseText).where(CaseText.request_id == request.id, CaseText.kind == CaseTextKind.QUESTION)
    return db.session.scalar(asked.order_by(CaseText.id.desc()).limit(1))
