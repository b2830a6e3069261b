"""What each audience may read of a case: the only place that says so. Pages, lists, files and feeds ask here (rule 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, null, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

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
BY_THE_PERSON = frozenset({_V.REQUEST_SUBMIT, _V.REQUEST_CITIZEN_REPLIES, _V.REQUEST_CITIZEN_WITHDRAWS, _V.REQUEST_REOPEN, _V.ANSWER_RATE})
# A request that was answered says so once: by the answer's own event.
SAID_BY_ANOTHER = frozenset({_V.REQUEST_ANSWER})


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

    ``ministry`` had the case once it had happened (none beside what the person who asked did: it is not theirs); ``to_ministry``:
    to whom a transfer was offered. ``text``, ``said``, ``answer``: what was written, where this audience may read it.
    ``reason``: why the person who asked gave this ``verdict``. ``internal``: no other audience sees this entry, or not its text.
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
    reason: str | None
    internal: bool


def public_request(reference: str) -> CitizenRequest | None:
    """The request that anybody may read under this reference; None for one that is private, hidden, withdrawn or unknown."""
    return db.session.scalar(_public_statement(), {"reference": reference}) if len(reference) <= 40 else None


@cache
def _public_statement() -> Select[CitizenRequest]:
    return _whole().where(CitizenRequest.reference == bindparam("reference"), *PUBLIC)


PUBLIC = (Contribution.status == ContributionStatus.PUBLISHED, CitizenRequest.published_at.is_not(None))
"""What makes a request public; the statement must join its contribution. The wording is the contribution's current version."""


def by_reference(reference: str) -> CitizenRequest | None:
    """A request whose case has begun, for staff: the caller judges ``case:read`` on it and answers 404 otherwise.

    None once its author took it back: nobody else reads it then.
    """
    return db.session.scalar(_staff_statement(), {"reference": reference}) if len(reference) <= 40 else None


@cache
def _staff_statement() -> Select[CitizenRequest]:
    readable = (CitizenRequest.status != CaseStatus.RECEIVED, Contribution.status != ContributionStatus.WITHDRAWN)
    return _whole().where(CitizenRequest.reference == bindparam("reference"), *readable)


def of_contribution(contribution: Contribution) -> CitizenRequest | None:
    """The request whose private page is this contribution's; also for a reply or a reopening inside it."""
    inside = select(CaseContribution.request_id).where(CaseContribution.contribution_id == contribution.id)
    return db.session.scalar(_whole().where((CitizenRequest.contribution_id == contribution.id) | CitizenRequest.id.in_(inside)))


@cache
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
        )
    )


def timeline(request: CitizenRequest, audience: Audience) -> list[Entry]:
    """What happened in the case, the oldest first, as ``audience`` may read it. Four statements, whatever its length.

    The page of the staff reads ``file.file``, which says the same as values.
    """
    return _entries(request, audience, *_answers(request, audience))


def _entries(request: CitizenRequest, audience: Audience, answers: dict[int, Answer], ratings: dict[int, AnswerRating]) -> list[Entry]:
    said, found = _said(request, audience), []
    for event in _events(request, audience):
        text = event.CaseText
        rating = ratings.get(event.subject_id) if event.verb is EventVerb.ANSWER_RATE else None
        entry = Entry(
            id=event.id,
            at=event.at,
            verb=event.verb,
            ministry=None if event.verb in BY_THE_PERSON else event.ministry,
            to_ministry=event.to_ministry,
            person=event.person,
            assignee=event.assignee,
            text=text,
            said=said.get(event.contribution_id or 0),
            answer=answers.get(event.subject_id) if event.verb is EventVerb.ANSWER_PUBLISH else None,
            verdict=rating.verdict if rating else None,
            reason=rating.reason if rating and audience is not Audience.PUBLIC else None,
            internal=event.verb in INTERNAL_VERBS or (text is not None and text.kind not in PUBLIC_TEXT_KINDS),
        )
        found.append(entry)
    return found


def _events(request: CitizenRequest, audience: Audience) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each event with its text and the names that this audience may read."""
    return db.session.execute(_events_statement(audience), {"request": request.id}).all()


@cache
def _events_statement(audience: Audience) -> Select[*tuple[Any, ...]]:
    staff = audience is Audience.STAFF
    hidden = SAID_BY_ANOTHER if staff else SAID_BY_ANOTHER | INTERNAL_VERBS
    here, there, person, assignee = aliased(Ministry), aliased(Ministry), aliased(Account), aliased(Account)
    readable = [CaseText.id == CaseEvent.text_id, CaseText.request_id == bindparam("request")]
    if not staff:
        readable.append(CaseText.kind.in_(PUBLIC_TEXT_KINDS))
    event = (CaseEvent.id, CaseEvent.at, CaseEvent.verb, CaseEvent.subject_id, CaseEvent.contribution_id)
    names = (person.name, assignee.name) if staff else (null(), null())
    statement: Select[*tuple[Any, ...]] = (
        select(*event, CaseText, here.name.label("ministry"), there.name.label("to_ministry"))
        .add_columns(names[0].label("person"), names[1].label("assignee"))
        .select_from(CaseEvent)
        .outerjoin(CaseText, and_(*readable))
        .outerjoin(here, CaseEvent.ministry_id == here.id)
        .outerjoin(there, CaseEvent.to_ministry_id == there.id)
        .where(CaseEvent.request_id == bindparam("request"), CaseEvent.verb.not_in(hidden))
        .order_by(CaseEvent.id)
    )
    if staff:
        statement = statement.outerjoin(person, CaseEvent.actor_id == person.identity_id)
        statement = statement.outerjoin(assignee, CaseEvent.person_id == assignee.identity_id)
    return statement


def _said(request: CitizenRequest, audience: Audience) -> dict[int, Said]:
    return {
        row.id: Said(row.kind, row.body, row.language, row.status is ContributionStatus.PUBLISHED)
        for row in db.session.execute(_said_statement(audience), {"request": request.id})
    }


@cache
def _said_statement(audience: Audience) -> Select[*tuple[Any, ...]]:
    statement = (
        select(Contribution.id, Contribution.kind, TextVersion.body, Contribution.language, Contribution.status)
        .join(CaseContribution, CaseContribution.contribution_id == Contribution.id)
        .join(TextVersion, Contribution.current_version_id == TextVersion.id)
        .where(CaseContribution.request_id == bindparam("request"))
    )
    if audience is Audience.PUBLIC:
        return statement.where(Contribution.status == ContributionStatus.PUBLISHED)
    return statement.where(Contribution.status != ContributionStatus.WITHDRAWN)


def _answers(request: CitizenRequest, audience: Audience) -> tuple[dict[int, Answer], dict[int, AnswerRating]]:
    rows = db.session.execute(_answers_statement(audience), {"request": request.id}).all()
    return {row[0].id: row[0] for row in rows}, {row[0].id: row[1] for row in rows if row[1]}


@cache
def _answers_statement(audience: Audience) -> Select[Answer, AnswerRating]:
    statement = (
        select(Answer, AnswerRating)
        .outerjoin(AnswerRating, AnswerRating.answer_id == Answer.id)
        .where(Answer.request_id == bindparam("request"))
        .options(selectinload(Answer.versions), joinedload(Answer.ministry), joinedload(Answer.duplicate_of))
    )
    return statement if audience is Audience.STAFF else statement.where(Answer.status == AnswerStatus.PUBLISHED)


def open_question(request: CitizenRequest) -> CaseText | None:
    """The last question to the citizen."""
    asked = select(CaseText).where(CaseText.request_id == request.id, CaseText.kind == CaseTextKind.QUESTION)
    return db.session.scalar(asked.order_by(CaseText.id.desc()).limit(1))
