"""A case as the staff has it before them, for whoever may read it (``case:read``): all that happened, as values, and what is in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, select
from sqlalchemy.orm import aliased, selectinload

from feedback_app.database import db
from feedback_app.domain.case import PUBLIC_TEXT_KINDS, AnswerStatus, CaseStatus, Outcome, Verdict
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.trace import EventVerb
from feedback_app.models import (
    Account,
    Answer,
    AnswerRating,
    AnswerVersion,
    CaseContribution,
    CaseEvent,
    CaseText,
    CitizenRequest,
    Contribution,
    Ministry,
    TextVersion,
)
from feedback_app.services import plain_rows
from feedback_app.services.cases.reading import INTERNAL_VERBS, SAID_BY_ANOTHER, Said, doer

_ASSIGNEE = 6  # the place of this name in a row of ``_history``


@dataclass(frozen=True)
class Published:
    """An answer as it was published. ``corrects_id``: that in whose place it stands."""

    id: int
    outcome: Outcome
    corrects_id: int | None
    html: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened: as ``reading.Entry``, with the names of agents and the internal texts, and of nothing but values.

    ``html``: what staff wrote; ``reason``: why the person who asked gave this ``verdict``; ``internal``: nobody but the staff sees this
    entry, or not its text.
    """

    id: int
    at: datetime
    verb: EventVerb
    ministry: str | None
    to_ministry: str | None
    person: str | None
    assignee: str | None
    html: str | None
    said: Said | None
    answer: Published | None
    verdict: Verdict | None
    reason: str | None
    internal: bool


@dataclass(frozen=True)
class File:
    """What happened (the oldest first), the answer that the ministry of the case is preparing, and the name of who has it."""

    entries: Sequence[Entry]
    in_hand: Answer | None
    assignee: str | None


def file(request: CitizenRequest) -> File:
    """The whole case. Two statements, whatever its length; two more while an answer is in preparation."""
    rows = plain_rows.read(_history(), {"request": request.id})
    names = (raw[_ASSIGNEE] for raw in reversed(rows.raw) if raw[_ASSIGNEE])
    return File(rows.made(_entry), _in_hand(request), next(names, None) if request.assignee_id else None)


def to_know(request: CitizenRequest, entries: Sequence[Entry]) -> list[Entry]:
    """What colleagues wrote that whoever acts next has to read first, the oldest first: why the case was offered and declined, while that
    is to be decided; what has to be done again, while the answer was not proposed again."""
    if wanted := _TO_DECIDE.get(request.status):
        latest = {entry.verb: entry for entry in entries if entry.verb in wanted and entry.html}
        return sorted(latest.values(), key=lambda entry: entry.id)
    last = next((entry for entry in reversed(entries) if entry.verb in _OF_A_DRAFT), None)
    return [last] if last and last.verb is EventVerb.ANSWER_SEND_BACK and last.html else []


def exchanged(entries: Sequence[Entry]) -> list[Entry]:
    """What the ministry and the person who asked said to each other since the request, answers aside."""
    return [entry for entry in entries if entry.said or entry.verb is EventVerb.REQUEST_ASK_CITIZEN]


_TO_DECIDE = {
    CaseStatus.TRANSFER_OFFERED: frozenset({EventVerb.REQUEST_OFFER_TRANSFER}),
    CaseStatus.ARBITRATION: frozenset({EventVerb.REQUEST_OFFER_TRANSFER, EventVerb.REQUEST_DECLINE_TRANSFER}),
}
_OF_A_DRAFT = frozenset({EventVerb.ANSWER_PROPOSE, EventVerb.ANSWER_SEND_BACK, EventVerb.ANSWER_PUBLISH})


def _in_hand(request: CitizenRequest) -> Answer | None:
    found = plain_rows.read(_not_published(), {"request": request.id, "ministry": request.ministry_id})
    if not found:
        return None
    return db.session.get_one(Answer, found[0].id, options=[selectinload(Answer.versions)], populate_existing=True)


@cache
def _not_published() -> Select[int]:
    of_its_ministry = (Answer.request_id == bindparam("request"), Answer.ministry_id == bindparam("ministry"))
    return select(Answer.id).where(*of_its_ministry, Answer.status != AnswerStatus.PUBLISHED).order_by(Answer.id)


@cache
def _history() -> Select[*tuple[Any, ...]]:
    """Each event with its text, the names, and what it is about: a text of the citizen, a published answer, or a rating."""
    here, there, person, assignee = aliased(Ministry), aliased(Ministry), aliased(Account), aliased(Account)
    request: BindParameter[int] = bindparam("request")
    latest = aliased(AnswerVersion)
    last = select(func.max(latest.number)).where(latest.answer_id == Answer.id).scalar_subquery()
    said = (Contribution.kind.label("said_kind"), TextVersion.body, Contribution.language, Contribution.status.label("said_status"))
    answer = (Answer.id.label("answer_id"), Answer.outcome, Answer.corrects_id, AnswerVersion.html.label("answer_html"))
    names = (here.name.label("ministry"), there.name.label("to_ministry"), person.name.label("person"), assignee.name.label("assignee"))
    text = (CaseText.kind.label("text_kind"), CaseText.html.label("html"))
    rating = (AnswerRating.verdict, AnswerRating.reason)
    in_case = and_(CaseContribution.contribution_id == CaseEvent.contribution_id, CaseContribution.request_id == request)
    readable = and_(Contribution.id == CaseContribution.contribution_id, Contribution.status != ContributionStatus.WITHDRAWN)
    return (
        select(CaseEvent.id, CaseEvent.at, CaseEvent.verb, *names, *text, *said, *answer, *rating)
        .select_from(CaseEvent)
        .outerjoin(CaseText, and_(CaseText.id == CaseEvent.text_id, CaseText.request_id == request))
        .outerjoin(here, CaseEvent.ministry_id == here.id)
        .outerjoin(there, CaseEvent.to_ministry_id == there.id)
        .outerjoin(person, CaseEvent.actor_id == person.identity_id)
        .outerjoin(assignee, CaseEvent.person_id == assignee.identity_id)
        .outerjoin(CaseContribution, in_case)
        .outerjoin(Contribution, readable)
        .outerjoin(TextVersion, TextVersion.id == Contribution.current_version_id)
        .outerjoin(Answer, and_(_about_an_answer(EventVerb.ANSWER_PUBLISH, Answer.id), Answer.request_id == request))
        .outerjoin(AnswerVersion, and_(AnswerVersion.answer_id == Answer.id, AnswerVersion.number == last))
        .outerjoin(AnswerRating, _about_an_answer(EventVerb.ANSWER_RATE, AnswerRating.answer_id))
        .where(CaseEvent.request_id == request, CaseEvent.verb.not_in(SAID_BY_ANOTHER))
        .order_by(CaseEvent.id)
    )


def _about_an_answer(verb: EventVerb, answer_id: Any) -> Any:
    return and_(CaseEvent.verb == verb, answer_id == CaseEvent.subject_id)


def _entry(row: Any) -> Entry:
    public = row.said_status is ContributionStatus.PUBLISHED
    return Entry(
        id=row.id,
        at=row.at,
        verb=row.verb,
        ministry=doer(row.verb, row.ministry, row.to_ministry),
        to_ministry=row.to_ministry,
        person=row.person,
        assignee=row.assignee,
        html=row.html,
        said=Said(row.said_kind, row.body, row.language, public) if row.body is not None else None,
        answer=Published(row.answer_id, row.outcome, row.corrects_id, row.answer_html) if row.answer_id is not None else None,
        verdict=row.verdict,
        reason=row.reason,
        internal=row.verb in INTERNAL_VERBS or (row.html is not None and row.text_kind not in PUBLIC_TEXT_KINDS),
    )
