"""How a case begins: the reference, the ministry, the first day of the clock; and how its author ends it by withdrawing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from feedback_app.database import db
from feedback_app.domain import deadlines
from feedback_app.domain.barometer import RevisionKind
from feedback_app.domain.calendar import day_of
from feedback_app.domain.case import CASE_WORKFLOW, REQUEST_KINDS, CaseAction, CaseStatus, Promise, reference
from feedback_app.domain.contribution import Ground
from feedback_app.domain.trace import ActorKind, EventVerb
from feedback_app.mail import case_messages
from feedback_app.models import CitizenRequest, Contribution, ModerationDecision, ReferenceCounter
from feedback_app.services import events
from feedback_app.services.cases import clock, moves, offers, routing, telling
from feedback_app.services.locking import lock


@dataclass(frozen=True)
class Figure:
    """What a request points at beside its topic: a territory's code and the day of a figure, both checked by the form.

    ``revision_kind``, ``revised_on``: the change that it asks about, and the edition that made it. Both or none.
    """

    territory: str | None = None
    day: date | None = None
    revision_kind: RevisionKind | None = None
    revised_on: date | None = None


def register(contribution: Contribution, figure: Figure, *, at: datetime) -> CitizenRequest:
    """Give a new request its reference, at once: the person who asks may write it down before anything is confirmed."""
    request = CitizenRequest(
        contribution_id=contribution.id,
        contribution=contribution,
        topic_id=contribution.topic_id,
        kind=contribution.kind,
        reference=_next_reference(day_of(at).year),
        territory=figure.territory,
        figure_date=figure.day,
        revision_kind=figure.revision_kind,
        revised_on=figure.revised_on,
        status=CaseStatus.RECEIVED,
        status_since=at,
    )
    db.session.add(request)
    db.session.flush()
    events.record(EventVerb.REQUEST_SUBMIT, request, at=at, actor_kind=ActorKind.CITIZEN, actor_id=contribution.identity_id)
    return request


def _next_reference(year: int) -> str:
    """The next number of the year. Its row stays locked until the transaction ends: one that is rolled back leaves no gap."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(ReferenceCounter).values(year=year, last=1)
    counted = statement.on_conflict_do_update(index_elements=[ReferenceCounter.year], set_={"last": ReferenceCounter.last + 1})
    return reference(year, db.session.execute(counted.returning(ReferenceCounter.last)).scalar_one())


def request_of(contribution: Contribution) -> CitizenRequest | None:
    """The request that this text is; None for any other text."""
    if contribution.kind not in REQUEST_KINDS:
        return None
    return db.session.scalar(select(CitizenRequest).where(CitizenRequest.contribution_id == contribution.id))


def confirmed(contribution: Contribution, *, at: datetime) -> None:
    """Its author proved their address. A request for documents begins now: the law's month runs from its receipt, published or not."""
    request = request_of(contribution)
    if request is None or clock.promise(request) is not Promise.LEGAL_MONTH:
        return
    _begin(request, at=at)
    legal = deadlines.access_delay(at)
    telling.tell(
        request,
        case_messages.access_receipt,
        at=at,
        body=contribution.current_version.body if contribution.current_version else "",
        received_on=legal.received_on,
        refused_on=legal.refused_on,
        cada_until=legal.cada_until,
    )


def accepted(contribution: Contribution, *, at: datetime) -> bool:
    """A moderator published the text. True when it is a request that was not public before: then its author was told here."""
    request = request_of(contribution)
    if request is None or request.published_at is not None:
        return False
    lock(request)
    request.published_at = at
    if request.status is CaseStatus.RECEIVED:
        _begin(request, at=at)
    telling.tell(request, case_messages.accepted, at=at, due_on=request.due_on)
    return True


def refused(decision: ModerationDecision) -> bool:
    """A moderator refused the text of a request. True when it is one that was not public before: then its author was told here.

    A request for documents is answered all the same, in private; any other ends there.
    """
    contribution = decision.version.contribution
    request = request_of(contribution)
    if request is None or request.published_at is not None:
        return False
    telling.tell(
        request,
        case_messages.refused,
        at=decision.decided_at,
        body=decision.version.body,
        ground=Ground(decision.ground or Ground.OFF_TOPIC),
        facts=decision.facts or "",
        goes_on=request.status is not CaseStatus.RECEIVED,
        decision_id=decision.id,
    )
    return True


def _begin(request: CitizenRequest, *, at: datetime) -> None:
    ministry = routing.responsible(request.topic)
    request.ministry_id = ministry.id if ministry else None
    clock.start(request, at=at)
    moves.advance(request, CaseAction.BEGIN, at=at, actor_kind=ActorKind.SYSTEM)


def author_withdrew(contribution: Contribution, *, at: datetime) -> None:
    """The author took the request back: its case ends, unless it was closed already. Nothing for any other text."""
    request = request_of(contribution)
    if request is None:
        return
    lock(request)
    if CaseAction.CITIZEN_WITHDRAWS not in CASE_WORKFLOW.actions_from(request.status):
        return
    offers.call_off(request, at=at)
    moves.advance(request, CaseAction.CITIZEN_WITHDRAWS, at=at, actor_kind=ActorKind.CITIZEN)
