"""What anybody, and the person who asked, may read of a case: the only place that says so (rule 10). Staff read ``file``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain.case import CLOSE_AFTER, PUBLIC_TEXT_KINDS, AnswerStatus, CaseStatus, CaseTextKind, Verdict
from feedback_app.domain.contribution import ContributionKind, ContributionStatus
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.models import (
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
    """``public``: anybody; ``author``: whoever has the private page."""

    PUBLIC = "public"
    AUTHOR = "author"


_V = EventVerb
INTERNAL_VERBS = frozenset(
    {_V.REQUEST_RELEASE, _V.REQUEST_HAND_OVER, _V.REQUEST_NOTE, _V.ANSWER_WRITE, _V.ANSWER_PROPOSE, _V.ANSWER_SEND_BACK}
)
"""What happens inside the ministry: nobody else reads that it happened."""
BY_THE_PERSON = frozenset({_V.REQUEST_SUBMIT, _V.REQUEST_CITIZEN_REPLIES, _V.REQUEST_CITIZEN_WITHDRAWS, _V.REQUEST_REOPEN, _V.ANSWER_RATE})
# A rating, or time that has gone by, does this: no ministry does.
BY_NO_MINISTRY = frozenset({_V.REQUEST_CLOSE, _V.REQUEST_SLEEP, _V.REQUEST_EXPIRE_TRANSFER})
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
    """One thing that happened, without the name of any agent.

    ``ministry``: as ``doer`` says; ``to_ministry``: to whom a transfer was offered. ``text``, ``said``, ``answer``: what was written, where
    this audience may read it. ``silence``: the days without a word after which the case was closed, where nobody's word closed it.
    """

    at: datetime
    verb: EventVerb
    ministry: str | None
    to_ministry: str | None
    text: CaseText | None
    said: Said | None
    answer: Answer | None
    verdict: Verdict | None
    silence: int | None


def doer(verb: EventVerb, ministry: str | None, to_ministry: str | None) -> str | None:
    """The ministry to name beside what happened: that which had the case (``ministry``), or the one that declined it; None beside what the
    person who asked did, or the software: it is not a ministry's doing."""
    if verb in BY_THE_PERSON | BY_NO_MINISTRY:
        return None
    return to_ministry if verb is EventVerb.REQUEST_DECLINE_TRANSFER else ministry


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
    """What happened in the case, the oldest first, as ``audience`` may read it. Four statements, whatever its length."""
    (answers, ratings), said = _answers(request), _said(request, audience)
    return [
        Entry(
            at=event.at,
            verb=event.verb,
            ministry=doer(event.verb, event.ministry, event.to_ministry),
            to_ministry=event.to_ministry,
            text=event.CaseText,
            said=said.get(event.contribution_id or 0),
            answer=answers.get(event.subject_id) if event.verb is EventVerb.ANSWER_PUBLISH else None,
            verdict=ratings.get(event.subject_id) if event.verb is EventVerb.ANSWER_RATE else None,
            silence=CLOSE_AFTER.days if event.verb is EventVerb.REQUEST_CLOSE and event.actor_kind is ActorKind.SYSTEM else None,
        )
        for event in _events(request)
    ]


def _events(request: CitizenRequest) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each event that is not the ministry's own business, with its text where it is official."""
    return db.session.execute(_events_statement(), {"request": request.id}).all()


@cache
def _events_statement() -> Select[*tuple[Any, ...]]:
    here, there = aliased(Ministry), aliased(Ministry)
    readable = and_(CaseText.id == CaseEvent.text_id, CaseText.request_id == bindparam("request"), CaseText.kind.in_(PUBLIC_TEXT_KINDS))
    return (
        select(CaseEvent.at, CaseEvent.verb, CaseEvent.subject_id, CaseEvent.contribution_id, CaseEvent.actor_kind)
        .add_columns(CaseText, here.name.label("ministry"), there.name.label("to_ministry"))
        .select_from(CaseEvent)
        .outerjoin(CaseText, readable)
        .outerjoin(here, CaseEvent.ministry_id == here.id)
        .outerjoin(there, CaseEvent.to_ministry_id == there.id)
        .where(CaseEvent.request_id == bindparam("request"), CaseEvent.verb.not_in(SAID_BY_ANOTHER | INTERNAL_VERBS))
        .order_by(CaseEvent.id)
    )


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


def _answers(request: CitizenRequest) -> tuple[dict[int, Answer], dict[int, Verdict]]:
    """The answers that were published, and what the person who asked said of them, by the number of the answer."""
    rows = db.session.execute(_answers_statement(), {"request": request.id}).all()
    return {row[0].id: row[0] for row in rows}, {row[0].id: row[1] for row in rows if row[1]}


@cache
def _answers_statement() -> Select[Answer, Verdict | None]:
    return (
        select(Answer, AnswerRating.verdict)
        .outerjoin(AnswerRating, AnswerRating.answer_id == Answer.id)
        .where(Answer.request_id == bindparam("request"), Answer.status == AnswerStatus.PUBLISHED)
        .options(selectinload(Answer.versions), joinedload(Answer.ministry), joinedload(Answer.duplicate_of))
    )


def open_question(request: CitizenRequest) -> CaseText | None:
    """The last question to the citizen."""
    asked = select(CaseText).where(CaseText.request_id == request.id, CaseText.kind == CaseTextKind.QUESTION)
    return db.session.scalar(asked.order_by(CaseText.id.desc()).limit(1))
