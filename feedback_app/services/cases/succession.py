"""A ministry was replaced: its open cases, and those that were offered to it, go to the one that took over.

The administrator says who took over; the job process moves the cases one by one, each in a transaction of its own: there may be
thousands. A ministry that is only renamed keeps its cases, as it keeps everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from feedback_app.database import db
from feedback_app.domain.case import AWAITING_ANSWER, DUE_AT_ONCE, AnswerStatus, CaseAction, CaseStatus, OfferStatus
from feedback_app.domain.trace import ActorKind
from feedback_app.mail import case_messages
from feedback_app.models import Answer, CitizenRequest, Ministry, TransferOffer
from feedback_app.services.cases import moves, offers, taking, telling
from feedback_app.services.cases.routing import current
from feedback_app.services.locking import lock


def left_behind(_at: datetime) -> Sequence[int]:
    """The open cases that a replaced ministry has, or that are offered to one."""
    replaced = select(Ministry.id).where(Ministry.successor_id.is_not(None))
    offered = select(TransferOffer.request_id).where(
        TransferOffer.status == OfferStatus.OFFERED, TransferOffer.to_ministry_id.in_(replaced)
    )
    theirs = or_(CitizenRequest.ministry_id.in_(replaced), CitizenRequest.id.in_(offered))
    statement = select(CitizenRequest.id).where(CitizenRequest.status.in_(AWAITING_ANSWER), theirs)
    return db.session.scalars(statement.order_by(CitizenRequest.id).limit(DUE_AT_ONCE)).all()


def follow(request_id: int, at: datetime) -> None:
    """Move one of them; nothing when it was moved meanwhile (a job calls it). Its author is told who has it now, the clock goes on.

    What the old ministry was preparing goes along: the same duties, mostly the same people. Who had the case keeps it if they
    work for the new ministry too.
    """
    request = db.session.get_one(CitizenRequest, request_id)
    lock(request)
    if request.status not in AWAITING_ANSWER or request.ministry_id is None:
        return
    before = request.ministry_id
    target, offered_to = current(db.session.get_one(Ministry, before)), _offer_follows(request)
    if offered_to == target.id:  # the two are one now
        offers.call_off(request, at=at)
        moves.advance(request, CaseAction.CANCEL_TRANSFER, at=at, actor_kind=ActorKind.SYSTEM)
        offered_to = None
    if target.id == before and offered_to is None:
        return
    _take_along(request, target.id)
    request.ministry_id = target.id
    if request.status is not CaseStatus.ASSIGNED and not taking.reaches(request.assignee_id, request):
        request.assignee_id = None
    moves.advance(request, CaseAction.FOLLOW_SUCCESSOR, at=at, actor_kind=ActorKind.SYSTEM, to_ministry_id=offered_to)
    taking.release_if_left(request, at=at)
    if target.id != before:
        telling.tell(request, case_messages.moved, at=at, version=request.version, due_on=request.due_on)


def _offer_follows(request: CitizenRequest) -> int | None:
    """Let the offer that waits lead to the successor of its ministry; None when that changes nothing."""
    if request.offer is None:
        return None
    target = current(request.offer.to_ministry)
    if target.id == request.offer.to_ministry_id:
        # It may still be offered to the very ministry that takes over.
        return target.id if request.ministry_id and current(db.session.get_one(Ministry, request.ministry_id)).id == target.id else None
    request.offer.to_ministry_id = target.id
    return target.id


def _take_along(request: CitizenRequest, ministry_id: int) -> None:
    """The answer in hand; not where the new ministry has one of its own in this case already (from before a transfer)."""
    unpublished = select(Answer).where(Answer.request_id == request.id, Answer.status != AnswerStatus.PUBLISHED)
    in_hand = {answer.ministry_id: answer for answer in db.session.scalars(unpublished)}
    if request.ministry_id in in_hand and ministry_id not in in_hand:
        in_hand[request.ministry_id].ministry_id = ministry_id
