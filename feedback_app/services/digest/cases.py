"""The requests of the daily mail: those to take, to answer, to validate, and what is late."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from feedback_app.database import db
from feedback_app.domain.calendar import ONE_DAY, add_working_days, day_of, working_days_after
from feedback_app.domain.case import AWAITING_ANSWER, DUE_SOON_WORKING_DAYS, AnswerStatus, CaseStatus, CaseTextKind
from feedback_app.domain.deadlines import SERVICE_GOAL_DAYS
from feedback_app.domain.policy import MEMBERS, VALIDATORS, Actor, MembershipKind, Role
from feedback_app.mail.labels import Errand
from feedback_app.mail.staff_messages import LINES, CaseLine, DigestPart
from feedback_app.models import Answer, AnswerVersion, CaseText, CitizenRequest, Topic
from feedback_app.services import scopes
from feedback_app.services.cases.tabs import Tab, in_tab

LEADS = frozenset({MembershipKind.LEAD})
_R = CitizenRequest


def parts(actor: Actor, *, at: datetime) -> Iterator[DigestPart]:
    """Each case under one heading, the most pressing first. Two statements for a heading, or one."""
    for errand, matching in _errands(actor, day_of(at)):
        part = _part(errand, matching)
        if part.total:
            yield part


def _errands(actor: Actor, today: date) -> Iterator[tuple[Errand, ColumnElement[bool]]]:
    mine = and_(_R.assignee_id == actor.identity_id, _reached(actor, MEMBERS), _R.status == CaseStatus.ASSIGNED)
    if actor.memberships:
        yield Errand.MINE_LATE, and_(mine, _R.due_on < today)
        yield Errand.MINE_DUE_SOON, and_(mine, _R.due_on.between(today, add_working_days(today, DUE_SOON_WORKING_DAYS)))
        yield Errand.SENT_BACK, and_(_R.id.in_(_sent_back_to(actor)), _reached(actor, MEMBERS))
        yield Errand.REOPENED, and_(mine, _R.reopened_at.is_not(None))
    validated = actor.ministries_as(VALIDATORS)
    if validated:
        proposed = and_(_any_of(Tab.TO_VALIDATE, validated, actor, today), _reached(actor, VALIDATORS))
        yield Errand.TO_VALIDATE, and_(proposed, ~_R.id.in_(_written_by(actor)))
    if actor.memberships:
        yield Errand.OFFERED, _any_of(Tab.OFFERED, actor.ministry_ids, actor, today)
        yield Errand.NEW, _any_of(Tab.TO_TAKE, actor.ministry_ids, actor, today)
    led = actor.ministries_as(LEADS)
    if led:
        yield Errand.MINISTRY_LATE, and_(_any_of(Tab.LATE, led, actor, today), _reached(actor, LEADS))
    if Role.COORDINATOR in actor.roles:
        nobody = and_(_R.ministry_id.is_(None), _R.status == CaseStatus.OPEN)
        yield Errand.TO_ROUTE, or_(_R.status == CaseStatus.ARBITRATION, nobody)
        yield Errand.TWICE_LATE, and_(_R.status.in_(AWAITING_ANSWER), _R.due_on < twice_late_before(today))


def _reached(actor: Actor, kinds: Collection[MembershipKind]) -> ColumnElement[bool]:
    """What their rights cover: a membership may be narrowed to a part of its ministry."""
    return scopes.within(actor, kinds, ministry=_R.ministry_id, topic=_R.topic_id, territory=_R.territory)


def twice_late_before(today: date) -> date:
    """What was due before this day is late by more working days than the goal itself has."""
    cutoff = today
    while working_days_after(cutoff, today) <= SERVICE_GOAL_DAYS:
        cutoff -= ONE_DAY
    return cutoff + ONE_DAY


def _any_of(tab: Tab, ministry_ids: frozenset[int], actor: Actor, today: date) -> ColumnElement[bool]:
    return or_(*(in_tab(tab, ministry_id, actor, today=today) for ministry_id in sorted(ministry_ids)))


def _written_by(actor: Actor) -> Any:
    """The requests whose answer in hand this person wrote some of: somebody else publishes it."""
    wrote = exists().where(AnswerVersion.answer_id == Answer.id, AnswerVersion.author_id == actor.identity_id)
    return select(Answer.request_id).where(Answer.status == AnswerStatus.PROPOSED, wrote)


def _sent_back_to(actor: Actor) -> Any:
    """The requests whose draft this person wrote and a validator sent back since."""
    latest = select(func.max(AnswerVersion.written_at)).where(AnswerVersion.answer_id == Answer.id).scalar_subquery()
    sent_back = exists().where(
        CaseText.request_id == Answer.request_id, CaseText.kind == CaseTextKind.SEND_BACK, CaseText.written_at >= latest
    )
    wrote = exists().where(AnswerVersion.answer_id == Answer.id, AnswerVersion.author_id == actor.identity_id)
    return select(Answer.request_id).where(Answer.status == AnswerStatus.DRAFT, wrote, sent_back)


def _part(errand: Errand, matching: ColumnElement[bool]) -> DigestPart:
    total = db.session.scalar(select(func.count()).select_from(_R).where(matching)) or 0
    if not total:
        return DigestPart(errand, 0, ())
    first = select(_R.reference, Topic.title, _R.due_on).join(Topic, _R.topic_id == Topic.id).where(matching)
    rows = db.session.execute(first.order_by(func.coalesce(_R.due_on, date.max), _R.id).limit(LINES))
    return DigestPart(errand, total, [CaseLine(row.reference, row.title, row.due_on) for row in rows])
