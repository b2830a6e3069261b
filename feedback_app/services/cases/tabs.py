"""The tabs of a ministry's desk: what belongs into each, how many there are, what they are about.

Statements are kept by their shape (tab, part of the ministry that the person reaches); whose desk it is and the day are their values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, select

from feedback_app.database import aside
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import AWAITING_ANSWER, DONE, PAUSED, RUNNING, AnswerStatus, CaseStatus, OfferStatus
from feedback_app.domain.contribution import ContributionStatus
from feedback_app.domain.policy import MEMBERS, Actor, Scope
from feedback_app.models import Answer, CitizenRequest, Contribution, Topic, TransferOffer
from feedback_app.services import plain_rows, scopes


class Tab(StrEnum):
    """The tabs of a ministry's desk, in their order."""

    TO_TAKE = "to_take"
    MINE = "mine"
    RUNNING = "running"
    WAITING = "waiting"
    TO_VALIDATE = "to_validate"
    OFFERED = "offered"
    LATE = "late"
    REOPENED = "reopened"
    ANSWERED = "answered"


SUBJECTS_OF = 500
STATEMENTS = 256
COUNT_CAP = 500
"""Nobody needs to know whether a tab holds 500 or 40,000: counting stops there."""
# The tabs that hold all that has one of these statuses: they are counted together, each status once.
BY_STATUS: Mapping[Tab, Set[CaseStatus]] = {Tab.TO_TAKE: {CaseStatus.OPEN}, Tab.RUNNING: RUNNING, Tab.WAITING: PAUSED}
_R = CitizenRequest
_MINISTRY: BindParameter[int] = bindparam("ministry")
_ME: BindParameter[int] = bindparam("me")
_TODAY: BindParameter[date] = bindparam("today")
# A text that its author took back is read by nobody else. An open case ends with its text; one that was closed before stays closed.
# They are few: looking them up once is less than asking of each request whether it is one.
_GONE = Contribution.__table__.alias()
_NOT_WITHDRAWN = _R.contribution_id.not_in(select(_GONE.c.id).where(_GONE.c.status == ContributionStatus.WITHDRAWN))

Reach = frozenset[Scope] | None
"""What of a ministry somebody reaches: see ``scopes.reach``."""


def in_tab(tab: Tab, ministry_id: int, actor: Actor, *, today: date) -> ColumnElement[bool]:
    """What belongs into a tab of this ministry, for this person: read by the lists and by their counts.

    The twin of ``case:read`` of somebody who belongs to the ministry: all tabs together hold what they may read there, and no more.
    """
    return rule(tab, scopes.reach(actor, MEMBERS, ministry_id), ministry=ministry_id, me=actor.identity_id, today=today)


def rule(tab: Tab, reach: Reach, *, ministry: Any = _MINISTRY, me: Any = _ME, today: Any = _TODAY) -> ColumnElement[bool]:
    """The same for somebody who reaches so much of the ministry; the values of ``of`` are given when the statement is sent."""
    reached = scopes.inside(reach, topic=_R.topic_id, territory=_R.territory)
    if tab is Tab.OFFERED:
        offered = select(TransferOffer.request_id).where(
            TransferOffer.to_ministry_id == ministry, TransferOffer.status == OfferStatus.OFFERED
        )
        return and_(_R.id.in_(offered), reached, _NOT_WITHDRAWN)
    here = and_(_R.ministry_id == ministry, reached)
    if tab in BY_STATUS:
        return and_(here, _R.status.in_(BY_STATUS[tab]))
    match tab:
        case Tab.MINE:
            # Found by who has it, in the order of the last day.
            return and_(aside(_R.ministry_id) == ministry, reached, _R.assignee_id == me, _R.status == CaseStatus.ASSIGNED)
        case Tab.LATE:
            return and_(here, _R.status.in_(AWAITING_ANSWER), _R.due_on < today)
        case Tab.REOPENED:
            return and_(here, _among({CaseStatus.OPEN, CaseStatus.ASSIGNED}), _R.reopened_at.is_not(None))
        case Tab.ANSWERED:
            return and_(here, _among(DONE), _R.answered_at.is_not(None), _NOT_WITHDRAWN)
    proposed = select(Answer.request_id).where(Answer.ministry_id == ministry, Answer.status == AnswerStatus.PROPOSED)
    # Found by the few answers proposed, not among all cases of the ministry.
    return and_(_R.id.in_(proposed), aside(_R.ministry_id) == ministry, reached, _among(AWAITING_ANSWER | DONE), _NOT_WITHDRAWN)


def _among(statuses: Set[CaseStatus]) -> ColumnElement[bool]:
    """``status.in_``, said so that SQLite takes the index of the other column: that one finds a few rows, or has them in order."""
    return aside(_R.status).in_(sorted(statuses))


def of(ministry_id: int, actor: Actor, at: datetime) -> dict[str, Any]:
    """The values that statements made of a ``rule`` ask for."""
    return {"ministry": ministry_id, "me": actor.identity_id, "today": day_of(at)}


def counts(ministry_id: int, actor: Actor, *, at: datetime) -> dict[Tab, int]:
    """How many requests each tab holds, at most ``COUNT_CAP``: one statement, of small queries that indexes answer."""
    statement = _counting(scopes.reach(actor, MEMBERS, ministry_id), COUNT_CAP)
    found = plain_rows.one(statement, of(ministry_id, actor, at))._asdict()
    together = {tab: min(COUNT_CAP, sum(found[status.value] for status in statuses)) for tab, statuses in BY_STATUS.items()}
    return {tab: together[tab] if tab in together else found[tab.value] for tab in Tab}


@lru_cache(STATEMENTS)
def _counting(reach: Reach, cap: int) -> Select[*tuple[Any, ...]]:
    def number(name: str, belongs: ColumnElement[bool]) -> ColumnElement[int]:
        found = select(_R.id).where(belongs).limit(cap).subquery()
        return select(func.count()).select_from(found).scalar_subquery().label(name)

    here = and_(_R.ministry_id == _MINISTRY, scopes.inside(reach, topic=_R.topic_id, territory=_R.territory))
    statuses = sorted(set().union(*BY_STATUS.values()))
    each = [number(status.value, and_(here, _R.status == status)) for status in statuses]
    return select(*each, *(number(tab.value, rule(tab, reach)) for tab in Tab if tab not in BY_STATUS))


@dataclass(frozen=True)
class Subjects:
    """What the requests of a tab are about: topics (id, title) by title, and codes of territories."""

    topics: Sequence[tuple[int, str]]
    territories: frozenset[str]


def subjects(tab: Tab, ministry_id: int, actor: Actor, *, at: datetime) -> Subjects:
    """What a tab can be narrowed by: of its first ``SUBJECTS_OF`` requests, so that a large desk costs no more than a small one."""
    found = plain_rows.read(_about(tab, scopes.reach(actor, MEMBERS, ministry_id)), of(ministry_id, actor, at)).raw
    topics = sorted({(topic_id, title) for topic_id, title, _territory in found}, key=lambda topic: (topic[1], topic[0]))
    return Subjects(tuple(topics), frozenset(territory for _topic_id, _title, territory in found if territory))


@lru_cache(STATEMENTS)
def _about(tab: Tab, reach: Reach) -> Select[*tuple[Any, ...]]:
    some = select(_R.topic_id, _R.territory).where(rule(tab, reach)).limit(SUBJECTS_OF).subquery()
    pairs = select(some).distinct().subquery()
    return select(pairs.c.topic_id, Topic.title, pairs.c.territory).join(Topic, pairs.c.topic_id == Topic.id)
