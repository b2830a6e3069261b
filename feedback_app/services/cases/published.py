"""What anybody may read of requests, beside the list (``desk.public``) and the case itself (``reading``): answers, counts, names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload

from feedback_app.database import db
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import DONE, AnswerStatus, Verdict
from feedback_app.domain.deadlines import AccessDelay, ServiceGoal
from feedback_app.domain.trace import EventVerb
from feedback_app.models import Answer, CitizenRequest, Ministry
from feedback_app.services import plain_rows
from feedback_app.services.cases import desk
from feedback_app.services.cases.reading import PUBLIC, Entry

LATEST = 3
_ANSWERED = CitizenRequest.status.in_(DONE)
LIKE_AT_MOST = 3
LIKE_ENOUGH = 0.4
"""How much of what its words are worth two questions share when one may answer the other: about four words in ten, never one alone."""
LIKE_ENOUGH_FOR_STAFF = 0.3
"""The same for somebody who answers, who has time to look at what helps only in part."""


@dataclass(frozen=True)
class OfTopic:
    """The public requests about one topic: how many there are, how many have their answer, and some, the latest first."""

    total: int
    answered: int
    lines: Sequence[desk.Line]

    @property
    def latest(self) -> Sequence[desk.Line]:
        """Those that its page shows."""
        return self.lines[:LATEST]


def of_topic(topic_id: int) -> OfTopic:
    """What the page of a topic says of the requests about it. Two statements."""
    counted = plain_rows.one(_numbers_statement(), {"topic": topic_id})
    return OfTopic(counted.asked, counted.answered, desk.about(topic_id, most=LATEST))


@cache
def _numbers_statement() -> Select[int, int]:
    return select(*numbers(bindparam("topic", type_=CitizenRequest.topic_id.type)))


def numbers(topic_id: ColumnElement[Any]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many requests about a topic are public, and how many of them have their answer, for a statement that counts other things too."""
    public = (*desk.IS_PUBLIC, CitizenRequest.topic_id == topic_id)
    found = select(func.count(CitizenRequest.id)).where(*public), select(func.count(CitizenRequest.id)).where(*public, _ANSWERED)
    total, answered = (one.scalar_subquery().correlate(None) for one in found)
    return total.label("asked"), answered.label("answered")


def ministries() -> Sequence[Ministry]:
    """The ministries that have a public request, by name."""
    one = select(CitizenRequest.id).where(CitizenRequest.ministry_id == Ministry.id, *desk.IS_PUBLIC).limit(1).scalar_subquery()
    return db.session.scalars(select(Ministry).where(one.is_not(None)).order_by(Ministry.name, Ministry.id)).all()


def public_ids(ids: Collection[int]) -> frozenset[int]:
    """Which of these requests anybody may read."""
    if not ids:
        return frozenset()
    statement = select(CitizenRequest.id).join(CitizenRequest.contribution).where(*PUBLIC, CitizenRequest.id.in_(ids))
    return frozenset(db.session.scalars(statement))


@dataclass(frozen=True)
class Alike:
    """A public request that resembles what somebody is about to ask, and the answer that stands."""

    line: desk.Line
    answer: Answer


def answered_like(wording: str) -> list[Alike]:
    """The answered requests that resemble a text enough to be shown before it is sent, the nearest first."""
    lines = desk.public_like(wording, limit=LIKE_AT_MOST, enough=LIKE_ENOUGH)
    found = select(Answer).where(Answer.request_id.in_([line.id for line in lines]), Answer.status == AnswerStatus.PUBLISHED)
    with_words = found.order_by(Answer.id).options(selectinload(Answer.versions), joinedload(Answer.ministry))
    last = {answer.request_id: answer for answer in db.session.scalars(with_words)} if lines else {}
    return [Alike(line, last[line.id]) for line in lines if line.id in last]


def answered_before(request: CitizenRequest, wording: str) -> list[desk.Line]:
    """The answered requests that help to answer this one, the nearest first."""
    return desk.public_like(wording, without=request, enough=LIKE_ENOUGH_FOR_STAFF)


@dataclass(frozen=True)
class ShownAnswer:
    """An answer in the wording that stands; ``first_at``: when it was first given.

    ``earlier``: the wordings that it corrected, the oldest first. ``verdict``: what the person who asked says of it.
    ``original``: the request that this one repeats, where anybody may read that one.
    """

    answer: Answer
    first_at: datetime
    earlier: tuple[Answer, ...]
    verdict: Verdict | None
    original: CitizenRequest | None


def answers(entries: Iterable[Entry]) -> list[ShownAnswer]:
    """The published answers of a timeline, in the order in which they were first given. One statement, or none."""
    chains: list[list[Answer]] = []
    verdicts: dict[int, Verdict] = {}
    for entry in entries:
        if entry.answer is not None:
            chain = next((chain for chain in chains if chain[0].id == entry.answer.corrects_id), None)
            if chain is None:
                chains.append([entry.answer])
            else:
                chain.append(entry.answer)
        elif entry.verb is EventVerb.ANSWER_RATE and entry.verdict and chains:
            # Who rates says it of the answer that stands last.
            verdicts[chains[-1][0].id] = entry.verdict
    repeated = {chain[-1].duplicate_of_id for chain in chains if chain[-1].duplicate_of_id}
    readable = public_ids(repeated)
    return [
        ShownAnswer(
            answer=chain[-1],
            first_at=chain[0].published_at or chain[0].created_at,
            earlier=tuple(chain[:-1]),
            verdict=verdicts.get(chain[0].id),
            original=chain[-1].duplicate_of if chain[-1].duplicate_of_id in readable else None,
        )
        for chain in chains
    ]


def kept(request: CitizenRequest, delay: ServiceGoal | AccessDelay | None, shown: Iterable[ShownAnswer]) -> bool | None:
    """Whether the answer came in time: the first one, or after a reopening the first one since. None while there is none."""
    since = request.reopened_at
    first = next((one.first_at for one in shown if since is None or one.first_at >= since), None)
    if first is None or delay is None or delay.due_on is None:
        return None
    return day_of(first) <= delay.due_on
