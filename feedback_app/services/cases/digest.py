"""The daily mail of people who work for the ministries and the coordination: what each of them can act on, in one message."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from feedback_app.database import db
from feedback_app.domain import addresses
from feedback_app.domain.calendar import ONE_DAY, add_working_days, day_of, is_working_day, working_days_after
from feedback_app.domain.case import AWAITING_ANSWER, DUE_SOON_WORKING_DAYS, AnswerStatus, CaseStatus, CaseTextKind
from feedback_app.domain.deadlines import SERVICE_GOAL_DAYS
from feedback_app.domain.policy import MEMBERS, VALIDATORS, Actor, MembershipKind, Role
from feedback_app.mail import outbox, staff_messages
from feedback_app.mail.labels import Errand
from feedback_app.mail.staff_messages import DigestLine, DigestPart
from feedback_app.models import Account, AccountRole, Answer, AnswerVersion, CaseText, CitizenRequest, Membership, Topic
from feedback_app.services import scopes, sign_in
from feedback_app.services.cases.tabs import Tab, in_tab

LINES = 5
LEADS = frozenset({MembershipKind.LEAD})
LANGUAGE = "fr"  # of the desks; a person's own language is not known
_R = CitizenRequest


def people(at: datetime) -> Sequence[int]:
    """The accounts that may have something to do today; none on a day on which offices are closed."""
    if not is_working_day(day_of(at)):
        return []
    members = select(Membership.account_id)
    coordinators = select(AccountRole.account_id).where(AccountRole.role == Role.COORDINATOR)
    statement = select(Account.id).where(Account.id.in_(members.union(coordinators)), Account.deactivated_at.is_(None))
    return db.session.scalars(statement.order_by(Account.id)).all()


def send(account_id: int, *, at: datetime) -> bool:
    """Owe this person the mail of the day, if anything awaits them. Called again the same day, it owes nothing more."""
    account = db.session.get_one(Account, account_id)
    parts = parts_for(account, at=at)
    if not parts:
        return False
    path = addresses.desk() if account.memberships else addresses.coordination()
    message = staff_messages.daily_digest(identity=account.identity, language=LANGUAGE, today=day_of(at), parts=parts, path=path)
    return outbox.queue(message, at=at) is not None


def parts_for(account: Account, *, at: datetime) -> list[DigestPart]:
    """What awaits this person, each thing under one heading, the most pressing first."""
    parts = (_part(errand, matching) for errand, matching in _errands(sign_in.actor_of(account), day_of(at)))
    return [part for part in parts if part.total]


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
    return DigestPart(errand, total, [DigestLine(row.reference, row.title, row.due_on) for row in rows])
